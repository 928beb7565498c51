"""A real, small build from lists of dicts: facts in, published build out, without files to load.

Every column of the warehouse's views may be given; what is left out has a plain default. Days may be
written as text ('2023-05-01').
"""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from metrics.areas import load_areas
from metrics.build_schema import SCHEMA_VERSION, create_schema, write_definitions
from metrics.cube import compute
from metrics.disclosure import control
from metrics.engine import insert_values
from metrics.population import PopulationRow
from metrics.reviews import Reviews
from metrics.series_breaks import SeriesBreak, write_breaks

Facts = Iterable[dict[str, Any]]

# View → column → (type, default).
VIEWS: dict[str, dict[str, tuple[str, Any]]] = {
    "current_registrations": {
        "volunteer_key": ("BIGINT", None),
        "platform": ("VARCHAR", ""),
        "area_code": ("VARCHAR", "130202"),
        "gender": ("VARCHAR", "unknown"),
        "birth_year": ("INTEGER", None),
        "registered_on": ("DATE", "2021-01-01"),
        "has_left": ("BOOLEAN", False),
        "left_on": ("DATE", None),
        "organisation_key": ("BIGINT", None),
        "has_id_number": ("BOOLEAN", True),
        "drop_id": ("INTEGER", 1),
        "row_no": ("BIGINT", None),
    },
    "current_service_records": {
        "volunteer_key": ("BIGINT", None),
        "activity_key": ("BIGINT", None),
        "area_code": ("VARCHAR", None),
        "drop_area_code": ("VARCHAR", None),
        "service_date": ("DATE", None),
        "service_minutes": ("DECIMAL(12,4)", 60),
        "is_counted": ("BOOLEAN", True),
        "evidence": ("VARCHAR", ""),
        "recorded_on": ("DATE", None),
        "drop_id": ("INTEGER", 2),
        "row_no": ("BIGINT", None),
    },
    "current_activities": {
        "activity_key": ("BIGINT", None),
        "area_code": ("VARCHAR", "130202"),
        "starts_on": ("DATE", None),
        "ends_on": ("DATE", None),
        "is_cancelled": ("BOOLEAN", False),
        "category": ("VARCHAR", ""),
        "drop_id": ("INTEGER", 3),
        "row_no": ("BIGINT", None),
    },
    "drops": {
        "drop_id": ("INTEGER", None),
        "source": ("VARCHAR", "registrations"),
        "file_name": ("VARCHAR", "drop.csv"),
        "sha256": ("VARCHAR", "0" * 64),
        "bytes": ("BIGINT", 1000),
        "encoding": ("VARCHAR", "utf-8"),
        "delimiter": ("VARCHAR", ","),
        "rows_read": ("BIGINT", 10),
        "rows_accepted": ("BIGINT", 10),
        "rows_unchanged": ("BIGINT", 0),
        "rows_quarantined": ("BIGINT", 0),
        "rows_superseding": ("BIGINT", 0),
        "rows_blank": ("BIGINT", 0),
        "area_code": ("VARCHAR", None),
        "first_on": ("DATE", None),
        "last_on": ("DATE", None),
        "supplier": ("VARCHAR", None),
        "is_synthetic": ("BOOLEAN", False),
        "received_at": ("TIMESTAMP", "2030-01-01"),
        "loaded_at": ("TIMESTAMP", "2030-01-01"),
        "status": ("VARCHAR", "loaded"),
        "note_zh": ("VARCHAR", None),
        "note_en": ("VARCHAR", None),
    },
}  # fmt: skip
DEFAULT_DROPS = (
    {"drop_id": 1, "source": "registrations"},
    {"drop_id": 2, "source": "service_hours"},
    {"drop_id": 3, "source": "activities"},
)


def warehouse(
    registrations: Facts = (),
    service_records: Facts = (),
    activities: Facts = (),
    drops: Facts = DEFAULT_DROPS,
) -> duckdb.DuckDBPyConnection:
    """An in-memory database with tables named and typed like the warehouse's views."""
    connection = duckdb.connect(":memory:")
    given = {
        "current_registrations": registrations,
        "current_service_records": service_records,
        "current_activities": activities,
        "drops": drops,
    }
    for view, facts in given.items():
        columns = VIEWS[view]
        connection.execute(
            f"CREATE TABLE {view} ({', '.join(f'{name} {kind}' for name, (kind, _) in columns.items())})"
        )
        rows = []
        for row_no, fact in enumerate(facts, start=1):
            assert fact.keys() <= columns.keys(), f"{view} has no column {fact.keys() - columns.keys()}"
            row = {name: default for name, (_, default) in columns.items()} | {"row_no": row_no} | fact
            rows.append([row[name] for name in columns])
        insert_values(connection, view, rows)
    return connection


