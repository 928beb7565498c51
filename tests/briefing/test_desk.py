"""The briefing the dashboard gives out is the one the command writes."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZipFile

import pytest

from briefing import desk
from briefing.content.compose import NothingToSay
from briefing.formats import FORMATS
from briefing.template import template_names
from metrics.build import Build
from metrics.periods import Period
from metrics.variants import USUAL, Variant
from tests.briefing.reading import read
from tests.briefing.test_command import QUESTION
from tests.briefing.test_command import briefing as command

YEAR = Period.parse("2023")
CLOCKED = Variant.parse("active=clocked")


def test_every_format_is_offered() -> None:
    assert desk.OFFERED.keys() == FORMATS.keys()
    assert desk.TEMPLATE in template_names()


@pytest.mark.parametrize("chosen", [USUAL, CLOCKED])
def test_the_page_is_that_of_the_command(build: Build, home: Path, tmp_path: Path, chosen: Variant) -> None:
    asked = (build, "130200", YEAR, "year", chosen, "zh", "html")
    choice = ("--variant", chosen.code) if chosen.code else ()
    command(home, tmp_path, *QUESTION, "--format", "html", *choice).require()
    (path,) = tmp_path.iterdir()
    assert path.name == desk.name_of(*asked)
    assert path.read_bytes() == desk.content_of(*asked)
    assert ("活跃率＊" in read(path).text) == bool(chosen.code)


@pytest.mark.parametrize("extension", ["docx", "pptx"])
def test_office_files_are_whole(build: Build, extension: str) -> None:
    content = desk.content_of(build, "130200", YEAR, "year", CLOCKED, "en", extension)
    assert ZipFile(io.BytesIO(content)).testzip() is None


def test_nothing_reported_is_told_as_the_command_tells_it(build: Build) -> None:
    with pytest.raises(NothingToSay):
        desk.content_of(build, "130200", Period.parse("2031"), "year", USUAL, "zh", "html")
