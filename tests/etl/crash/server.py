"""A process that has imported everything and forks a child for each command, so a trial costs no start.

Reads one request a line from stdin (JSON), answers one line on stdout. A child runs the real main() of a
package and is killed with SIGKILL: by a clock, from outside, wherever it is then; or by its own hand just
before its n-th step (a statement to DuckDB or a change to a file), which hits the narrow places a clock rarely
finds. The server itself never opens a database: DuckDB's threads would not survive the fork.
"""

from __future__ import annotations

import builtins
import ctypes
import fcntl
import gc
import importlib
import io
import json
import os
import pkgutil
import resource
import select
import shutil
import signal
import sys
import time
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb

# What leaves a mark: calls of the system on files and folders, and statements to DuckDB.
FILE_CALLS = ("open", "replace", "rename", "unlink", "remove", "rmdir", "mkdir", "fsync")
STATEMENTS = ("execute", "register", "unregister", "close")


def import_everything() -> None:
    """Import what commands import late, and fill the caches of the reference data."""
    for name in ("_strptime", "zoneinfo", "pandas", "pyarrow.parquet", "metrics.__main__", "etl.__main__"):
        importlib.import_module(name)
    for package in ("etl", "etl.checks", "etl.commands", "etl.reader", "metrics", "metrics.cube"):
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    from etl.checks import load_checks
    from etl.source import load_sources
    from metrics.areas import load_areas
    from metrics.catalogue import load_catalogue

    for load in (load_areas, load_catalogue, load_checks, load_sources):
        load()
    gc.collect()
    gc.freeze()  # a child's collector would touch, and so copy, every page it shares with this process
    assert len(os.listdir("/proc/self/task")) == 1, "a process with threads must not fork"  # noqa: PTH208


def serve() -> None:
    import_everything()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)
    gc.unfreeze()


