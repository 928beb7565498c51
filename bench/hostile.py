"""`python -m bench hostile`: what readers make of a service-hours drop polluted in every way we know of.

For each reader and file the rows of data are counted: recovered (loaded, every value as it was), set aside (not
loaded, and the reader says so), lost (not loaded, and nobody is told); and rows that are wrong: loaded with
another value, or loaded though they are no data. A wrong row is taken for the row it came from, so a row
counts once. A refused file sets all its rows aside.
"""

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import rivals
from bench.measure import machine_facts
from bench.polluters import Dirty, Polluter, load_polluters
from bench.polluters.clean import make_clean
from bench.redvest_reader import Redvest
from bench.rivals import Reading

READERS = ("redvest", "duckdb", "duckdb_lenient", "pandas", "pandas_sniffing")
TITLES = {
    "redvest": "Redvest",
    "duckdb": "DuckDB sniffer",
    "duckdb_lenient": "DuckDB lenient",
    "pandas": "pandas",
    "pandas_sniffing": "pandas sep=None",
}
Figures = dict[str, Any]


@dataclass
class Score:
    """Rows of data and what became of them; `misnumbered` rows are recovered under another row number."""

    rows: int = 0
    recovered: int = 0
    set_aside: int = 0
    lost: int = 0
    wrong: int = 0
    misnumbered: int = 0

    def add(self, other: "Score") -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass
class ClassScore:
    """The scores of one class of pollution, by reader."""

    polluter: Polluter
    files: int = 0
    scores: dict[str, Score] = field(default_factory=lambda: {reader: Score() for reader in READERS})


def score(dirty: Dirty, reading: Reading) -> Score:
    """Compare what was loaded with what the file says."""
    truth = Counter(dirty.truth.values())
    if reading.is_refused:
        return Score(rows=truth.total(), set_aside=truth.total())
    loaded = Counter(reading.records)
    recovered = (loaded & truth).total()
    wrong = (loaded - truth).total()
    missing = truth - loaded
    if reading.set_aside_rows is None or reading.by_row is None:
        told, misnumbered = reading.set_aside, 0
    else:  # a reader that numbers its rows is held to the numbers
        told = sum(
            record in missing and row_no in reading.set_aside_rows for row_no, record in dirty.truth.items()
        )
        misnumbered = sum(
            record in truth and dirty.truth.get(row_no) != record for row_no, record in reading.by_row.items()
        )
    set_aside = min(missing.total(), told)
    lost = max(0, missing.total() - set_aside - wrong)
    return Score(truth.total(), recovered, set_aside, lost, wrong, misnumbered)


def measure(
    folder: Path,
    polluters: Iterable[Polluter],
    most_files: int | None = None,
    keep: Callable[[Polluter, int, Path], None] = lambda polluter, number, path: None,
) -> list[ClassScore]:
    """Score every reader on every file of these classes, or on `most_files` of each, evenly chosen."""
    clean = make_clean()
    redvest = Redvest(folder, clean)
    readers: dict[str, Callable[[Path], Reading]] = {
        "redvest": redvest,
        "duckdb": rivals.DuckDB(),
        "duckdb_lenient": rivals.DuckDB(is_lenient=True),
        "pandas": rivals.pandas_default,
        "pandas_sniffing": rivals.pandas_sniffing,
    }
    found = []
    for polluter in polluters:
        one = ClassScore(polluter)
        for number, dirty in enumerate(evenly(polluter.files(clean), most_files), 1):
            path = redvest.written(dirty.content)
            keep(polluter, number, path)
            one.files += 1
            for name in READERS:
                one.scores[name].add(score(dirty, readers[name](path)))
        found.append(one)
    return found


def evenly(files: list[Dirty], most: int | None) -> list[Dirty]:
    """At most so many of the files, the first and the last among them."""
    if most is None or len(files) <= most:
        return files
    return [files[place * (len(files) - 1) // max(most - 1, 1)] for place in range(most)]


def totals(classes: Iterable[ClassScore]) -> dict[str, Score]:
    summed = {reader: Score() for reader in READERS}
    for one in classes:
        for reader in READERS:
            summed[reader].add(one.scores[reader])
    return summed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", metavar="TEXT", help="only classes with this text in their name")
    parser.add_argument("--most", type=int, metavar="N", help="at most N files of each class")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the polluted files in DIR")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")


def run(options: argparse.Namespace) -> Figures:
    polluters = [one for one in load_polluters() if not options.only or options.only in one.name]

    def keep(polluter: Polluter, number: int, path: Path) -> None:
        if options.keep is not None:
            options.keep.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, options.keep / f"{polluter.name}_{number:02}.csv")

    sys.stderr.write(f"{len(polluters)} classes of pollution, {len(READERS)} readers …\n")
    with tempfile.TemporaryDirectory(prefix="redvest-hostile-") as folder:
        classes = measure(Path(folder), polluters, options.most, keep)
    return {
        "classes": [
            {
                "name": one.polluter.name,
                "family": one.polluter.family,
                "about": one.polluter.about,
                "files": one.files,
                "readers": {reader: vars(found) for reader, found in one.scores.items()},
            }
            for one in classes
        ],
        "files": sum(one.files for one in classes),
        "totals": {reader: vars(found) for reader, found in totals(classes).items()},
        "machine": machine_facts(),
    }


def cell(found: dict[str, int]) -> str:
    """recovered / set aside / lost / wrong; a nought is a point, so that what is there can be seen."""
    return " / ".join(f"{found[name]:,}" if found[name] else "·" for name in OUTCOMES)


OUTCOMES = ("recovered", "set_aside", "lost", "wrong")


def table(figures: Figures) -> str:
    """The figures for people: one line a class, the totals last."""
    lines = [f"{'recovered / set aside / lost / wrong':42}{'files':>6}{'rows':>8}"]
    lines[0] += "".join(f"{TITLES[reader]:>30}" for reader in READERS)
    for one in [
        *figures["classes"],
        {"name": "total", "files": figures["files"], "readers": figures["totals"]},
    ]:
        rows = one["readers"]["redvest"]["rows"]
        cells = "".join(f"{cell(one['readers'][reader]):>30}" for reader in READERS)
        lines.append(f"{one['name']:42}{one['files']:>6}{rows:>8,}{cells}")
    return "\n".join(lines)


def markdown(figures: Figures) -> str:
    """The same table for the documentation, family by family."""
    lines = []
    for place, one in enumerate(figures["classes"]):
        if not place or figures["classes"][place - 1]["family"] != one["family"]:
            titles = " | ".join(TITLES[reader] for reader in READERS)
            lines += [
                "",
                f"| {one['family']} | files | rows | {titles} |",
                "|---|---:|---:" + "|---:" * 5 + "|",
            ]
        lines.append(row(f"`{one['name']}`: {one['about']}", one["files"], one["readers"]))
    return "\n".join([*lines[1:], row("**all**", figures["files"], figures["totals"])])


def row(title: str, files: int, readers: dict[str, dict[str, int]]) -> str:
    cells = " | ".join(cell(readers[reader]) for reader in READERS)
    return f"| {title} | {files} | {readers['redvest']['rows']:,} | {cells} |"
