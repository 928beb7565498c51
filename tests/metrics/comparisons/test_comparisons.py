"""What is compared with what, and the reason where it is not; figures drawn, no build needed for the rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from metrics.catalogue import load_catalogue
from metrics.change import change_of
from metrics.comparisons import Comparison, Fixed, between, compare
from metrics.observation import Observation
from metrics.periods import Period
from metrics.population import load_population
from metrics.series_breaks import SeriesBreak

ROW = Observation(
    indicator="active_rate", area_code="130202", area_name="", period_start=date(2023, 1, 1),
    period_end=date(2023, 12, 31), window="year", basis="residence", dimension="", member="",
    numerator=679, denominator=1000, value=67.9, lower=64.9, upper=70.7, status="ok", build_id="b",
)  # fmt: skip
MIGRATION = SeriesBreak(
    date(2023, 1, 1),
    "130200",
    ("service_hours",),
    "platform_migration",
    "换了平台。",
    "Another platform.",
    "test",
)


def row(period: str = "2023", **more: Any) -> Observation:
    span = Period.parse(period)
    given = {"period_start": span.start, "period_end": span.end, "window": span.kind} | more
    return replace(ROW, **given)


def beside(
    now: Observation, other: Observation, kind: str = "year_earlier", breaks: Sequence[SeriesBreak] = ()
) -> Comparison:
    return between(
        SimpleNamespace(breaks=breaks, population=load_population(), coverage=lambda city: {}),
        kind,
        now,
        other,
    )  # type: ignore[arg-type]


BEFORE = row("2022", numerator=665, value=66.5)


def test_two_whole_years_are_compared() -> None:
    found = beside(ROW, BEFORE)
    assert found.change is not None
    assert (found.change.text("zh"), found.change.text("en")) == ("+1.4 个百分点", "+1.4 points")
    assert (found.status, found.reasons) == ("ok", ())
    assert found.difference is not None
    assert not found.difference.is_distinguishable
    assert found.text("zh") == "与上年同期（2022年，66.5%）相比：+1.4 个百分点，与偶然波动分不清。"
    assert (
        found.text("en")
        == "Against the year before (2022, 66.5%): +1.4 points, not distinguishable from chance."
    )


def test_counts_move_by_percent_and_are_not_tested() -> None:
    found = beside(
        row(indicator="service_hours", value=110.0), row("2022", indicator="service_hours", value=100.0)
    )
    assert found.change is not None
    assert found.change.text("en") == "+10.0%"
    assert found.difference is None


@pytest.mark.parametrize(
    ("status", "has_value", "code", "shown"),
    [
        ("provisional", True, "not_complete", "provisional"),
        ("denominator_year", True, "population_year", "denominator_year"),
        ("suppressed", False, "suppressed", "suppressed"),
        ("not_reported", False, "no_value", "not_reported"),
        ("no_denominator", False, "no_value", "no_denominator"),
        ("insufficient", False, "no_value", "insufficient"),
        ("series_break", False, "no_value", "series_break"),
    ],
)
def test_neither_side_may_be_less_than_whole(status: str, has_value: bool, code: str, shown: str) -> None:
    spoiled = {"status": status} | ({} if has_value else {"value": None})
    for found, side in (
        (beside(row(**spoiled), BEFORE), "now"),
        (beside(ROW, row("2022", **spoiled)), "other"),
    ):
        assert found.change is None
        assert found.reasons[0].code == f"{code}_{side}"
        assert found.status == shown
        assert ("2023年" if side == "now" else "2022年") in found.text("zh")


@pytest.mark.parametrize(
    ("year_before", "zh", "en"),
    [
        (2020, "比率不是当年的，不作比较", "a rate that is not of its own year is not compared"),
        (2019, "差别可能只来自人口", "the difference might be one of population only"),
    ],
)
def test_of_the_same_residents_no_difference_comes_from_them(year_before: int, zh: str, en: str) -> None:
    now = row("2023", status="denominator_year", population_year=2020)
    before = row("2022", status="denominator_year", population_year=year_before)
    reasons = beside(now, before).reasons
    assert [one.code for one in reasons] == ["population_year_now", "population_year_other"]
    assert all(zh in one.zh and en in one.en for one in reasons)


def test_nothing_is_compared_across_a_break() -> None:
    found = beside(ROW, BEFORE, breaks=[MIGRATION])
    assert (found.change, found.status, found.reasons[0].code) == (None, "series_break", "series_break")
    assert "换了平台" in found.text("zh")
    assert beside(row("2024"), ROW, breaks=[MIGRATION]).is_allowed
    assert beside(ROW, replace(ROW, area_code="130200"), "benchmark", [MIGRATION]).is_allowed


def test_a_percentage_of_nothing_is_not_given() -> None:
    found = beside(row(indicator="service_hours", value=5), row("2022", indicator="service_hours", value=0))
    assert (found.change, found.reasons[0].code) == (None, "nothing_before")
    assert beside(row(numerator=5, value=5.0), row("2022", numerator=0, value=0.0)).is_allowed


def test_rates_over_populations_before_and_since_the_census_do_not_compare() -> None:
    city = {
        "indicator": "registered_share",
        "area_code": "130200",
        "numerator": 1,
        "denominator": 2,
        "value": 50.0,
    }
    found = beside(row("2020", **city), row("2019", **city))
    assert found.reasons[0].code == "other_population"


@pytest.mark.parametrize(
    ("indicator", "window", "now", "other", "allowed"),
    [
        ("active_rate", "month", "2023-05", "2023-04", True),
        ("active_rate", "month", "2023-05", "2023-03", False),
        ("active_rate", "quarter", "2023-Q1", "2022-Q4", True),
        ("active_rate", "rolling12", "2023-05", "2023-04", False),  # eleven months are the same
        ("active_rate", "rolling12", "2023-05", "2022-05", True),
        ("active_rate", "ytd", "2023-05", "2023-04", False),  # one contains the other
        ("active_rate", "ytd", "2023-01", "2022-12", False),
        ("registered_volunteers", "ytd", "2023-05", "2023-04", True),  # read on a day
        ("registered_volunteers", "rolling12", "2023-05", "2023-03", False),
        ("ever_active_rate", "to_date", "2023-05", "2023-04", True),
    ],
)
def test_the_period_before_follows_without_gap_or_overlap(
    indicator: str, window: str, now: str, other: str, allowed: bool
) -> None:
    found = beside(
        row(now, window=window, indicator=indicator),
        row(other, window=window, indicator=indicator),
        "previous",
    )
    assert found.is_allowed is allowed
    if not allowed:
        assert [reason.code for reason in found.reasons] == ["not_consecutive"]


@pytest.mark.parametrize(
    ("indicator", "now", "other", "window", "allowed"),
    [
        ("active_rate", "2023", "2021", None, True),
        ("active_rate", "2023", "2023-05", None, False),
        ("registered_volunteers", "2023", "2023-05", None, True),
        ("active_rate", "2023-05", "2022-04", "ytd", False),
        ("active_rate", "2023-05", "2021-05", "ytd", True),
    ],
)
def test_any_chosen_period_of_the_same_length(
    indicator: str, now: str, other: str, window: str | None, allowed: bool
) -> None:
    more = {"window": window} if window else {}
    found = beside(row(now, indicator=indicator, **more), row(other, indicator=indicator, **more), "chosen")
    assert found.is_allowed is allowed
    assert [reason.code for reason in found.reasons] == ([] if allowed else ["other_length"])


def test_other_people_or_places_of_service_are_another_question() -> None:
    found = beside(ROW, row("2022", dimension="gender", member="female"))
    assert [reason.code for reason in found.reasons] == ["other_question"]
    found = beside(ROW, row("2022", variant="active=clocked"))
    assert [reason.code for reason in found.reasons] == ["other_question"]


def test_overlapping_windows_are_not_tested() -> None:
    found = beside(row("2023-05", window="rolling12"), row("2023-02", window="rolling12"), "chosen")
    assert found.is_allowed
    assert found.difference is None


def test_an_area_is_never_compared_with_itself() -> None:
    found = beside(ROW, ROW, "benchmark")
    assert (found.change, found.reasons[0].code) == (None, "same_area")


def test_a_period_is_never_compared_with_itself() -> None:
    found = beside(ROW, ROW, "chosen")
    assert (found.change, found.reasons[0].code) == (None, "same_period")


def test_a_district_is_tested_against_the_rest_of_its_city() -> None:
    """679 of 1,000 against 1,321 of 2,000 in all: the rest is 642 of 1,000."""
    city = replace(ROW, area_code="130200", numerator=1321, denominator=2000, value=66.05)
    found = beside(ROW, city, "benchmark")
    assert found.change is not None
    assert found.change.amount == pytest.approx(1.85)
    assert found.difference is not None
    assert found.difference.p_value == pytest.approx(0.0806, abs=5e-4)
    assert "已减去本地区" in found.difference.assumes[0]
    neighbour = beside(ROW, replace(city, area_code="411002"), "benchmark")
    assert neighbour.difference is not None
    assert neighbour.difference.p_value == pytest.approx(0.3110, abs=5e-4)
    assert neighbour.name("zh") == "许昌市魏都区"


@dataclass(frozen=True)
class Goal:
    value: float
    source: str = "工作要点"
    area: str = ""
    year: int = 2023

    def name(self, lang: str) -> str:
        return self.source

    def holds(self, area_code: str, year: int, window: str) -> bool:
        return year == self.year and self.area in ("", area_code)


def test_the_area_s_own_target_goes_first() -> None:
    build: Any = SimpleNamespace(breaks=(), population=load_population())
    (found,) = compare(
        build, ROW, ["target"], targets=[Goal(60), Goal(65.0, area="130202"), Goal(1, year=2022)]
    )
    assert found.change is not None
    assert (found.reference, found.change.text("en")) == (65.0, "+2.9 points")
    assert found.difference is not None
    assert not found.difference.is_distinguishable  # 64.9 to 70.7
    assert "工作要点" in found.text("zh")
    (found,) = compare(build, ROW, ["target"], targets=[Goal(64.8)])
    assert found.difference is not None
    assert found.difference.is_distinguishable


def test_a_target_is_of_the_usual_definition() -> None:
    (found,) = compare(
        SimpleNamespace(breaks=(), population=load_population()),
        row(variant="active=clocked"),
        ["target"],
        targets=[Goal(60)],
    )  # type: ignore[arg-type]
    assert (found.reasons[0].code, found.reference) == ("other_definition", None)


def test_without_a_target_in_force_the_sentence_says_so() -> None:
    build: Any = SimpleNamespace(breaks=(), population=load_population())
    (found,) = compare(build, ROW, ["target"], targets=[Goal(60, year=2024)])
    assert (found.reasons[0].code, found.reference) == ("no_target", None)
    (found,) = compare(build, row(status="provisional"), ["target"], targets=[Goal(60)])
    assert found.reasons[0].code == "not_complete_now"


def test_a_median_given_by_the_caller() -> None:
    (found,) = compare(
        SimpleNamespace(breaks=(), population=load_population()),
        ROW,
        (),
        fixed=[Fixed(70.0, "同类中位数", "the peers' median")],
    )  # type: ignore[arg-type]
    assert found.change is not None
    assert found.change.text("en") == "-2.1 points"
    assert found.text("en").startswith("Against the peers' median (70.0%): -2.1 points")


def test_what_rounds_to_nothing_has_no_sign() -> None:
    moved = change_of(50.04, 50.0, load_catalogue().indicator("active_rate"))
    assert moved is not None
    assert moved.text("en") == "0.0 points"


def test_what_a_test_tells_from_nothing_is_not_written_as_nothing() -> None:
    many = {"numerator": 2_280, "denominator": 3_366_000, "value": 0.0677, "lower": 0.065, "upper": 0.0705}
    more = {"numerator": 3_280, "denominator": 3_366_000, "value": 0.0974, "lower": 0.094, "upper": 0.101}
    found = beside(row(indicator="active_share", **many), row("2022", indicator="active_share", **more))
    assert found.difference is not None
    assert found.difference.is_distinguishable
    assert "：-0.03 个百分点，差别超出偶然波动" in found.text("zh")
    assert found.change is not None
    assert found.change.text("zh") == "0.0 个百分点"
