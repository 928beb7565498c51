"""What loading one call's drops needs, and what it tells of each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from etl.corrections import Correction
from etl.facts import Borrows
from etl.ledger import LedgerRow
from etl.messages import Text


@dataclass
class Outcome:
    """What became of one drop: its ledger row, sentences for the person at the screen."""

    row: LedgerRow
    repeated: bool = False
    told: list[Text] = field(default_factory=list)


Progress = Callable[[Text], None]


def _quiet(text: Text) -> None:
    pass


@dataclass(frozen=True)
class Desk:
    """What loading any drop of a call needs: where, on which day, and how."""

    connection: duckdb.DuckDBPyConnection
    home: Path
    today: date
    source: str | None = None
    dry_run: bool = False
    progress: Progress = _quiet
    released_by: str = ""  # the drop was held, and this person lets it pass
    release_note: Text | None = None  # and said so: first in the ledger's note
    replace: str | None = None  # in which scope drops stand for all there is; None: as their sheet says
    repairs: tuple[Correction, ...] = ()
    on_trial: Callable[[duckdb.DuckDBPyConnection, LedgerRow], None] | None = (
        None  # takes a tried drop's rows
    )
    instead_of: LedgerRow | None = None  # the drop whose place a mended file takes

    @property
    def borrows(self) -> Borrows:
        """Which versions of a drop's rows a dry run needs of the real warehouse."""
        if not self.dry_run:
            return "none"
        return "current" if self.instead_of is None else "all"


def shown_name(row: LedgerRow) -> str:
    """A drop as people know it: its file and, in an archive or a workbook, the member or sheet."""
    return f"{row.file_name}［{row.part}］" if row.part else row.file_name
