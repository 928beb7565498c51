"""The completeness matrix: source × supplier × area × month, with absent, late, zero and partial told apart.

Source of the definitions: docs/steward.md. Grain of the build's table: one row per source, supplier ('' where
nobody is named), leaf area and month, for the areas the supplier has had rows of or is declared to report.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from etl.completeness.ordinary import Ordinary
from etl.completeness.reported import Received, Reported
from etl.completeness.streams import Month, Stream, gather, judge
from etl.completeness.suppliers import Declared
from metrics.areas import load_areas
from metrics.periods import month_start

STATES = ("complete", "partial", "zero", "absent", "awaited")


class Row(NamedTuple):
    """One cell of the matrix, in the order of the build's columns."""

    source: str
    supplier: str
    area_code: str
    month: date
    state: str  # see STATES; awaited: the month is over, but its due day has not passed
    is_late: bool  # the first drop that covers the month came after the due day
    rows: int
    first_received_on: date | None
    last_on: date | None  # the last day with rows of this area and month
    is_normal: bool  # the supplier normally reports this area, so without it a figure is not complete
    why: str  # of a partial one: received_early, ends_early or few_rows
    month_rows: int  # of all areas of the city: what few_rows is about
    usual_rows: float | None


def streams_of(
    received: Iterable[Received],
    reported: Iterable[Reported],
    declared: Mapping[tuple[str, str], Declared],
    ordinary: Ordinary,
    today: date,
) -> list[Stream]:
    """Every stream with its months judged."""
    streams = gather(received, reported, declared, ordinary)
    first_months: dict[tuple[str, str], int] = {}
    # Those that sent something first: the others are held against them.
    for stream in sorted(streams, key=lambda one: not one.deliveries):
        place = (stream.source, stream.city)
        judge(stream, first_months.get(place), ordinary, today)
        if stream.deliveries and stream.months:
            first_months[place] = min(first_months.get(place, min(stream.months)), min(stream.months))
    return streams


def rows_of(streams: list[Stream], ordinary: Ordinary) -> list[Row]:
    """The matrix, in order."""
    normal = normal_areas(streams, ordinary)
    found = []
    for number, stream in enumerate(streams):
        for area in stream.areas:
            for number_of_month, month in stream.months.items():
                place = (area, number_of_month)
                rows = stream.rows.get(place, 0)
                found.append(
                    Row(
                        stream.source, stream.supplier, area, month_start(number_of_month),
                        state_of(month, rows), month.is_late, rows, month.received_on,
                        stream.last_days.get(place), area in normal[number], month.why, month.rows,
                        month.usual_rows,
                    )
                )  # fmt: skip
    return sorted(found, key=lambda row: row[:4])


def state_of(month: Month, rows: int) -> str:
    """Of one area: whoever reported a month wholly and has no row of the area says that there was nothing."""
    return "zero" if month.state == "complete" and not rows else month.state


def normal_areas(streams: list[Stream], ordinary: Ordinary) -> list[set[str]]:
    """For each stream the areas it normally reports."""
    given = [rows_by_area(stream) for stream in streams]
    of_area: dict[tuple[str, str], int] = defaultdict(int)  # source, area
    for stream, its in zip(streams, given, strict=True):
        for area, rows in its.items():
            of_area[stream.source, area] += rows
    found = []
    for stream, its in zip(streams, given, strict=True):
        mine = set(stream.declared.areas) & set(stream.areas) if stream.declared else set()
        for area, rows in its.items():
            least = ordinary.normal_share * min(of_area[stream.source, area], sum(its.values()))
            if rows and rows >= least:
                mine.add(area)
        found.append(mine)
    return found


def rows_by_area(stream: Stream) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for (area, _), rows in stream.rows.items():
        found[area] += rows
    return found


def mostly_unknown(stream: Stream, ordinary: Ordinary) -> bool:
    """Whether what the supplier sends mostly says the city only: then it may be about any district."""
    unknown = load_areas().unknown_of(stream.city)
    its = rows_by_area(stream)
    rows = sum(its.values())
    return rows > 0 and its.get(unknown, 0) >= ordinary.unknown_area_share * rows
