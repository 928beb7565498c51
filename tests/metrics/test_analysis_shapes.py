"""How findings are laid out: words for every field, shapes that fit their lists, and the numbers of their charts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from metrics.analysis import (
    age_standardised,
    composite,
    decomposition,
    distribution,
    funnel,
    needed,
    peers,
    year_end,
)
from metrics.analysis import bands as bands_of
from metrics.analysis import flows as flows_of
from metrics.analysis import level_changes as level_changes_of
from metrics.analysis import ranking as ranking_of
from metrics.analysis import retention as retention_of
from metrics.analysis import seasonality as seasonality_of
from metrics.analysis import sleeping as sleeping_of
from metrics.analysis import verdicts as verdicts_of
from metrics.analysis.drawing import drawing
from metrics.analysis.fields import field_of, load_fields, points_text, written
from metrics.analysis.finding import Finding
from metrics.analysis.grouped import Bounds
from metrics.analysis.reading import Asked
from metrics.analysis.registry import ANALYSES, Call, analyse
from metrics.analysis.shapes import COMMON, KINDS, UNTOLD, Shape, facts, listings
from metrics.build import open_build
from metrics.catalogue import load_catalogue
from metrics.observation import BEGINS_BEFORE, NOBODY_AGED, OTHER_DAY, STATUSES
from metrics.periods import Period
from metrics.refusals import Refused
from tests.metrics.analysis_factory import fill
from tests.metrics.build_factory import small_city

RATE = load_catalogue().indicator("active_rate")
HOURS = load_catalogue().indicator("hours_per_active")
FINDINGS: dict[str, type[Finding]] = {
    "peers": peers.PeerPosition, "bands": bands_of.PercentileBands, "outlook": year_end.Outlook,
    "needed": needed.WhatItTakes, "distribution": distribution.HoursDistribution, "retention": retention_of.Retention,
    "flows": flows_of.ActivityFlows, "sleeping": sleeping_of.SleepingRegistrations,
    "seasonality": seasonality_of.Seasonality, "level_changes": level_changes_of.LevelChanges,
    "age_standardised": age_standardised.AgeStandardised, "ranking": ranking_of.Ranking, "verdicts": verdicts_of.Verdicts,
    "funnel": funnel.Funnel, "composite": composite.CompositeIndex, "decomposition": decomposition.Decomposition,
}  # fmt: skip


def lists_of(kind: type[Finding]) -> dict[str, type]:
    """Name of a list of rows → what one row of it is."""
    found = {}
    for name, hint in get_type_hints(kind).items():
        members = [one for one in get_args(hint) if is_dataclass(one)]
        if get_origin(hint) is tuple and members:
            found[name] = members[0]
    return found  # type: ignore[return-value]


def told_fields(kind: type[Finding]) -> Iterator[str]:
    rows = lists_of(kind)
    yield from (one.name for one in fields(kind) if one.name not in {*COMMON, *rows})
    for row in rows.values():
        yield from (one.name for one in fields(row))  # type: ignore[arg-type]


def test_every_analysis_is_known_here() -> None:
    assert FINDINGS.keys() == ANALYSES.keys()


@pytest.mark.parametrize("name", FINDINGS)
def test_every_field_of_a_finding_has_words(name: str) -> None:
    without = set(told_fields(FINDINGS[name])) - UNTOLD - load_fields().keys() - {"name_zh", "name_en"}
    assert not without, f"fields.toml lacks {sorted(without)}"


@pytest.mark.parametrize("name", FINDINGS)
def test_every_status_of_a_row_has_the_words_of_figures(name: str) -> None:
    rows = [{one.name for one in fields(row)} for row in lists_of(FINDINGS[name]).values()]  # type: ignore[arg-type]
    assert all("told_status" in row for row in rows if "status" in row)


@pytest.mark.parametrize("name", ANALYSES)
def test_every_shape_fits_a_list_of_its_finding(name: str) -> None:
    kind, lists = FINDINGS[name], lists_of(FINDINGS[name])
    own = {one.name for one in fields(kind)}
    for shape in ANALYSES[name].shapes:
        assert shape.kind in (*KINDS, "")
        assert not shape.of or shape.of in lists, shape.of
        row = {one.name for one in fields(lists[shape.of])} if shape.of else own  # type: ignore[arg-type]
        row |= {"name"} if "name_zh" in row else set()
        drawn = shape.drawn if shape.kind else ()
        asked = {shape.name, *drawn, shape.lower, shape.upper, shape.across, *shape.shares} - {""}
        assert asked <= row, asked - row
        assert {*shape.levels, shape.curve} - {""} <= own


def test_no_word_is_left_over() -> None:
    used = {name for kind in FINDINGS.values() for name in told_fields(kind)} | COMMON | {"name", "text"}
    assert load_fields().keys() <= used, load_fields().keys() - used


def statuses_in(value: Any) -> Iterator[Any]:
    """Every part of a finding, down to its last list, that has a status and the words it is told by."""
    if isinstance(value, tuple):
        for one in value:
            yield from statuses_in(one)
    if hasattr(value, "status") and hasattr(value, "told_status"):
        yield value
    if is_dataclass(value):
        for one in fields(value):
            yield from statuses_in(getattr(value, one.name))


OWN_WORDS = {
    "provisional": ("provisional", BEGINS_BEFORE, OTHER_DAY),
    "insufficient": ("insufficient", NOBODY_AGED),
}
LATE = "2021-06"  # its twelve months begin before the data


@pytest.mark.parametrize(
    ("area", "indicator"),
    [
        ("130200", "active_rate"),
        ("130200", "hours_per_resident"),
        ("130202", "active_rate"),
        ("130202", "registered_share"),
    ],
)
@pytest.mark.parametrize(
    ("period", "window"), [("2023", None), (LATE, "rolling12"), ("2022-Q2", None), ("2025", None)]
)
@pytest.mark.parametrize("name", ANALYSES)
def test_a_status_is_told_in_its_own_words(
    home: Path, name: str, period: str, window: str | None, area: str, indicator: str
) -> None:
    """Not only is there a field for them: it holds the words of the very status beside it."""
    build = open_build(home)
    assert build is not None
    given = {"indicator": indicator, "window": window, "target": "20"}
    options = {key: value for key, value in given.items() if key in ANALYSES[name].options and value}
    try:
        found = analyse(name, Call(build, area, Period.parse(period), **options))  # type: ignore[arg-type]
    except Refused:
        return
    for row in statuses_in(getattr(found, "rows", ())):
        own = row.told_status.split("+")[0].partition(":")[0]
        words = OWN_WORDS.get(row.status, (row.status,))
        assert own in words, row
        if isinstance(row, peers.Peer | ranking_of.RankedArea) and own != OTHER_DAY:
            asked = Asked(indicator, window).at(build, row.area_code, Period.parse(period))
            assert row.told_status == asked.told_status, row
    for table in listings(found, ANALYSES[name].shapes, "zh"):
        for line in table.rows:
            assert "status" not in line or line["status"].text.split("（")[0] not in STATUSES, line


@dataclass(frozen=True)
class Place:
    area_code: str
    share: float | None
    status: str


@dataclass(frozen=True, kw_only=True)
class Invented(Finding):
    """An analysis nobody has written yet."""

    median: float
    surprise: int
    rows: tuple[Place, ...]


NEW = Invented(
    area_code="130200", status="ok", n=2, zh="有。", en="There is.", build_id="b", median=0.5, surprise=7,
    rows=(Place("130202", 0.125, "ok"), Place("130203", None, "suppressed")),
)  # fmt: skip


def test_a_new_analysis_of_a_known_shape_needs_no_page() -> None:
    drawn = drawing(
        NEW, Shape("bars", "各地", "Places", drawn=("share",), levels=("median",), shares=("median",)), "zh"
    )
    assert drawn is not None
    assert drawn.names == ("路南区", "路北区")
    assert drawn.series[0].numbers == (12.5, None)
    assert drawn.series[0].texts == ("12.5%", "人数过少，不予显示")
    assert [(one.heading, one.number, one.text) for one in drawn.levels] == [("对比组中位数", 50.0, "50.0%")]
    assert (drawn.unit, drawn.are_areas) == ("%", True)


def test_without_a_shape_it_is_a_table_and_facts() -> None:
    (table,) = listings(NEW, (), "en")
    assert table.columns == {"area_code": "Area", "share": "Share", "status": "Status"}
    assert [cell.text for cell in table.rows[0].values()] == ["Lunan District", "12.5%", "complete"]
    assert table.rows[1]["share"].number is None
    assert facts(NEW, "en") == [("Peers' median", "0.50"), ("Surprise", "7")]


def test_nothing_known_is_nothing_drawn() -> None:
    hidden = Invented(**{**vars(NEW), "rows": NEW.rows[1:]})
    assert drawing(hidden, Shape("bars", "", "", drawn=("share",)), "zh") is None
    assert (
        drawing(Invented(**{**vars(NEW), "rows": ()}), Shape("bars", "", "", drawn=("share",)), "zh") is None
    )


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "value", "—"), (0.3456, "share", "34.6%"), (61.24, "value", "61.2%"), (True, "", "是"), ((), "plain", "—"),
        (1234.0, "count", "1,234"), (12.345, "decimal", "12.3"), (0.0004, "exact", "<0.001"), (0.0, "exact", "0.000"),
        ("2023-Q4", "period", "2023年4季度"), ("2-5", "band", "2 至不满 5 小时"), ("suppressed", "status", "人数过少，不予显示"),
        ("better", "word", "优于全市"), (Bounds(0.25, 0.5), "share", "25.0%–50.0%"), (2023, "plain", "2023"),
        ({"active_rate": 0.4}, "share", "活跃率 40.0%"), (("130202", "active_rate"), "plain", "路南区、活跃率"),
        (date(2023, 3, 5), "plain", "2023-03-05"),
    ],
)  # fmt: skip
def test_values_are_written_by_their_unit(value: Any, unit: str, text: str) -> None:
    assert written(value, unit, RATE, "zh") == text


def test_differences_are_signed_unless_they_round_to_nothing() -> None:
    assert points_text(0.4234, RATE, "zh") == "+0.42 个百分点"
    assert points_text(-0.4, RATE, "en") == "−0.40 points"
    assert points_text(-0.0004, RATE, "zh") == "0.00 个百分点"
    assert points_text(-1.5, HOURS, "zh").startswith("−1.5")


def test_a_percentile_is_called_by_its_number() -> None:
    assert field_of("p75").name("zh") == "第 75 百分位"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = small_city(tmp_path_factory.mktemp("shapes"))
    cohorts = [
        ("130200", date(2023, 1, 1), date(2023, 3, 31), 40, 10),
        ("130200", date(2023, 1, 1), date(2023, 6, 30), 40, 20),
        ("130200", date(2023, 4, 1), date(2023, 6, 30), 50, None),
    ]
    fill(home, build_id="2024-01-15-small", cohorts=cohorts)
    return home


def test_a_grid_has_a_row_a_cohort_and_no_number_where_one_is_hidden(home: Path) -> None:
    build = open_build(home)
    assert build is not None
    found = analyse("retention", Call(build, "130200", Period.parse("2023-Q2"), count=2))
    shape = next(one for one in ANALYSES["retention"].shapes if one.kind == "grid")
    drawn = drawing(found, shape, "zh")
    assert drawn is not None
    assert [one.heading for one in drawn.series] == ["2023年1季度", "2023年2季度"]
    assert drawn.series[0].numbers == (25.0, 50.0)
    assert drawn.series[1].numbers == (None, None)
    assert drawn.series[1].texts == ("人数过少，不予显示", "")
