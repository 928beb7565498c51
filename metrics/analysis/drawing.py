"""The numbers of a chart, made from a finding and the shape of one of its lists. Nothing here knows how it looks."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from metrics.analysis.fields import field_of, written
from metrics.analysis.finding import Finding
from metrics.analysis.shapes import Shape, indicator_of, own_value
from metrics.indicator import Indicator
from metrics.sentences import status_text

MOST_OF = {"bands": ("p10", "p25", "p50", "p75", "p90")}
PERCENT = 100


@dataclass(frozen=True)
class Series:
    """Numbers in the order of the drawing's names (a funnel's in the order of `x`); None is not known."""

    key: str
    heading: str
    numbers: tuple[float | None, ...]
    texts: tuple[str, ...]  # as a reader sees them; why there is none where there is none
    lower: tuple[float | None, ...] = ()
    upper: tuple[float | None, ...] = ()
    x: tuple[float, ...] = ()


@dataclass(frozen=True)
class Level:
    heading: str
    number: float
    text: str


@dataclass(frozen=True)
class Drawing:
    kind: str
    title: str
    unit: str
    heading: str  # of the names: a grid's of what lies across, a funnel's of its sizes
    names: tuple[str, ...]
    series: tuple[Series, ...]
    levels: tuple[Level, ...] = ()
    are_areas: bool = False


def drawing(found: Finding, shape: Shape, lang: str) -> Drawing | None:
    """None where there is nothing to draw: no number is known."""
    make = {"grid": grid, "bands": bands, "funnel": funnel}.get(shape.kind, rows_drawn)
    drawn = make(found, shape, lang) if rows_of(found, shape) else None
    if drawn is None or not any(number is not None for one in drawn.series for number in one.numbers):
        return None
    return drawn


def rows_of(found: Finding, shape: Shape) -> tuple[Any, ...]:
    return getattr(found, shape.of) if shape.of else (found,)


def rows_drawn(found: Finding, shape: Shape, lang: str) -> Drawing:
    """Bars and lines: a series a drawn field; of a finding's own fields one series, a bar a field."""
    rows = rows_of(found, shape)
    if not shape.of:
        numbers = tuple(number(getattr(found, name), shape, name) for name in shape.drawn)
        texts = tuple(text_of(getattr(found, name), found, shape, name, lang) for name in shape.drawn)
        names = tuple(field_of(name).name(lang) for name in shape.drawn)
        one = Series("", shape.title(lang), numbers, texts)
        return Drawing(shape.kind, shape.title(lang), "", "", names, (one,))
    series = tuple(series_of(found, shape, name, rows, lang) for name in shape.drawn)
    return Drawing(
        shape.kind, shape.title(lang), unit_text(shape, indicator_of(found), lang),
        field_of(shape.name).name(lang), names_of(found, shape, shape.name, rows, lang), series,
        levels(found, shape, lang), field_of(shape.name).unit == "area",
    )  # fmt: skip


def series_of(found: Finding, shape: Shape, name: str, rows: tuple[Any, ...], lang: str) -> Series:
    return Series(
        name,
        field_of(name).name(lang),
        tuple(number(getattr(row, name), shape, name) for row in rows),
        tuple(cell_text(row, name, found, shape, lang) for row in rows),
        limits(rows, shape, shape.lower, shape.lower and name),
        limits(rows, shape, shape.upper, shape.upper and name),
    )


def limits(rows: tuple[Any, ...], shape: Shape, limit: str, name: str) -> tuple[float | None, ...]:
    if not limit:
        return ()
    return tuple(
        None if getattr(row, name) is None else number(getattr(row, limit), shape, limit) for row in rows
    )


def grid(found: Finding, shape: Shape, lang: str) -> Drawing:
    """One series a row down; a cell that is not in the list has no text."""
    rows = rows_of(found, shape)
    (name,) = shape.drawn
    down = list(dict.fromkeys(getattr(row, shape.name) for row in rows))
    across = sorted({getattr(row, shape.across) for row in rows})
    cells = {(getattr(row, shape.name), getattr(row, shape.across)): row for row in rows}
    series = []
    for one in down:
        found_cells = [cells.get((one, place)) for place in across]
        series.append(
            Series(
                str(one),
                written(one, shape.unit(shape.name), None, lang),
                tuple(
                    None if row is None else number(getattr(row, name), shape, name) for row in found_cells
                ),
                tuple("" if row is None else cell_text(row, name, found, shape, lang) for row in found_cells),
            )
        )
    names = tuple(written(one, shape.unit(shape.across), None, lang) for one in across)
    heading = field_of(shape.across).name(lang)
    return Drawing(
        "grid", shape.title(lang), unit_text(shape, indicator_of(found), lang), heading, names, tuple(series)
    )


