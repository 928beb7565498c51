"""When people serve: weekdays, kinds of day, months, 3·5 and 12·5."""

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from metrics.analysis.campaigns import campaigns
from metrics.analysis.days import Day
from metrics.analysis.holidays import day_kind
from metrics.analysis.seasonality import month_index, seasonality
from metrics.periods import MONTH_NAMES, Period
from metrics.series_breaks import SeriesBreak
from tests.metrics.analysis_factory import fill, observed, one_person_home

AREA = "130202"


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def visits_on(day: date) -> int:
    """Saturdays are busy, some days quiet, and the week around 3·5 three times as busy."""
    usual = (0, 3, 5, 2, 4, 20, 9)[day.weekday()]
    return usual * (3 if abs((day - date(day.year, 3, 5)).days) <= 3 else 1)


def test_profiles_are_those_of_pandas(tmp_path: Path) -> None:
    days = every_day(date(2022, 1, 1), date(2023, 12, 31))
    rows = [(AREA, day, visits_on(day), 2.0 * visits_on(day)) for day in days if visits_on(day)]
    build = fill(one_person_home(tmp_path, "2022-01-01"), days=rows)
    found = seasonality(build, AREA, Period.parse("2023"))
    table = pd.DataFrame({"day": pd.to_datetime(days), "visits": [visits_on(day) for day in days]})
    by_weekday = table.groupby(table["day"].dt.day_of_week)["visits"]
    assert [part.visits for part in found.rows] == list(by_weekday.sum())
    assert [part.visits_per_day for part in found.rows] == pytest.approx(list(by_weekday.mean()))
    assert found.rows[0].days == 104  # Mondays without a row are days all the same, of zero visits
    assert found.saturday_share == pytest.approx(by_weekday.sum()[5] / table["visits"].sum())
    by_kind = table.groupby([day_kind(day) for day in days])["visits"].agg(["sum", "size"])
    assert {part.code: (part.visits, part.days) for part in found.day_kinds if part.days} == {
        kind: (row["sum"], row["size"]) for kind, row in by_kind.iterrows()
    }
    assert (found.status, found.n, found.hidden_days) == ("ok", 730, 0)
    assert [one.ratio for one in found.campaigns] == [3.0, 1.0, 3.0, 1.0]
    assert [one.weeks for one in found.campaigns] == [8, 8, 8, 7]  # the last one's fourth week is in January
    assert "在星期六" in found.zh


def test_hidden_days_are_left_out_counted_and_never_zero(tmp_path: Path) -> None:
    days = every_day(date(2023, 1, 1), date(2023, 12, 31))
    rows = [(AREA, d, None if d.day == 1 else 10, None if d.day == 1 else 10.0) for d in days]
    found = seasonality(fill(one_person_home(tmp_path, "2023-01-01"), days=rows), AREA, Period.parse("2023"))
    assert (found.status, found.hidden_days) == ("suppressed", 12)
    assert sum(part.hidden for part in found.rows) == 12
    assert "365 天中有 12 天不予显示" in found.zh
    assert "12 of 365 days are withheld" in found.en


def test_where_quiet_days_are_hidden_no_share_is_given(tmp_path: Path) -> None:
    """As a public build does it: days of fewer than ten visits are hidden, and none of them is a Saturday."""
    days = every_day(date(2023, 1, 1), date(2023, 12, 31))
    rows = [
        (AREA, d, n if n >= 10 else None, 2.0 * n if n >= 10 else None) for d in days if (n := visits_on(d))
    ]
    found = seasonality(fill(one_person_home(tmp_path, "2023-01-01"), days=rows), AREA, Period.parse("2023"))
    assert (found.status, found.saturday_share) == ("suppressed", None)
    assert {part.visits_share for part in (*found.rows, *found.day_kinds)} == {None}
    # Saturdays are all shown, so what there is on one is known; of Sundays only the busy ones are.
    assert (found.rows[5].hidden, found.rows[5].visits_per_day) == (0, pytest.approx(20 * 54 / 52))
    assert (found.rows[6].hidden > 0, found.rows[6].visits_per_day) == (True, None)
    assert [one.ratio for one in found.campaigns] == [None, None]
    assert "%" not in found.zh
    assert "不给星期六等的占比" in found.zh


def test_days_of_a_district_are_withheld_in_public_and_not_zero(tmp_path: Path) -> None:
    """A public build has days of cities only."""
    days = [("130200", day, 20, 20.0) for day in every_day(date(2023, 1, 1), date(2023, 12, 31))]
    build = fill(one_person_home(tmp_path, "2023-01-01"), days=days, manifest={"disclosure_threshold": "10"})
    found = seasonality(build, AREA, Period.parse("2023"))
    assert (found.status, found.n, found.hidden_days) == ("suppressed", 365, 365)
    assert {(part.visits, part.hours, part.visits_per_day) for part in found.rows} == {(None, None, None)}
    assert "没有服务记录" not in found.zh
    assert "365 天中有 365 天不予显示" in found.zh
    assert seasonality(build, "130200", Period.parse("2023")).saturday_share == pytest.approx(52 / 365)


