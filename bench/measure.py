"""Run one measured step in a process of its own, so that its peak memory is its own."""

import json
import os
import platform
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from etl import ALLOCATOR, ZEROED
from metrics.paths import ROOT

PRODUCT = ("bench.complete_load", "bench.cube_step")  # what loads and publishes as `python -m etl` does


class StepFailed(RuntimeError):
    """A measured step ended with an error; the message holds what it printed."""


def run_step(module: str, *arguments: str) -> dict[str, Any]:
    """The figures `python -m <module> <arguments>` prints as one JSON object on its last line."""
    command = [sys.executable, "-m", module, *arguments]
    # As in a process of etl, whatever a step imports first; the others pay for nothing of the kind.
    environment = {**os.environ, ALLOCATOR: ZEROED if module in PRODUCT else ""}
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    if finished.returncode != 0:
        raise StepFailed(f"{' '.join(command)} ended with {finished.returncode}:\n{finished.stderr}")
    figures: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return figures


def peak_memory_mib() -> float:
    """The most memory this process has held at once so far, in MiB.

    Linux's VmHWM is preferred to ru_maxrss, because the latter starts from what the *parent* held when it
    made this process: a step started from a large parent would be charged with it.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if platform.system() == "Linux" else peak / 1024**2  # KiB on Linux, bytes on macOS


def machine_facts() -> dict[str, Any]:
    """What a reader needs to compare two tables: versions, cores, memory. No name of the machine."""
    import duckdb

    return {
        "duckdb": duckdb.__version__,
        "python": platform.python_version(),
        "system": platform.system(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3, 1),
    }
