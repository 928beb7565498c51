"""Days and moments as people write them: a table for each, drawn as in tests/etl/cells.py."""

from __future__ import annotations

import duckdb
import pytest

from etl.values.doubts import sql_of_doubt
from tests.etl.cells import assert_reads, column


def test_dates() -> None:
    assert_reads(
        column("date"),
        """
        2021-05-01          → 2021-05-01
        2021/5/1            → 2021-05-01
        2021/05/01          → 2021-05-01
        2021.5.1            → 2021-05-01
        2021年5月1日         → 2021-05-01
        2021年05月01         → 2021-05-01
        20210501            → 2021-05-01
        20210501.0          → 2021-05-01
        20210501083000      → 2021-05-01
        20210501 083000     → 2021-05-01
        20210501 083000.250 → 2021-05-01
        20210501T0830       → 2021-05-01
        202105010830        → 2021-05-01
        44317.0             → 2021-05-01
        ２０２１－０５－０１   → 2021-05-01
        ２０２１年５月１日     → 2021-05-01
        ␣2021-05-01         → 2021-05-01
        2021-05-01⇥         → 2021-05-01
        2021-05-01 08:30    → 2021-05-01
        2021-5-1 8:30:05    → 2021-05-01
        2021-05-01T08:30:00 → 2021-05-01
        2021年5月1日8:30     → 2021-05-01
        2021-05-01T08:30:00.000+08:00 → 2021-05-01
        2021-05-01T16:00:00Z → 2021-05-02
        2021-05-01T15:59:59Z → 2021-05-01
        2021-05-01 08:30:00 UTC+8 → 2021-05-01
        2021-05-01T22:00-05:00 → 2021-05-02
        2021-05-01 22:00:00-05:00 → 2021-05-02
        2021-05-01 24:00    → 2021-05-01
        2021-05-01 24:00Z   → 2021-05-02
        2021年5月1号         → 2021-05-01
        2021 年 5 月 1 日    → 2021-05-01
        2021年5月1日 星期六   → 2021-05-01
        2021年5月1日（周六）  → 2021-05-01
        2021。5。1           → 2021-05-01
        2021-5- 1           → 2021-05-01
        2021－5－1 下午2:30  → 2021-05-01
        44317               → 2021-05-01
        44317.999999        → 2021-05-01
        '44317              → 2021-05-01
        10000               → 1927-05-18
        73050               → 2099-12-31
        '2021-05-01         → 2021-05-01
        ‘2021-05-01’        → 2021-05-01
        “2021-05-01”        → 2021-05-01
        \"2021-05-01\"     → 2021-05-01
        =\"2021-05-01\"    → 2021-05-01
        2021\u200b-05-01    → 2021-05-01
        \ufeff2021-05-01\u00a0 → 2021-05-01
        不详                 → missing
        #N/A                → missing
        =\"\"              → missing
        2020-02-29          → 2020-02-29
        1900-01-01          → 1900-01-01
        ∅                   → missing
        无                  → missing
        """,
    )


def test_impossible_dates_are_refused() -> None:
    assert_reads(
        column("date"),
        """
        2021-02-29     → unreadable
        2021-02-30     → unreadable
        2021-13-01     → unreadable
        2021-00-10     → unreadable
        2021-04-31     → unreadable
        20210230       → unreadable
        20211301       → unreadable
        0000-00-00     → unreadable
        2021-05-0      → unreadable
        1899-12-31     → unreadable
        """,
    )


