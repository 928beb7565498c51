"""Watch an inbox: load what has finished arriving, publish, go on.

State is the ledger itself: bytes that are in it are not loaded again, so a watcher may be stopped and started
at any time. A file is taken when its size and time have stood still between two looks; a refused file is
told once and looked at again only when it changes.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from etl.inbox import Found, find_drops
from etl.loading import Report, load_paths
from etl.messages import Refusal, Text, say
from etl.publish import BuildRefused

Stamp = tuple[int, int]  # size, modification time in nanoseconds


@dataclass
class Watcher:
    """Looks at an inbox; `look()` is one round, so a test can be the clock."""

    home: Path
    inbox: Path
    seen: dict[Path, Stamp] = field(default_factory=dict)
    done: dict[Path, Stamp] = field(default_factory=dict)

    def look(self, today: date) -> Report | None:
        """Load the files that have not changed since the last look; None when there was none."""
        self.inbox.mkdir(parents=True, exist_ok=True)
        arrived: list[Found] = []
        stamps: dict[Path, Stamp] = {}
        for found in find_drops([self.inbox], None):
            stamp = _stamp(found.path)
            if stamp is None:
                continue  # it went away between listing and looking
            stamps[found.path] = stamp
            if self.seen.get(found.path) == stamp and self.done.get(found.path) != stamp:
                arrived.append(found)
        self.seen = stamps
        if not arrived:
            return None
        report = load_paths(self.home, arrived, today=today)
        self.done.update({found.path: stamps[found.path] for found in arrived})
        return report


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def watch(
    home: Path,
    inbox: Path,
    seconds: float,
    keep_on: Callable[[], bool],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Look every so many seconds while `keep_on()`; a round that fails is told and the next one tried."""
    watcher = Watcher(home, inbox)
    while keep_on():
        try:
            watcher.look(date.today())
        except Refusal as refusal:
            say(refusal.text)
        except (OSError, duckdb.Error, BuildRefused) as error:
            kind = type(error).__name__
            say(
                Text(
                    f"这一轮没有完成（{kind}），稍后再试。",
                    f"This round was not finished ({kind}); trying again.",
                )
            )
        sleep(seconds)
