"""Strict reading of the small tables in data/reference (one call per table, one Row per line).

People edit these files by hand, in Excel as often as not, so every fault is reported where it can be
repaired: file, row (as a spreadsheet numbers it, the header being row 1), column, what was found, what was
expected. A fault stops the load: a reference table that is half right would give wrong figures quietly.
"""

import csv
import difflib
import io
import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path


class ReferenceFault(ValueError):
    """A table in data/reference cannot be used; the message says where and what was expected.

    Of a fault in one cell, where it is and what was found there.
    """

    def __init__(
        self, message: str, row_no: int = 0, column: str = "", found: str = "", repeats: int | None = None
    ) -> None:
        super().__init__(message)
        self.row_no = row_no
        self.column = column
        self.found = found
        self.repeats = repeats  # the row that has the same key


def nearest_to(found: str, known: Iterable[str]) -> str:
    """The nearest known spelling, or '' when none is near."""
    return next(iter(difflib.get_close_matches(found, list(known), n=1, cutoff=0.6)), "")


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """A closing sentence naming the nearest known spelling, or nothing when none is near."""
    nearest = nearest_to(found, known)
    return f" Did you mean '{nearest}'?" if nearest else ""


@dataclass(frozen=True)
class PartialDate:
    """A date as precise as its source printed it: '2021', '2021-12' or '2021-12-15'."""

    text: str
    first: date  # the earliest day it can mean
    last: date  # the latest day it can mean

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Raises ValueError for anything else, 2021-02-30 included."""
        match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text)
        if not match:
            raise ValueError(f"'{text}' is not a year, a month or a day")
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        first = date(year, month or 1, day or 1)
        if day:
            return cls(text, first, first)
        last_month = month or 12
        return cls(text, first, date(year, last_month, monthrange(year, last_month)[1]))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Row:
    """One line of a reference table, still text; the methods type a column or name the fault."""

    file: str
    row_no: int
    values: dict[str, str]

    def fault(self, column: str, expected: str, hint: str = "") -> ReferenceFault:
        found = self.values.get(column, "")
        return ReferenceFault(
            f"{self.file}, row {self.row_no}, column {column}: found '{found}', expected {expected}.{hint}",
            self.row_no,
            column,
            found,
        )

    def text(self, column: str) -> str:
        """The cell as written; blank stays ''."""
        return self.values[column]

    def required(self, column: str) -> str:
        if not self.values[column]:
            raise self.fault(column, "a value")
        return self.values[column]

    def choice(self, column: str, allowed: Iterable[str]) -> str:
        known = sorted(allowed)
        value = self.values[column]
        if value not in known:
            expected = "one of " + ", ".join(f"'{member}'" for member in known)
            raise self.fault(column, expected, did_you_mean(value, known))
        return value

    def reference(self, column: str, known: Iterable[str], what: str) -> str:
        """A key of another table, e.g. an area code of areas.csv."""
        value = self.values[column]
        listed = list(known)
        if value not in listed:
            raise self.fault(column, what, did_you_mean(value, listed))
        return value

    def number(self, column: str) -> Decimal | None:
        """A decimal number exactly as printed; blank is None, never 0."""
        value = self.values[column]
        if not value:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise self.fault(column, "a number without unit or thousands separator") from None
        if not number.is_finite():
            raise self.fault(column, "a finite number")
        return number

    def partial_date(self, column: str) -> "PartialDate | None":
        """A year, a month or a day, as precise as it was printed; blank is None."""
        value = self.values[column]
        if not value:
            return None
        try:
            return PartialDate.parse(value)
        except ValueError:
            raise self.fault(column, "a year, month or day such as 2021, 2021-12 or 2021-12-15") from None

    def integer(self, column: str) -> int:
        if not re.fullmatch(r"\d+", self.values[column]):
            raise self.fault(column, "a whole number")
        return int(self.values[column])

    def boolean(self, column: str) -> bool:
        return self.choice(column, ("true", "false")) == "true"


def read_rows(
    path: Path, columns: Sequence[str], key: Sequence[str], or_encoding: str | None = None
) -> list[Row]:
    """Every row of a table whose header holds exactly `columns` (any order) and whose `key` is unique.

    A byte-order mark (Excel writes one) and wholly blank lines are accepted; a missing, unknown or repeated
    column, a row with too many or too few fields and a repeated key are refused. The table is UTF-8; what is not
    is read in `or_encoding`, where one is given.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ReferenceFault(f"{path.name}: not found in {path.parent.name}/, expected a table.") from None
    lines = list(csv.reader(io.StringIO(_decoded(path, content, or_encoding), newline="")))
    if not lines:
        raise ReferenceFault(f"{path.name}, row 1: found an empty file, expected the header {list(columns)}.")
    header = [name.strip() for name in lines[0]]
    require_header(path.name, header, columns)
    rows = []
    first_seen: dict[tuple[str, ...], int] = {}
    for row_no, fields in enumerate(lines[1:], start=2):
        if not any(field.strip() for field in fields):
            continue
        if len(fields) != len(header):
            raise ReferenceFault(
                f"{path.name}, row {row_no}: found {len(fields)} fields, expected {len(header)}."
            )
        row = Row(path.name, row_no, dict(zip(header, (field.strip() for field in fields), strict=True)))
        key_values = tuple(row.values[column] for column in key)
        if key_values in first_seen:
            fault = row.fault(key[-1], f"a key ({', '.join(key)}) not used in row {first_seen[key_values]}")
            fault.repeats = first_seen[key_values]
            raise fault
        first_seen[key_values] = row_no
        rows.append(row)
    return rows


def _decoded(path: Path, content: bytes, or_encoding: str | None) -> str:
    place = 0
    for encoding in ("utf-8-sig", or_encoding) if or_encoding else ("utf-8-sig",):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            place = error.start
    expected = f"UTF-8 or {or_encoding.upper()}" if or_encoding else "UTF-8"
    raise ReferenceFault(f"{path.name}: byte {place} is not {expected}, expected a {expected} file.")


def require_header(file: str, header: Sequence[str], columns: Sequence[str]) -> None:
    for name in header:
        if name not in columns:
            raise ReferenceFault(
                f"{file}, row 1, column {name}: unknown column, expected one of {', '.join(columns)}."
                + did_you_mean(name, columns)
            )
    for name in columns:
        if header.count(name) != 1:
            found = "no such column" if name not in header else "the column more than once"
            raise ReferenceFault(f"{file}, row 1, column {name}: found {found}, expected it once.")
