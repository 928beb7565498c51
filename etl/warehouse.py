"""The warehouse file: its tables, and the one writer at a time who may change it."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path

import duckdb

from etl import (
    corrections,
    fact_tables,
    facts,
    flag,
    identity,
    ledger,
    mended,
    precheck,
    receipts,
    remarks,
    replacing,
    touched,
)
from etl.journal import work_of
from etl.messages import Refusal, Text, WrongCall, say
from etl.sql import keep_value

SCHEMA_VERSION = "2"
WAIT_SECONDS = 600
HEADERS = 3 * 4096  # bytes with which a DuckDB file begins
_stopping: ContextVar[Callable[[], bool]] = ContextVar("stopping", default=lambda: False)


def warehouse_path(home: Path) -> Path:
    return home / "warehouse.duckdb"


@contextmanager
def waiting_no_longer_than(stopping: Callable[[], bool]) -> Iterator[None]:
    """Whoever waits for another writer in here gives up, with a Refusal, as soon as `stopping()`."""
    token = _stopping.set(stopping)
    try:
        yield
    finally:
        _stopping.reset(token)


def require_warehouse(home: Path) -> None:
    """Refuse to make an empty warehouse where something is to be done to what was loaded."""
    if not warehouse_path(home).exists():
        raise WrongCall(
            "这里还没有载入过任何报送；请检查 --data。", "Nothing has been loaded here yet; look at --data."
        )


@contextmanager
def open_warehouse(home: Path, doing: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse for writing, made if there is none. Waits for another writer and says who it is."""
    home.mkdir(parents=True, exist_ok=True)
    with _only_writer(home, doing):
        _empty_spill_folder(home)
        _make_file(home)
        connection = duckdb.connect(str(warehouse_path(home)), config=_config(_spill_folder(home)))
        try:
            create_schema(connection)
            yield connection
        finally:
            connection.close()
            _empty_spill_folder(home)


def _make_file(home: Path) -> None:
    """An empty database where there is none, in one step: DuckDB writes a new file's headers one after another, and
    of a file that lacks one nobody can make anything. One so short, left by a kill of before, holds nothing."""
    path = warehouse_path(home)
    if path.exists() and path.stat().st_size >= HEADERS:
        return
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    duckdb.connect(str(beside)).close()
    os.replace(beside, path)  # noqa: PTH105  the documented atomic rename


