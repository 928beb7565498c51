"""Run Redvest's commands in tests: in this process (fast), or as the operator does (`python -m …`).

Both give the same `Result`. In-process is the default choice. A subprocess takes about a second, and is
needed only where the process itself is the subject: exit codes a shell sees, two writers at once.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Result:
    """What a command left behind: its exit code and the two texts."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Standard output read as one JSON document."""
        return json.loads(self.out)

    def require(self, code: int = 0) -> Result:
        """Itself, once the exit code is the expected one; both texts are shown otherwise."""
        texts = f"--- out\n{self.out}\n--- err\n{self.err}"
        assert self.code == code, f"exit code {self.code}, expected {code}\n{texts}"
        return self


def run(package: str, *arguments: object, home: Path | None = None) -> Result:
    """`python -m PACKAGE ARGUMENTS` in this process, through the package's main(argv) -> int."""
    main = importlib.import_module(f"{package}.__main__").main
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(_argv(arguments, home))
        except SystemExit as leaving:  # argparse leaves this way for a wrong call and for --help
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return Result(int(code or 0), out.getvalue(), err.getvalue())


def run_as_subprocess(
    package: str,
    *arguments: object,
    home: Path | None = None,
    environment: dict[str, str] | None = None,
    timeout_seconds: float = 300,
) -> Result:
    """`python -m PACKAGE ARGUMENTS` as an operator would start it, from the repository."""
    done = subprocess.run(
        [sys.executable, "-m", package, *_argv(arguments, home)],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **(environment or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=timeout_seconds,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def load(home: Path, *paths: object) -> dict[str, Any]:
    """Load drops into a home and give the object `load --json` prints; anything refused fails the test.

    Generated drops are unlike one another, as a supplier's are not: those held for it are released.
    """
    result = run("etl", "load", *paths, "--json", home=home)
    held = [row["drop_id"] for row in result.json()["drops"] if row["status"] == "held"] if result.out else []
    answer: dict[str, Any] = result.require(1 if held else 0).json()
    assert not [row for row in answer["drops"] if row["status"] == "refused"], result.err
    if held:
        run("etl", "release", *held, "--by", "测试", home=home).require()
        now = {
            row["drop_id"]: row for row in run("etl", "status", "--json", home=home).require().json()["drops"]
        }
        answer["drops"] = [row | now[row["drop_id"]] for row in answer["drops"]]
    return answer


def _argv(arguments: tuple[object, ...], home: Path | None) -> list[str]:
    return [str(argument) for argument in arguments] + ([] if home is None else ["--data", str(home)])