def run(request: dict[str, Any]) -> dict[str, Any]:
    """{"code": exit code, negative for a signal; "seconds" by the clock, "cpu"} of one command in a child."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os._exit(be_the_command(request))
    ended = os.pidfd_open(child)
    try:
        if not select.select([ended], [], [], request.get("kill_after"))[0]:
            os.kill(child, signal.SIGKILL)
        _, status, used = os.wait4(child, 0)
    finally:
        os.close(ended)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "seconds": time.monotonic() - began,
        "cpu": used.ru_utime + used.ru_stime,
    }


def be_the_command(request: dict[str, Any]) -> int:
    """In the child: arrange what was asked for, run the command, write its steps to where they are wanted."""
    output = os.open(request["output"], os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(request.get("environment", {}))
    for name in request.get("without", ()):
        os.environ.pop(name, None)
    if request.get("today"):
        set_today(date.fromisoformat(request["today"]))
    if request.get("file_limit"):
        # Larger files cannot grow any more: as on a full disk, a write fails with an error, not a signal.
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["file_limit"], resource.RLIM_INFINITY))
    if request.get("without_privileges"):
        drop_privileges()
    steps = Steps(request.get("kill_at_step"), request.get("steps_to"))
    if request.get("snapshots_of"):
        steps.snapshots = Snapshots(Path(request["snapshots_of"]), Path(request["snapshots_to"]))
    main = importlib.import_module(f"{request.get('package', 'etl')}.__main__").main
    if steps.kill_at or steps.tell_to:
        steps.count()
    try:
        code = int(main(request["argv"]))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    steps.tell()
    return code


class Steps:
    """Counts what leaves a mark and, just before the one it was told, kills the process.

    `told`: [the call, the function it is made in, the part of the work, seconds since the start] of each step.
    """

    def __init__(self, kill_at: int | None, tell_to: str | None) -> None:
        self.kill_at, self.tell_to = kill_at, tell_to
        self.snapshots: Snapshots | None = None
        self.told: list[tuple[str, str, str, float]] = []
        self.number = 0
        self.is_looking = False  # what is done here is no step of the command
        self.began, self.lost = time.monotonic(), 0.0

    def count(self) -> None:
        """Wrap every call that counts.

        Not with sys.setprofile, which is told of built-in functions only: DuckDB's methods are of a kind
        (nanobind's) it never sees, so no kill would fall between two statements.
        """
        for name in STATEMENTS:
            real = getattr(duckdb.DuckDBPyConnection, name)
            setattr(duckdb.DuckDBPyConnection, name, self.counted(name, real))
        for name in FILE_CALLS:
            setattr(os, name, self.counted(f"file {name}", getattr(os, name)))
        fcntl.flock = self.counted("file flock", fcntl.flock)
        os.fdopen = self.opening(os.fdopen)
        builtins.open = io.open = self.opening(io.open)

    def counted(self, name: str, real: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            self.take(name, sys._getframe(1))
            return real(*arguments, **options)

        return call

    def opening(self, real: Any) -> Any:
        """A file opened for writing counts, and so does its close, before which what was written is in memory."""

        def call(*arguments: Any, **options: Any) -> Any:
            mode = str(options.get("mode", arguments[1] if len(arguments) > 1 else "r"))
            if not set(mode) & set("wax+"):
                return real(*arguments, **options)
            self.take("file open", sys._getframe(1))
            file = real(*arguments, **options)
            file.close = self.counted("file close", file.close)
            return file

        return call

    def take(self, call: str, frame: FrameType) -> None:
        if self.is_looking:
            return
        self.number += 1
        if self.number == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.tell_to:
            now = time.monotonic()
            self.told.append(
                (call, frame.f_code.co_name, part_of_the_work(frame), now - self.began - self.lost)
            )
            self.look()
            self.lost += time.monotonic() - now

    def look(self) -> None:
        if self.snapshots is not None:
            self.is_looking = True
            self.snapshots.take(self.number)
            self.is_looking = False

    def tell(self) -> None:
        self.is_looking = True
        if self.tell_to:
            Path(self.tell_to).write_text(json.dumps(self.told), encoding="utf-8")


class Snapshots:
    """Copies of a home, each as a kill at that step would leave it; none where nothing has changed since the last.

    What a killed process wrote to its files is there for the next one, what it still held in memory is not: a
    copy made between two calls is the same. Builds are linked, because a finished one never changes again.
    """

    def __init__(self, home: Path, folder: Path) -> None:
        self.home, self.folder = home, folder
        self.known: dict[str, tuple[tuple[int, ...], Path]] = {}  # file → its stamp, the copy made last

    def take(self, number: int) -> None:
        stamps = {
            **_stamps(self.home),
            **_stamps(self.home / "published"),
            **_stamps(self.home / ".staging", and_below=True),
        }
        if stamps == {name: stamp for name, (stamp, _) in self.known.items()}:
            return
        known = {}
        for name, stamp in stamps.items():
            path = Path(name)
            copy = self.folder / f"{number:04}" / path.relative_to(self.home)
            copy.parent.mkdir(parents=True, exist_ok=True)
            before = self.known.get(name)
            if (path.parent.name == "published" and "duckdb" in path.suffixes) or ".building" in path.name:
                os.link(path, copy)
            elif before is not None and before[0] == stamp:
                os.link(before[1], copy)
            else:
                shutil.copyfile(path, copy)
            known[name] = stamp, copy
        self.known = known


def _stamps(folder: Path | str, and_below: bool = False) -> dict[str, tuple[int, ...]]:
    """What changes when a file does, of every file of a folder; quickly, for it is asked at every step."""
    found: dict[str, tuple[int, ...]] = {}
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return found
    for entry in entries:
        if entry.is_file():
            status = entry.stat()
            # A build in the making is the same all the while: nobody reads it.
            growing = ".building" in entry.name
            seen = (status.st_size, status.st_mtime_ns)
            found[entry.path] = (status.st_ino,) if growing else (status.st_ino, *seen)
        elif and_below and entry.is_dir(follow_symlinks=False):
            found |= _stamps(entry.path, and_below)
    return found


def part_of_the_work(frame: FrameType | None) -> str:
    """'publishing', 'receipts' or 'working', by who called."""
    while frame is not None:
        if frame.f_code.co_name in ("publish", "write_each", "write_workbook"):
            return "publishing" if frame.f_code.co_name == "publish" else "receipts"
        frame = frame.f_back
    return "working"


def drop_privileges() -> None:
    """Let file modes hold for root too: all capabilities are given up, the user stays the same."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    nothing = (ctypes.c_uint32 * 6)()  # two sets of effective, permitted, inheritable
    assert ctypes.CDLL(None, use_errno=True).capset(header, nothing) == 0, os.strerror(ctypes.get_errno())


def set_today(day: date) -> None:
    """Let the commands take another day for today: what came too early then comes in time at a replay."""

    class Today(date):
        @classmethod
        def today(cls) -> Today:
            return cls(day.year, day.month, day.day)

    commands = Path(importlib.import_module("etl.commands").__path__[0]).glob("*.py")
    for module in (sys.modules.get(f"etl.commands.{path.stem}") for path in commands):
        if module is not None and getattr(module, "date", None) is date:
            module.date = Today  # type: ignore[attr-defined]


def run_once(day: str, argv: list[str]) -> int:
    """One command in a process of its own, as in a shell but for the day it takes for today."""
    for name in ("load", "publish", "release", "replay", "status", "withdraw"):
        importlib.import_module(f"etl.commands.{name}")
    set_today(date.fromisoformat(day))
    return int(importlib.import_module("etl.__main__").main(argv))


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit(run_once(sys.argv[1], sys.argv[2:]))
    serve()
