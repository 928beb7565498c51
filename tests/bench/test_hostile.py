"""Polluted drops: the pollutions are real, and Redvest loads nothing wrong from any of them.

Every reader gets the first file of each class, which is the most telling one; `python -m bench hostile` takes
all of them.
"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bench import hostile, rivals
from bench.hostile import ClassScore, Score, measure, score, totals
from bench.polluters import Dirty, load_polluters
from bench.polluters.clean import joined, make_clean
from bench.rivals import Reading

CLEAN = make_clean()
NAMES = [polluter.name for polluter in load_polluters()]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ClassScore]:
    found = measure(tmp_path_factory.mktemp("hostile"), load_polluters(), most_files=1)
    return {one.polluter.name: one for one in found}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_loaded_wrong_and_no_row_is_lost(name: str, measured: dict[str, ClassScore]) -> None:
    found = measured[name].scores["redvest"]
    assert (found.wrong, found.lost, found.misnumbered) == (0, 0, 0)
    assert found.recovered + found.set_aside == found.rows


def test_more_is_recovered_than_by_any_other_reader(measured: dict[str, ClassScore]) -> None:
    recovered = {reader: found.recovered for reader, found in totals(measured.values()).items()}
    assert recovered["redvest"] == max(recovered.values())


def test_the_others_load_what_is_wrong(measured: dict[str, ClassScore]) -> None:
    """If they did not, the benchmark would show nothing (or their adapters would do our work)."""
    found = totals(measured.values())
    assert all(found[reader].wrong > 0 for reader in hostile.READERS if reader != "redvest")


def test_every_reader_reads_the_clean_drop_wholly(tmp_path: Path) -> None:
    path = tmp_path / "clean.csv"
    path.write_bytes(joined(CLEAN.lines()))
    dirty = Dirty(path.read_bytes(), CLEAN.truth())
    readers = (
        rivals.DuckDB(),
        rivals.DuckDB(is_lenient=True),
        rivals.pandas_default,
        rivals.pandas_sniffing,
    )
    for reader in readers:
        assert score(dirty, reader(path)) == Score(rows=200, recovered=200)


RECORDS = CLEAN.records[:3]
DIRTY = Dirty(b"", dict(enumerate(RECORDS, 2)))
OTHER = replace(RECORDS[0], minutes=RECORDS[0].minutes + 60)


def test_a_refused_file_sets_its_rows_aside() -> None:
    assert score(DIRTY, Reading(is_refused=True)) == Score(rows=3, set_aside=3)


def test_a_row_nobody_told_of_is_lost() -> None:
    assert score(DIRTY, Reading(list(RECORDS[:2]))) == Score(rows=3, recovered=2, lost=1)


def test_a_wrong_row_is_the_row_it_came_from() -> None:
    found = score(DIRTY, Reading([OTHER, RECORDS[1]], set_aside=1))
    assert found == Score(rows=3, recovered=1, set_aside=1, wrong=1)


def test_what_is_no_data_or_comes_twice_is_wrong() -> None:
    found = score(DIRTY, Reading([*RECORDS, OTHER, RECORDS[2]]))
    assert found == Score(rows=3, recovered=3, wrong=2)


def test_a_reader_that_numbers_its_rows_is_held_to_the_numbers() -> None:
    by_row = {2: RECORDS[0], 4: RECORDS[1]}
    reading = Reading([RECORDS[0], RECORDS[1]], 1, False, by_row, frozenset({3}))
    assert score(DIRTY, reading) == Score(rows=3, recovered=2, lost=1, misnumbered=1)


def test_an_equal_number_of_minutes_is_equal_however_written() -> None:
    written = [replace(record, minutes=Decimal(f"{record.minutes:.4f}")) for record in RECORDS]
    assert score(DIRTY, Reading(written)) == Score(rows=3, recovered=3)
