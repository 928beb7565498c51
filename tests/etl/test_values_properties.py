"""Every spelling of a value reads back exactly, and no text at all is read as a value it does not say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.source import Column
from etl.values import sql_for_value
from tests.etl import plain_reader

ALPHABET = (
    "0123456789" * 3
    + "-/.:年月日号时分秒小点钟上午下半TZAPMamphUC+ ,，万千亿人次个'\"=“’０１：．\u200b\u3000\ufeffEe_x"
)
FULL_WIDTH = str.maketrans("0123456789:/-.,", "０１２３４５６７８９：／－．，")

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
CLOCKS = st.integers(0, 86399)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        yield connection


def read(connection: duckdb.DuckDBPyConnection, kind: str, texts: list[str]) -> list[Any]:
    """What cells of a column of this kind are read as."""
    connection.execute("CREATE OR REPLACE TABLE cells AS SELECT unnest(?::VARCHAR[]) AS cell", [texts])
    sql = f"SELECT {sql_for_value(Column('cell', kind, ('某列',)), 'cell')} FROM cells ORDER BY rowid"
    return [value for (value,) in connection.execute(sql).fetchall()]


def day_spellings(day: date) -> list[str]:
    y, m, d = day.year, day.month, day.day
    return [
        f"{day}", f"{y}/{m}/{d}", f"{y}.{m}.{d}", f"{y}-{m}-{d}", f"{y}年{m}月{d}日", f"{y}年{m:02}月{d:02}号",
        f"{y}{m:02}{d:02}", f"{y}/{m:02}/{d:02}", f"{y} 年 {m} 月 {d} 日",
    ]  # fmt: skip


def clock_spellings(seconds: int) -> list[str]:
    h, m, s = seconds // 3600, seconds // 60 % 60, seconds % 60
    half, twelve = ("上午" if h < 12 else "下午"), (h if h <= 12 else h - 12)
    english = f"{h % 12 or 12}:{m:02}:{s:02} {'AM' if h < 12 else 'PM'}"
    found = [
        f"{h:02}:{m:02}:{s:02}",
        f"{h}:{m}:{s}",
        f"{h}时{m}分{s}秒",
        f"{half}{twelve}:{m:02}:{s:02}",
        english,
    ]
    return found + ([f"{h}:{m:02}", f"{h:02}:{m:02}", f"{h}点{m:02}分", f"{h}时{m}"] if s == 0 else [])


def worn(text: str) -> list[str]:
    """The same cell after the hands it went through."""
    return [
        text, f" {text}\t", f"'{text}", f'="{text}"', f"“{text}”", f"\ufeff{text}\u00a0", text.translate(FULL_WIDTH),
        f"{text[:2]}\u200b{text[2:]}", f"\u3000{text}",
    ]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(DAYS)
def test_every_spelling_of_a_day_is_that_day(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    serial = str((day - date(1899, 12, 30)).days)
    texts = [cell for text in [*day_spellings(day), serial] for cell in worn(text)]
    assert dict(zip(texts, read(connection, "date", texts), strict=True)) == dict.fromkeys(texts, day)


@settings(max_examples=25, deadline=None)
@given(
    DAYS, CLOCKS | st.sampled_from([0, 12 * 3600, 12 * 3600 + 1800, 86399]), st.integers(-14 * 60, 14 * 60)
)
def test_every_spelling_of_a_moment_is_that_moment(
    connection: duckdb.DuckDBPyConnection, day: date, seconds: int, offset: int
) -> None:
    moment = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)
    texts = [f"{written} {clock}" for written in day_spellings(day) for clock in clock_spellings(seconds)]
    texts += [f"{moment:%Y-%m-%dT%H:%M:%S}", f"{moment:%Y-%m-%dT%H:%M:%S}+08:00", f"{moment} UTC+8"]
    serial = Decimal((day - date(1899, 12, 30)).days) + Decimal(seconds) / 86400
    texts += [f"{serial:.10f}", f"{moment - timedelta(hours=8):%Y-%m-%dT%H:%M:%SZ}"]
    there = moment - timedelta(hours=8) + timedelta(minutes=offset)
    texts.append(
        f"{there:%Y-%m-%d %H:%M:%S}{'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    )
    cells = [cell for text in texts for cell in worn(text)]
    assert dict(zip(cells, read(connection, "datetime", cells), strict=True)) == dict.fromkeys(cells, moment)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 3000))
def test_every_spelling_of_a_duration_is_that_duration(
    connection: duckdb.DuckDBPyConnection, minutes: int
) -> None:
    hours, rest = divmod(minutes, 60)
    said = [f"{minutes}分钟", f"{minutes} 分", f"{minutes}min", f"{minutes:,}分", f"{hours}小时{rest}分"]
    said += [f"{hours}时{rest:02}分", f"{hours}h{rest}m", f"{hours:02}:{rest:02}", f"{hours}:{rest:02}:00"]
    said += [f"{minutes / 60:.4f}小时", f"{minutes / 60:.4f}h"] if minutes % 3 == 0 else []
    cells = [cell for text in said for cell in worn(text)]
    exact = [minutes] * len(cells)
    assert read(connection, "minutes", cells) == exact
    in_hours = read(connection, "hours", cells)
    assert [round(value * 60, 4) for value in in_hours] == exact  # as stored in the facts


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9_999_999))
def test_every_spelling_of_a_count_is_that_count(connection: duckdb.DuckDBPyConnection, number: int) -> None:
    said = [str(number), f"{number:,}", f"{number}.0", f"{number}人", f"{number:,} 人次"]
    said += [f"{Decimal(number) / 10_000}万", f"{Decimal(number) / 1000}千人"]
    cells = [cell for text in said for cell in worn(text)]
    assert dict(zip(cells, read(connection, "count", cells), strict=True)) == dict.fromkeys(cells, number)


SEEDS = {
    "date": ["2021-05-01", "2021/5/1", "20210501", "2021年5月1日", "44317", "44317.5", "2021-05-01 08:30:00+08:00"],
    "datetime": [
        "2021-05-01 08:30", "2021-05-01 08:30:15", "2021/5/1 下午2:30", "2021年5月1日8时30分", "2021-05-01T08:30:00.5Z",
        "2021-5-1 12:30 AM", "2021-05-01 24:00", "44317.354166667", "2021-05-01 08:30+0900", "2021.5.1 8点 UTC+8",
    ],
    "hours": ["3.5", "1,234.5", "3.5小时", "3小时30分", "210分钟", "03:30", "3:30:00", "1.2万", "-2", "24.01", "5千分"],
    "count": ["12", "1,234", "1.2万", "3千人", "12.0", "9999999", "13812345678"],
}  # fmt: skip
SEEDS["minutes"] = SEEDS["hours"]
REFERENCE: dict[str, Callable[[str], Any]] = {
    "date": plain_reader.read_day,
    "datetime": lambda text: (found := plain_reader.read_moment(text)) and found[0],
    "hours": lambda text: plain_reader.read_duration(text, 60),
    "minutes": lambda text: plain_reader.read_duration(text, 1),
    "count": plain_reader.read_count,
}


def is_same(value: Any, expected: Any) -> bool:
    """Equal; of hours far beyond a day (which are refused) the first twelve digits."""
    if isinstance(value, Decimal) and isinstance(expected, Decimal) and expected > 1440:
        return abs(value - expected) <= expected * Decimal("1e-12")
    return bool(value == expected)


@st.composite
def damaged(draw: st.DrawFn, seeds: list[str]) -> str:
    """A spelling with up to four characters put in, left out or changed."""
    text = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(text)))
        new = draw(st.sampled_from(["", *ALPHABET]))
        text = text[:place] + new + text[place + draw(st.integers(0, 1)) :]
    return text


@pytest.mark.parametrize("kind", sorted(SEEDS))
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_no_text_is_read_as_what_it_does_not_say(
    connection: duckdb.DuckDBPyConnection, kind: str, data: st.DataObject
) -> None:
    cells = data.draw(
        st.lists(
            damaged(SEEDS[kind]) | st.text(st.sampled_from(ALPHABET), max_size=20), min_size=20, max_size=60
        )
    )
    found = dict(zip(cells, read(connection, kind, cells), strict=True))
    wrong = {
        cell: (value, REFERENCE[kind](cell))
        for cell, value in found.items()
        if value is not None and not is_same(value, REFERENCE[kind](cell))
    }
    assert wrong == {}
