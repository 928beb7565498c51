"""A process that has imported everything and forks a child for each command, so a trial costs no start.

Reads one request a line from stdin (JSON), answers one line on stdout. A child runs the real main() of a
package and is killed with SIGKILL: by a clock, from outside, wherever it is then; or by its own hand just
before its n-th step (a statement to DuckDB or a change to a file), which hits the narrow places a clock rarely
finds. The server itself never opens a database: DuckDB's threads would not survive the fork.
"""

from __future__ import annotations

import ctypes
import importlib
import itertools
import json
import os
import pkgutil
import resource
import select
import signal
import sys
import time
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

# What leaves a mark: statements (which DuckDB writes to its files) and changes of files and folders.
STEPS = {
    "execute",
    "begin",
    "commit",
    "open",
    "write",
    "replace",
    "rename",
    "unlink",
    "rmdir",
    "mkdir",
    "fsync",
}
STEPS |= {"truncate", "flush", "close", "flock"}


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
    assert len(os.listdir("/proc/self/task")) == 1, "a process with threads must not fork"  # noqa: PTH208


def serve() -> None:
    import_everything()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


def run(request: dict[str, Any]) -> dict[str, Any]:
    """{"code": exit code, negative for a signal; "seconds", "steps", "marked"} of one command in a child.

    `marked`: the steps taken within the function named by `mark_calls_of`.
    """
    steps_read, steps_write = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(steps_read)
        os._exit(be_the_command(request, steps_write))
    os.close(steps_write)
    ended = os.pidfd_open(child)
    try:
        if not select.select([ended], [], [], request.get("kill_after"))[0]:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        steps, *marked = json.loads(os.read(steps_read, 4096) or b"[0]")
    finally:
        os.close(ended)
        os.close(steps_read)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "seconds": time.monotonic() - began,
        "steps": steps,
        "marked": marked,
    }


def be_the_command(request: dict[str, Any], steps_out: int) -> int:
    """In the child: arrange what was asked for, run the command, tell how many steps it took."""
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
    counter = itertools.count(1)
    kill_at = request.get("kill_at_step")

    marked: list[int] = []

    def step(frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and called.__name__ in STEPS:
            number = next(counter)
            if number == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            if frame.f_code.co_name == request.get("mark_calls_of"):
                marked.append(number)

    main = importlib.import_module(f"{request.get('package', 'etl')}.__main__").main
    if kill_at or request.get("count_steps"):  # counting costs a tenth of the time
        sys.setprofile(step)
    try:
        code = int(main(request["argv"]))
    finally:
        sys.setprofile(None)
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(steps_out, json.dumps([next(counter) - 1, *marked]).encode())
    return code


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
    for name in ("load", "publish", "replay", "status", "withdraw"):
        importlib.import_module(f"etl.commands.{name}")
    set_today(date.fromisoformat(day))
    return int(importlib.import_module("etl.__main__").main(argv))


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit(run_once(sys.argv[1], sys.argv[2:]))
    serve()
