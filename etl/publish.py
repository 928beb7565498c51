"""Publish a build: compute beside, verify, then switch CURRENT. No reader ever sees a half-built state."""

import hashlib
import json
import os
from datetime import date, datetime
from pathlib import Path

import duckdb

from etl import completeness, flag, flag_counts, touched
from etl.checks import load_checks
from etl.disclosing import required_threshold
from etl.kept import bring_up_to_date
from etl.messages import Text
from etl.sql import only_row
from metrics.build import create_schema, current_build_id, write_definitions
from metrics.build_schema import SCHEMA_VERSION, TABLES
from metrics.cube import compute, compute_from_kept
from metrics.disclosure import control
from metrics.series_breaks import write_breaks
from metrics.series_breaks.reading import load_breaks

# Small row groups: a question about one measure and area reads little, however large the build has grown.
ROW_GROUP_SIZE = 8192
LEDGER_COLUMNS = [part.split()[0] for part in TABLES["drops"].split(", ")]


class BuildRefused(Exception):
    """The new build contradicts itself; the previous one stays current."""


def publish(
    connection: duckdb.DuckDBPyConnection, home: Path, today: date, threshold: int | None = None
) -> str:
    """Write, verify and switch to a new build of the warehouse's facts; returns its id.

    Counts of fewer people than the threshold are withheld; None: as the home says.
    """
    folder = home / "published"
    folder.mkdir(parents=True, exist_ok=True)
    for abandoned in folder.glob(".*.building*"):  # a crash while building leaves nothing else behind
        abandoned.unlink()
    suppliers = completeness.declared(home)  # first: a mistake in it is told before anything is computed
    threshold = required_threshold(home, threshold)
    breaks = load_breaks(home)
    flag.refresh(connection, touched.read(connection))
    completeness.refresh(connection, touched.read(connection))
    is_kept = bring_up_to_date(connection)
    build_id = _new_build_id(connection, folder, is_internal=not threshold)
    beside = folder / f".{build_id}.building"
    connection.execute(
        f"ATTACH '{str(beside).replace(chr(39), chr(39) * 2)}' AS build (ROW_GROUP_SIZE {ROW_GROUP_SIZE})"
    )
    try:
        create_schema(connection, "build")
        write_definitions(connection, "build")
        write_breaks(connection, "build", breaks)
        if is_kept:
            compute_from_kept(connection, "build", today=today)
        else:
            compute(connection, "build", today=today)
        if threshold:
            require_sums(connection)  # while every part is still there
        _write_ledger(connection)
        flag_counts.write(connection, "build")
        connection.execute(
            "INSERT INTO build.corrections SELECT * FROM corrections_applied ORDER BY drop_id, correction_id"
        )
        completeness.write(connection, "build", suppliers, today)
        control(connection, "build", threshold, folder, build_id)  # last: every count is there
        _write_manifest(connection, build_id, today)
        connection.execute("CHECKPOINT build")
    finally:
        connection.execute("DETACH build")
    verify(beside)
    _sync(beside)
    beside.rename(folder / f"{build_id}.duckdb")
    switch_current(folder, build_id)
    touched.clear(
        connection
    )  # last: after a crash before it, more is looked at again than needed, never less
    return build_id


def switch_current(folder: Path, build_id: str) -> None:
    """Point CURRENT at a build in one step: readers see the old pointer or the new one."""
    pointer = folder / ".CURRENT.new"
    pointer.write_text(build_id + "\n", encoding="ascii")
    _sync(pointer)
    os.replace(pointer, folder / "CURRENT")  # noqa: PTH105  os.replace is the documented atomic rename
    _sync(folder)


def verify(path: Path) -> None:
    """Refuse a build in which a city is not the sum of its parts or a ledger row does not add up."""
    with duckdb.connect(":memory:") as reader:
        reader.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS build (READ_ONLY)")
        require_sums(reader)
        found = reader.execute(
            "SELECT drop_id FROM build.drops WHERE status <> 'held' "
            "AND rows_read <> rows_accepted + rows_unchanged + rows_quarantined"
        ).fetchall()
        for uneven in found:
            raise BuildRefused(f"drop {uneven[0]}: its rows do not add up.")


