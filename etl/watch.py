"""Watch an inbox: load what has finished arriving, publish, go on.

State is the ledger itself: bytes that are in it are not loaded again, so a watcher may be stopped, killed and
started at any time. A file is taken when it has stood still between two looks. What fails is told and tried
again, ever more rarely; it never keeps the next file from being loaded.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from etl import journal, ledger, receipts
from etl.arriving import Stamp, is_arriving, stamp_of
from etl.desk import Outcome
from etl.inbox import Found, find_drops, kept_path, passed_over, passed_over_sentence, real_path
from etl.loading import Report, load_paths
from etl.messages import Refusal, Text, reason_of, say
from etl.privacy import mask_label
from etl.warehouse import open_warehouse, waiting_no_longer_than, warehouse_path
from metrics.build import current_build_id

LONGEST_PAUSE = 64  # looks between two tries of what keeps failing
NAP_SECONDS = 0.2  # how soon a stop is noticed while nothing arrives


@dataclass
class Settled:
    """A file that was dealt with. `secret`: how the secret file stood when something of it was refused.

    A drop refused because the secret was missing does not change when the secret is put back; it is tried again.
    """

    stamp: Stamp
    secret: Stamp | None = None
    was_refused: bool = False


@dataclass
class Failing:
    """Something that could not even be tried to its end: how often, and at which look it is tried again."""

    times: int = 0
    next_look: int = 0

    def failed(self, look: int) -> None:
        self.next_look = look + min(2**self.times, LONGEST_PAUSE)
        self.times += 1


@dataclass
class Watcher:
    """Looks at an inbox; `look()` is one round, so a test can be the clock."""

    home: Path
    inbox: Path
    stopping: Callable[[], bool] = lambda: False
    threshold: int | None = None
    looks: int = 0
    seen: dict[Path, Stamp] = field(default_factory=dict)
    settled: dict[Path, Settled] = field(default_factory=dict)
    failing: dict[Path, Failing] = field(default_factory=dict)
    # Whether the current build may be older than the ledger: at a start, because of what happened before it.
    behind: Failing | None = field(default_factory=Failing)
    # Files refused before this watch began that still lie there as they were: their reasons were told then.
    refused_before: set[str] = field(default_factory=set)
    # Files that are no drops by their names, told of once.
    passed_over: set[Path] = field(default_factory=set)
    is_loading: bool = False  # still true when an interrupt has ended a load

    def look(self, today: date) -> Report | None:
        """Load the files that have not changed since the last look; None when there was nothing to do."""
        self.looks += 1
        self.inbox.mkdir(parents=True, exist_ok=True)
        if self.looks == 1 and warehouse_path(self.home).exists():
            self._recall()
        arrived = self._arrived()
        if not arrived and not self._is_due(self.behind):
            return None
        if not arrived and not warehouse_path(self.home).exists():
            self.behind = None
            return None
        journal.keep(self.home)
        build_id = current_build_id(self.home)
        self.is_loading = True
        try:
            report = self._load(arrived, today)
        except Exception:
            self.is_loading = False
            raise
        self.is_loading = False
        if self.behind is None and not self.failing:
            journal.finished(self.home, "load")
        return report if arrived or report.build_id != build_id else None

    def _arrived(self) -> list[Found]:
        before, self.seen = self.seen, {}
        arrived = []
        for found in find_drops([self.inbox], None):
            stamp = stamp_of(found.path)
            if stamp is None or is_arriving(found.path):
                continue  # it went away between listing and looking, or says itself that it is not whole
            self.seen[found.path] = stamp
            if before.get(found.path) != stamp:
                self.failing.pop(found.path, None)  # it changes: what was wrong with it may be over
            elif not self._is_settled(found.path, stamp) and self._is_due(
                self.failing.get(found.path, Failing())
            ):
                arrived.append(found)
        new = [
            path
            for path in passed_over([self.inbox])
            if path not in self.passed_over and not is_arriving(path)
        ]
        if new:
            say(passed_over_sentence(new))
            self.passed_over |= set(new)
        self.settled = {path: one for path, one in self.settled.items() if path in self.seen}
        self.failing = {path: one for path, one in self.failing.items() if path in self.seen}
        return arrived

    def _is_settled(self, path: Path, stamp: Stamp) -> bool:
        one = self.settled.get(path)
        if one is None or one.stamp != stamp:
            return False
        return not one.was_refused or one.secret == self._secret()

    def _is_due(self, failing: Failing | None) -> bool:
        return failing is not None and self.looks >= failing.next_look

    def _load(self, arrived: list[Found], today: date) -> Report:
        """Load them together and publish once; where that fails, one by one, so only the culprit stays behind."""
        taken: list[Found] = []
        secret = self._secret()
        failing_builds, self.behind = self.behind or Failing(), None
        try:
            report = load_paths(
                self.home,
                self._until_stopped(arrived, taken),
                today=today,
                is_told=self._is_told,
                threshold=self.threshold,
            )
            self._settle(taken, report, secret)
            return report
        except Refusal:
            self.behind = failing_builds
            raise  # it concerns the whole home (in use, another version): the next look tries again
        except Exception as error:
            tell_failure(error, arrived, Text("改为逐个处理", "trying the files one by one"))
        report = Report()
        for found in self._until_stopped(arrived, []):
            try:
                one = load_paths(self.home, [found], today=today, and_publish=False, is_told=self._is_told)
            except Refusal:
                self.behind = failing_builds
                raise
            except Exception as error:
                # Whatever it was, the next file must be tried, and this one again: it may be the disk, not the file.
                self.failing.setdefault(found.path, Failing()).failed(self.looks)
                tell_failure(error, [found], Text("稍后再试", "trying again later"))
            else:
                self._settle([found], one, secret)
                report.outcomes += one.outcomes
        try:
            report.build_id = load_paths(self.home, [], today=today, threshold=self.threshold).build_id
        except Exception as error:
            failing_builds.failed(self.looks)
            self.behind = failing_builds
            tell_failure(error, [], Text("稍后再试", "trying again later"))
        return report

    def _until_stopped(self, arrived: list[Found], taken: list[Found]) -> Iterator[Found]:
        """The files one after the other, until somebody wants the watch to end: it ends between two drops."""
        for found in arrived:
            if self.stopping():
                return
            yield found
            taken.append(found)

    def _is_told(self, outcome: Outcome) -> bool:
        """Whether what became of a drop is news: not that it is refused once more for the same reason."""
        known = outcome.repeated and outcome.row.status == "refused"
        return not (known and outcome.row.path in self.refused_before)

    def _settle(self, taken: list[Found], report: Report, secret: Stamp | None) -> None:
        refused = {outcome.row.path for outcome in report.outcomes if outcome.row.status == "refused"}
        for found in taken:
            self.failing.pop(found.path, None)
            kept = kept_path(self.home, found.path)
            was_refused = kept in refused
            self.refused_before.discard(kept)
            self.settled[found.path] = Settled(self.seen[found.path], secret, was_refused)

    def _secret(self) -> Stamp | None:
        return stamp_of(self.home / "secret.key")

    def _recall(self) -> None:
        """After a restart: files that are in the ledger as they lie there need not be read to learn it.

        By path, size and second. A path kept with stars may be another file's, and of a file in parts the
        ledger knows only the parts: those are read again, found by their bytes, and left alone.
        """
        with open_warehouse(self.home, "status") as connection:
            rows = ledger.read(connection)
        # A drop without its receipt is looked at again: the load that brought it in died before writing one.
        known = {
            (row.path, row.bytes, row.received_at)
            for row in rows
            if row.status != "refused" and receipts.is_written(self.home, row)
        }
        refused = {(row.path, row.received_at) for row in rows if row.status == "refused"}
        for found in find_drops([self.inbox], None):
            stamp, path = stamp_of(found.path), kept_path(self.home, found.path)
            is_plain = "*" not in path and real_path(self.home) / path == real_path(found.path)
            if stamp is not None and is_plain and (path, stamp[0], found.received_at) in known:
                self.settled[found.path] = Settled(stamp)
            elif (path, found.received_at) in refused:
                self.refused_before.add(path)
        if self.refused_before:
            say(
                Text(
                    f"收件目录里有 {len(self.refused_before)} 个文件以前已拒收，至今未改；原因见 python -m etl status。",
                    f"{len(self.refused_before)} files in the inbox were refused before and have not changed since; "
                    "python -m etl status says why.",
                )
            )


def tell_failure(error: Exception, files: list[Found], then: Text) -> None:
    """The reason, or the kind of error, only: the engine's own words may quote cells of a drop."""
    names = "、".join(mask_label(found.path.name) for found in files[:3]) + ("……" if len(files) > 3 else "")
    reason = reason_of(error)
    of_zh, of_en = (f"：{names}", f": {names}") if names else ("", "")
    say(
        Text(
            f"这一轮没有完成（{reason.zh}），{then.zh}{of_zh}。",
            f"This round was not finished ({reason.en}), {then.en}{of_en}.",
        )
    )


def watch(
    home: Path,
    inbox: Path,
    seconds: float,
    stopping: Callable[[], bool],
    rounds: int = 0,
    sleep: Callable[[float], None] = time.sleep,
    threshold: int | None = None,
) -> bool:
    """Look every so many seconds until `stopping()`, or for so many rounds; nothing a round meets ends it.

    Says whether some drop, or a round itself, was left for somebody to look at.
    """
    watcher = Watcher(home, inbox, stopping, threshold)
    left = False
    try:
        while not stopping():
            try:
                with waiting_no_longer_than(stopping):
                    report = watcher.look(date.today())
                left = left or (report is not None and report.needs_somebody)
            except Refusal as refusal:
                left = True
                say(refusal.text)
            except Exception as error:
                left = True
                tell_failure(error, [], Text("稍后再试", "trying again"))
            if rounds and watcher.looks >= rounds:
                break
            woken = time.monotonic() + seconds
            while not stopping() and (remaining := woken - time.monotonic()) > 0:
                sleep(min(remaining, NAP_SECONDS))
    except KeyboardInterrupt:
        if watcher.is_loading:
            raise
        say(Text("已停止守候；没有未完成的报送。", "Stopped watching; no drop was left unfinished."))
    return left or bool(watcher.failing)