def test_months_nobody_reported_are_no_quiet_months(tmp_path: Path) -> None:
    build = fill(one_person_home(tmp_path, "2023-01-01", "2023-06-30"))
    found = seasonality(build, AREA, Period.parse("2023"))
    assert (found.n, found.months_left_out, found.last_day) == (181, 6, "2023-06-30")
    nothing = seasonality(build, AREA, Period.parse("2020"))
    assert (nothing.status, nothing.saturday_share) == ("not_reported", None)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2023, 10, 1), "holiday"), (date(2023, 10, 7), "make_up"), (date(2023, 10, 14), "weekend"),
        (date(2023, 10, 16), "working"), (date(2003, 12, 31), "unknown"), (date(2150, 1, 1), "unknown"),
    ],
)  # fmt: skip
def test_kinds_of_day_come_from_the_calendar_or_are_unknown(day: date, kind: str) -> None:
    assert day_kind(day) == kind


@pytest.mark.parametrize(("years", "told"), [(2, False), (3, True), (4, True)])
def test_a_seasonal_index_needs_three_complete_years(years: int, told: bool) -> None:
    months = [
        observed(
            100.0 * (year - 2019) * (2 if month == 5 else 1), indicator="service_visits", period=f"{year}-{month:02d}"
        )
        for year in range(2020, 2020 + years)
        for month in range(1, 13)
    ]  # fmt: skip
    index = month_index(months)
    assert [month.name_en for month in index] == list(MONTH_NAMES)
    assert (index[4].index is not None) == told
    if told:
        # May has 2 of 13 parts, an average month 13 / 12 of a part.
        assert index[4].index == pytest.approx(24 / 13)
        assert sum(month.index or 0 for month in index) == pytest.approx(12)


def test_a_year_that_lacks_a_month_is_not_complete() -> None:
    months = [
        observed(None if (year, month) == (2021, 7) else 5.0, AREA, indicator="service_visits", period=f"{year}-{month:02d}")
        for year in (2020, 2021, 2022)
        for month in range(1, 13)
    ]  # fmt: skip
    assert {month.years for month in month_index(months)} == {2}


@pytest.mark.parametrize(("weeks", "told"), [(3, False), (4, True), (5, True)])
def test_the_week_around_a_campaign_day_needs_four_weeks_beside_it(weeks: int, told: bool) -> None:
    first = date(2023, 3, 2) - timedelta(weeks=weeks)
    days = [
        Day(day, 30.0 if day >= date(2023, 3, 2) else 10.0, 1.0) for day in every_day(first, date(2023, 3, 8))
    ]
    (campaign,) = campaigns(days)
    assert (campaign.weeks, campaign.week_visits) == (min(weeks, 4), 210.0)
    assert campaign.ratio == (3.0 if told else None)


def test_a_hidden_day_in_the_week_leaves_no_ratio() -> None:
    days = [
        Day(day, None if day == date(2023, 3, 4) else 10.0, 1.0)
        for day in every_day(date(2023, 1, 1), date(2023, 4, 30))
    ]
    (campaign,) = campaigns(days)
    assert (campaign.week_visits, campaign.ratio, campaign.weeks) == (None, None, 8)


def test_a_break_is_named_and_nothing_is_compared_across_it(tmp_path: Path) -> None:
    days = every_day(date(2022, 1, 1), date(2023, 12, 31))
    rows = [(AREA, day, visits_on(day), 2.0 * visits_on(day)) for day in days if visits_on(day)]
    moved = (
        "130200",
        "service_hours",
        date(2023, 2, 20),
        "definition_change",
        "改按次计。",
        "Counted anew.",
        "通知",
    )
    found = seasonality(
        fill(one_person_home(tmp_path, "2022-01-01"), days=rows, series_breaks=[moved]),
        AREA,
        Period.parse("2023"),
    )
    assert [one.ratio for one in found.campaigns] == [3.0, 1.0, None, 1.0]
    assert found.status == "series_break"
    assert "序列在 2023-02-20 中断（改按次计），跨越它的年份和周不作比较" in found.zh
    assert (
        "the series breaks on 2023-02-20 (Counted anew), and no year or week is compared across it"
        in found.en
    )


@pytest.mark.parametrize(
    ("on", "years", "has_mean"),
    [
        (date(2021, 7, 1), 3, False),
        (date(2021, 1, 1), 4, False),
        (date(2020, 1, 1), 4, True),
        (date(2023, 3, 1), 3, True),
    ],
)
def test_a_year_with_a_break_in_it_has_no_seasons(on: date, years: int, has_mean: bool) -> None:
    months = [
        observed(5.0, AREA, indicator="service_visits", period=f"{year}-{month:02d}")
        for year in range(2020, 2024)
        for month in range(1, 13)
    ]
    broken = SeriesBreak(on, "130200", ("service_hours",), "platform_migration", "迁移。", "Moved.", "通知")
    index = month_index(months, [broken])
    assert {month.years for month in index} == {years}
    assert {month.index for month in index} == {1.0}
    assert {month.visits is not None for month in index} == {has_mean}
