"""How things stand in a data home: the ledger, the current build, who is at work, what was left unfinished."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from etl import journal, ledger, mended
from etl.journal import Writer
from etl.ledger import LedgerRow
from etl.messages import Text
from etl.publish import is_current
from etl.warehouse import open_warehouse, warehouse_path
from metrics.build import BuildBroken, current_build_id, open_build
from metrics.small_counts import exposed, exposed_text

STAGING = ".staging"


@dataclass(frozen=True)
class Leftover:
    """What a killed process left lying, by kind: names of staged files may name people.

    None of it matters: the next writer takes it over or clears it.
    """

    kind: str  # 'staging', 'building' (half a build) or 'log' (DuckDB takes it over when it opens the file)
    files: int
    bytes: int


@dataclass
class Situation:
    """What `status` tells. `drops` is as published, not as it is, when a writer would not be waited for."""

    drops: list[LedgerRow] = field(default_factory=list)
    formers: dict[int, int] = field(
        default_factory=dict
    )  # what mended drops were before, as in etl/mended.py
    build_id: str | None = None
    build_is_current: bool = True
    warning: Text | None = None  # of the current build: that small counts can be computed from it
    writing: Writer | None = None
    interruptions: list[Writer] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)

    @property
    def last_load(self) -> datetime | None:
        return max((row.loaded_at for row in self.drops if row.loaded_at), default=None)

    @property
    def held(self) -> list[LedgerRow]:
        """Drops that wait for somebody to release them."""
        return [row for row in self.drops if row.status == "held"]

    @property
    def unfinished(self) -> list[Writer]:
        return [one for one in self.interruptions if one.finished_at is None]


def look(home: Path, wait: bool = True) -> Situation:
    """The situation now. With `wait=False` a home in use is described by its current build instead.

    Raises Refusal when a writer was waited for in vain.
    """
    found = Situation(leftovers=leftovers(home), writing=journal.writing(home))
    if found.writing is not None and not wait:
        build = open_build(home)
        found.drops = [_as_published(row) for row in build.drops()] if build else []
        found.build_id = build.build_id if build else None
    else:
        if warehouse_path(home).exists():
            with open_warehouse(home, "status") as connection:
                found.drops = ledger.read(connection)
                found.formers = mended.places(connection)
                found.build_is_current = not found.drops or is_current(connection, home)
        found.build_id = current_build_id(home)
        found.writing = None  # it was waited for
    found.warning = exposed_now(home)
    found.interruptions = journal.read(home)
    return found


def exposed_now(home: Path) -> Text | None:
    """What is to be said of a current build of before such were refused; None for any other."""
    try:
        build = open_build(home)
    except BuildBroken:
        return None  # other commands say so
    if build is None or not exposed(build):
        return None
    return Text(exposed_text(build, "zh"), exposed_text(build, "en"))


def leftovers(home: Path) -> list[Leftover]:
    """What lies there although nobody works."""
    if journal.writing(home) is not None:
        return []
    published = home / "published"
    lying = {
        "staging": [path for path in (home / STAGING).rglob("*") if path.is_file()],
        "building": [*published.glob(".*.building*"), *published.glob(".CURRENT.new")],
        "log": list(home.glob("warehouse.duckdb.wal")),
    }
    return [
        Leftover(kind, len(paths), sum(path.stat().st_size for path in paths))
        for kind, paths in lying.items()
        if paths
    ]


def _as_published(row: dict[str, Any]) -> LedgerRow:
    known = {name: value for name, value in row.items() if name in LedgerRow.__dataclass_fields__}
    return LedgerRow(**known)