def require_sums(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse observations in which a city is not the sum of its parts, where none of them is withheld."""
    found = connection.execute("""
        WITH parts AS (
            SELECT o.measure, o.basis, a.parent_code AS area_code, o.time_window, o.period_end, o.dimension,
                   o.member, sum(o.value) AS value, bool_or(o.value IS NULL) AS is_withheld
            FROM build.observations o JOIN build.areas a USING (area_code)
            WHERE a.parent_code <> '' GROUP BY ALL
        ), cities AS (
            SELECT o.measure, o.basis, o.area_code, o.time_window, o.period_end, o.dimension, o.member, o.value,
                   o.value IS NULL AS is_withheld
            FROM build.observations o JOIN build.areas a USING (area_code) WHERE a.parent_code = ''
        )
        SELECT coalesce(p.measure, c.measure), coalesce(p.area_code, c.area_code),
               coalesce(p.time_window, c.time_window), coalesce(p.period_end, c.period_end)
        FROM parts p FULL JOIN cities c
        USING (measure, basis, area_code, time_window, period_end, dimension, member)
        WHERE abs(coalesce(p.value, 0) - coalesce(c.value, 0)) > 1e-6 * (1 + abs(coalesce(c.value, 0)))
          AND NOT coalesce(p.is_withheld, false) AND NOT coalesce(c.is_withheld, false)
        LIMIT 1""").fetchall()
    for torn in found:
        raise BuildRefused(
            f"{torn[0]} of {torn[1]}, {torn[2]} to {torn[3]}: the city is not the sum of its parts."
        )


def published_sentence(build_id: str) -> Text:
    return Text(f"已发布数据版本 {build_id}。", f"Published build {build_id}.")


def _write_ledger(connection: duckdb.DuckDBPyConnection) -> None:
    """The ledger without paths (they may name people) and the quarantine as counts with one sentence each."""
    connection.execute(
        f"INSERT INTO build.drops SELECT {', '.join(LEDGER_COLUMNS)} FROM drops ORDER BY drop_id"
    )
    severities = {name: check.severity for name, check in load_checks().items()}
    # One sentence per check, with the value it quotes left out: a build says how many rows, never which values.
    zh, en = (
        f"arg_min(CASE WHEN masked_value = '' THEN {said} "
        f"ELSE regexp_replace({said}, regexp_escape(masked_value), '…') END, row_no)"
        for said in ("message_zh", "message_en")
    )
    found = connection.execute(f"""
        SELECT drop_id, check_name, count(DISTINCT row_no), {zh}, {en}
        FROM quarantine GROUP BY drop_id, check_name ORDER BY drop_id, check_name""").fetchall()
    for drop_id, check, rows, zh, en in found:
        connection.execute(
            "INSERT INTO build.quality VALUES (?, ?, ?, ?, ?, ?)",
            [drop_id, check, severities.get(check, "quarantine"), rows, zh, en],
        )


def _write_manifest(connection: duckdb.DuckDBPyConnection, build_id: str, today: date) -> None:
    entries = {
        "build_id": build_id,
        "created_at": datetime.now().replace(microsecond=0).isoformat(),
        "is_synthetic": "true" if _is_sample(connection) else "false",
        "schema_version": SCHEMA_VERSION,
        "today": today.isoformat(),
    }
    for key, value in entries.items():
        connection.execute("INSERT OR REPLACE INTO build.manifest VALUES (?, ?)", [key, value])


def is_current(connection: duckdb.DuckDBPyConnection, home: Path) -> bool:
    """Whether the current build was made from the ledger as it is (a crash before publishing leaves it behind)."""
    build_id = current_build_id(home)
    return build_id is not None and _ledger_digest(connection) in build_id


def _ledger_digest(connection: duckdb.DuckDBPyConnection) -> str:
    ledger = connection.execute(
        "SELECT drop_id, sha256, status, rows_quarantined FROM drops ORDER BY drop_id"
    ).fetchall()
    return hashlib.sha256(json.dumps(ledger).encode()).hexdigest()[:8]


def _is_sample(connection: duckdb.DuckDBPyConnection) -> bool:
    sql = "SELECT coalesce(bool_or(is_synthetic), false) FROM drops WHERE status = 'loaded'"
    return bool(only_row(connection, sql)[0])


def _new_build_id(connection: duckdb.DuckDBPyConnection, folder: Path, is_internal: bool) -> str:
    """Time, so ids sort by age, and a digest of the ledger, so an id says what went in.

    Wherever the id is printed, that a build is made of sample data or for internal eyes is then printed too.
    """
    mark = ("-sample" if _is_sample(connection) else "") + ("-internal" if is_internal else "")
    base = build_id = f"{datetime.now():%Y%m%d-%H%M%S}-{_ledger_digest(connection)}{mark}"
    number = 1
    while (folder / f"{build_id}.duckdb").exists():
        number += 1
        build_id = f"{base}.{number}"
    return build_id


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