def bands(found: Finding, shape: Shape, lang: str) -> Drawing:
    """The area's line first, then the percentiles; from the first period of which anything is known."""
    rows, (name,) = rows_of(found, shape), shape.drawn
    begun = [place for place, row in enumerate(rows) if row.percentiles or getattr(row, name) is not None]
    rows = rows[begun[0] :] if begun else rows
    known = [key for key in MOST_OF["bands"] if any(key in row.percentiles for row in rows)]
    series = [series_of(found, shape, name, rows, lang)]
    for key in known:
        values = [row.percentiles.get(key) for row in rows]
        texts = tuple(text_of(value, found, shape, "percentiles", lang) for value in values)
        series.append(
            Series(key, field_of(key).name(lang), tuple(number(one, shape, key) for one in values), texts)
        )
    return Drawing(
        "bands", shape.title(lang), unit_text(shape, indicator_of(found), lang), field_of(shape.name).name(lang),
        names_of(found, shape, shape.name, rows, lang), tuple(series),
    )  # fmt: skip


def funnel(found: Finding, shape: Shape, lang: str) -> Drawing:
    """The areas by size, then each limit along the list of the curve."""
    rows, curve = rows_of(found, shape), getattr(found, shape.curve)
    (name,) = shape.drawn
    points = series_of(found, shape, name, rows, lang)
    sizes = tuple(float(getattr(row, shape.across)) for row in rows)
    series = [Series(points.key, points.heading, points.numbers, points.texts, x=sizes)]
    limit_names = [key for key in vars(curve[0]) if key != shape.across] if curve else []
    for key in limit_names:
        values = tuple(number(getattr(point, key), shape, key) for point in curve)
        along = tuple(float(getattr(point, shape.across)) for point in curve)
        series.append(Series(key, field_of(key).name(lang), values, tuple("" for _ in values), x=along))
    return Drawing(
        "funnel", shape.title(lang), unit_text(shape, indicator_of(found), lang),
        field_of(shape.across).name(lang), names_of(found, shape, shape.name, rows, lang), tuple(series),
        levels(found, shape, lang), are_areas=True,
    )  # fmt: skip


def levels(found: Finding, shape: Shape, lang: str) -> tuple[Level, ...]:
    drawn = []
    for name in shape.levels:
        value = number(own_value(getattr(found, name)), shape, name)
        if value is not None:
            text = text_of(own_value(getattr(found, name)), found, shape, name, lang)
            drawn.append(Level(field_of(name).name(lang), value, text))
    return tuple(drawn)


def names_of(found: Finding, shape: Shape, name: str, rows: tuple[Any, ...], lang: str) -> tuple[str, ...]:
    """Rows that are called by name_zh and name_en are called in the reader's language."""
    if name == "name":
        return tuple(getattr(row, f"name_{lang}") for row in rows)
    return tuple(written(getattr(row, name), shape.unit(name), indicator_of(found), lang) for row in rows)


def number(value: Any, shape: Shape, name: str) -> float | None:
    """As it is drawn: fractions of 1 as per cent; what is not a finite number is not known."""
    if value is None or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value) * (PERCENT if shape.unit(name) == "share" else 1)


def cell_text(row: Any, name: str, found: Finding, shape: Shape, lang: str) -> str:
    value, status = getattr(row, name), getattr(row, "status", "ok")
    if value is None and status != "ok":
        return status_text(getattr(row, "told_status", "") or status, lang)
    return text_of(value, found, shape, name, lang)


def text_of(value: Any, found: Finding, shape: Shape, name: str, lang: str) -> str:
    return written(value, shape.unit(name), indicator_of(found), lang)


def unit_text(shape: Shape, indicator: Indicator | None, lang: str) -> str:
    """What the axis counts: the indicator's unit, per cent, or the name of the only field drawn."""
    unit = shape.unit(shape.drawn[0])
    if unit == "share":
        return "%"
    if unit == "points" and indicator and indicator.unit == "percent":
        return "个百分点" if lang == "zh" else "percentage points"
    if unit in ("value", "points"):
        return indicator.unit_name(lang) if indicator else ""
    return field_of(shape.drawn[0]).name(lang) if len(shape.drawn) == 1 else ""
