"""What is compared over a build: windows that still run, each up to the corresponding day, and several at once."""

from datetime import date
from pathlib import Path

import pytest

from metrics.build import Build, open_build
from metrics.comparisons import between, compare
from metrics.observation import Observation
from metrics.periods import Period
from metrics.query import query
from tests.metrics.build_factory import make_build
from tests.metrics.comparisons.town import town


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
    assert (
        earlier.text("zh")
        == "与上年同期（2022-11-01–2022-11-10，4人次）相比：到 2023-11-10 为 6人次，+50.0%，未完结，暂定。"
    )


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
        benchmark.text("en")
        == "Against the whole city (up to 2023-11-20, 30.0%): 10.0% up to 2023-11-20, -20.0 points, provisional."
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
        compare(build, figure(build, "active_rate", "2023-10"), ["last_year"])
