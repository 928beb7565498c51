"""What must hold between a cell of a build and its others, of whatever table, window and measure.

A `View` says which cells there are (`has`: whether anything is told of a measure, breakdown, window and end at all,
so that a cell without row is nobody) and writes down what holds: Σ plus = Σ minus, or at most that.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Protocol

from tests.metrics.disclosure.overlaps import DERIVED, PLATFORM, relations_of
from tests.metrics.disclosure.told import (
    ACTIVE,
    ACTIVE_FROM,
    CLOCKED,
    FLOWS,
    LAPSED,
    NEW,
    REGISTERED,
    SERVED,
    SLEEPING,
    TO_DAY,
    VISITS,
    Cell,
    Sent,
)

# Windows of one end, from the shorter to the longer.
CHAINS = [("month", "quarter"), ("quarter", "ytd"), ("month", "ytd"), ("quarter", "year"), ("ytd", "rolling12"),
          ("year", "rolling12"), ("rolling12", "to_date")]  # fmt: skip
NESTED = (ACTIVE, CLOCKED, VISITS, *ACTIVE_FROM.values())
BAND_BEGINS = {"0-1": 0, "1-2": 1, "2-5": 2, "5-10": 5, "10-20": 10, "20-50": 20, "50-100": 50, "100-200": 100,
               "200-300": 200, "300-600": 300, "600-1000": 600, "1000-1500": 1000, "1500+": 1500}  # fmt: skip
# A member does not depend on the window.
PERSONAL = ("", "gender", "age_band", "identity", PLATFORM, *DERIVED)
WITHIN = {CLOCKED: ACTIVE, SLEEPING[2]: SLEEPING[1], SLEEPING[1]: SLEEPING[0]}
SATURDAY = 5
LENGTHS = {"month": 1, "quarter": 3, "year": 12}


class View(Protocol):
    first_month: int

    def count(
        self, rows: list[object], told: float, cell: Cell | None = None, *, exactly: bool = True
    ) -> None: ...

    def has(self, cell: Cell) -> bool: ...

    def members(self, cell: Cell) -> list[str]: ...

    def days(self, cell: Cell) -> list[date]: ...

    def write(
        self, plus: list[Cell], minus: list[Cell], *, exactly: bool = True, slack: object = None
    ) -> None: ...


def relate(view: View, cell: Cell) -> None:
    """Everything that holds between a cell and others."""
    if TO_DAY in cell.window:
        relate_to_day(view, cell)
        return
    if cell.dimension == "day":
        return
    for parts, whole in relations_of(cell, view.members(cell)):
        view.write(parts, whole)
    if cell.measure in FLOWS:
        relate_flow(view, cell)
    if cell.measure in NESTED and cell.dimension in (*PERSONAL, "evidence"):
        relate_windows(view, cell)
    if cell.measure in WITHIN:
        at_most(view, [cell], [cell._replace(measure=WITHIN[cell.measure])])
    if cell.measure == ACTIVE and cell.dimension in (*PERSONAL, "cohort"):
        at_most(view, [cell], [cell._replace(measure=REGISTERED, window="stock")])
        at_most(view, [cell], [cell._replace(measure=VISITS)])
    if cell.measure in ACTIVE_FROM.values():
        relate_hours(view, cell)
    if cell.measure == LAPSED:
        at_most(
            view,
            [cell, cell._replace(measure=ACTIVE)],
            [cell._replace(measure=REGISTERED, window="stock")],
        )
    if cell.measure == SLEEPING[0]:
        awake = cell._replace(measure=ACTIVE, window="rolling12")
        at_most(view, [cell, awake], [cell._replace(measure=REGISTERED)])
    if cell.dimension == "day_kind" and cell.window == "month":
        relate_days(view, cell)
    if cell.dimension:
        return
    if cell.measure == REGISTERED:
        before = cell._replace(month=cell.month - 1)
        if view.has(before):
            new = cell._replace(measure=NEW, window="month")
            view.write([cell], [before, new], slack=("left", cell))
        asleep = cell._replace(measure=SLEEPING[0])
        recent = cell._replace(measure=NEW, window="rolling12")
        if view.has(recent) and cell.month >= view.first_month + 11:
            at_most(view, [cell], [asleep, cell._replace(measure=ACTIVE, window="rolling12"), recent])
    if cell.measure == ACTIVE:
        relate_states(view, cell)


def relate_days(view: View, cell: Cell) -> None:
    """A city's Saturdays of a month, one by one, are its visits on Saturdays; so are its other days."""
    days = [day for day in view.days(cell) if (day.weekday() == SATURDAY) == (cell.member == "saturday")]
    if days:
        view.write([on(cell, day) for day in days], [cell])


def on(cell: Cell, day: date) -> Cell:
    return cell._replace(window="month", dimension="day", member=day.isoformat())


