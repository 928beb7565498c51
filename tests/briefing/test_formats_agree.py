"""Paper, slides and page say the same as `metrics.query`: every printed figure is read back and asked again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefing.content.trace import exact
from briefing.model import Briefing
from briefing.typography import full_width
from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.explain import describe, format_value
from metrics.observation import Observation
from metrics.periods import Period
from metrics.query import query
from tests.briefing.reading import Found, read

FORMATS = ("docx", "pptx", "html")


@pytest.fixture(scope="module")
def found(files: dict[str, Path]) -> dict[str, Found]:
    return {extension: read(path) for extension, path in files.items()}


def asked_again(build: Build, row: list[str], chosen: str = "") -> Observation:
    """The observation a trace row names."""
    _, _, indicator, area, period, window, basis, *_ = row
    (observation,) = query(
        build, indicator.split()[-1], area.split()[0], Period.parse(period), window, basis, variant=chosen
    )
    return observation


@pytest.mark.parametrize("extension", FORMATS)
def test_every_traced_figure_is_what_metrics_answers(
    extension: str, found: dict[str, Found], build: Build
) -> None:
    wrong = [row for row in found[extension].trace if row[-5:] != expected_row(asked_again(build, row))]
    assert wrong == []


def expected_row(again: Observation) -> list[str]:
    """What a trace row ends with: counts, value, the figure as printed, status."""
    printed = format_value(again, load_catalogue().indicator(again.indicator), "zh")
    return [exact(again.numerator), exact(again.denominator), exact(again.value), printed, again.status]


@pytest.mark.parametrize("extension", FORMATS)
def test_every_traced_figure_is_printed(extension: str, found: dict[str, Found]) -> None:
    absent = [row for row in found[extension].trace if not is_printed(row[-2], found[extension])]
    assert absent == []


def is_printed(text: str, found: Found) -> bool:
    """Whether the figure stands in the text by itself (not as a part of a longer number) or in a chart."""
    if re.search(rf"(?<![\d.,<]){re.escape(text)}", found.text):
        return True
    number = re.match(r"-?[\d,]+(\.\d+)?", text)
    return number is not None and float(number[0].replace(",", "")) in found.numbers


@pytest.mark.parametrize("extension", FORMATS)
def test_every_figure_of_the_briefing_is_in_the_trace(
    extension: str, found: dict[str, Found], briefing: Briefing
) -> None:
    traced = {(row[0], row[-2]) for row in found[extension].trace}
    assert traced == {(str(figure.number), figure.text) for figure in briefing.figures}


@pytest.mark.parametrize("extension", FORMATS)
def test_charts_draw_the_printed_numbers(extension: str, found: dict[str, Found], briefing: Briefing) -> None:
    printed = {float(match) for figure in briefing.figures for match in number_of(figure.text)}
    assert set(found[extension].numbers) <= printed


def number_of(text: str) -> list[str]:
    return re.findall(r"^-?[\d,]+(?:\.\d+)?", text.replace(",", ""))


@pytest.mark.parametrize("extension", ["docx", "html"])
def test_sentences_are_those_of_metrics(extension: str, found: dict[str, Found], build: Build) -> None:
    for indicator in ("registered_volunteers", "active_rate", "hours_per_registered", "activities"):
        (observation,) = query(build, indicator, "130200", Period.parse("2023"))
        assert full_width(describe(observation, "zh")) in found[extension].text


def test_all_formats_trace_the_same_rows(found: dict[str, Found]) -> None:
    codes = {
        extension: [[*row[2:4], *row[4:]] for row in found[extension].trace] for extension in ("docx", "html")
    }
    assert codes["docx"] == codes["html"]
    assert [row[0] for row in found["pptx"].trace] == [row[0] for row in found["docx"].trace]
