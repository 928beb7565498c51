"""`python -m bench query`: how long a question to a build takes, and whether it grows with the records behind it.

A representative set (every indicator, in every window it has: a city, by district, by gender, 36 periods in a row) is
asked over and over of one build, or of two in turn, so that a busy moment of the machine strikes both.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.ingest import say
from bench.measure import machine_facts
from metrics.build import Build, open_build
from metrics.catalogue import load_catalogue
from metrics.observation import Observation
from metrics.periods import PERIOD_KINDS, Period
from metrics.query import query, series

Figures = dict[str, Any]
PERIODS = 36
MOST_P95_MS, MOST_RATIO = 20.0, 1.2
SLOWEST = 5


@dataclass(frozen=True)
class Question:
    """One call of query() or series(), by what it is about."""

    name: str
    shape: str  # city | by district | by gender | series
    ask: Callable[[], list[Observation]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--home", type=Path, required=True, metavar="DIR", help="a data home with a build")
    parser.add_argument("--home2", type=Path, metavar="DIR", help="another one, of more records, to compare")
    parser.add_argument("--repeat", type=int, default=5, help="rounds over all questions after a first one")


def run(options: argparse.Namespace) -> Figures:
    """Ask all questions of each build once to warm it, then `repeat` times, the builds in turn."""
    homes = [home for home in (options.home, options.home2) if home is not None]
    builds = [require_build(home) for home in homes]
    asked = [list(questions(build)) for build in builds]
    names = [[one.name for one in its] for its in asked]
    if any(its != names[0] for its in names):
        raise SystemExit("The builds hold different cities or months, so their questions are not the same.")
    say(f"{len(names[0])} questions, {options.repeat} rounds …")
    cpu = np.zeros((len(builds), options.repeat, len(names[0])))
    clock = np.zeros_like(cpu)
    for turn in range(-1, options.repeat):
        for number in range(len(names[0])):
            for place in range(len(builds)):
                seconds = timed(asked[place][number].ask)
                if turn >= 0:
                    cpu[place, turn, number], clock[place, turn, number] = seconds
    found = [
        figures_of(build, its, cpu[place], clock[place])
        for place, (build, its) in enumerate(zip(builds, asked, strict=True))
    ]
    result = {
        "questions": len(names[0]),
        "repeat": options.repeat,
        "builds": found,
        "machine": machine_facts(),
    }
    if len(found) == 2:
        result["ratio"] = {key: found[1]["cpu"][key] / found[0]["cpu"][key] for key in ("p50", "p95")}
        medians = np.median(cpu, axis=1)
        # The typical question, whatever else the few slow ones do.
        result["ratio"]["of_one_question"] = float(np.median(medians[1] / medians[0]))
    return result


def require_build(home: Path) -> Build:
    build = open_build(home)
    if build is None:
        raise SystemExit(f"Nothing has been published in {home}.")
    return build


def timed(ask: Callable[[], list[Observation]]) -> tuple[float, float]:
    """CPU seconds of this thread, in which a build's queries run, and seconds by the clock."""
    started, cpu_started = time.perf_counter(), time.thread_time()
    ask()
    return time.thread_time() - cpu_started, time.perf_counter() - started


def questions(build: Build) -> Iterator[Question]:
    """Every indicator as a city's figure, by district, by gender and over time, in every window it has."""
    city = build.cities_with_data()[0]
    for indicator in load_catalogue().all():
        for window in indicator.windows():
            kind = window if window in PERIOD_KINDS else "month"
            period = build.last_period(city, kind)
            assert period is not None, "a city with data has a last period"
            shapes: list[tuple[str, str | None]] = [("city", None), ("by district", "district")]
            if "gender" in indicator.dimensions and window in indicator.windows("gender"):
                shapes.append(("by gender", "gender"))
            for shape, by in shapes:
                yield Question(
                    f"{indicator.id} {window} {shape}",
                    shape,
                    asking(build, indicator.id, city, period, window, by),
                )
            yield Question(
                f"{indicator.id} {window} series",
                "series",
                over_time(build, indicator.id, city, period, window),
            )


def asking(
    build: Build, indicator_id: str, city: str, period: Period, window: str, by: str | None
) -> Callable[[], list[Observation]]:
    return lambda: query(build, indicator_id, city, period, window, by=by)


def over_time(
    build: Build, indicator_id: str, city: str, period: Period, window: str
) -> Callable[[], list[Observation]]:
    return lambda: series(build, indicator_id, city, period, window, PERIODS)


def figures_of(build: Build, asked: list[Question], cpu: Any, clock: Any) -> Figures:
    """Milliseconds; p50 and p95 over every single call, by shape too, and the slowest questions (CPU, median)."""
    shapes = {
        shape: spread(cpu[:, [one.shape == shape for one in asked]])
        for shape in dict.fromkeys(one.shape for one in asked)
    }
    medians = 1000 * np.median(cpu, axis=0)
    slowest = [
        {"question": asked[place].name, "ms": float(medians[place])}
        for place in np.argsort(-medians)[:SLOWEST]
    ]
    (observations,) = build.rows("SELECT count(*) FROM observations")[0]
    (records,) = build.rows(
        "SELECT coalesce(sum(rows_accepted), 0) FROM drops WHERE source = 'service_hours'"
    )[0]
    return {
        "build_id": build.build_id, "records": int(records), "observations": int(observations),
        "cpu": spread(cpu), "clock": spread(clock), "shapes": shapes, "slowest": slowest,
    }  # fmt: skip


def spread(seconds: Any) -> dict[str, float]:
    p50, p95 = np.percentile(1000 * np.asarray(seconds), (50, 95))
    return {"p50": float(p50), "p95": float(p95)}


def table(figures: Figures) -> str:
    """The figures for people, in milliseconds."""
    machine = figures["machine"]
    lines = [
        f"{figures['questions']} questions, {figures['repeat']} rounds after a first one, of a warm build",
        f"DuckDB {machine['duckdb']}, Python {machine['python']}, {machine['cores']} cores, "
        f"{machine['memory_gib']} GiB",
        "",
        f"{'milliseconds':30}{'CPU p50':>10}{'CPU p95':>10}{'clock p50':>11}{'clock p95':>11}",
    ]
    for one in figures["builds"]:
        title = f"{one['records']:,} records"
        lines.append(
            f"{title:30}{one['cpu']['p50']:>10.2f}{one['cpu']['p95']:>10.2f}"
            f"{one['clock']['p50']:>11.2f}{one['clock']['p95']:>11.2f}"
        )
        lines += [
            f"  {shape:28}{its['p50']:>10.2f}{its['p95']:>10.2f}" for shape, its in one["shapes"].items()
        ]
        lines += [f"  slowest: {its['question']} {its['ms']:.1f}" for its in one["slowest"]]
    lines.append("")
    if "ratio" in figures:
        ratio = figures["ratio"]
        lines.append(
            f"more / fewer records (CPU): p50 {ratio['p50']:.2f}, p95 {ratio['p95']:.2f}, "
            f"one question {ratio['of_one_question']:.2f}    aim: <= {MOST_RATIO}"
        )
    lines.append(f"aim: p95 <= {MOST_P95_MS:.0f} ms")
    return "\n".join(lines)