def publish(
    home: Path,
    connection: duckdb.DuckDBPyConnection,
    *,
    build_id: str = "2024-01-15-test",
    today: date = date(2030, 1, 1),
    is_synthetic: bool = False,
    threshold: int = 0,
    breaks: Iterable[SeriesBreak] = (),
    own_population: Sequence[PopulationRow] = (),
    reviews: Reviews | None = None,
) -> Path:
    """Compute the cube into <home>/published/<build_id>.duckdb and make it the current build."""
    folder = home / "published"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{build_id}.duckdb"
    beside = folder / f".{build_id}.tmp"
    connection.execute(f"ATTACH '{beside}' AS publishing")
    create_schema(connection, "publishing")
    write_definitions(connection, "publishing", own_population, reviews)
    write_breaks(connection, "publishing", breaks)
    connection.execute("INSERT INTO publishing.drops BY NAME SELECT * FROM drops")
    manifest = {
        "build_id": build_id,
        "created_at": f"{today.isoformat()}T08:00:00",
        "is_synthetic": str(is_synthetic).lower(),
        "schema_version": SCHEMA_VERSION,
        "today": today.isoformat(),
    }
    connection.executemany("INSERT INTO publishing.manifest VALUES (?, ?)", list(manifest.items()))
    compute(connection, "publishing", today=today)
    control(connection, "publishing", threshold, folder, build_id)
    connection.execute("DETACH publishing")
    beside.rename(path)
    (folder / "CURRENT").write_text(build_id, encoding="utf-8")
    return path


def make_build(
    home: Path,
    *,
    registrations: Facts = (),
    service_records: Facts = (),
    activities: Facts = (),
    drops: Facts = DEFAULT_DROPS,
    quality: Facts = (),
    build_id: str = "2024-01-15-test",
    today: date = date(2030, 1, 1),
    is_synthetic: bool = False,
    threshold: int = 0,
    breaks: Iterable[SeriesBreak] = (),
    own_population: Sequence[PopulationRow] = (),
    reviews: Reviews | None = None,
) -> Path:
    """Facts as lists of dicts → a published build in a data home; gives the home back.

    make_build(home, registrations=[{"volunteer_key": 1, "registered_on": "2021-03-01"}],
               service_records=[{"volunteer_key": 1, "service_date": "2023-05-01", "service_minutes": 90}])
    """
    connection = warehouse(registrations, service_records, activities, drops)
    path = publish(
        home, connection, build_id=build_id, today=today, is_synthetic=is_synthetic, threshold=threshold,
        own_population=own_population, reviews=reviews, breaks=breaks,
    )  # fmt: skip
    connection.close()
    if quality:
        with duckdb.connect(str(path)) as build:
            for row in quality:
                names = ("drop_id", "check_name", "severity", "rows", "message_zh", "message_en")
                build.execute("INSERT INTO quality VALUES (?, ?, ?, ?, ?, ?)", [row.get(n) for n in names])
    return home


def small_city(
    home: Path, *, is_synthetic: bool = True, build_id: str = "2024-01-15-small", since: int = 2021
) -> Path:
    """A made-up Tangshan of 400 people and three years, by formula: enough for every page to show figures."""
    districts = [area.area_code for area in load_areas().children("130200")]
    platforms = ("燕赵志愿云", "志愿汇")
    registrations = [
        {
            "volunteer_key": person,
            "platform": platforms[person % 2],
            "area_code": districts[(person + person // 11) % len(districts)],
            "gender": ("female", "male", "female", "unknown")[person % 4],
            "birth_year": None if person % 11 == 0 else 1940 + person * 7 % 70,
            "registered_on": date(since + person % (2024 - since), 1 + person * 5 % 12, 1 + person % 28),
            "has_left": person % 13 == 0,
            "left_on": date(2023, 1 + person % 12, 15) if person % 13 == 0 else None,
        }
        for person in range(1, 401)
    ]
    activities = [
        {
            "activity_key": number,
            "area_code": districts[number % len(districts)],
            "starts_on": date(2021 + number % 3, 1 + number % 12, 1 + number % 28),
            "is_cancelled": number % 17 == 0,
        }
        for number in range(1, 121)
    ]
    service_records = [
        {
            "volunteer_key": person,
            "activity_key": 1 + (person + visit) % 120 if visit % 3 else None,
            "service_date": date(2021 + (person + visit) % 3, 1 + (5 * person + 7 * visit) % 12, 1 + visit),
            "service_minutes": 30 + person * visit % 240,
            "is_counted": (person + visit) % 19 != 0,
            "evidence": ("clocked", "manual", "imported", "unknown")[(person + visit) % 4],
        }
        for person in range(1, 401)
        for visit in range(1, 1 + person % 9)
    ]
    return make_build(
        home,
        registrations=registrations,
        service_records=service_records,
        activities=activities,
        drops=[{**drop, "is_synthetic": is_synthetic, "area_code": "130200"} for drop in DEFAULT_DROPS],
        quality=[
            {
                "drop_id": 2,
                "check_name": "service_hours_within_a_day",
                "severity": "error",
                "rows": 3,
                "message_zh": "一条记录超过24小时。",
                "message_en": "One record exceeds 24 hours.",
            }
        ],
        build_id=build_id,
        today=date(2024, 1, 15),
        is_synthetic=is_synthetic,
    )