def test_dates_that_would_have_to_be_guessed_are_refused() -> None:
    """A two-digit year, an epoch, day and month in unknown order, two dates, an unknown zone, no year."""
    assert_reads(
        column("date"),
        """
        21-5-1                  → unreadable
        9999                    → unreadable
        73051                   → unreadable
        44,317                  → unreadable
        44317日                  → unreadable
        1620000000              → unreadable
        1620000000000           → unreadable
        1e2                     → unreadable
        nan                     → missing
        05/01/2021              → unreadable
        1-May-21                → unreadable
        2021-5                  → unreadable
        202105                  → unreadable
        2021年5月                → unreadable
        2021-05-01x             → unreadable
        (2021-05-01)            → unreadable
        infinity                → unreadable
        epoch                   → unreadable
        today                   → unreadable
        今天                     → unreadable
        2021-05-01 张三          → unreadable
        2021-05-01 ~ 2021-05-03 → unreadable
        2021-05-01 至 2021-05-03 → unreadable
        2021-05-01 25:00        → unreadable
        2021-05-01 08:30 CST    → unreadable
        2021-05-01 08:30+15:00  → unreadable
        2021-05-01Z             → unreadable
        21年5月1日               → unreadable
        5月1日                   → unreadable
        2021-05-01\"            → unreadable
        """,
    )


def test_moments() -> None:
    assert_reads(
        column("datetime"),
        """
        2021-05-01 08:30          → 2021-05-01 08:30:00
        2021-05-01 08:30:15       → 2021-05-01 08:30:15
        2021-05-01T08:30          → 2021-05-01 08:30:00
        2021-05-01T08:30:15       → 2021-05-01 08:30:15
        2021-5-1 8:30             → 2021-05-01 08:30:00
        2021/5/1 8:30             → 2021-05-01 08:30:00
        2021/05/01 08:30:15       → 2021-05-01 08:30:15
        2021年5月1日 8:30          → 2021-05-01 08:30:00
        2021年5月1日8:30           → 2021-05-01 08:30:00
        2021.5.1 8:30             → 2021-05-01 08:30:00
        2021-05-01T08:30:00+08:00 → 2021-05-01 08:30:00
        ２０２１－０５－０１ ０８：３０ → 2021-05-01 08:30:00
        2021-05-01                → 2021-05-01 00:00:00
        2021/5/1                  → 2021-05-01 00:00:00
        20210501                  → 2021-05-01 00:00:00
        20210501083015            → 2021-05-01 08:30:15
        20210501083015.0          → 2021-05-01 08:30:15
        202105010830              → 2021-05-01 08:30:00
        20210501 083015           → 2021-05-01 08:30:15
        20210501T083015           → 2021-05-01 08:30:15
        20210501T083015Z          → 2021-05-01 16:30:15
        20210501 0830             → 2021-05-01 08:30:00
        ␣2021-05-01 08:30␣        → 2021-05-01 08:30:00
        2021-05-01 8时30分         → 2021-05-01 08:30:00
        2021-05-01 8点             → 2021-05-01 08:00:00
        2021年5月1日 8时30分15秒    → 2021-05-01 08:30:15
        2021-05-01 上午8:30        → 2021-05-01 08:30:00
        2021-05-01 下午2:30        → 2021-05-01 14:30:00
        2021-05-01 下午 02:30:15   → 2021-05-01 14:30:15
        2021-05-01 下午14:30       → 2021-05-01 14:30:00
        2021-05-01 下午12:30       → 2021-05-01 12:30:00
        2021-05-01 2:30 PM        → 2021-05-01 14:30:00
        2021-05-01 12:30 AM       → 2021-05-01 00:30:00
        2021-05-01 12:30 p.m.     → 2021-05-01 12:30:00
        2021-05-01T08:30:00Z      → 2021-05-01 16:30:00
        2021-05-01T20:30:00.000Z  → 2021-05-02 04:30:00
        2021-05-01 08:30 UTC      → 2021-05-01 16:30:00
        2021-05-01T08:30+08       → 2021-05-01 08:30:00
        2021-05-01T08:30+0900     → 2021-05-01 07:30:00
        2021-05-01 08:30:00-04:30 → 2021-05-01 21:00:00
        2021-05-01 08:30 UTC-04:30 → 2021-05-01 21:00:00
        2021-05-01 08:30 GMT+8    → 2021-05-01 08:30:00
        2021-5-01 08:30Z          → 2021-05-01 16:30:00
        2021-05-01 24:00          → 2021-05-02 00:00:00
        2021-05-31 24:00:00       → 2021-06-01 00:00:00
        44317                     → 2021-05-01 00:00:00
        44317.5                   → 2021-05-01 12:00:00
        44317.354166667           → 2021-05-01 08:30:00
        '2021-05-01 08:30         → 2021-05-01 08:30:00
        """,
    )


