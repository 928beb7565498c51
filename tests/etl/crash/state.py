"""What a data home holds, looked at from outside, and whether it agrees with itself."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from etl.source import load_sources
from etl.verify import verify
from metrics.build import current_build_id

# When a row was written is the only thing that may differ between a disturbed and an undisturbed run.
MOMENTS = {"loaded_at", "received_at", "build_id", "created_at"}
# What publishing derives from the facts, and may do again: whether it is right shows in the build's figures.
DERIVED = {
    "touched",
    "flags",
    "flag_links",
    "flag_person",
    "flag_activity",
    "flag_print",
    "reported",
    "reported_place",
    "number_print",
    "told_builds",
    "told_marks",
    "told_days",
    "told_to_day",
    "told_zeros",
}
# A drop's own mark; the schema's are made when the file is opened, before and apart from any drop.
CONDITIONS = {
    "meta": " WHERE key = 'secret_fingerprint'",
    "manifest": " WHERE key NOT IN ('build_id', 'created_at')",
}
BUILD_TABLES = ("observations", "coverage", "drops", "quality")


@dataclass(frozen=True)
class State:
    """A warehouse in one word: equal digests mean equal facts, ledger, quarantine and keys."""

    digest: str
    drops: int  # rows of the ledger
    counts: tuple[tuple[str, int], ...]  # rows of each table, to be read when two digests differ


EMPTY = State(hashlib.sha256().hexdigest()[:16], 0, ())
_seen: dict[str, State] = {}  # by the bytes of the files: a kill that changed nothing need not be looked at
_seen_builds: dict[tuple[int, int], str] = {}  # by inode and moment: copies of homes link their builds


def look(home: Path, scratch: Path) -> State:
    """The state a next process would find. A copy is opened: looking must not mend what it looks at."""
    files = {path.name: path.read_bytes() for path in sorted(home.glob("warehouse.duckdb*"))}
    identity = hashlib.sha256(repr(list(files)).encode() + b"".join(files.values())).hexdigest()
    if identity not in _seen:
        _seen[identity] = _look(files, scratch)
    return _seen[identity]


def _look(files: dict[str, bytes], scratch: Path) -> State:
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    for name, content in files.items():
        (scratch / name).write_bytes(content)
    with duckdb.connect(str(scratch / "warehouse.duckdb"), config={"threads": 1}) as connection:
        # The copy is thrown away: what opening it took from the log need not be written into the file.
        connection.execute("PRAGMA disable_checkpoint_on_shutdown")
        require_agreement(connection)
        return read_state(connection)


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    sql = "SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY table_name"
    return [name for (name,) in connection.execute(sql).fetchall()]


def read_state(connection: duckdb.DuckDBPyConnection) -> State:
    digest = hashlib.sha256()
    counts = {}
    for table in sorted(set(tables(connection)) - DERIVED):
        rows = all_rows(connection, table)
        if rows:  # a table that is not there yet and an empty one are the same state
            digest.update(f"{table} {rows}".encode())
            counts[table] = len(rows)
    return State(digest.hexdigest()[:16], counts.get("drops", 0), tuple(counts.items()))


def all_rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[Any, ...]]:
    names = f"COLUMNS(lambda name: name NOT IN {tuple(sorted(MOMENTS))})"
    sql = f"SELECT {names} FROM {table}{CONDITIONS.get(table, '')} ORDER BY ALL"
    return connection.execute(sql).fetchall()


def require_agreement(connection: duckdb.DuckDBPyConnection) -> None:
    """Every drop wholly in or not at all; what the ledger counts is what is there, and nothing else is."""
    there = set(tables(connection))
    if "drops" not in there or "quarantine" not in there:
        return  # killed while the tables were made, which the next to open makes
    ledger = connection.execute("""
        SELECT drop_id, source, status, rows_read, rows_accepted, rows_unchanged, rows_quarantined
        FROM drops ORDER BY drop_id""").fetchall()
    facts: dict[int, int] = {}
    for source in load_sources().values():
        for table in {source.table, f"{source.table}_past"} & there:
            found = connection.execute(f"SELECT drop_id, count(*) FROM {table} GROUP BY drop_id").fetchall()
            for drop_id, rows in found:
                facts[drop_id] = facts.get(drop_id, 0) + rows
        if source.table not in there:
            continue
        (doubled,) = connection.execute(
            f"SELECT count(*) - count(DISTINCT record_key) FROM {source.table}"
        ).fetchall()[0]
        assert doubled == 0, f"{doubled} keys of {source.table} are current twice"
    quarantined = dict(
        connection.execute(
            "SELECT drop_id, count(DISTINCT row_no) FROM quarantine GROUP BY drop_id"
        ).fetchall()
    )
    assert [row[0] for row in ledger] == list(range(1, len(ledger) + 1)), "a drop's number is missing"
    for drop_id, _, status, read, accepted, unchanged, aside in ledger:
        assert read == accepted + unchanged + aside or status == "held", f"drop {drop_id} does not add up"
        assert quarantined.pop(drop_id, 0) == aside, f"drop {drop_id}: quarantine and ledger differ"
        expected = accepted + unchanged if status in ("loaded", "withdrawn") else 0
        assert facts.pop(drop_id, 0) == expected, f"drop {drop_id} is partly in"
    assert (facts, quarantined) == ({}, {}), "rows of drops the ledger does not know"


def look_at_build(home: Path) -> str | None:
    """A digest of the current build's figures; None when none is current. It opens and agrees with itself."""
    build_id = current_build_id(home)
    if build_id is None:
        return None
    path = home / "published" / f"{build_id}.duckdb"
    assert path.exists(), f"the build that should be current, {build_id}, is not there"
    identity = path.stat().st_ino, path.stat().st_mtime_ns
    if identity not in _seen_builds:
        verify(path)
        _seen_builds[identity] = _digest_of_build(path)
    return _seen_builds[identity]


def _digest_of_build(path: Path) -> str:
    digest = hashlib.sha256()
    with duckdb.connect(str(path), read_only=True, config={"threads": 1}) as connection:
        for table in (*BUILD_TABLES, "manifest"):
            digest.update(f"{table} {all_rows(connection, table)}".encode())
    return digest.hexdigest()[:16]
