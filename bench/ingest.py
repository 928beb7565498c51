"""`python -m bench ingest`: a complete load against DuckDB's bare typed load of the same files, in one run.

A ratio, not seconds: both are measured on the same machine, in the same minutes, alternately, each in a
process of its own, so the figure can be compared between machines and between versions.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.drops import MONTHS, Drops, write_drops
from bench.floor_load import STEPS
from bench.measure import machine_facts, run_step
from metrics.areas import load_areas

CITY = "130200"
ROWS_PER_VOLUNTEER = 13  # the five cities' published records and persons lie around this
UNITS = ("seconds", "cpu_seconds")
SOURCES = ("registrations", "activities", "service_hours")

Figures = dict[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=1_000_000, help="service records to write and load")
    parser.add_argument("--volunteers", type=int, help=f"persons (default: rows / {ROWS_PER_VOLUNTEER})")
    parser.add_argument(
        "--files", type=int, default=MONTHS, help="service-hours drops (default: one a month)"
    )
    parser.add_argument(
        "--wide", action="store_true", help="all eleven columns (130 bytes a row instead of 54)"
    )
    parser.add_argument("--pandera", action="store_true", help="the same with pandas and pandera, too (slow)")
    parser.add_argument(
        "--floor",
        action="store_true",
        help="the least any load must do, too, step by step (bench/floor_load.py)",
    )
    parser.add_argument("--repeat", type=int, help="runs of each kind (default: 3, or 1 for a tiny load)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the drops and databases in DIR")


def run(options: argparse.Namespace) -> Figures:
    """Write the drops, load them alternately in both ways, and give every figure of the comparison."""
    volunteers = options.volunteers or max(1, options.rows // ROWS_PER_VOLUNTEER)
    repeat = options.repeat or (1 if options.rows < 100_000 else 3)
    with working_folder(options.keep) as folder:
        say(f"Writing {options.rows:,} service records of {volunteers:,} persons …")
        drops = write_drops(
            folder / "drops", options.rows, volunteers, district_names(), options.files, not options.wide
        )
        bare, complete, pandera = [], [], []
        for number in range(1, repeat + 1):
            say(f"Run {number} of {repeat}: bare typed load …")
            bare.append(bare_load(drops, folder))
            say(f"Run {number} of {repeat}: complete load …")
            complete.append(complete_load(drops, folder))
        floor = {step: floor_load(drops, folder, step) for step in STEPS} if options.floor else {}
        if options.pandera:
            say("pandas and pandera …")
            pandera.append(pandera_load(drops, folder))
        return comparison(drops, bare, complete, pandera) | ({"floor": floor} if floor else {})


def bare_load(drops: Drops, folder: Path) -> Figures:
    database = folder / "bare.duckdb"
    database.unlink(missing_ok=True)
    return checked(drops, run_step("bench.bare_load", str(drops.folder), str(database)))


def complete_load(drops: Drops, folder: Path) -> Figures:
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    figures = run_step("bench.complete_load", str(drops.folder), str(home), str(drops.later))
    assert figures["later_rows"] == drops.later_rows, "not every row of the later month arrived"
    return checked(drops, figures)


def floor_load(drops: Drops, folder: Path, step: str) -> Figures:
    say(f"The least any load must do, up to '{step}' …")
    database = folder / "floor.duckdb"
    database.unlink(missing_ok=True)
    figures = run_step("bench.floor_load", str(drops.folder), str(database), step)
    assert figures["rows"] == drops.rows, f"rows written {drops.rows}, rows loaded {figures['rows']}"
    return figures


def pandera_load(drops: Drops, folder: Path) -> Figures:
    target = folder / "pandera"
    shutil.rmtree(target, ignore_errors=True)
    return checked(drops, run_step("bench.pandera_load", str(drops.folder), str(target)))


def checked(drops: Drops, figures: Figures) -> Figures:
    """The figures, once it is sure that each source's rows all arrived: a fast load of less is no load."""
    expected = dict(zip(SOURCES, (drops.volunteers, drops.activity_rows, drops.hour_rows), strict=True))
    arrived = {source: figures[f"{source}_rows"] for source in SOURCES}
    assert arrived == expected, f"rows written {expected}, rows loaded {arrived}"
    return figures


def comparison(drops: Drops, bare: list[Figures], complete: list[Figures], pandera: list[Figures]) -> Figures:
    bare_median, complete_median = medians(bare), medians(complete)
    full = {unit: sum(complete_median[f"{step}_{unit}"] for step in ("load", "publish")) for unit in UNITS}
    beside = {"pandera": medians(pandera)} if pandera else {}
    if pandera:
        beside["times_faster"] = {
            unit: beside["pandera"][f"load_{unit}"] / complete_median[f"load_{unit}"] for unit in UNITS
        }
    return {
        **beside,
        "later_ratio": complete_median["later_seconds"] / full["seconds"],
        "later_cpu_ratio": complete_median["later_cpu_seconds"] / full["cpu_seconds"],
        "rows": drops.rows,
        "service_hours_rows": drops.hour_rows,
        "registrations_rows": drops.volunteers,
        "files": len(drops.files),
        "bytes": drops.bytes,
        "repeat": len(bare),
        "bare": bare_median,
        "complete": complete_median,
        "ratio": complete_median["load_seconds"] / bare_median["load_seconds"],
        "cpu_ratio": complete_median["load_cpu_seconds"] / bare_median["load_cpu_seconds"],
        "ratio_with_publish": (complete_median["load_seconds"] + complete_median["publish_seconds"])
        / bare_median["load_seconds"],
        "machine": machine_facts(),
    }


def medians(runs: list[Figures]) -> Figures:
    return {name: median(run[name] for run in runs) for name in runs[0]}


def district_names() -> list[str]:
    return [area.area_name for area in load_areas().children(CITY) if area.level == "district"]


@contextmanager
def working_folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="redvest-bench-") as folder:
        yield Path(folder)


def say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