def test_moments_whose_time_of_day_is_not_understood_are_refused() -> None:
    """Read as midnight, two shifts of one day would be one record with a correction."""
    assert_reads(
        column("datetime"),
        """
        2021-05-01 25:00       → unreadable
        2021-05-01 08:60       → unreadable
        2021-02-30 08:30       → unreadable
        2021-5-118:30          → unreadable
        2021-05-01 24:01       → unreadable
        2021-05-01 下午         → unreadable
        2021-05-01 上午12:30    → unreadable
        2021-05-01 上午14:30    → unreadable
        2021-05-01 下午0:30     → unreadable
        2021-05-01 下午24:00    → unreadable
        2021-05-01 14:30 AM    → unreadable
        2021-05-01 上午8:30 PM  → unreadable
        2021-05-01 08:30 CST   → unreadable
        08:30                  → unreadable
        0.354166667            → unreadable
        2021-05-01 张三         → unreadable
        21-05-01 08:30         → unreadable
        1620000000             → unreadable
        1899-12-31 23:59       → unreadable
        """,
    )


def test_a_time_range_is_no_time_zone() -> None:
    """Read as a zone, 8:30-11:30 would be eight in the evening, and 22:00-23:00 another day."""
    ranges = """
        2021-05-01 8:30-11:30      → unreadable
        2021-05-01 08:30-11        → unreadable
        2021-05-01 08:30 -11:30    → unreadable
        2021-05-01 22:00-05:00     → unreadable
        2021-05-01 08:30+08:00     → unreadable
        2021-05-01 8点-11           → unreadable
        2021-05-01 8点30分-11:30     → unreadable
        2021-05-01 8:30:00 AM-11:30 → unreadable
        2021-05-01 上午8:30:00-11:30 → unreadable
        2021年5月1日8:30-11:30       → unreadable
        2021-05-01 8:30:00-11:30:00 → unreadable
        8:30-11:30                 → unreadable
        """
    assert_reads(column("datetime"), ranges)
    assert_reads(column("date"), ranges)


def test_a_day_there_is_not_is_told_from_every_day_there_is() -> None:
    """Of all days from 1900 to 2099 and the impossible ones beside them, in three spellings."""
    found = duckdb.sql(f"""
        SELECT text FROM (
            SELECT year || '-' || lpad(month, 2, '0') || '-' || lpad(day, 2, '0') AS written,
                   unnest([written, year || '年' || month || '月' || day || '日',
                           replace(written, '-', ''), written || ' 08:30']) AS text
            FROM (SELECT unnest(range(1900, 2100))::VARCHAR AS year),
                 (SELECT unnest(range(1, 13))::VARCHAR AS month), (SELECT unnest(range(1, 32))::VARCHAR AS day))
        WHERE coalesce({sql_of_doubt("date_no_such_day", "NULL", "text")}, false)
              <> (try_cast(written AS DATE) IS NULL)""").fetchall()
    assert found == []


@pytest.mark.parametrize(
    ("text", "is_none"),
    [
        *[("2021-13-01", True), ("2021-00-10", True), ("2021-5-32", True), ("2021/2/29", True)],
        *[("2021-02-28 25:00", False), ("2021-02-29 8:30-11:30", False), ("1302-02-29", False)],
    ],
)
def test_only_a_whole_date_is_told_to_be_none(text: str, is_none: bool) -> None:
    (found,) = duckdb.execute(
        f"SELECT {sql_of_doubt('date_no_such_day', 'NULL', 'text')} FROM (SELECT ? AS text)", [text]
    ).fetchall()
    assert found == (is_none,)
