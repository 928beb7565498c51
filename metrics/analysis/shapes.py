"""How the lists of a finding are laid out for a reader: which field names a row, which are drawn, and as what.

One Shape a list, beside its analysis in registry.py. Whoever draws knows the kinds and no analysis, so that a new
analysis of a known kind needs nothing else; a list without a shape is a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from metrics.analysis.fields import field_of, written
from metrics.analysis.finding import Finding, plain
from metrics.catalogue import load_catalogue
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.sentences import status_text

KINDS = ("bars", "lines", "bands", "grid", "funnel")
COMMON = {one.name for one in fields(Finding)}
# Said in the sentence or in other words beside it.
UNTOLD = {
    "indicator",
    "group_id",
    "group_version",
    "composite",
    "window",
    "note_zh",
    "note_en",
    "name_zh",
    "name_en",
}
UNTOLD |= {"zh", "en", "area_name", "parts", "code", "observation", "has_intervals", "told_status"}


@dataclass(frozen=True)
class Shape:
    """`of` is the list ('': the finding itself, each drawn field a bar); `name` the field a row is called by.

    bars: one bar a row and drawn field, with whiskers from `lower` to `upper`; `levels`, fields of the finding, are
    drawn across. lines: the same along a line. bands: a line over the percentiles of its peers. grid: `name` down,
    `across` across, one number a cell. funnel: the drawn field over `across`, with the lines of the list `curve`.
    """

    kind: str
    zh: str
    en: str
    of: str = "rows"
    name: str = "area_code"
    drawn: tuple[str, ...] = ("value",)
    lower: str = ""
    upper: str = ""
    across: str = ""
    curve: str = ""
    levels: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()  # fields that are fractions of 1 here, whatever they are elsewhere

    def title(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    def unit(self, name: str) -> str:
        return "share" if name in self.shares else field_of(name).unit


TABLE = Shape("", "", "", name="")


@dataclass(frozen=True)
class Cell:
    """`number` as a table of a spreadsheet wants it, `text` as a reader does."""

    number: Any
    text: str


@dataclass(frozen=True)
class Listing:
    """One list of a finding as a table: columns (field → heading), the numeric ones, and a row of cells each."""

    title: str
    columns: Mapping[str, str]
    numeric: frozenset[str]
    rows: list[dict[str, Cell]] = field(default_factory=list)


def indicator_of(found: Finding) -> Indicator | None:
    name = getattr(found, "indicator", "")
    return load_catalogue().indicator(name) if name else None


def shape_of(shapes: tuple[Shape, ...], name: str) -> Shape:
    return next((shape for shape in shapes if shape.of == name), TABLE)


def listings(found: Finding, shapes: tuple[Shape, ...], lang: str) -> list[Listing]:
    """Every list of rows of a finding, `rows` first; the points of a drawn curve are no table."""
    curves = {shape.curve for shape in shapes}
    names = [one.name for one in fields(found) if is_list_of_rows(getattr(found, one.name))]
    ordered = sorted((name for name in names if name not in curves), key=lambda name: name != "rows")
    return [listing(found, name, shape_of(shapes, name), lang) for name in ordered]


def is_list_of_rows(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and is_dataclass(value[0])


def listing(found: Finding, name: str, shape: Shape, lang: str) -> Listing:
    rows = [row_cells(row, shape, indicator_of(found), lang) for row in getattr(found, name)]
    keys = list(dict.fromkeys(key for row in rows for key in row))
    numeric = {key for key in keys if any(is_number(row[key].number) for row in rows if key in row)}
    columns = {key: field_of(key).name(lang) for key in keys}
    return Listing(shape.title(lang), columns, frozenset(numeric), rows)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def row_cells(row: Any, shape: Shape, indicator: Indicator | None, lang: str) -> dict[str, Cell]:
    """Names and texts are those of the language; a dictionary (percentiles) becomes a column a key."""
    cells: dict[str, Cell] = {}
    texts = {one.name for one in fields(row)}
    for one in fields(row):
        name, value = one.name, getattr(row, one.name)
        if name == "name_zh" or (name == "zh" and "en" in texts):
            text = getattr(row, name[:-2] + lang)
            cells["name" if name == "name_zh" else "text"] = Cell(text, text)
        elif name == "name" and "zh" in texts:
            continue  # the English name of what the text says
        elif isinstance(value, dict):
            for key, number in value.items():
                unit = shape.unit(name)
                cells[key] = Cell(number, written(number, unit, indicator, lang))
        elif name not in UNTOLD:
            told = (getattr(row, "told_status", "") or value) if name == "status" else value
            cells[name] = Cell(plain(value), written(told, shape.unit(name), indicator, lang))
    return cells


def facts(found: Finding, lang: str) -> list[tuple[str, str]]:
    """What a finding says besides its lists: heading and text, those that are known."""
    told = []
    for one in fields(found):
        name, value = one.name, getattr(found, one.name)
        if name in COMMON | UNTOLD or is_list_of_rows(value) or value in (None, "", ()):
            continue
        heading, unit = field_of(name), field_of(name).unit
        told.append((heading.name(lang), written(value, unit, indicator_of(found), lang)))
    return told


def notes(found: Finding, lang: str) -> list[str]:
    """What is to be minded about the numbers, such as how many of many tests differ by chance."""
    note = getattr(found, f"note_{lang}", "")
    return [f"{note}。" if lang == "zh" else f"{note[0].upper()}{note[1:]}."] if note else []


def status_in_words(found: Finding, lang: str) -> str:
    if found.status == "ok":
        return ""
    if found.told_status:
        return status_text(found.told_status, lang)
    row = getattr(found, "observation", None)
    return status_text(row.told_status if row and row.status == found.status else found.status, lang)


def own_value(value: Any) -> Any:
    """A figure of the area itself stands among the levels by its value."""
    return value.value if isinstance(value, Observation) else value
