"""`python -m bench cube`: building the cube against DuckDB's bare typed load of the same records, in one run;
then a monthly drop's publishing against building everything anew, with the same figures in both builds."""

import argparse
import shutil
from pathlib import Path
from typing import Any

from bench.ingest import ROWS_PER_VOLUNTEER, district_names, say, working_folder
from bench.measure import machine_facts, run_step
from bench.monthly_drops import MONTHS, write_monthly_drops

Figures = dict[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=1_000_000, help="service records to write and add up")
    parser.add_argument("--volunteers", type=int, help=f"persons (default: rows / {ROWS_PER_VOLUNTEER})")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the drops and databases in DIR")


def run(options: argparse.Namespace) -> Figures:
    """Load 35 months and publish, load the last month and publish, publish anew; each in its own process."""
    volunteers = options.volunteers or max(MONTHS, options.rows // ROWS_PER_VOLUNTEER)
    with working_folder(options.keep) as folder:
        say(f"Writing {options.rows:,} service records of {volunteers:,} persons, month by month …")
        drops = write_monthly_drops(folder / "drops", options.rows, volunteers, district_names())
        home, database = folder / "home", folder / "bare.duckdb"
        shutil.rmtree(home, ignore_errors=True)
        database.unlink(missing_ok=True)
        say("Bare typed load …")
        bare = run_step("bench.bare_load", str(drops.folder), str(database))
        figures: Figures = {}
        copied = folder / "cube"
        for name, told, arguments in (
            ("load", f"Loading {MONTHS - 1} months …", ["load", home, *drops.before]),
            ("first", "Publishing for the first time …", ["publish", home]),
            ("load_month", "Loading the last month …", ["load", home, *drops.last]),
            ("cube_month", "Bringing the cube alone up to date …", ["cube", copied]),
            ("cube", "The cube alone anew …", ["cube_anew", copied]),
            ("month", "Publishing …", ["publish", home]),
            ("anew", "Publishing anew …", ["anew", home]),
        ):
            say(told)
            if name == "cube_month":  # in a copy: the publishing measured next must find it to do
                shutil.rmtree(copied, ignore_errors=True)
                shutil.copytree(home, copied)
            figures[name] = run_step("bench.cube_step", *map(str, arguments))
        shutil.rmtree(copied)
    brought, whole = (
        [figures[name][key] for key in ("observations", "digest")] for name in ("month", "anew")
    )
    assert brought == whole, f"the two builds differ: {brought}, {whole}"
    return {
        "rows": options.rows,
        "volunteers": volunteers,
        "bare": {"seconds": bare["load_seconds"], "cpu_seconds": bare["load_cpu_seconds"],
                 "peak_memory_mib": bare["peak_memory_mib"]},
        **figures,
        "cube_to_bare": figures["cube"]["cpu_seconds"] / bare["load_cpu_seconds"],
        "cube_to_bare_by_clock": figures["cube"]["seconds"] / bare["load_seconds"],
        "cube_month_to_cube": figures["cube_month"]["cpu_seconds"] / figures["cube"]["cpu_seconds"],
        "build_to_bare": figures["anew"]["cpu_seconds"] / bare["load_cpu_seconds"],
        "month_to_build": figures["month"]["cpu_seconds"] / figures["anew"]["cpu_seconds"],
        "month_with_load": (figures["load_month"]["cpu_seconds"] + figures["month"]["cpu_seconds"])
        / (figures["load"]["cpu_seconds"] + figures["first"]["cpu_seconds"]),
        "machine": machine_facts(),
    }  # fmt: skip


def table(figures: Figures) -> str:
    """The figures for people, in CPU seconds of all threads: on a busy machine they are the steadier ones."""
    machine = figures["machine"]
    lines = [
        f"{figures['rows']:,} service records of {figures['volunteers']:,} persons in {MONTHS} months",
        f"DuckDB {machine['duckdb']}, Python {machine['python']}, {machine['cores']} cores, "
        f"{machine['memory_gib']} GiB",
        "",
        f"{'':34}{'seconds':>10}{'CPU s':>10}{'peak MiB':>10}",
    ]
    for name, title in (
        ("bare", "bare typed load"),
        ("cube", "the cube alone, everything"),
        ("cube_month", "the cube alone, after a month"),
        ("first", "publish, first time"),
        ("month", "publish after a monthly drop"),
        ("anew", "publish anew, everything"),
    ):
        one = figures[name]
        lines.append(
            f"{title:34}{one['seconds']:>10.2f}{one['cpu_seconds']:>10.2f}{one['peak_memory_mib']:>10,.0f}"
        )
    return "\n".join(
        [
            *lines,
            "",
            f"cube / bare typed load: {figures['cube_to_bare']:.2f} "
            f"(by the clock {figures['cube_to_bare_by_clock']:.2f})    "
            f"cube after a month / cube: {figures['cube_month_to_cube']:.3f}",
            f"build / bare typed load: {figures['build_to_bare']:.2f}    "
            f"monthly / whole build: {figures['month_to_build']:.3f}    "
            f"monthly load and publish / all: {figures['month_with_load']:.3f}    (CPU time)",
            f"{figures['month']['observations']:,} observations, the same in both builds",
        ]
    )
