"""Reading a published build: one immutable file, attached read-only, open for as long as anybody asks.

A build is never changed in place, so whatever is remembered about one build id stays right, and a reader is
never blocked by a load: publishing writes another file and then points CURRENT at it.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from metrics.areas import load_areas
from metrics.build_schema import SCHEMA_VERSION, create_schema, write_definitions
from metrics.completeness import OWED, Gaps
from metrics.data_home import BUILD_ID, current_build_id, data_home, published_build_ids
from metrics.members import COUNTED_FROM, OTHER, OVERLAPPING, UNKNOWN, active_from, members
from metrics.periods import Period
from metrics.population import load_population, population_for, rows_of_build
from metrics.refusals import Refused
from metrics.reviews import Reviews
from metrics.reviews import from_build as reviews_from_build
from metrics.series_breaks import SeriesBreak, from_build

__all__ = ["Build", "BuildBroken", "BuildNotFound", "Span", "create_schema", "data_home", "open_build"]
__all__ += ["current_build_id", "published_build_ids", "write_definitions"]

# Builds kept open at once: the current one and a few vintages. Each costs a file handle and a small cache.
MOST_OPEN = 8
# The sources whose months must be over before a period counts as complete.
CORE_SOURCES = ("registrations", "service_hours")


class BuildNotFound(Refused):
    """No build with this id has been published."""


class BuildBroken(RuntimeError):
    """CURRENT points at a build that cannot be read; the message says which command repairs it."""


class Span(NamedTuple):
    """First and last day a city has reported a source."""

    first_on: date
    last_on: date


@dataclass(frozen=True)
class Key:
    """What makes a build file this build file (a home may be deleted and made anew under the same path)."""

    path: str
    inode: int
    modified_ns: int


class Build:
    """One published build. Safe to share between threads: every thread works on a cursor of its own."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        self._connection = connection or new_connection()
        quoted = str(path).replace("'", "''")
        self._connection.execute(f"ATTACH '{quoted}' AS build (READ_ONLY)")
        self._lock = threading.Lock()
        self._local = threading.local()
        self._has_table: dict[str, bool] = {}
        self.manifest: dict[str, str] = dict(self.rows("SELECT key, value FROM manifest"))
        self.build_id: str = self.manifest["build_id"]
        self.created_at = datetime.fromisoformat(self.manifest["created_at"])
        self.is_synthetic: bool = self.manifest["is_synthetic"] == "true"
        # Counts of people below this are withheld; 0: nothing is, and the build is for internal eyes.
        self.disclosure_threshold = int(self.manifest.get("disclosure_threshold", "0"))
        self.is_internal = not self.disclosure_threshold
        if self.manifest["schema_version"] != SCHEMA_VERSION:
            raise BuildBroken(
                f"构建 {self.build_id} 的格式版本是 {self.manifest['schema_version']}，本程序读取"
                f" {SCHEMA_VERSION}：请运行 python -m etl publish 重新发布。 "
                f"Build {self.build_id} has format {self.manifest['schema_version']}, this program reads "
                f"{SCHEMA_VERSION}: run python -m etl publish."
            )
        self._coverage: dict[str, dict[str, Span]] = {}
        for city, source, first_on, last_on in self.rows("SELECT * FROM coverage ORDER BY ALL"):
            self._coverage.setdefault(city, {})[source] = Span(first_on, last_on)
        self._platforms: dict[str, tuple[str, ...]] = {}
        for city, _, name in sorted(self.kept("platforms")):
            self._platforms[city] = (*self._platforms.get(city, ()), name)
        known = "SELECT source, area_code, month, status FROM gaps" if self.has_table("gaps") else ""
        self.gaps = Gaps(self.rows(known) if known else [])
        self.population = load_population(rows_of_build(self.kept("home_population")))
        self.population_for = partial(population_for, self.population)
        # Of its data home's offices, as they stood when it was published.
        self.reviews: Reviews = reviews_from_build(self.kept("reviews"))
        self.breaks: list[SeriesBreak] = from_build(self.kept("series_breaks"))

    @cached_property
    def counts_active_from(self) -> bool:
        """Whether people with at least so many hours are counted together, or by their bands only (older builds)."""
        in_one = "SELECT 1 FROM observations WHERE measure = ? LIMIT 1"
        return bool(self.rows(in_one, [active_from(COUNTED_FROM[0])]))

    def close(self) -> None:
        """Let go of the file at once, whoever still reads it."""
        self._connection.execute("DETACH build")
        self._connection.close()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A new cursor in which the build's tables need no prefix."""
        with self._lock:
            cursor = self._connection.cursor()
        cursor.execute("USE build")
        return cursor

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of one query, on the calling thread's own cursor."""
        cursor = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self.cursor()
        rows: list[tuple[Any, ...]] = cursor.execute(sql, list(parameters)).fetchall()
        return rows

    def has_table(self, name: str) -> bool:
        """Whether this build has a table; one of an earlier program may lack the latest."""
        if name not in self._has_table:
            try:  # DuckDB's list of tables takes ten times as long
                self.rows(f"SELECT 1 FROM build.{name} LIMIT 0")
                self._has_table[name] = True
            except duckdb.CatalogException:
                self._has_table[name] = False
        return self._has_table[name]

    def kept(self, name: str) -> list[tuple[Any, ...]]:
        """The rows of a table; none where an earlier program's build lacks it."""
        return self.rows(f"SELECT * FROM {name}") if self.has_table(name) else []

    def dicts(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        cursor = self.cursor().execute(sql, list(parameters))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def drops(self) -> list[dict[str, Any]]:
        """The ledger as it was when the build was published, oldest drop first."""
        return self.dicts("SELECT * FROM drops ORDER BY drop_id")

    def quality(self) -> list[dict[str, Any]]:
        """Rows set aside, counted per drop and check."""
        return self.dicts("SELECT * FROM quality ORDER BY ALL")

    def flags(self) -> list[dict[str, Any]]:
        """Rows that count but look wrong, per check, drop, supplier and area, with the check's sentence.

        Empty for a build of a time before there were flags: nothing was looked for then.
        """
        if not self.has_table("flags"):
            return []
        return self.dicts("""
            SELECT check_name, drop_id, supplier, area_code, rows, severity, message_zh, message_en
            FROM flags JOIN flag_checks USING (check_name) ORDER BY ALL""")

    def completeness(self, area_code: str | None = None) -> list[dict[str, Any]]:
        """Which supplier has reported which area and month (of a city: of all its leaves), in that order.

        Empty for a build of a time before there was a matrix.
        """
        if not self.has_table("completeness"):
            return []
        if area_code is None:
            return self.dicts("SELECT * FROM completeness ORDER BY ALL")
        leaves = [leaf.area_code for leaf in load_areas().children(area_code)] or [area_code]
        return self.dicts(
            "SELECT c.* FROM completeness c JOIN (SELECT unnest(?) AS area_code) USING (area_code) ORDER BY ALL",
            [leaves],
        )

    def lacking(self, city: str, until: date) -> list[dict[str, Any]]:
        """The rows of the matrix up to a day of which something is owed: see completeness.OWED."""
        if not self.gaps:
            return []
        leaves = [leaf.area_code for leaf in load_areas().children(city)]
        return self.dicts(OWED, [leaves, until])

    def platforms(self, city: str) -> tuple[str, ...]:
        """The platforms of a city whose own register is counted, the largest first.

        Empty for a build of a time before they were counted.
        """
        return self._platforms.get(city, ())

    def offered(self, city: str) -> dict[str, tuple[str, ...]]:
        """By dimension, the members a definition may choose: platforms with a name, where there is more than one."""
        named = tuple(name for name in self.platforms(city) if name not in (OTHER, UNKNOWN))
        return {"platform": named if len(self.platforms(city)) > 1 else ()}

    def members(self, dimension: str, area_codes: Iterable[str]) -> tuple[str, ...]:
        """The members of a dimension that some areas have, in the order they are shown."""
        if dimension not in OVERLAPPING:
            return members(dimension)
        cities = dict.fromkeys(load_areas().city_of(code) for code in area_codes)
        return tuple(dict.fromkeys(name for city in cities for name in self.platforms(city)))

    def coverage(self, city: str) -> dict[str, Span]:
        """Source → the days between which this city reported it; no key for what never came."""
        return dict(self._coverage.get(city, {}))

    def cities_with_data(self) -> list[str]:
        return sorted(self._coverage)

    def last_period(self, city: str, kind: str) -> Period | None:
        """The last period of a kind that every core source of the city covers to its end."""
        spans = self._coverage.get(city, {})
        core = [spans[source] for source in CORE_SOURCES if source in spans] or list(spans.values())
        if not core:
            return None
        return Period.ending(kind, min(span.last_on for span in core))


def new_connection() -> duckdb.DuckDBPyConnection:
    """An empty database to attach builds to."""
    # One thread a query: the tables are small, and readers are many (measured: twice as fast so).
    connection = duckdb.connect(":memory:", config={"threads": 1})
    # DuckDB draws a progress bar on stdout, among the rows of a CSV or JSON, unless told not to.
    connection.execute("SET enable_progress_bar = false")
    return connection


_open_builds: OrderedDict[Key, Build] = OrderedDict()
_open_lock = threading.Lock()


def open_build(home: Path, build_id: str | None = None) -> Build | None:
    """The current build of a data home, or the one with this id; None when nothing is published.

    CURRENT is read at every call (some microseconds), so a new build is noticed without a restart. Raises
    BuildNotFound for an id that is not there, BuildBroken when CURRENT points at something unreadable.
    """
    asked_for = build_id is not None
    if build_id is None:
        build_id = current_build_id(home)
    if build_id is None:
        return None
    path = home / "published" / f"{build_id}.duckdb"
    if not BUILD_ID.fullmatch(build_id) or not path.is_file():
        if asked_for:
            raise not_found(home, build_id)
        raise BuildBroken(
            f"CURRENT 指向构建“{build_id}”，但文件不存在：请运行 python -m etl publish。 "
            f"CURRENT names the build '{build_id}', which is not there: run python -m etl publish."
        )
    status = path.stat()
    key = Key(str(path.resolve()), status.st_ino, status.st_mtime_ns)
    with _open_lock:
        build = _open_builds.get(key)
        if build is None:
            for other in [other for other in _open_builds if other.path == key.path]:
                # Not a build any more: the home was made anew. An old handle would mix the two.
                _open_builds.pop(other).close()
            build = _open_builds[key] = attach(path)
            # Dropped here, closed when the last page that still works with it lets go of it.
            while len(_open_builds) > MOST_OPEN:
                _open_builds.popitem(last=False)
        _open_builds.move_to_end(key)
    return build


def attach(path: Path, connection: duckdb.DuckDBPyConnection | None = None) -> Build:
    try:
        return Build(path, connection)
    except (duckdb.Error, KeyError) as error:
        raise BuildBroken(
            f"构建文件 {path.name} 无法读取：请运行 python -m etl publish 重新发布。 "
            f"The build file {path.name} cannot be read: run python -m etl publish. ({type(error).__name__})"
        ) from error


def not_found(home: Path, build_id: str) -> BuildNotFound:
    known = published_build_ids(home)[-5:]
    return BuildNotFound(
        f"没有构建“{build_id}”。" + (f"最近的构建：{'、'.join(known)}。" if known else "尚未发布任何构建。"),
        f"There is no build '{build_id}'. "
        + (f"The latest are {', '.join(known)}." if known else "Nothing has been published yet."),
    )
