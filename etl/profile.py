"""What a drop is like, in some dozens of numbers: enough to tell whether the next one is unlike it.

Grain of the table `profiles`: one row per drop and key. Keys: rows, quarantined, minutes (sum of service time),
filled:<column> (rows with a value), area:<code>, month:<yyyy-mm>, length:<place in LENGTHS> (rows each), and
quantile:<per cent> (minutes of service). Aggregates only; nothing about a person.
"""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from etl import ledger
from etl.ledger import LedgerRow
from etl.source import Source, source_named

QUANTILES = (10, 25, 50, 75, 90)  # per cent
LENGTHS = (
    15,
    30,
    45,
    60,
    90,
    120,
    150,
    180,
    240,
    300,
    360,
    480,
    720,
)  # upper ends in minutes; the last is open


@dataclass
class Profile:
    """One drop in numbers; counts are rows, `quantiles` minutes of service by per cent."""

    rows: int = 0
    quarantined: int = 0
    minutes: float = 0.0
    filled: dict[str, int] = field(default_factory=dict)
    areas: dict[str, int] = field(default_factory=dict)
    months: dict[str, int] = field(default_factory=dict)
    lengths: dict[int, int] = field(default_factory=dict)
    quantiles: dict[int, float] = field(default_factory=dict)

    @property
    def passed(self) -> int:
        return sum(self.areas.values())

    @property
    def span(self) -> tuple[int, int] | None:
        """First and last month, counted from year 0; None when no row passed."""
        return (ordinal(min(self.months)), ordinal(max(self.months))) if self.months else None

    def values(self) -> dict[str, float]:
        """As kept: one number per key."""
        return {
            "rows": self.rows,
            "quarantined": self.quarantined,
            "minutes": self.minutes,
            **{f"filled:{name}": rows for name, rows in self.filled.items()},
            **{f"area:{code}": rows for code, rows in self.areas.items()},
            **{f"month:{month}": rows for month, rows in self.months.items()},
            **{f"length:{place}": rows for place, rows in self.lengths.items()},
            **{f"quantile:{share}": minutes for share, minutes in self.quantiles.items()},
        }

    @classmethod
    def of(cls, values: dict[str, float]) -> "Profile":
        """The opposite of `values`."""

        def part(kind: str) -> dict[str, float]:
            return {
                key.split(":", 1)[1]: value for key, value in values.items() if key.startswith(f"{kind}:")
            }

        return cls(
            rows=int(values["rows"]),
            quarantined=int(values["quarantined"]),
            minutes=values["minutes"],
            filled={name: int(rows) for name, rows in part("filled").items()},
            areas={code: int(rows) for code, rows in part("area").items()},
            months={month: int(rows) for month, rows in part("month").items()},
            lengths={int(place): int(rows) for place, rows in part("length").items()},
            quantiles={int(share): minutes for share, minutes in part("quantile").items()},
        )


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE TABLE IF NOT EXISTS profiles (
            drop_id INTEGER NOT NULL, key VARCHAR NOT NULL, value DOUBLE NOT NULL, PRIMARY KEY (drop_id, key))""")


def ordinal(month: str) -> int:
    """A month as a number, for distances: '2021-05' is five months after '2020-12'."""
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1


def measure(connection: duckdb.DuckDBPyConnection, row: LedgerRow, relation: str) -> Profile:
    """The profile of the rows of `relation` (the sheet's typed columns with leaf_area), in one scan of it."""
    source = source_named(str(row.source))
    asked = _asked(source, connection, relation)
    found = _scan(connection, source, relation, asked)
    areas, months, minutes = Counter[str](), Counter[str](), Counter[float]()
    filled, total = Counter[str](), 0.0
    for area, month, length, rows, length_sum, *counts in found:
        areas[area or ""] += rows
        if isinstance(month, date):
            months[f"{month:%Y-%m}"] += rows
        if length is not None:
            minutes[float(length)] += rows
            total += float(length_sum)
        filled.update(dict(zip(asked, counts, strict=True)))
    lengths = Counter[int]()
    for one, rows in minutes.items():
        lengths[bisect_left(LENGTHS[:-1], one)] += rows
    quarantined = row.rows_quarantined or ledger.count_quarantined(connection, row.drop_id)
    return Profile(
        rows=row.rows_read or sum(areas.values()) + quarantined,
        quarantined=quarantined,
        minutes=round(total, 4),
        filled=dict(filled),
        areas=dict(areas),
        months=dict(months),
        lengths=dict(lengths),
        quantiles=_quantiles(minutes),
    )


def _scan(
    connection: duckdb.DuckDBPyConnection, source: Source, relation: str, asked: list[str]
) -> list[tuple[Any, ...]]:
    """(area, month, length, rows, minutes, filled …) per area, month and length of service.

    Lengths over an hour are rounded to six minutes: a few hundred groups a month, whatever the size of the drop.
    """
    stored = {column.name: column.value for column in source.fact_columns}
    minutes = f"CAST({stored['service_minutes']} AS DOUBLE)" if "service_minutes" in stored else "NULL"
    counts = "".join(f", count({name})" for name in asked)
    return connection.execute(f"""
        SELECT leaf_area, profiled_month,
               CASE WHEN profiled <= 60 THEN round(profiled) ELSE round(profiled / 6) * 6 END AS profiled_length,
               count(*), sum(profiled){counts}
        FROM (SELECT *, CAST(date_trunc('month', CAST({stored[source.day]} AS DATE)) AS DATE) AS profiled_month,
                     {minutes} AS profiled FROM {relation})
        GROUP BY 1, 2, 3""").fetchall()


def _asked(source: Source, connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    """The sheet's columns that the relation has and that can be empty or filled."""
    present = {name for name, *_ in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}
    return [
        name
        for name, column in source.columns.items()
        if name in present and column.type not in ("unread", "synthetic")
    ]


def _quantiles(minutes: Counter[float]) -> dict[int, float]:
    rows, found = minutes.total(), {}
    for share in QUANTILES if rows else ():
        seen = 0
        for one in sorted(minutes):
            seen += minutes[one]
            if seen * 100 >= share * rows:
                found[share] = one
                break
    return found


def keep(connection: duckdb.DuckDBPyConnection, drop_id: int, profile: Profile) -> None:
    """Enter a drop's profile, in place of an earlier one of it."""
    connection.execute("DELETE FROM profiles WHERE drop_id = ?", [drop_id])
    values = profile.values()
    connection.execute(
        "INSERT INTO profiles SELECT ?, unnest(?), unnest(?)",
        [drop_id, list(values), [float(value) for value in values.values()]],
    )


def kept(connection: duckdb.DuckDBPyConnection, drop_id: int) -> Profile:
    found = connection.execute("SELECT key, value FROM profiles WHERE drop_id = ?", [drop_id]).fetchall()
    return Profile.of(dict(found))