@contextmanager
def open_for_dry_run(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory that knows what the real one knows and is forgotten afterwards.

    Rolling back in the real one would not do: DuckDB writes large inserts to the file before they are
    committed. The ledger and the keys of persons are copied (some 50 bytes a person); earlier versions of
    the facts concerned are fetched by facts.borrow.
    """
    with tempfile.TemporaryDirectory(prefix="redvest-") as spilled:
        connection = duckdb.connect(":memory:", config=_config(Path(spilled)))
        try:
            create_schema(connection)
            if not warehouse_path(home).exists():
                yield connection
                return
            with _only_writer(home, "load --check"):
                path = str(warehouse_path(home)).replace("'", "''")
                connection.execute(f"ATTACH '{path}' AS {facts.KEPT} (READ_ONLY)")
                fact_tables.take_all_of(connection, facts.KEPT)
                known = "SELECT table_name FROM duckdb_tables() WHERE database_name = ?"
                kept = {name for (name,) in connection.execute(known, [facts.KEPT]).fetchall()}
                for table in kept.intersection(
                    ("meta", "drops", "surrogates", "profiles", "former", "replacements")
                ):
                    connection.execute(f"DELETE FROM {table}")
                    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM {facts.KEPT}.{table}")
                _require_version(connection)
                yield connection
        finally:
            connection.close()


def create_schema(connection: duckdb.DuckDBPyConnection) -> None:
    """Make what is not there yet. Nothing is written when all is: looking at a warehouse must not change it."""
    # DuckDB draws its progress on stdout, where --json prints.
    connection.execute("SET enable_progress_bar = false")
    connection.execute(facts.SQL_SESSION_KEY)
    connection.execute("CREATE TABLE IF NOT EXISTS meta (key VARCHAR NOT NULL, value VARCHAR)")
    found = _require_version(connection)
    statements = [*fact_tables.schema(), mended.SCHEMA, remarks.SCHEMA]
    digest = hashlib.sha256("\n".join(statements).encode()).hexdigest()
    if found.get("schema_digest") == digest:
        return
    ledger.create_tables(connection)
    identity.create_tables(connection)
    receipts.create_tables(connection)
    flag.create_tables(connection)
    touched.create_tables(connection)
    replacing.create_tables(connection)
    corrections.create_tables(connection)
    precheck.create_tables(connection)
    for statement in statements:
        connection.execute(statement)
    fact_tables.bring_up_to_date(connection)
    for key, value in (("schema_version", SCHEMA_VERSION), ("schema_digest", digest)):
        keep_value(connection, "meta", key, value)


def _require_version(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What `meta` holds; refuses a warehouse of another version."""
    found = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    version = found.get("schema_version", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        raise Refusal(
            f"数据仓库的版本是 {version}，本程序需要 {SCHEMA_VERSION}；请用原版本打开，或重新载入全部数据。",
            f"The warehouse has schema version {version}, this program needs {SCHEMA_VERSION}; "
            "open it with the program that made it, or load all drops again.",
        )
    return found


def _config(spill_folder: Path) -> dict[str, str | bool | int | float | list[str]]:
    # Rows that do not fit in memory are spilled while a drop is read, ID numbers among them: into a folder
    # nobody else may open, emptied when the warehouse is closed and, after a crash, when it is next opened.
    return {"temp_directory": str(spill_folder), "autoinstall_known_extensions": "false"}


@contextmanager
def staging_folder(home: Path, apart: bool = False) -> Iterator[Path]:
    """A private folder (0700) for copies of received files in another form, emptied afterwards.

    `apart`: outside the data home, for a dry run. Otherwise beside the spilled rows, which are removed when the
    warehouse is next opened if a crash prevents it now.
    """
    if not apart:
        _spill_folder(home).mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="redvest-", dir=None if apart else _spill_folder(home)) as folder:
        yield Path(folder)


def _spill_folder(home: Path) -> Path:
    return home / ".staging"


def _empty_spill_folder(home: Path) -> None:
    folder = _spill_folder(home)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def _only_writer(home: Path, doing: str) -> Iterator[None]:
    """Hold the lock file; its text tells the next one who is writing and since when."""
    path = home / "warehouse.lock"
    with path.open("a+") as lock:
        told = False
        began = time.monotonic()
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                holder = _holder(path)
                if not told:
                    say(
                        Text(
                            f"数据仓库正被占用：{holder.zh}；等待中……",
                            f"The warehouse is in use: {holder.en}; waiting …",
                        )
                    )
                    told = True
                if _stopping.get()():
                    raise Refusal("已按要求停止等待。", "No longer waiting, as asked.") from None
                if time.monotonic() - began > WAIT_SECONDS:
                    raise Refusal(
                        f"等待 {WAIT_SECONDS} 秒后数据仓库仍被占用：{holder.zh}。",
                        f"After {WAIT_SECONDS} s the warehouse is still in use: {holder.en}.",
                    ) from None
                time.sleep(0.2)
        lock.truncate(0)
        said = {"pid": os.getpid(), "doing": doing, "since": f"{datetime.now():%Y-%m-%d %H:%M:%S}"}
        # On a full disk the lock holds without words: `status` must still be able to say what happened.
        with contextlib.suppress(OSError):
            os.write(lock.fileno(), json.dumps(said).encode())
        try:
            yield
        finally:
            lock.truncate(0)


def _holder(path: Path) -> Text:
    try:
        held = json.loads(path.read_text())
    except (OSError, ValueError):
        return Text("另一个进程", "another process")
    return Text(
        f"进程 {held['pid']} 正在{work_of(held['doing']).zh}（自 {held['since']}）",
        f"process {held['pid']} doing '{held['doing']}' since {held['since']}",
    )
