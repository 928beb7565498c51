"""A briefing with figures that are not whole says what is missing, in every format."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.content.compose import compose
from briefing.formats import FORMATS, write_all
from briefing.model import Bullets, Paragraph
from briefing.template import load_template
from metrics.build import Build, open_build
from metrics.periods import Period
from tests.briefing.reading import read
from tests.lacking_city import MISSING_EN, MISSING_ZH, lacking_city
from tests.spec.drawn import City


@pytest.fixture(scope="module")
def lacking(tmp_path_factory: pytest.TempPathFactory) -> Build:
    build = open_build(lacking_city(tmp_path_factory.mktemp("lacking")))
    assert build is not None
    return build


def remarks(build: Build, area: str, period: str, lang: str = "zh") -> dict[str, list[str]]:
    """Section → what its bullets say, of the sections before definitions and sources."""
    briefing = compose(build, area, Period.parse(period), None, load_template(), lang)
    return {
        section.key: [item for block in section.blocks if isinstance(block, Bullets) for item in block.items]
        for section in briefing.sections
        if section.key in ("headlines", "districts")
    }


@pytest.mark.parametrize(("lang", "sentence"), [("zh", MISSING_ZH), ("en", MISSING_EN)])
def test_a_provisional_city_names_who_has_not_reported(lacking: Build, lang: str, sentence: str) -> None:
    told = remarks(lacking, "130200", "2021-Q1", lang)
    assert sentence in told["headlines"]
    assert told["districts"] == [], "what has been said once is not said again"


def test_a_whole_district_says_it_of_its_neighbour(lacking: Build) -> None:
    told = remarks(lacking, "130202", "2021-Q1")
    assert MISSING_ZH not in told["headlines"]
    assert MISSING_ZH in told["districts"]


def test_nothing_missing_nothing_said(build: Build) -> None:
    assert remarks(build, "130200", "2023") == {"headlines": [], "districts": []}


def test_a_year_before_the_first_record_has_words_where_charts_would_be(tmp_path: Path) -> None:
    """People registered, nobody served yet: there is a headline, and nothing to draw."""
    city = City(tmp_path)
    city.registrations("""
        person | area   | registered_on | status
        one    | 130202 | 2020-03-01    | 正常
        two    | 130203 | 2020-04-01    | 正常
    """)
    city.service_hours("""
        person | area   | service_date | service_hours
        one    | 130202 | 2021-05-01   | 2
    """)
    city.receive()
    early = open_build(city.home)
    assert early is not None
    briefing = compose(early, "130200", Period.parse("2020"), None, load_template())
    for path in write_all(briefing, FORMATS, tmp_path, "briefing"):
        assert "没有可画的数" in read(path).text, path.suffix
    english = compose(early, "130200", Period.parse("2020"), None, load_template(), "en")
    said = [
        block.text for one in english.sections for block in one.blocks
        if isinstance(block, Paragraph) and "no figure to draw" in block.text
    ]  # fmt: skip
    assert said
    assert all(text[0].isupper() for text in said), said


def test_every_format_prints_it(lacking: Build, tmp_path: Path) -> None:
    briefing = compose(lacking, "130200", Period.parse("2021-Q1"), None, load_template())
    files = write_all(briefing, FORMATS, tmp_path, "briefing")
    for path in files:
        text = read(path).text.replace("(", "（").replace(")", "）")
        assert MISSING_ZH.removesuffix("。") in text, path.suffix
