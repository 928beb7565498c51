"""What a drop is like, in some dozens of numbers: enough to tell whether the next one is unlike it.

Grain of the table `profiles`: one row per drop and key. Keys: rows, quarantined, minutes (sum of service time),
filled:<column> (rows with a value), area:<code>, month:<yyyy-mm>, length:<place in LENGTHS> (rows each), and
quantile:<per cent> (minutes of service). Aggregates only; nothing about a person.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

import duckdb

from etl.ledger import LedgerRow
from etl.source import Source, source_named
from etl.sql import only_row

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
            drop_id INTEGER NOT NULL, key VARCHAR NOT NULL, value DOUBLE NOT NULL)""")


def ordinal(month: str) -> int:
    """A month as a number, for distances: '2021-05' is five months after '2020-12'."""
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1


def facts_of(row: LedgerRow) -> str:
    """SQL giving (area, day, minutes) of a drop's rows once they are facts: nothing needs looking up any more."""
    source = source_named(str(row.source))
    names = {column.name for column in source.fact_columns}
    area = "coalesce(area_code, drop_area_code)" if "drop_area_code" in names else "area_code"
    minutes = "service_minutes" if "service_minutes" in names else "NULL"
    return (
        f"SELECT {area} AS area, {source.day} AS day, {minutes} AS minutes "
        f"FROM {source.table} WHERE drop_id = {row.drop_id}"
    )


def measure(
    connection: duckdb.DuckDBPyConnection,
    row: LedgerRow,
    cells: str,
    rows: str,
    present: Collection[str] | None = None,
) -> Profile:
    """The profile of a drop: `cells` is a relation with the sheet's typed columns, `rows` SQL as of `facts_of`.

    Two scans: counting every column for every group would cost three times as much.
    """
    source = source_named(str(row.source))
    found = connection.execute(f"""
        SELECT area, CAST(date_trunc('month', day) AS DATE) AS month,
               CASE WHEN lasted <= 60 THEN round(lasted) ELSE round(lasted / 6) * 6 END AS length,
               count(*), sum(lasted)
        FROM (SELECT area, day, CAST(minutes AS DOUBLE) AS lasted FROM ({rows}))
        GROUP BY 1, 2, 3""").fetchall()
    areas, months, minutes = Counter[str](), Counter[str](), Counter[float]()
    total = 0.0
    for area, month, length, count, length_sum in found:
        areas[area or ""] += count
        if isinstance(month, date):
            months[f"{month:%Y-%m}"] += count
        if length is not None:
            minutes[float(length)] += count
            total += float(length_sum)
    lengths = Counter[int]()
    for one, count in minutes.items():
        lengths[bisect_left(LENGTHS[:-1], one)] += count
    return Profile(
        rows=row.rows_read or areas.total() + row.rows_quarantined,
        quarantined=row.rows_quarantined,
        minutes=round(total, 4),
        filled=_filled(connection, source, cells, present),
        areas=dict(areas),
        months=dict(months),
        lengths=dict(lengths),
        quantiles=_quantiles(minutes),
    )


def _filled(
    connection: duckdb.DuckDBPyConnection, source: Source, cells: str, present: Collection[str] | None
) -> dict[str, int]:
    """Rows with a value, of each of the sheet's columns that the relation has and that may be empty."""
    names = [name for name, column in source.columns.items() if column.type not in ("unread", "synthetic")]
    counted = {name: f"count({name})" for name in names}
    if present is None:
        described = connection.execute(f"DESCRIBE SELECT * FROM {cells}").fetchall()
        present = {name for name, *_ in described}
        names = [name for name in names if name in present]
    else:
        # As screened: putting the text of a number together for each row would cost more than the whole look.
        counted["id_number"] = "count(*) FILTER (id_code IS NOT NULL OR id_text IS NOT NULL)"
    asked = [name for name in names if name in present]
    counts = only_row(connection, f"SELECT {', '.join(counted[name] for name in asked)} FROM {cells}")
    return dict.fromkeys(names, 0) | dict(zip(asked, counts, strict=True))


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


def kept(connection: duckdb.DuckDBPyConnection, drop_ids: list[int]) -> dict[int, Profile]:
    """The profiles of some drops, by drop."""
    found = connection.execute(
        "SELECT drop_id, key, value FROM profiles WHERE list_contains(?, drop_id)", [drop_ids]
    ).fetchall()
    values: dict[int, dict[str, float]] = {drop_id: {} for drop_id in drop_ids}
    for drop_id, key, value in found:
        values[drop_id][key] = value
    return {drop_id: Profile.of(one) for drop_id, one in values.items()}
