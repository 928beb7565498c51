"""What the public builds of a home have told, carried from one publishing to the next.

A home that publishes every day keeps hundreds of builds, and reading all of them for each new one would take longer
every time. So what they told stays in the database of the connection (of a home the warehouse), and only builds that
came since are read. The record of the builds it holds is looked at first: where one of them is gone or another file,
or the marks were made by another program, all is counted anew. What a build told and the record of it change in one
transaction. Nothing in here is more than what the builds beside it say; it may be dropped at any time.
"""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from metrics.disclosure import still_told
from metrics.disclosure.grids import Numbering

# The record: a build's file by name, size, moment and inode, as metrics.build tells builds apart.
BUILDS = "told_builds"
# Single days and counts up to a day (value NULL: withheld), and where nobody served on a kind of day.
DAYS, TO_DAY, ZEROS = "told_days", "told_to_day", "told_zeros"
TABLES = {
    BUILDS: "name VARCHAR, bytes BIGINT, modified_ns BIGINT, inode UBIGINT, is_public BOOLEAN, made_by VARCHAR",
    still_told.MARKS: "table_no BIGINT, mark UBIGINT",
    DAYS: "area_code VARCHAR, service_date DATE, visits DOUBLE",
    TO_DAY: (
        "measure VARCHAR, basis VARCHAR, area_code VARCHAR, time_window VARCHAR, period_end DATE, through_on DATE, "
        "value DOUBLE"
    ),
    ZEROS: "area_code VARCHAR, time_window VARCHAR, period_end DATE, day_kind VARCHAR",
}

Stamp = tuple[int, int, int]  # bytes, nanoseconds, inode


def bring_up_to_date(numbering: Numbering, folder: Path, build_id: str) -> list[str]:
    """Make the tables those of all public builds of a folder but one; the names of these, the newest first."""
    connection = numbering.connection
    there = builds_of(folder)
    there.pop(build_id, None)
    made_by = maker(numbering)
    known = known_builds(numbering, made_by)
    if known is None or any(there.get(name) != stamp for name, (stamp, _) in known.items()):
        begin(connection)
        known = {}
    is_public = {name: public for name, (_, public) in known.items()}
    for name in sorted(there.keys() - known.keys()):
        with attached(connection, folder / f"{name}.duckdb") as is_build:
            if is_build:  # else it is looked at again the next time
                is_public[name] = add(numbering, name, there[name], made_by)
    return sorted((name for name, public in is_public.items() if public), reverse=True)


def builds_of(folder: Path) -> dict[str, Stamp]:
    """The files of a folder that look like builds."""
    found = {}
    for path in folder.glob("[!.]*.duckdb"):
        with suppress(OSError):  # taken away meanwhile, or a link that leads nowhere
            status = path.stat()
            found[path.stem] = (status.st_size, status.st_mtime_ns, status.st_ino)
    return found


def known_builds(numbering: Numbering, made_by: str) -> dict[str, tuple[Stamp, bool]] | None:
    """The builds the tables hold, with the stamp of each and whether it is public; None where all must be read."""
    connection = numbering.connection
    ((own,),) = connection.execute("SELECT current_database()").fetchall()
    if not TABLES.keys() <= numbering.tables_of(own):
        return None
    found = {}
    for name, size, modified, inode, public, maker_of_it in connection.execute(f"FROM {BUILDS}").fetchall():
        if maker_of_it != made_by:
            return None
        found[name] = ((size, modified, inode), public)
    return found


def begin(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty tables, in place of those there are."""
    with transaction(connection):
        for name, columns in TABLES.items():
            connection.execute(f"CREATE OR REPLACE TABLE {name} ({columns})")


def add(numbering: Numbering, name: str, stamp: Stamp, made_by: str) -> bool:
    """Enter the attached build `earlier` with what it tells, which is nothing unless it is public: whether it is."""
    there = numbering.tables_of("earlier")
    public = is_public(numbering, there)
    with transaction(numbering.connection):
        if public:
            still_told.add(numbering, there)
            add_days(numbering, there)
            add_zeros(numbering, there)
        numbering.connection.execute(
            f"INSERT INTO {BUILDS} VALUES (?, ?, ?, ?, ?, ?)", [name, *stamp, public, made_by]
        )
    return public


def add_days(numbering: Numbering, there: Collection[str]) -> None:
    """What the attached build says of single days, and up to a day."""
    for table, of, columns in (
        (DAYS, "days", "area_code, service_date, CAST(visits AS DOUBLE)"),
        (TO_DAY, "to_day", "measure, basis, area_code, time_window, period_end, through_on, value"),
    ):
        if of in there:
            numbering.connection.execute(
                f"INSERT INTO {table} (SELECT {columns} FROM earlier.{of} EXCEPT FROM {table})"
            )


def add_zeros(numbering: Numbering, there: Collection[str]) -> None:
    """Where the attached build says by having no row, shown or withheld, that nobody served on a kind of day."""
    if "day_kinds" not in there:
        return
    numbering.connection.execute(f"""
        INSERT INTO {ZEROS}
        SELECT a.area_code, time_window, period_end, day_kind
        FROM (SELECT DISTINCT area_code AS city, time_window, period_end FROM earlier.day_kinds
              SEMI JOIN (SELECT area_code FROM disclosure_area WHERE parent_code = '') USING (area_code))
        JOIN disclosure_area a ON city IN (a.area_code, a.parent_code)
        CROSS JOIN (SELECT DISTINCT day_kind FROM earlier.day_kinds)
        ANTI JOIN earlier.day_kinds USING (area_code, time_window, period_end, day_kind)
        EXCEPT FROM {ZEROS}""")


def maker(numbering: Numbering) -> str:
    """A digest of all that decides what the tables are, besides the builds: DuckDB, whose hash the marks are, this
    program, the tables that count and the areas."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    digest.update(repr(list(still_told.tables(numbering))).encode())
    areas = "SELECT area_code, parent_code FROM disclosure_area ORDER BY ALL"
    digest.update(repr(numbering.connection.execute(areas).fetchall()).encode())
    return digest.hexdigest()


@contextmanager
def attached(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[bool]:
    """Inside, a build is at hand as `earlier`; False for what is no build, or cannot be read any more."""
    quoted = str(path).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{quoted}' AS earlier (READ_ONLY)")
    except duckdb.Error:
        yield False
        return
    try:
        yield True
    finally:
        connection.execute("DETACH earlier")


def is_public(numbering: Numbering, there: Collection[str]) -> bool:
    """Whether the attached build `earlier` has been through this control, with a threshold."""
    if not {"disclosure", "manifest"} <= set(there):
        return False
    rows = numbering.connection.execute(
        "SELECT value FROM earlier.manifest WHERE key = 'disclosure_threshold'"
    ).fetchall()
    return bool(rows) and int(rows[0][0]) > 0


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
