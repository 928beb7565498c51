"""Cells of tables that leave for a spreadsheet: what it would run as a formula is written as text.

A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return, and a file name or a
label in a drop is written by strangers. An apostrophe in front makes it text. A number keeps its sign: -2.5
with an apostrophe could not be added up any more. A leaf: everything that writes a table may import it.
"""

import re
from collections.abc import Iterable

import pyarrow as pa

# Full-width signs too: a Chinese or Japanese spreadsheet reads ＝ as =. Spaces may come before them.
_RUNS = re.compile(r"[\s\ufeff\u200b]*[=+\-@＝＋－＠]|[\t\r\n]")
# Thousands separators, an exponent and a percent sign still make a number.
_NUMBER = re.compile(r"-([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?([eE][+-]?[0-9]+)?%?")


def safe_cell(value: object) -> object:
    """The value as a table may hold it. Only text can be run; numbers, dates and None come back as they are."""
    if isinstance(value, str) and _RUNS.match(value) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def safe_row(values: Iterable[object]) -> list[object]:
    return [safe_cell(value) for value in values]


def safe_table(table: pa.Table) -> pa.Table:
    """The same table with every text cell safe; each distinct text is looked at once, not each row."""
    for place, column in enumerate(table.schema):
        if pa.types.is_string(column.type):
            texts = table.column(place).combine_chunks().dictionary_encode()
            safe = pa.array(safe_row(texts.dictionary.to_pylist()), pa.string())
            if safe.equals(texts.dictionary):
                continue  # mostly, and putting the column together again would cost as much as writing it
            table = table.set_column(
                place, column, pa.DictionaryArray.from_arrays(texts.indices, safe).cast(pa.string())
            )
    return table
