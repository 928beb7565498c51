"""Growth of a year that is not over: up to the same day of both years, or none; never a part against a whole."""

from datetime import date
from pathlib import Path

import pytest

from metrics.analysis.flows import activity_flows
from metrics.analysis.reading import Asked
from metrics.analysis.year_end import year_end
from metrics.build import Build, open_build
from metrics.explain import explain
from metrics.observation import Observation
from metrics.periods import Period
from metrics.query import query
from tests.metrics.build_factory import make_build

AREA = "130202"


def town(home: Path, today: str, since: str = "2021-01-01") -> Build:
    """One visit of an hour a day, two from May 2023 on; a person joins on the first of every month."""
    first, last = date.fromisoformat(since).toordinal(), date(2023, 12, 31).toordinal()
    days = [date.fromordinal(number) for number in range(first, last + 1)]
    days += [day for day in days if day >= date(2023, 5, 1)]
    joined = [date(2020 + number // 12, number % 12 + 1, 1) for number in range(48)]
    made = make_build(
        home,
        registrations=[{"volunteer_key": key, "area_code": AREA, "registered_on": day} for key, day in enumerate(joined)
                       if day.isoformat() <= today],
        service_records=[{"volunteer_key": 0, "area_code": AREA, "service_date": day} for day in days
                         if day.isoformat() <= today],
        today=date.fromisoformat(today),
    )  # fmt: skip
    build = open_build(made)
    assert build is not None
    return build


def asked(build: Build, indicator: str, period: str, window: str | None = None) -> Observation:
    return query(build, indicator, AREA, Period.parse(period), window)[0]


# Jan-Apr one visit a day (120), then two; 2022 has 319 days up to 15 November and 304 up to the end of October.
@pytest.mark.parametrize(
    ("today", "period", "window", "now", "before"),
    [
        ("2023-11-15", "2023", None, 120 + 2 * 199, 319),
        ("2023-11-15", "2023-12", "ytd", 120 + 2 * 199, 319),
        ("2023-11-15", "2023-Q4", None, 2 * 46, 46),
        ("2023-11-15", "2023-11", None, 2 * 15, 15),
        ("2023-10-31", "2023", None, 120 + 2 * 184, 304),
    ],
)
def test_an_unfinished_growth_is_up_to_the_same_day_of_both_years(
    tmp_path: Path, today: str, period: str, window: str | None, now: int, before: int
) -> None:
    row = asked(town(tmp_path, today), "service_hours_growth", period, window)
    assert (row.numerator, row.denominator, row.status) == (now - before, before, "provisional")
    assert row.value == pytest.approx(100 * (now - before) / before)


def test_a_stock_grows_up_to_the_same_day_too(tmp_path: Path) -> None:
    """47 have joined by 15 November 2023, 35 by that of 2022; 36 by the end of 2022."""
    row = asked(town(tmp_path, "2023-11-15"), "registration_growth", "2023")
    assert (row.numerator, row.denominator, row.status) == (12, 35, "provisional")


@pytest.mark.parametrize(("today", "period", "window"), [
    ("2023-10-31", "2023-Q4", None),  # of a quarter no whole months are kept by themselves
    ("2023-11-15", "2023-11", "rolling12"),
])  # fmt: skip
def test_what_cannot_be_cut_has_no_growth(
    tmp_path: Path, today: str, period: str, window: str | None
) -> None:
    row = asked(town(tmp_path, today), "service_hours_growth", period, window)
    assert (row.numerator, row.denominator, row.value, row.status) == (None, None, None, "insufficient")


def test_a_growth_of_finished_years_is_as_it_was(tmp_path: Path) -> None:
    row = asked(town(tmp_path, "2023-12-31"), "service_hours_growth", "2023")
    assert (row.numerator, row.denominator, row.status) == (120 + 2 * 245 - 365, 365, "ok")


def test_an_explanation_names_the_days_and_has_the_same_numbers(tmp_path: Path) -> None:
    build = town(tmp_path, "2023-11-15")
    told = explain(build, "service_hours_growth", AREA, Period.parse("2023"))
    assert told["counts"][1]["value"] == 319
    assert "增速按可比的日子算：截至 2023-11-15，比上年截至 2022-11-15。" in told["completeness"]["zh"]
    (none,) = (
        text for text in explain(build, "service_hours_growth", AREA, Period.parse("2021"))["completeness"]["zh"]
        if text.startswith("服务时长的数据自")
    )  # fmt: skip
    assert none == "服务时长的数据自 2021-01 起，这个数需要 2020-01 起的。"


def test_the_outlook_of_a_running_year_starts_from_its_last_whole_month(tmp_path: Path) -> None:
    """By the end of October 2021 and 2022 each had 304 visits of 365; 2023 has 488."""
    build = town(tmp_path, "2023-11-15")
    found = year_end(build, Asked("service_visits", basis="residence"), AREA, Period.parse("2023"))
    assert (found.status, found.month, found.so_far, found.n) == ("ok", 10, 488, 2)
    assert found.expected == pytest.approx(488 * 365 / 304)


def test_a_year_without_a_whole_month_has_no_outlook_and_says_so(tmp_path: Path) -> None:
    build = town(tmp_path, "2023-01-15")
    found = year_end(build, Asked("service_visits", basis="residence"), AREA, Period.parse("2023"))
    assert (found.status, found.expected) == ("provisional", None)
    assert "没有完整的月份" in found.zh


def test_a_year_that_begins_before_the_data_has_no_outlook_and_is_none_to_go_by(tmp_path: Path) -> None:
    build = town(tmp_path, "2023-11-15", since="2021-09-07")
    asked = Asked("service_visits", basis="residence")
    assert year_end(build, asked, AREA, Period.parse("2021")).expected is None
    found = year_end(build, asked, AREA, Period.parse("2023"))
    assert [(row.year, row.is_used) for row in found.rows] == [(2021, False), (2022, True)]
    assert (found.status, found.expected) == ("insufficient", None)


def test_flows_say_when_the_window_before_is_not_whole_and_nothing_of_one_before_the_data(
    tmp_path: Path,
) -> None:
    build = town(tmp_path, "2023-11-15", since="2021-09-07")
    second = activity_flows(build, AREA, Period.parse("2022"))
    assert (second.status, second.returning) == ("provisional", 1)
    assert "上期没有报全" in second.zh
    first = activity_flows(build, AREA, Period.parse("2021"))
    assert (first.status, first.active, first.new) == ("not_reported", 1, None)
    third = activity_flows(build, AREA, Period.parse("2022-05"))
    assert (third.status, third.returning) == ("ok", 1)


def test_nothing_is_claimed_against_a_year_that_begins_before_the_data(tmp_path: Path) -> None:
    build = town(tmp_path, "2023-11-15", since="2021-09-07")
    told = explain(build, "active_rate", AREA, Period.parse("2022"))
    assert told["comparison"]["year_earlier"]["difference"] is None
    assert not any("上年" in claim or "去年" in claim for claim in told["claims"]["zh"])
