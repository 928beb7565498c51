"""Run commands in processes that may be killed: quickly (forked from one server) or as an operator does."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Protocol

from etl import ALLOCATOR

REPOSITORY = Path(__file__).resolve().parents[3]
SECRET = "a secret for tests of crashes only"
# The libraries' own background threads are switched off: a process that forks must have one thread only.
ENVIRONMENT = {
    "REDVEST_SECRET": SECRET,
    "PYTHONIOENCODING": "utf-8",
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
# In a fork zeroed memory (etl/__init__.py) costs half as much again as the command itself, and no kill depends on it.
NOT_ZEROED = {ALLOCATOR: ""}


class Taken(NamedTuple):
    """One step: the call, the function it was made in, 'working', 'publishing' or 'receipts', seconds from the start."""

    call: str
    function: str
    part: str
    seconds: float


@dataclass(frozen=True)
class Ended:
    """How a process ended: exit code (-9 when it was killed), seconds by the clock and of CPU, what it said."""

    code: int
    seconds: float
    cpu: float
    said: str
    steps: list[Taken] = field(default_factory=list)

    @property
    def was_killed(self) -> bool:
        return self.code == -9


class Runner(Protocol):
    """Starts a command of etl; `kill_after` seconds or just before step `kill_at_step` it is killed."""

    def run(
        self, *argv: object, kill_after: float | None = None, kill_at_step: int | None = None, **options: Any
    ) -> Ended: ...


@dataclass
class Forge:
    """One server process and the commands forked from it."""

    folder: Path
    server: subprocess.Popen[str] = field(init=False)

    def __enter__(self) -> Forge:
        self.server = subprocess.Popen(
            [sys.executable, "-m", "tests.etl.crash.server"],
            cwd=REPOSITORY,
            env={**os.environ, **ENVIRONMENT, **NOT_ZEROED},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self._answer() == "ready"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        assert self.server.stdin is not None
        self.server.stdin.close()  # no more requests: it ends by itself
        self.server.wait(timeout=60)
        assert self.server.stdout is not None
        self.server.stdout.close()

    def run(
        self, *argv: object, kill_after: float | None = None, kill_at_step: int | None = None, **options: Any
    ) -> Ended:
        """`count_steps=True`: list the steps taken."""
        output, counted = self.folder / "said.txt", self.folder / "steps.json"
        counted.unlink(missing_ok=True)
        request = {
            "argv": [str(argument) for argument in argv],
            "kill_after": kill_after,
            "kill_at_step": kill_at_step,
            "output": str(output),
            "steps_to": str(counted) if options.pop("count_steps", False) else None,
            **options,
        }
        assert self.server.stdin is not None
        self.server.stdin.write(json.dumps(request) + "\n")
        self.server.stdin.flush()
        answer = json.loads(self._answer())
        steps = [Taken(*one) for one in json.loads(counted.read_bytes())] if counted.exists() else []
        return Ended(**answer, said=output.read_text(encoding="utf-8", errors="replace"), steps=steps)

    def _answer(self) -> str:
        assert self.server.stdout is not None
        line = self.server.stdout.readline()
        assert line, "the server of forks is gone"
        return line.strip()


@dataclass
class Subprocesses:
    """Every command a new `python -m etl`, as in a shell; slower by the second each takes to start."""

    def run(
        self, *argv: object, kill_after: float | None = None, kill_at_step: int | None = None, **options: Any
    ) -> Ended:
        assert kill_at_step is None, "only forks can be killed at a step"
        began, used = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        with subprocess.Popen(
            [sys.executable, "-m", "tests.etl.crash.server", options["today"], *(str(one) for one in argv)],
            cwd=REPOSITORY,
            env={**os.environ, **ENVIRONMENT},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            try:
                said, _ = process.communicate(timeout=kill_after)
            except subprocess.TimeoutExpired:
                process.kill()
                said, _ = process.communicate()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
        return Ended(process.returncode, time.monotonic() - began, cpu, said.decode("utf-8", "replace"))
