"""Builds for the analyses: a real small build whose further tables are filled by hand."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from etl.sql import keep_value
from metrics.analysis.peer_groups import PeerGroup
from metrics.build import Build, open_build
from metrics.catalogue import load_catalogue
from metrics.comparisons.peers import PeerMedian, stand
from metrics.observation import OTHER_DAY, Observation
from metrics.periods import Period, require_window
from tests.metrics.build_factory import make_build

TABLES = {
    "hours_bands": (
        "area_code VARCHAR, time_window VARCHAR, period_end DATE, band VARCHAR, people BIGINT, hours DOUBLE"
    ),
    "cohorts": ("area_code VARCHAR, cohort_start DATE, quarter_end DATE, registered BIGINT, active BIGINT"),
    "days": "area_code VARCHAR, service_date DATE, visits BIGINT, hours DOUBLE",
    "series_breaks": (
        "area_code VARCHAR, concerns VARCHAR, broken_on DATE, kind VARCHAR, text_zh VARCHAR, text_en VARCHAR, "
        "source VARCHAR"
    ),
}
OBSERVATION = ("measure", "basis", "area_code", "time_window", "period_end", "dimension", "member", "value")
Rows = Iterable[tuple[Any, ...]]


def fill(
    home: Path,
    *,
    hours_bands: Rows = (),
    cohorts: Rows = (),
    days: Rows = (),
    series_breaks: Rows = (),
    observations: Rows = (),
    manifest: dict[str, str] | None = None,
    build_id: str = "2024-01-15-test",
) -> Build:
    """Write rows into the tables of a published build, in place of the cube's own, and open it.

    Observations are (measure, area, window, day, dimension, member, value), by residence.
    """
    path = home / "published" / f"{build_id}.duckdb"
    with duckdb.connect(str(path)) as connection:
        for name, columns in TABLES.items():
            connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
        given = {"hours_bands": hours_bands, "cohorts": cohorts, "days": days, "series_breaks": series_breaks}
        for name, rows in given.items():
            rows = list(rows)
            if rows:  # by hand wholly, not beside what the cube has counted
                connection.execute(f"DELETE FROM {name}")
                if name == "days":
                    connection.execute("DELETE FROM day_kinds")
            for row in rows:
                marks = ", ".join("?" * len(row))
                connection.execute(f"INSERT INTO {name} VALUES ({marks})", list(row))
        for measure, area, window, day, dimension, member, value in observations:
            key = [measure, "residence", area, window, day, dimension, member]
            same = " AND ".join(f"{column} = ?" for column in OBSERVATION[:-1])
            connection.execute(f"DELETE FROM observations WHERE {same}", key)
            connection.execute("INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [*key, value])
        for key, value in (manifest or {}).items():
            keep_value(connection, "manifest", key, value)
    build = open_build(home)
    assert build is not None
    return build


def one_person_home(home: Path, first: str = "2021-01-01", last: str = "2023-12-31", **more: Any) -> Path:
    """Tangshan has reported registrations and hours from one day to another; one person, one hour on each."""
    spans = {"first_on": first, "last_on": last, "area_code": "130200"}
    return make_build(
        home,
        registrations=[{"volunteer_key": 1, "area_code": "130202", "registered_on": "2020-12-31"}],
        service_records=[
            {"volunteer_key": 1, "area_code": "130202", "service_date": day} for day in (first, last)
        ],
        drops=[
            {"drop_id": 1, "source": "registrations", **spans},
            {"drop_id": 2, "source": "service_hours", **spans},
            {"drop_id": 3, "source": "activities", **spans},
        ],
        **more,
    )


def observed(
    value: float | None,
    area_code: str = "130202",
    *,
    indicator: str = "active_rate",
    period: str = "2023",
    numerator: float | None = None,
    denominator: float | None = None,
    window: str | None = None,
    status: str | None = None,
) -> Observation:
    """An observation as query() gives it, with the numbers a test says."""
    from metrics.areas import load_areas

    when = Period.parse(period)
    found = Observation(
        indicator, area_code, load_areas().get(area_code).area_name, when.start, when.end,
        require_window(when, window), load_catalogue().indicator(indicator).bases[0], "", "", numerator,
        denominator, value, None, None, "ok" if value is not None else "not_reported", "test",
    )  # fmt: skip
    return found if status is None else replace(found, status=status)


def stood(
    own: Observation, others: Iterable[Observation], group: PeerGroup, through: date | None = None
) -> PeerMedian:
    """A figure among its peers, as the one rule counts them; `through` where all are read up to that day."""
    rows = {row.area_code: row for row in others}
    statuses = {
        code: OTHER_DAY if through and row.status == "ok" else row.status for code, row in rows.items()
    }
    return stand(own, rows, statuses, group, load_catalogue().indicator(own.indicator), through)


def quarters(first: str, last: str) -> list[date]:
    """The first days of the quarters from one to another."""
    one, end = Period.parse(first), Period.parse(last)
    found = []
    while one <= end:
        found.append(one.start)
        one = one.previous(-1)
    return found
