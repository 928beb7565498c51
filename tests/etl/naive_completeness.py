"""Completeness again, the boring way: loops over lists of drops, straight from the definitions of docs/steward.md.

A drop is {supplier, received, rows: [(area, day)]}; all are about one city and one source, with so few rows that
nothing is usual. Months are (year, month).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.naive_facts import end_of_month

Drop = dict[str, Any]
Month = tuple[int, int]
DUE_DAY = 15
NORMAL_SHARE = 0.05


def month_of(day: date) -> Month:
    return day.year, day.month


def next_month(month: Month) -> Month:
    return (month[0] + 1, 1) if month[1] == 12 else (month[0], month[1] + 1)


def months_between(first: Month, last: Month) -> list[Month]:
    found = []
    while first <= last:
        found.append(first)
        first = next_month(first)
    return found


def last_day(month: Month) -> date:
    return end_of_month(date(*month, 1))


def due_day(month: Month) -> date:
    return date(*next_month(month), DUE_DAY)


def speaking_of(drops: list[Drop], supplier: str, month: Month) -> list[Drop]:
    """The supplier's drops whose days begin in the month or before and end in it or after."""
    found = []
    for drop in drops:
        days = [day for _, day in drop["rows"]]
        if drop["supplier"] == supplier and month_of(min(days)) <= month <= month_of(max(days)):
            found.append(drop)
    return found


def rows_in(drops: list[Drop], supplier: str, area: str, month: Month | None = None) -> int:
    count = 0
    for drop in drops:
        for where, day in drop["rows"]:
            if drop["supplier"] == supplier and where == area and month in (None, month_of(day)):
                count += 1
    return count


def sending(drops: list[Drop], supplier: str, month: Month) -> str:
    """How a month came from a supplier, whatever the area: complete, partial or '' (not at all)."""
    speaking = speaking_of(drops, supplier, month)
    if not speaking:
        return ""
    for drop in speaking:
        if drop["received"] >= last_day(month) or max(day for _, day in drop["rows"]) >= last_day(month):
            return "complete"
    return "partial"


def is_late(drops: list[Drop], supplier: str, month: Month) -> bool:
    speaking = speaking_of(drops, supplier, month)
    to_the_end = [
        drop
        for drop in speaking
        if drop["received"] >= last_day(month) or max(day for _, day in drop["rows"]) >= last_day(month)
    ]
    return min(drop["received"] for drop in to_the_end or speaking) > due_day(month)


def is_expected(drops: list[Drop], supplier: str, month: Month, until: dict[str, Month]) -> bool:
    """From the first month it ever reported, to the last one it is said to report."""
    first = min(month_of(day) for drop in drops if drop["supplier"] == supplier for _, day in drop["rows"])
    return first <= month and (supplier not in until or month <= until[supplier])


def matrix(drops: list[Drop], until: dict[str, Month], today: date) -> dict[tuple[str, str, Month], str]:
    """(supplier, area, month) → state, with ' late' where it is."""
    last_seen = max(month_of(day) for drop in drops for _, day in drop["rows"])
    last_over = (today.year - 1, 12) if today.month == 1 else (today.year, today.month - 1)
    first_seen = min(month_of(day) for drop in drops for _, day in drop["rows"])
    found = {}
    for supplier in {drop["supplier"] for drop in drops}:
        for area in {where for drop in drops if drop["supplier"] == supplier for where, _ in drop["rows"]}:
            for month in months_between(first_seen, max(last_seen, last_over)):
                state = sending(drops, supplier, month)
                if state == "complete" and rows_in(drops, supplier, area, month) == 0:
                    state = "zero"
                if state and is_late(drops, supplier, month):
                    state += " late"
                if not state and month <= last_over and is_expected(drops, supplier, month, until):
                    state = "absent" if today > due_day(month) else "awaited"
                if state:
                    found[supplier, area, month] = state
    return found


# --- statuses -------------------------------------------------------------------------------------------


def has_come(drops: list[Drop], supplier: str, month: Month) -> bool:
    """Whether something of the month came; of nobody in particular, everything between first and last."""
    if supplier:
        return sending(drops, supplier, month) != ""
    months = [month_of(day) for drop in drops if drop["supplier"] == "" for _, day in drop["rows"]]
    return min(months) <= month <= max(months)


