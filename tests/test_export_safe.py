"""Tables that leave: a spreadsheet runs nothing in them, and numbers stay numbers."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.export_safe import safe_cell, safe_row, safe_table

RUN = [
    "=HYPERLINK(\"http://x\")", "=1+1", "+1+1", "+86 138", "-1+1", "-cmd|' /C calc'!A0", "-2.5.1", "--2", "-",
    "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "\u3000=1", "\ufeff=1", "＝1+1", "＋1", "－1", "＠A1", "-1,5,0",
]  # fmt: skip
KEPT = [
    "",
    "路南区",
    "1.csv",
    "a=b",
    "2021-05-01",
    "0",
    "2.5",
    "-2.5",
    "-3",
    "-0.004",
    "-1e-05",
    "-1,234.5",
    "-12%",
]
VALUES = [-2.5, -3, Decimal("-1.50"), date(2021, 5, 1), None, True]


@pytest.mark.parametrize("text", RUN)
def test_a_text_a_spreadsheet_would_run_is_led_by_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", KEPT)
def test_other_texts_and_negative_numbers_stay_untouched(text: str) -> None:
    assert safe_cell(text) == text


def test_values_that_are_no_texts_stay_what_they_are() -> None:
    assert safe_row(VALUES) == VALUES


@given(st.text())
def test_no_text_comes_out_that_begins_like_a_formula_unless_it_is_a_number(text: str) -> None:
    safe = str(safe_cell(text))
    assert safe.removeprefix("'") == text.removeprefix("'")
    if safe[:1] in ("=", "+", "@", "\t", "\r"):
        pytest.fail(f"{safe!r} would be run")
    if safe.startswith("-"):
        assert float(safe.rstrip("%").replace(",", "")) <= 0


@given(st.floats(max_value=0, allow_nan=False, allow_infinity=False))
def test_every_negative_number_python_can_write_survives(number: float) -> None:
    assert safe_cell(repr(number)) == repr(number)
    assert safe_cell(f"{number:,.3f}") == f"{number:,.3f}"


def test_a_table_of_arrow_is_made_safe_column_by_column() -> None:
    table = pa.table(
        {
            "name": pa.chunked_array([pa.array(["=1", None]), pa.array(["fine", "=1"])]),
            "value": [-2.5, 1.0, None, 2.0],
        }
    )
    safe = safe_table(table)
    assert safe.schema == table.schema
    assert safe.to_pydict() == {"name": ["'=1", None, "fine", "'=1"], "value": [-2.5, 1.0, None, 2.0]}


def test_the_pages_and_the_command_line_write_safe_cells() -> None:
    from pages.components.downloads import table_csv

    content = table_csv(["=head"], [["@SUM(A1)"], ["-2.5"], [-2.5], [None], ["\tx"]]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content))) == [
        ["'=head"],
        ["'@SUM(A1)"],
        ["-2.5"],
        ["-2.5"],
        [""],
        ["'\tx"],
    ]
