"""What is compared with what, and the reason where it is not; figures drawn, no build needed for the rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from metrics.build import Build, open_build
from metrics.catalogue import load_catalogue
from metrics.change import change_of
from metrics.comparisons import Comparison, Fixed, between, compare
from metrics.observation import Observation
from metrics.periods import Period
from metrics.population import load_population
from metrics.query import query
from metrics.series_breaks import SeriesBreak
from tests.metrics.build_factory import make_build
from tests.metrics.comparisons.town import town

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


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Received on 15 November 2023. Ten people; each month, on the 10th and on the 20th, some serve."""
    people = [
        {"volunteer_key": key, "registered_on": "2021-01-05", "area_code": "130202"} for key in range(1, 11)
    ]
    records = [
        {"volunteer_key": key, "service_date": date(2021 + month // 12, month % 12 + 1, day)}
        for month in range(35)
        for day in (10, 20)
        for key in range(1, 3 + month % 5 + (day == 20))
        if (2021 + month // 12, month % 12 + 1, day) < (2023, 11, 16)
    ]
    home = make_build(
        tmp_path_factory.mktemp("b"), registrations=people, service_records=records, today=date(2023, 11, 15)
    )
    found = open_build(home)
    assert found is not None
    return found


def figure(build: Build, indicator: str, period: str, window: str | None = None) -> Observation:
    return query(build, indicator, "130202", Period.parse(period), window)[0]


def test_half_a_month_is_compared_with_half_a_month(build: Build) -> None:
    now = figure(build, "service_visits", "2023-11")
    assert now.status == "provisional"
    previous, earlier = compare(build, now)
    # November 2023 is month 34 of the formula: 6 people on the 10th; October 5, November 2022 (month 22) 4.
    assert (previous.now.value, previous.other and previous.other.value) == (6, 5)
    assert (earlier.now.value, earlier.other and earlier.other.value) == (6, 4)
    assert earlier.through == (date(2023, 11, 10), date(2022, 11, 10))
    assert (earlier.status, earlier.is_provisional, earlier.change and earlier.change.amount) == (
        "provisional",
        True,
        50,
    )
    assert earlier.text("zh") == "与上年同期（2022-11-01–2022-11-10，4人次）相比：+50.0%，未完结，暂定。"


@pytest.mark.parametrize("indicator", ["active_rate", "hours_per_active"])
@pytest.mark.parametrize("kind", ["previous", "year_earlier"])
def test_an_unfinished_figure_is_not_judged_even_up_to_the_same_day(
    build: Build, indicator: str, kind: str
) -> None:
    """Records of the last days still come in, those of the window it is held against have long since."""
    (found,) = compare(build, figure(build, indicator, "2023-11"), [kind])
    assert (found.is_provisional, found.difference) == (True, None)
    assert found.text("zh").endswith("，未完结，暂定。")
    assert "偶然" not in found.text("zh")
    assert "chance" not in found.text("en")


def test_a_window_is_compared_up_to_its_last_record_not_the_day_it_came_in(tmp_path: Path) -> None:
    """Received on the 22nd with records to the 20th: 20 days stand against 20, not against 22."""
    build = town(tmp_path)
    (found,) = compare(build, figure(build, "service_visits", "2023-11"), ["previous"])
    assert (found.now.value, found.reference) == (20, 20)
    assert found.through == (date(2023, 11, 20), date(2023, 10, 20))


def test_areas_of_one_unfinished_window_are_compared_up_to_the_same_day(tmp_path: Path) -> None:
    build = town(tmp_path)
    benchmark, peers = compare(build, figure(build, "active_rate", "2023-11"), ["benchmark", "peer"])
    # 1 of 10 here, 15 of 50 in the city; 20, 30, 40 and 50 % elsewhere.
    assert (benchmark.now.value, benchmark.reference, peers.reference) == (10, 30, 35)
    for found in (benchmark, peers):
        assert (found.status, found.difference) == ("provisional", None)
        assert found.through == (date(2023, 11, 20), date(2023, 11, 20))
        assert "截至 2023-11-20" in found.text("zh")
        assert found.text("zh").endswith("，未完结，暂定。")
    assert (
        benchmark.text("en") == "Against the whole city (up to 2023-11-20, 30.0%): -20.0 points, provisional."
    )


def test_areas_of_an_unfinished_year_of_whole_months_are_compared(tmp_path: Path) -> None:
    build = town(tmp_path, received="2023-10-31", last="2023-10-30")
    benchmark, peers = compare(build, figure(build, "active_rate", "2023"), ["benchmark", "peer"])
    assert (benchmark.now.value, benchmark.reference, peers.reference) == (10, 30, 35)
    assert benchmark.through == (date(2023, 10, 31), date(2023, 10, 31))
    assert benchmark.is_provisional


def test_areas_reported_to_different_days_are_not_compared(tmp_path: Path) -> None:
    """Another city has been reported to the 15th, this one to the 20th."""
    people = [{"volunteer_key": key, "area_code": area, "registered_on": "2021-01-05"}
              for key, area in enumerate(("130202", "411002"))]  # fmt: skip
    records = [
        {"volunteer_key": key, "service_date": f"2023-{month}-{day}"}
        for key, last in enumerate((20, 15))
        for month in (10, 11)
        for day in range(1, last + 1)
    ]
    build = open_build(
        make_build(tmp_path, registrations=people, service_records=records, today=date(2023, 11, 22))
    )
    assert build is not None
    now, other = (
        query(build, "service_visits", area, Period.parse("2023-11"))[0] for area in ("130202", "411002")
    )
    found = between(build, "benchmark", now, other)
    assert [reason.code for reason in found.reasons] == ["not_complete_now", "not_complete_other"]
    assert (
        found.text("zh")
        == "不与许昌市魏都区比较：唐山市路南区还不完整，不作比较。许昌市魏都区还不完整，不作比较。"
    )
    itself = between(build, "benchmark", now, now)
    assert [reason.code for reason in itself.reasons] == ["same_area", "not_complete_now"]
    assert itself.text("zh").count("还不完整") == 1


@pytest.mark.parametrize(
    ("indicator", "period", "window"),
    [("active_rate", "2023-11", "month"), ("active_rate", "2023-Q4", "quarter"), ("hours_per_active", "2023", "year"),
     ("service_hours", "2023-11", "ytd"), ("service_hours", "2023-12", "ytd")],
)  # fmt: skip
def test_every_unfinished_calendar_window_has_its_counterpart(
    build: Build, indicator: str, period: str, window: str
) -> None:
    (found,) = compare(build, figure(build, indicator, period, window), ["year_earlier"])
    assert found.is_provisional
    assert found.other is not None
    whole = query(build, indicator, "130202", found.other.period, window)[0]
    assert (found.other.numerator or 0) < (whole.numerator or 0)


@pytest.mark.parametrize(
    ("indicator", "period", "window"),
    [
        ("active_rate", "2023-11", "rolling12"),
        ("ever_active_rate", "2023-11", "month"),
        ("active_rate", "2024-01", "month"),
    ],
)
def test_what_cannot_be_cut_stays_uncompared(build: Build, indicator: str, period: str, window: str) -> None:
    (found,) = compare(build, figure(build, indicator, period, window), ["year_earlier"])
    assert not found.is_allowed
    assert found.reasons[0].code in ("not_complete_now", "no_value_now")


def test_a_year_of_whole_months_is_compared_up_to_the_last(tmp_path: Path) -> None:
    people = [{"volunteer_key": 1, "registered_on": "2020-01-05"}]
    days = ["2020-01-20", "2021-02-01", "2022-03-01", "2022-11-05", "2023-02-01", "2023-05-01", "2023-10-31"]
    records = [{"volunteer_key": 1, "service_date": day} for day in days]
    build = open_build(
        make_build(tmp_path, registrations=people, service_records=records, today=date(2023, 10, 31))
    )
    assert build is not None
    (found,) = compare(build, figure(build, "service_visits", "2023"), ["year_earlier"])
    assert (found.now.value, found.reference, found.through) == (
        3,
        1,
        (date(2023, 10, 31), date(2022, 10, 31)),
    )
    assert found.is_provisional
    assert "（2022-01-01–2022-10-31，1人次）" in found.text("zh")
    assert found.text("en").startswith("Against the year before (2022-01-01–2022-10-31, ")
    years = [Period.parse(code) for code in ("2021", "2022", "2023-06")]
    early, same, shorter = compare(build, figure(build, "service_visits", "2023"), [], chosen=years)
    assert (early.now.value, early.reference, early.through) == (
        3,
        1,
        (date(2023, 10, 31), date(2021, 10, 31)),
    )
    assert (same.reference, same.through) == (found.reference, found.through)
    assert not shorter.is_allowed  # a month is no year up to the same day
    to_march = [Period.parse("2022-03")]
    (ends_before,) = compare(build, figure(build, "service_visits", "2023-12", "ytd"), [], chosen=to_march)
    assert not ends_before.is_allowed
    (chosen,) = query(
        build, "service_visits", "130202", Period.parse("2023"), variant="hours=without_honorary"
    )
    (found,) = compare(build, chosen, ["year_earlier"])
    assert (found.now.value, found.reference, found.now.variant) == (3, 1, "hours=without_honorary")
    (rates,) = compare(
        build,
        query(build, "active_rate", "130202", Period.parse("2023"), variant="active=recent")[0],
        ["year_earlier"],
    )
    assert rates.reasons[0].code == "not_complete_now"


def test_of_part_of_a_month_only_two_other_years_are_held(build: Build) -> None:
    now = figure(build, "service_visits", "2023-11")
    before, long_ago = compare(build, now, [], chosen=[Period.parse("2022-11"), Period.parse("2021-11")])
    assert before.through is not None
    assert [reason.code for reason in long_ago.reasons] == ["not_complete_now"]


def test_part_of_a_month_is_not_held_under_every_definition(build: Build) -> None:
    now = query(build, "service_visits", "130202", Period.parse("2023-11"), variant="hours=without_honorary")[
        0
    ]
    (found,) = compare(build, now, ["year_earlier"])
    assert [reason.code for reason in found.reasons] == ["not_complete_now"]


def test_several_at_once(build: Build) -> None:
    now = figure(build, "active_rate", "2023-10")
    found = compare(
        build, now, ["previous", "year_earlier", "target", "benchmark"], chosen=[Period.parse("2021-10")]
    )
    assert [one.kind for one in found] == ["previous", "year_earlier", "target", "benchmark", "chosen"]
    assert [one.is_allowed for one in found] == [True, True, False, True, True]
    assert found[4].other is not None
    assert found[4].other.period.code == "2021-10"


def test_a_comparison_that_does_not_exist_is_named(build: Build) -> None:
    with pytest.raises(ValueError, match="expected previous"):
        compare(build, ROW, ["last_year"])
