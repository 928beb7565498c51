"""From which month a monthly figure keeps another level: seasons are none, limits are, echoes are told as such."""

from dataclasses import replace
from datetime import date
from math import sin
from pathlib import Path

import pytest

from metrics.analysis.level_changes import LIMIT, LevelChanges, level_changes, level_changes_of
from metrics.analysis.reading import AnalysisRefused, Asked
from metrics.catalogue import load_catalogue
from metrics.observation import Observation
from metrics.periods import Period
from metrics.series_breaks import SeriesBreak
from tests.metrics.analysis_factory import fill, observed, one_person_home

HOURS = load_catalogue().indicator("service_hours")
# Every March ten times as busy as February.
SEASON = (5, 2, 20, 9, 7, 8, 6, 6, 9, 10, 8, 18)


def months(values: list[float | None], first: str = "2018-01") -> list[Observation]:
    """Consecutive months of service hours; None is withheld."""
    period, rows = Period.parse(first), []
    for value in values:
        status = "ok" if value is not None else "suppressed"
        rows.append(
            observed(
                value, "130200", indicator="service_hours", period=period.code, numerator=value, status=status
            )
        )
        period = period.previous(-1)
    return rows


def seasonal(years: int, wobble: float = 0.03) -> list[float | None]:
    """Years that differ from the season by a few per cent to and fro."""
    return [
        1000 * SEASON[place % 12] * (1 + wobble * sin(5 * place + place**2)) for place in range(12 * years)
    ]


def told(values: list[float | None], breaks: tuple[SeriesBreak, ...] = ()) -> LevelChanges:
    return level_changes_of(months(values), HOURS, breaks)


def test_a_season_is_no_change() -> None:
    found = told(seasonal(5))
    assert (found.status, found.n, found.changes) == ("ok", 48, ())
    assert {row.signal for row in found.rows} == {""}
    assert "没有月份越过控制限" in found.zh
    assert "no change of level is seen" in found.en


def test_a_lasting_rise_is_told_from_its_month_and_its_end_a_year_later_is_an_echo() -> None:
    values = seasonal(6)
    values = [
        value and value * (1.4 if place >= 41 else 1) for place, value in enumerate(values)
    ]  # June 2021
    found = told(values)
    assert found.changes[0].signal == "rose"
    assert found.changes[0].began == "2021-06"
    assert found.changes[0].signalled <= "2021-08"
    assert abs(found.changes[0].usual) < 0.03
    assert found.changes[0].growth > 0.3
    assert [one.signal for one in found.changes[1:]] == ["echo"] * (len(found.changes) - 1)
    assert found.zh.count("升高") == 1
    assert "降低" not in found.zh
    assert "自2021年6月起水平升高" in found.zh


def test_a_fall_is_told_too() -> None:
    values = [value and value * (0.6 if place >= 40 else 1) for place, value in enumerate(seasonal(4))]
    found = told(values)
    assert [(one.signal, one.began) for one in found.changes] == [("fell", "2021-05")]
    assert "lower since May 2021" in found.en


@pytest.mark.parametrize(("beyond", "signal"), [(-0.01, ""), (0.01, "rose")])
def test_only_a_sum_beyond_its_limit_signals(beyond: float, signal: str) -> None:
    #  first year of growths: +s, -s, … around nothing, so their standard deviation is s, and each -s takes the sum
    #  back to zero; one month more then has to exceed the limit of 5 s with a slack of 0.5 s.
    spread, base = 0.02, [100.0] * 12
    year = [100 * (1 + spread * (1 if place % 2 == 0 else -1)) for place in range(12)]
    last = 100 * 1.02 * (1 + (LIMIT + 0.5 + beyond) * spread)
    found = told([*base, *year, last])
    assert found.rows[-1].growth == pytest.approx((LIMIT + 0.5 + beyond) * spread)
    assert found.rows[-1].signal == signal
    assert len(found.changes) == bool(signal)


def test_withheld_months_and_those_across_a_break_are_not_compared() -> None:
    values = seasonal(5)
    values[30] = None
    found = told(values)
    assert (found.n, found.months_left_out) == (46, 2)  # itself, and the same month of the year after
    assert next(row for row in found.rows if row.period == "2020-07").status == "suppressed"
    assert "2 个月没有完整可比的数" in found.zh
    broken = SeriesBreak(
        date(2021, 1, 1), "130200", ("service_hours",), "platform_migration", "迁入新平台。", "Moved.", "通知"
    )
    doubled = [value and value * (2 if place >= 36 else 1) for place, value in enumerate(seasonal(5))]
    assert told(doubled).changes
    across = told(doubled, (broken,))
    assert (across.changes, across.months_left_out) == ((), 12)
    assert "12 个月没有完整可比的数，没有比（序列在 2021-01-01 中断（迁入新平台））" in across.zh
    assert {row.status for row in across.rows if row.growth is None} == {"series_break"}


def test_a_missing_population_is_named() -> None:
    """'Too few months' alone would send the reader to look for reports that are all there."""
    indicator = load_catalogue().indicator("hours_per_resident")
    rows = [
        replace(row, indicator=indicator.id, status="no_denominator", value=None)
        for row in months(seasonal(5))
    ]
    found = level_changes_of(rows, indicator)
    assert (found.status, found.months_left_out) == ("no_denominator", 48)
    assert "48 个月没有完整可比的数，没有比（没有常住人口数，不能计算），看不出水平改变。" in found.zh
    assert "no population is known" in found.en
    stands_in = [replace(row, status="denominator_year", population_year=2020) for row in months(seasonal(2))]
    some = level_changes_of([*months(seasonal(3)), *stands_in], indicator)
    assert "24 个月没有完整可比的数，没有比（人口用较早年份代替（2020年）" in some.zh


def test_too_few_or_equal_months_tell_nothing() -> None:
    short = told(seasonal(2))
    assert (short.status, short.changes) == ("insufficient", ())
    assert "月份不足" in short.zh
    assert told([100.0] * 48).status == "insufficient"  # without any spread every crumb would be a change


def test_a_stock_has_no_months_and_is_refused(tmp_path: Path) -> None:
    build = fill(one_person_home(tmp_path))
    for indicator in ("registered_volunteers", "registration_growth", "ever_active_rate"):
        with pytest.raises(AnalysisRefused):
            level_changes(build, Asked(indicator), "130200", Period.parse("2023"))
    found = level_changes(build, Asked("service_hours"), "130200", Period.parse("2023"))
    assert found.status == "insufficient"  # nearly every month is zero