def owes(drops: list[Drop], supplier: str, month: Month, until: dict[str, Month]) -> bool:
    if sending(drops, supplier, month) == "complete":
        return False
    return sending(drops, supplier, month) == "partial" or is_expected(drops, supplier, month, until)


def is_normal(drops: list[Drop], supplier: str, area: str) -> bool:
    its = rows_in(drops, supplier, area)
    of_area = sum(rows_in(drops, other, area) for other in {drop["supplier"] for drop in drops})
    of_supplier = sum(len(drop["rows"]) for drop in drops if drop["supplier"] == supplier)
    return its > 0 and (its >= NORMAL_SHARE * of_area or its >= NORMAL_SHARE * of_supplier)


def month_status(drops: list[Drop], area: str, month: Month, until: dict[str, Month]) -> str:
    """Of a district: ok, provisional, not_reported, or nobody_expected."""
    suppliers = {drop["supplier"] for drop in drops}
    is_half = sending(drops, "", month) == "partial" and is_normal(drops, "", area)
    if suppliers == {""}:
        return "provisional" if is_half else "ok"
    reporters = {supplier for supplier in suppliers if rows_in(drops, supplier, area) > 0}
    if not any(has_come(drops, supplier, month) for supplier in suppliers):
        reporters = suppliers
    if reporters and not any(has_come(drops, supplier, month) for supplier in reporters):
        if any(owes(drops, supplier, month, until) for supplier in reporters):
            return "not_reported"
        return "nobody_expected"
    for supplier in reporters - {""}:
        if is_normal(drops, supplier, area) and owes(drops, supplier, month, until):
            return "provisional"
    for supplier in reporters - {""}:
        # Somebody with a name has sent the whole month of it.
        if is_normal(drops, supplier, area) and sending(drops, supplier, month) == "complete":
            return "ok"
    return "provisional" if is_half else "ok"


def city_month_status(drops: list[Drop], areas: list[str], month: Month, until: dict[str, Month]) -> str:
    """Provisional when somebody who normally reports some district owes the month."""
    suppliers = {drop["supplier"] for drop in drops}
    if suppliers == {""}:
        found = {month_status(drops, area, month, until) for area in areas}
        return "provisional" if "provisional" in found else "ok"
    if not any(has_come(drops, supplier, month) for supplier in suppliers):
        owing = any(owes(drops, supplier, month, until) for supplier in suppliers)
        return "not_reported" if owing else "nobody_expected"
    for area in areas:
        status = month_status(drops, area, month, until)
        for supplier in suppliers:
            is_owed = is_normal(drops, supplier, area) and owes(drops, supplier, month, until)
            if is_owed and status in ("not_reported", "provisional"):
                return "provisional"
    return "ok"


def status(
    drops: list[Drop], areas: list[str], area: str, start: date | None, period: tuple[date, date],
    until: dict[str, Month], today: date,
) -> str:  # fmt: skip
    """Of a window; `area` '' is the city. A window to date has no start."""
    days = [day for drop in drops for _, day in drop["rows"]]
    first, last = month_of(min(days)), month_of(max(days))
    last_on = min(last_day(last), max(drop["received"] for drop in drops), today)
    if last_on != last_day(month_of(last_on)):
        # Of a month that was not over, what is known ends with its last row: rows come in days later.
        of_month = [day for day in days if day <= last_on and month_of(day) == month_of(last_on)]
        last_on = max(of_month, default=last_on)
    begin, end = start or period[0], period[1]
    if end < date(*first, 1) or begin > last_on:
        return "not_reported"

    def of(month: Month) -> str:
        if area:
            return month_status(drops, area, month, until)
        return city_month_status(drops, areas, month, until)

    asked = months_between(max(first, month_of(begin)), min(last, month_of(end)))
    if all(of(month) in ("not_reported", "nobody_expected") for month in asked):
        return "not_reported"
    if start is None:
        asked = months_between(first, min(last, month_of(end)))
    if start is not None and month_of(begin) < first:
        return "provisional"  # the beginning lies before the data
    if start is not None and of(asked[0]) in ("not_reported", "nobody_expected"):
        return "provisional"  # … or before those of the area
    if end > last_on or any(of(month) in ("not_reported", "provisional") for month in asked):
        return "provisional"
    return "ok"
