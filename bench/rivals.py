"""Readers that `bench hostile` compares with: DuckDB's sniffer and pandas, as anyone would call them.

Each gets what an hour's careful work would add. Headers are recognised with our own list of spellings; every
cell is kept as text and trimmed, so no ID number is rounded by a guessed type; values are cast in the
reader's own idiom (TRY_CAST, pandas.to_datetime and to_numeric); an ID number must have the form of one;
statuses go through our own list of codes. A row of which a required value is missing or cannot be cast
counts as set aside, and so does every line DuckDB lists as rejected; an error refuses the whole file.
"""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from bench.polluters.clean import Record
from etl.source import source_named

SOURCE = source_named("service_hours")
STATUSES = {text.lower(): code for code, texts in SOURCE.columns["status"].codes.items() for text in texts}
ID_FORM = re.compile(r"\d{17}[0-9Xx]")
MOST_HOURS = 24

Texts = Sequence[str | None]


@dataclass
class Reading:
    """What a reader made of a file: records, how many rows it says it set aside, or that it refused the file.

    `by_row` has the row numbers of records and `set_aside_rows` those of rows set aside, where a reader
    gives them.
    """

    records: list[Record] = field(default_factory=list)
    set_aside: int = 0
    is_refused: bool = False
    by_row: dict[int, Record] | None = None
    set_aside_rows: frozenset[int] | None = None


@dataclass(frozen=True)
class Casts:
    """A reader's own way from texts to days and numbers; None for what cannot be cast."""

    days: Callable[[Texts], list[date | None]]
    numbers: Callable[[Texts], list[Decimal | None]]


def duckdb_sniffer(path: Path) -> Reading:
    """`FROM read_csv(path)`: everything sniffed."""
    return _duckdb(path, "")


def duckdb_lenient(path: Path) -> Reading:
    """The sniffer told to be lenient: faulty lines are left out and listed."""
    return _duckdb(path, ", strict_mode = false, ignore_errors = true, store_rejects = true")


def pandas_default(path: Path) -> Reading:
    """`pandas.read_csv(path)`, but for types."""
    return _pandas(path)


def pandas_sniffing(path: Path) -> Reading:
    """`pandas.read_csv(path, sep=None, engine="python")`: the delimiter sniffed by Python's csv module."""
    return _pandas(path, sep=None, engine="python")


def _duckdb(path: Path, options: str) -> Reading:
    literal = str(path).replace("'", "''")
    with duckdb.connect(config={"threads": 1}) as connection:
        try:
            found = connection.execute(f"SELECT COLUMNS(*)::VARCHAR FROM read_csv('{literal}'{options})")
            header = [str(column[0]) for column in found.description or []]
            rows = found.fetchall()
        except duckdb.Error:
            return Reading(is_refused=True)
        rejected = 0
        if options:
            (rejected,) = connection.execute("SELECT count(DISTINCT line) FROM reject_errors").fetchall()[0]
        reading = _typed(header, rows, _duckdb_casts(connection))
    reading.set_aside += rejected
    return reading


def _duckdb_casts(connection: duckdb.DuckDBPyConnection) -> Casts:
    def cast(texts: Texts, type_name: str) -> list[Any]:
        sql = f"SELECT TRY_CAST(text AS {type_name}) FROM (SELECT unnest(?::VARCHAR[]) AS text)"
        return [row[0] for row in connection.execute(sql, [list(texts)]).fetchall()]

    return Casts(lambda texts: cast(texts, "DATE"), lambda texts: cast(texts, "DECIMAL(18,6)"))


def _pandas(path: Path, **options: Any) -> Reading:
    try:
        frame = pd.read_csv(path, dtype=str, **options)
    except (ValueError, csv.Error):  # what pandas raises is a ValueError, UnicodeDecodeError included
        return Reading(is_refused=True)
    rows = [tuple(None if pd.isna(text) else text for text in row) for row in frame.itertuples(index=False)]
    return _typed([str(name) for name in frame.columns], rows, Casts(_pandas_days, _pandas_numbers))


def _pandas_days(texts: Texts) -> list[date | None]:
    days = pd.to_datetime(pd.Series(texts, dtype=object), errors="coerce")
    return [None if pd.isna(day) else day.date() for day in days]


def _pandas_numbers(texts: Texts) -> list[Decimal | None]:
    numbers = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce")
    return [None if pd.isna(number) else Decimal(repr(float(number))) for number in numbers]


def _typed(header: list[str], rows: Sequence[Sequence[str | None]], casts: Casts) -> Reading:
    positions = SOURCE.recognise(header)
    if SOURCE.missing(positions) or "id_number" not in positions or "service_date" not in positions:
        return Reading(is_refused=True)

    def column(name: str) -> list[str | None]:
        place = positions.get(name)
        cells = [None if place is None else row[place] for row in rows]
        return [text.strip() or None if text is not None else None for text in cells]

    persons, activities, statuses = column("id_number"), column("activity_id"), column("status")
    days = casts.days(column("service_date"))
    unit = "service_hours" if "service_hours" in positions else "service_minutes"
    numbers = casts.numbers(column(unit))
    reading = Reading()
    for person, activity, day, number, status in zip(
        persons, activities, days, numbers, statuses, strict=True
    ):
        code = STATUSES.get((status or "通过").lower())
        minutes = None if number is None else number * (60 if unit == "service_hours" else 1)
        if (
            person is None
            or not ID_FORM.fullmatch(person)
            or day is None
            or code is None
            or minutes is None
            or not 0 <= minutes <= MOST_HOURS * 60
        ):
            reading.set_aside += 1
        else:
            reading.records.append(Record(person, activity, day, minutes, code))
    return reading
