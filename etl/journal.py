"""What was interrupted: commands that died at work, kept until somebody has finished what they began.

Every writer leaves its name in `warehouse.lock` while it works and wipes it when it is done. A name without a
lock on it is a process that was killed: `keep` moves it to `interrupted.json` before anybody else writes there.
The warehouse itself needs none of this to be right (a drop is one transaction); people need it to know.
"""

import fcntl
import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from etl.messages import Text

# Commands that change nothing lose nothing when they are killed.
READERS = ("status", "trace", "facts", "load --check")
# What brings the work of an interrupted command to its end: a load takes up every file that is not in yet and
# publishes what was not published; the others are repeated, or published when they were already done.
FINISHED_BY = {"load": ("load",), "publish": ("load", "publish")}
# What commands do, for people.
WORK = {
    "load": Text("载入报送", "loading drops"),
    "load --check": Text("试算报送", "a preview of drops"),
    "publish": Text("发布", "publishing"),
    "withdraw": Text("撤回或恢复报送", "withdrawing or restoring a drop"),
    "release": Text("放行报送", "releasing a drop"),
    "refuse": Text("退回报送", "sending a drop back"),
    "replay": Text("重放隔离行", "a replay of quarantined rows"),
    "receipt": Text("写回执", "writing receipts"),
}
OTHER_WORK = Text("读取数据仓库", "reading the warehouse")
KEPT = 20  # the latest ones; older ones help nobody


def work_of(doing: str) -> Text:
    """What a command does, by its name."""
    return WORK.get(doing, OTHER_WORK)


@dataclass(frozen=True)
class Writer:
    """A process that works on the warehouse, or did when it died.

    `finished_at`: when a command that can make up for it has run to its end since.
    """

    pid: int
    doing: str
    since: str
    finished_at: str | None = None


def writing(home: Path) -> Writer | None:
    """Who works on the warehouse at this moment."""
    try:
        with (home / "warehouse.lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _writer(lock.read()) or Writer(0, "?", "?")
    except OSError:
        return None  # no lock file: nobody ever wrote here
    return None


def keep(home: Path) -> None:
    """Note the writer that died, if one did. Called before any command begins."""
    try:
        lock = (home / "warehouse.lock").open("r+")
    except OSError:
        return  # nobody ever wrote here, or it may only be looked at
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # it lives
        died = _writer(lock.read())
        if died is not None and died.doing not in READERS:
            noted = read(home)
            # Killed between the two writes below, a process is noted twice: the same start is the same process.
            known = any((one.pid, one.since) == (died.pid, died.since) for one in noted)
            if not known and not _write(home, [*noted, died]):
                return  # no room to note it: the name stays in the lock for the next one
        lock.truncate(0)


def finished(home: Path, command: str) -> None:
    """Close the entries whose work this command, which ended well, has brought to its end."""
    noted = read(home)
    now = f"{datetime.now():%Y-%m-%d %H:%M:%S}"
    after = [
        replace(one, finished_at=now)
        if one.finished_at is None and command in FINISHED_BY.get(one.doing, (one.doing, "publish"))
        else one
        for one in noted
    ]
    if after != noted:
        _write(home, after)


def read(home: Path) -> list[Writer]:
    """Every interruption kept, oldest first; a file that cannot be read is none."""
    try:
        noted = json.loads((home / "interrupted.json").read_text(encoding="utf-8"))
        return [Writer(**one) for one in noted]
    except (OSError, ValueError, TypeError):
        return []


def _writer(text: str) -> Writer | None:
    try:
        return Writer(**json.loads(text))
    except (ValueError, TypeError):
        return None  # empty, or killed in the middle of writing its name, before anything else


def _write(home: Path, noted: list[Writer]) -> bool:
    """Whether it could be written: on a full disk the commands themselves must go on and say so."""
    path = home / "interrupted.json"
    beside = path.with_suffix(".new")
    try:
        beside.write_text(json.dumps([asdict(one) for one in noted[-KEPT:]], indent=1), encoding="utf-8")
        os.replace(beside, path)  # noqa: PTH105  the documented atomic rename
    except OSError:
        return False
    return True
