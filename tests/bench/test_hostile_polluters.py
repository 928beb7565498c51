"""Every polluter really pollutes, and what it says of its files is true; the command prints the table."""

import csv
import io
import re
from pathlib import Path

import pytest

from bench.hostile import READERS, TITLES, cell, evenly
from bench.polluters import Dirty, Polluter, load_polluters
from bench.polluters.clean import RECORD, joined, make_clean, record_of
from tests.commands import run

CLEAN = make_clean()
# Everything a polluter may take records from: the clean drop, and second tables made of the records after it.
BY_NUMBER = {row[RECORD]: record_of(row) for row in make_clean(300).rows}
POLLUTERS = load_polluters()
# A line end in a quoted cell: there a row is not a line, and quotes are as they should be.
LEGAL_QUOTES = ("row_multiline_cells", "supplier_decorated_headers")
by_class = pytest.mark.parametrize("polluter", POLLUTERS, ids=lambda polluter: polluter.name)


@by_class
def test_every_file_differs_from_the_clean_one_and_from_the_others(polluter: Polluter) -> None:
    contents = [dirty.content for dirty in polluter.files(CLEAN)]
    assert contents
    assert len({joined(CLEAN.lines()), *contents}) == len(contents) + 1


@by_class
def test_a_row_is_the_record_whose_number_it_shows(polluter: Polluter) -> None:
    for dirty in polluter.files(CLEAN):
        rows = rows_of(dirty, polluter.name in LEGAL_QUOTES)
        shown = {row_no: re.findall(r"J\d{6}", rows[row_no - 1]) for row_no in dirty.truth}
        numbers = {row_no: found[0] for row_no, found in shown.items() if len(found) == 1}
        if polluter.name == "file_number_columns":  # the narrow one says less, and shows no number
            continue
        assert {row_no: BY_NUMBER[number] for row_no, number in numbers.items()} == {
            row_no: dirty.truth[row_no] for row_no in numbers
        }
        assert len(numbers) >= min(len(dirty.truth), 200)


@by_class
def test_what_a_class_does_is_said(polluter: Polluter) -> None:
    assert len(polluter.about) > 10
    assert polluter.family
    assert "|" not in polluter.about, "it stands in a table"


def rows_of(dirty: Dirty, quotes_are_legal: bool) -> list[str]:
    """The rows as a spreadsheet numbers them."""
    text = decoded(dirty.content)
    if quotes_are_legal:
        return [",".join(cells) for cells in csv.reader(io.StringIO(text, newline=""))]
    return re.split(r"\r\n|\n|\r", text)


def decoded(content: bytes) -> str:
    if b"\0" in content[:40]:
        has_mark = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        return content.decode("utf-16" if has_mark else "utf-16-le")
    return content.decode("utf-8", "replace")


def test_the_clean_drop_is_the_same_every_time() -> None:
    assert make_clean() == CLEAN
    assert make_clean(300).records[200:] == make_clean(100, first=200).records


def test_a_few_files_of_a_class_are_chosen_evenly() -> None:
    files = [Dirty(bytes([number]), {}) for number in range(10)]
    assert evenly(files, None) == evenly(files, 10) == files
    assert [dirty.content[0] for dirty in evenly(files, 3)] == [0, 4, 9]
    assert evenly(files, 1) == files[:1]


def test_a_nought_is_a_point() -> None:
    assert cell({"recovered": 1200, "set_aside": 0, "lost": 3, "wrong": 0}) == "1,200 / · / 3 / ·"


def test_the_command_prints_figures_and_a_table(tmp_path: Path) -> None:
    only = ("bench", "hostile", "--only", "file_one_data_row")
    figures = run(*only, "--keep", tmp_path / "kept", "--json").require().json()
    assert [one["name"] for one in figures["classes"]] == ["file_one_data_row"]
    assert set(figures["totals"]) == set(READERS)
    assert all(found["recovered"] == found["rows"] == 1 for found in figures["totals"].values())
    (kept,) = (tmp_path / "kept").iterdir()
    assert kept.read_bytes() == joined(CLEAN.lines()[:2])
    printed = run(*only).require().out
    assert all(title in printed for title in TITLES.values())
    assert "| **all** | 1 | 1 | 1 / · / · / · |" in run(*only, "--markdown").require().out