def relate_hours(view: View, cell: Cell) -> None:
    """Who gave at least so many hours gave fewer as well, and is in one of the bands from there on."""
    edge = next(edge for edge, measure in ACTIVE_FROM.items() if measure == cell.measure)
    fewer = max((other for other in ACTIVE_FROM if other < edge), default=0)
    at_most(view, [cell], [cell._replace(measure=ACTIVE_FROM.get(fewer, ACTIVE))])
    band = cell._replace(measure=ACTIVE, dimension="hours_band")
    if view.has(band):
        view.write(
            [band._replace(member=code) for code, begins in BAND_BEGINS.items() if begins >= edge], [cell]
        )


def at_most(view: View, parts: list[Cell], whole: list[Cell]) -> None:
    if all(view.has(cell) for cell in whole):
        view.write(parts, whole, exactly=False)


def relate_windows(view: View, cell: Cell) -> None:
    for shorter, longer in CHAINS:
        if cell.window == shorter and view.has(cell._replace(window=longer)):
            view.write([cell], [cell._replace(window=longer)], exactly=False)
    first = {"month": cell.month % 12 == 0, "quarter": cell.month % 12 == 2, "year": True}
    if first.get(cell.window):
        view.write([cell], [cell._replace(window="ytd")])
    if cell.window == "year" and cell.measure not in ACTIVE_FROM.values():
        view.write([cell], [cell._replace(window="rolling12")])


def relate_states(view: View, cell: Cell) -> None:
    """Who was active before is active again, lapsed, or has left; who is new was never active before."""
    state = cell._replace(dimension="activity_state")
    if cell.window in LENGTHS and view.has(state):
        before = cell._replace(month=cell.month - LENGTHS[cell.window])
        if view.has(before):
            returning = [state._replace(member="returning"), cell._replace(measure=LAPSED)]
            view.write(returning, [before], slack=("left active", cell))
        new, ever = state._replace(member="new"), cell._replace(window="to_date")
        until = ever._replace(month=before.month)
        if view.has(until):
            view.write([ever], [until, new], slack=("left ever active", cell))


def relate_flow(view: View, cell: Cell) -> None:
    def months(first: int, last: int) -> list[Cell]:
        return [cell._replace(window="month", month=month) for month in range(first, last + 1)]

    month = cell.month
    if cell.window == "quarter":
        view.write(months(month - 2, month), [cell])
    if cell.window in ("year", "ytd"):
        view.write(months(month // 12 * 12, month), [cell])
    if cell.dimension == "age_band":
        return  # people grow older from one year to the next
    if cell.window == "rolling12":
        view.write(months(month - 11, month), [cell])
    if cell.window == "to_date":
        view.write(months(view.first_month, month), [cell])


def relate_to_day(view: View, cell: Cell) -> None:
    """Up to a day: what adds up over time is its whole months and a part of one; the rest is nested."""
    window, day = cell.window.split(TO_DAY)
    through = int(day[:4]) * 12 + int(day[5:7]) - 1
    part = cell._replace(window=f"month{TO_DAY}{day}", month=through)
    # Only some windows are given up to a day: those of today, those before them and those of a year earlier.
    is_longer = window != "month" and view.has(part)
    if cell.measure in FLOWS:
        first = {"month": through, "quarter": through // 3 * 3, "year": through // 12 * 12}[window]
        whole = [cell._replace(window="month", month=month) for month in range(first, through)]
        if is_longer and all(view.has(one) for one in whole):
            view.write([*whole, part], [cell])
        days = [one for one in view.days(cell) if one.isoformat() <= day]
        if cell.measure == SERVED and window == "month" and days:
            view.write([on(cell, one) for one in days], [cell])
    if cell.measure in (*FLOWS, ACTIVE):
        at_most(view, [cell], [cell._replace(window=window)])
    if cell.measure in (ACTIVE, VISITS):
        if is_longer:
            view.write([part], [cell], exactly=False)
        if cell.measure == ACTIVE:
            at_most(view, [cell], [cell._replace(measure=REGISTERED)])
            view.write([cell], [cell._replace(measure=VISITS)], exactly=False)
    if cell.measure == REGISTERED and is_longer:
        view.write([cell], [part])


def relate_ledger(view: View, ledger: list[Sent], parent: dict[str, str]) -> None:
    """A count by place or of who is new is the sum of the rows that files have of the area and month.

    Every row of a file is taken to count: more than the public knows. Where no file of a kind is known of a city,
    nothing is learned of it.
    """
    rows_of: dict[Cell, list[object]] = defaultdict(list)
    for one in ledger:
        leaves = [leaf for leaf, city in parent.items() if one.area in (leaf, city)]
        by_month = [[(one.number, leaf, month) for leaf in leaves] for month in one.months]
        for keys in by_month:
            for key in keys:
                rows_of[Cell(one.measure, key[1], "month", key[2], "", "")].append(key)
        if one.rows is not None:
            view.count([key for keys in by_month for key in keys], one.rows)
        if one.rows != 0:
            view.count([*by_month[0]], 1, exactly=False)
            view.count([*by_month[-1]], 1, exactly=False)
    for cell, keys in rows_of.items():
        view.count(keys, 0, cell)
