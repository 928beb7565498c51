"""A made-up city published once, its briefing composed once and written once in every format."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.content.compose import compose
from briefing.formats import FORMATS, write_all
from briefing.model import Briefing
from briefing.template import load_template
from metrics.build import Build, open_build
from metrics.periods import Period
from tests.metrics.build_factory import small_city

CITY = "130200"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_city(tmp_path_factory.mktemp("sample-city"))


@pytest.fixture(scope="session")
def build(home: Path) -> Build:
    build = open_build(home)
    assert build is not None
    return build


@pytest.fixture(scope="session")
def briefing(build: Build) -> Briefing:
    return compose(build, CITY, Period.parse("2023"), None, load_template())


@pytest.fixture(scope="session")
def files(briefing: Briefing, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Extension → the written file."""
    folder = tmp_path_factory.mktemp("written")
    return dict(zip(FORMATS, write_all(briefing, FORMATS, folder, "briefing"), strict=True))
