"""Publish a build: compute beside, verify, then switch CURRENT. No reader ever sees a half-built state."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from etl import completeness, flag, flag_counts, touched
from etl.checks import load_checks
from etl.disclosing import changed_threshold, exposing, places_of_drops, required_threshold
from etl.kept import bring_up_to_date
from etl.linking import links_at_hand
from etl.messages import Refusal, Text, say
from etl.sql import keep_value, only_row
from etl.verify import require_ledger, require_sums, verify
from metrics.build import create_schema, current_build_id, write_definitions
from metrics.build_schema import SCHEMA_VERSION, TABLES
from metrics.cube import compute, compute_from_kept
from metrics.disclosure import control
from metrics.population import population_of_home
from metrics.reviews import reviews_of_home
from metrics.series_breaks import write_breaks
from metrics.series_breaks.reading import load_breaks

# Small row groups: a question about one measure and area reads little, however large the build has grown.
ROW_GROUP_SIZE = 8192
LEDGER_COLUMNS = [part.split()[0] for part in TABLES["drops"].split(", ")]


def publish(
    connection: duckdb.DuckDBPyConnection, home: Path, today: date, threshold: int | None = None
) -> str:
    """Write, verify and switch to a new build of the warehouse's facts; returns its id.

    Counts of fewer people than the threshold are withheld; None: as the home says. Raises Refusal for a build that
    would give small counts away all the same.
    """
    folder = home / "published"
    folder.mkdir(parents=True, exist_ok=True)
    for abandoned in folder.glob(".*.building*"):  # a crash while building leaves nothing else behind
        abandoned.unlink()
    suppliers = completeness.declared(home)  # first: a mistake in it is told before anything is computed
    argument, threshold = threshold, required_threshold(home, threshold)
    changed = changed_threshold(home, threshold) if argument is None else None  # before CURRENT moves
    breaks, population, reviews = load_breaks(home), population_of_home(home), reviews_of_home(home)
    _require_drops(connection, home)
    with links_at_hand(connection):
        flag.refresh(connection, touched.read(connection))
        completeness.refresh(connection, touched.read(connection))
        is_kept = bring_up_to_date(connection)
        build_id = _new_build_id(connection, folder, is_internal=not threshold)
        beside = folder / f".{build_id}.building"
        with attached(connection, beside):
            create_schema(connection, "build")
            write_definitions(connection, "build", population, reviews)
            write_breaks(connection, "build", breaks)
            (compute_from_kept if is_kept else compute)(connection, "build", today=today)
            _write_ledger(connection)
            if threshold:  # while every part is still there
                require_sums(connection)
                require_ledger(connection)
            flag_counts.write(connection, "build")
            connection.execute(
                "INSERT INTO build.corrections SELECT * FROM corrections_applied ORDER BY drop_id, correction_id"
            )
            completeness.write(connection, "build", suppliers, today)
            places = places_of_drops(connection)
            summary = control(
                connection, "build", threshold, folder, build_id, places
            )  # last: all counts are there
            _write_manifest(connection, build_id, today)
    if summary.exposed:  # it would stay where readers are until the next time
        beside.unlink()
        raise exposing(summary)
    verify(beside)
    _sync(beside)
    beside.rename(folder / f"{build_id}.duckdb")
    switch_current(folder, build_id)
    if changed is not None:
        say(changed)
    touched.clear(
        connection
    )  # last: after a crash before it, more is looked at again than needed, never less
    return build_id


def _require_drops(connection: duckdb.DuckDBPyConnection, home: Path) -> None:
    """A ledger only grows. An empty one beside builds is another machine's published folder, or a lost warehouse:
    a build of nothing would take every figure away."""
    if current_build_id(home) is not None and not only_row(connection, "SELECT count(*) FROM drops")[0]:
        raise Refusal(
            "数据仓库里没有任何报送，而这里已有发布的版本；没有发布空的版本。请检查 --data，或放回 warehouse.duckdb。",
            "The warehouse holds no drop while builds are published here, so nothing was published over them; "
            "look at --data, or put warehouse.duckdb back.",
        )


@contextmanager
def attached(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """A new database file at hand as `build`, on the disk in the end."""
    name = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{name}' AS build (ROW_GROUP_SIZE {ROW_GROUP_SIZE})")
    try:
        yield
        connection.execute("CHECKPOINT build")
    finally:
        connection.execute("DETACH build")


def switch_current(folder: Path, build_id: str) -> None:
    """Point CURRENT at a build in one step: readers see the old pointer or the new one."""
    pointer = folder / ".CURRENT.new"
    pointer.write_text(build_id + "\n", encoding="ascii")
    _sync(pointer)
    os.replace(pointer, folder / "CURRENT")  # noqa: PTH105  os.replace is the documented atomic rename
    _sync(folder)


def published_sentence(build_id: str) -> Text:
    return Text(f"已发布数据版本 {build_id}。", f"Published build {build_id}.")


def _write_ledger(connection: duckdb.DuckDBPyConnection) -> None:
    """The ledger without paths (they may name people) and the quarantine as counts with one sentence each.

    Of drops in force only: what was wrong with a withdrawn one nobody need mend.
    """
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
        FROM quarantine SEMI JOIN (SELECT drop_id FROM drops WHERE status = 'loaded') USING (drop_id)
        GROUP BY drop_id, check_name ORDER BY drop_id, check_name""").fetchall()
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
        keep_value(connection, "build.manifest", key, value)


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
    return f"{_next_moment(folder, datetime.now()):%Y%m%d-%H%M%S}-{_ledger_digest(connection)}{mark}"


def _next_moment(folder: Path, now: datetime) -> datetime:
    """Now, or the second after the newest build's, if that is later: ids must sort by age, also of builds published
    within a second or while the clock was put back."""
    latest = now
    for path in folder.glob("*.duckdb"):
        with suppress(ValueError, OverflowError):  # a file of somebody's own
            latest = max(latest, datetime.strptime(path.stem[:15], "%Y%m%d-%H%M%S") + timedelta(seconds=1))
    return latest


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
