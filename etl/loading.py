"""Load many drops, one after the other, and publish once: what the command, the watcher and others call."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from etl import corrections, journal, ledger, receipts
from etl.desk import Desk, Outcome, Progress
from etl.inbox import Found
from etl.ledger import LedgerRow
from etl.load import load_file
from etl.messages import Text, say
from etl.publish import is_current, publish, published_sentence
from etl.source import source_named
from etl.warehouse import open_for_dry_run, open_warehouse
from metrics.build import current_build_id

TOLD_FROM_BYTES = 20_000_000  # progress is told for files that take longer than a person waits without a word


@dataclass
class Report:
    """What became of each drop, and the build that is current afterwards."""

    outcomes: list[Outcome] = field(default_factory=list)
    build_id: str | None = None

    @property
    def needs_somebody(self) -> bool:
        """Whether of some drop not one row is in, new or still there from an earlier call."""
        return any(outcome.row.needs_somebody for outcome in self.outcomes)

    def as_json(self) -> dict[str, Any]:
        return {
            "drops": [
                ledger_json(one.row, one.repeated) | {"told": [vars(text) for text in one.told]}
                for one in self.outcomes
            ],
            "build_id": self.build_id,
        }


def ledger_json(row: LedgerRow, repeated: bool = False) -> dict[str, Any]:
    """A ledger row for programs: its columns, without the path."""
    values = {key: value for key, value in vars(row).items() if key != "path"}
    return values | {"repeated": repeated}


def load_paths(
    home: Path,
    found: Iterable[Found],
    *,
    today: date,
    source: str | None = None,
    dry_run: bool = False,
    replace_scope: str | None = None,
    tell: Progress = say,
    and_publish: bool = True,
    is_told: Callable[[Outcome], bool] = lambda outcome: True,
    threshold: int | None = None,
    on_trial: Callable[[duckdb.DuckDBPyConnection, LedgerRow], None] | None = None,
) -> Report:
    """Load the drops in order; a bad one never stops the next. Publishes when the ledger has changed.

    `is_told` says of which outcomes the sentences are told (a watch does not complain of the same file at every start).
    """
    report = Report()
    if source is not None:
        source_named(source)  # a wrong name is a wrong call, not a fault of the files
    repairs = tuple(corrections.declared(home))
    if not dry_run:
        journal.keep(home)
    with _warehouse(home, dry_run) as connection:
        for one in found:
            large = one.path.exists() and one.path.stat().st_size >= TOLD_FROM_BYTES
            desk = Desk(
                connection,
                home,
                today,
                source,
                dry_run,
                repairs=repairs,
                replace=replace_scope,
                on_trial=on_trial,
            )
            for outcome in load_file(replace(desk, progress=tell) if large else desk, one):
                report.outcomes.append(outcome)
                for sentence in outcome.told if is_told(outcome) else ():
                    tell(sentence)
        changed = any(not outcome.repeated for outcome in report.outcomes)
        behind = bool(ledger.read(connection)) and not is_current(connection, home)
        if and_publish and not dry_run and (changed or behind):
            if any(outcome.row.bytes >= TOLD_FROM_BYTES for outcome in report.outcomes):
                tell(Text("计算指标并发布……", "Computing and publishing …"))
            try:
                report.build_id = publish(connection, home, today, threshold)
            finally:
                # After publishing, which finds the flags; but the drops are in, whatever became of the build.
                _write_receipts(connection, home, report, tell)
            tell(published_sentence(report.build_id))
        else:
            report.build_id = current_build_id(home)
            if not dry_run:
                _write_receipts(connection, home, report, tell)
    if not dry_run:
        journal.finished(home, "load")
    return report


def _write_receipts(
    connection: duckdb.DuckDBPyConnection, home: Path, report: Report, tell: Progress
) -> None:
    # Of a drop that was in before, too, if the load that brought it in died before it came to the receipts.
    new = [one.row for one in report.outcomes if not one.repeated or not receipts.is_written(home, one.row)]
    receipts.write_each(connection, home, new, tell)


def _warehouse(home: Path, dry_run: bool) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    return open_for_dry_run(home) if dry_run else open_warehouse(home, "load")
