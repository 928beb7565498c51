"""Which months of an area are missing from a build, and what that means for the status of a figure.

Read from the build's table `gaps` (written by etl.completeness): few rows, because only months with a gap have
one; a city whose drops name no supplier has only those known to be half a month. The sentences come from its table
`completeness`.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from metrics.areas import load_areas
from metrics.periods import month_number
from metrics.rounding import rounded_text

SOURCE_NAMES = {
    "registrations": {"zh": "注册名册", "en": "the register"},
    "service_hours": {"zh": "服务时长", "en": "service hours"},
    "activities": {"zh": "活动", "en": "activities"},
}
MOST_AREAS_NAMED = 3
# What is owed that is normally reported, of some areas up to a day: by named suppliers; of drops that name nobody, half
# months that nobody else has reported (etl.completeness.gaps).
OWED = """
    SELECT c.* FROM completeness c JOIN (SELECT unnest(?) AS area_code) USING (area_code)
    WHERE is_normal AND state NOT IN ('complete', 'zero') AND month <= ?
      AND (supplier <> '' OR (why IN ('received_early', 'ends_early') AND NOT EXISTS (
        SELECT 1 FROM completeness o WHERE o.supplier <> '' AND o.is_normal AND o.state IN ('complete', 'zero')
          AND (o.source, o.area_code, o.month) = (c.source, c.area_code, c.month))))
    ORDER BY ALL"""
NOBODY = {"zh": "未注明来源的报送：", "en": "drops that name no supplier"}


class Gaps:
    """Months with a gap, by source and area (leaves and cities)."""

    def __init__(self, rows: Iterable[tuple[str, str, date, str]]) -> None:
        self._silent: dict[tuple[str, str], list[int]] = defaultdict(list)  # months in which nothing came
        self._owed: dict[tuple[str, str], list[int]] = defaultdict(list)  # months somebody owes something of
        for source, area_code, month, status in sorted(rows):
            if status != "provisional":
                self._silent[source, area_code].append(month_number(month))
            if status != "nobody_expected":
                self._owed[source, area_code].append(month_number(month))

    def __bool__(self) -> bool:
        return bool(self._silent or self._owed)

    def status(self, source: str, area_code: str, first: int, last: int, since: int) -> str:
        """ok, provisional or not_reported, of the months from `first` to `last` (running numbers).

        Not reported when nothing came of any of them. Provisional when something is missing that was expected,
        looking back to `since` where what happened earlier still counts (a register, a window to date); and when
        nothing came of the first month, although nobody was expected: the area's reports begin within the window.
        """
        silent = self._silent.get((source, area_code))
        if months_within(silent, first, last) == last - first + 1:
            return "not_reported"
        if since == first and months_within(silent, first, first):
            return "provisional"
        owed = self._owed.get((source, area_code))
        return "provisional" if months_within(owed, min(first, since), last) else "ok"


def months_within(months: list[int] | None, first: int, last: int) -> int:
    """How many of some months, in order, lie between two."""
    return bisect_right(months, last) - bisect_left(months, first) if months else 0


class Lacking(NamedTuple):
    """What one supplier ('' nobody in particular) owes of one source: consecutive months and areas of the same kind."""

    source: str
    supplier: str
    state: str  # absent | awaited | partial
    why: str
    months: tuple[date, ...]
    areas: tuple[str, ...]
    rows: int  # of a partial month
    usual_rows: float | None


def lacking(
    matrix: Iterable[dict[str, Any]], area_code: str, sources: Iterable[str], first: date | None, last: date
) -> list[Lacking]:
    """What is missing of an area between two days, from the rows of a build's `lacking`.

    A district lacks its own rows, and those of the city that name no district.
    """
    areas = load_areas()
    leaves = {leaf.area_code for leaf in areas.children(area_code)} or {
        area_code,
        areas.unknown_of(area_code),
    }
    wanted = set(sources)
    months: dict[tuple[Any, ...], dict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in matrix:
        looks_back = first is None or row["source"] == "registrations"
        if row["source"] in wanted and row["area_code"] in leaves and row["month"] <= last:
            if not looks_back and first is not None and row["month"] < first:
                continue
            key = (row["source"], row["supplier"], row["state"], row["why"])
            numbers = (row["month_rows"], row["usual_rows"]) if row["state"] == "partial" else (0, None)
            months[key + numbers][row["month"]].add(row["area_code"])
    found = []
    for (source, supplier, state, why, rows, usual), its in sorted(months.items(), key=str):
        named = tuple(sorted(set().union(*its.values())))
        found.append(Lacking(source, supplier, state, why, tuple(sorted(its)), named, rows, usual))
    return found


def sentence(one: Lacking, lang: str) -> str:
    """'平台甲的服务时长缺 2021-04（路南区）。' / '平台甲 has not sent service hours of 2021-04 (Lunan District).'"""
    what, months, places = (
        SOURCE_NAMES[one.source][lang],
        months_text(one.months),
        places_text(one.areas, lang),
    )
    why = reason_text(one.why, one.rows, one.usual_rows, lang)
    if lang == "zh":
        head = f"{one.supplier}的{what}" if one.supplier else f"{NOBODY['zh']}{what}"
        if one.state == "partial":
            return f"{head} {months} 只报来一部分{why}（{places}）。"
        verb = "尚未报来" if one.state == "absent" else "未到报送期限，尚未报来"
        return f"{head} {months} {verb}（{places}）。"
    if not one.supplier:
        return f"{what[0].upper()}{what[1:]} of {months} came only in part{why} ({places}; {NOBODY['en']})."
    if one.state == "partial":
        return f"{one.supplier} has sent {what} of {months} only in part{why} ({places})."
    due = "" if one.state == "absent" else ", not due yet"
    return f"{one.supplier} has not sent {what} of {months}{due} ({places})."


def reason_text(why: str, rows: int, usual_rows: float | None, lang: str) -> str:
    """Why a month is held to be partial, to follow the word."""
    if why == "few_rows" and usual_rows is not None:
        if lang == "zh":
            return f"，{rows:,} 行，通常约 {rounded_text(usual_rows, 0)} 行"
        return f", {rows:,} rows where about {rounded_text(usual_rows, 0)} are usual"
    texts = {
        "received_early": {"zh": "，收到时该月尚未结束", "en": ", received before the month was over"},
        "ends_early": {"zh": "，月末没有记录", "en": ", with nothing of the end of the month"},
    }
    return texts[why][lang] if why in texts else ""


def months_text(months: Iterable[date]) -> str:
    """'2021-04, 2021-06–2021-09': consecutive months as one span."""
    spans: list[list[date]] = []
    for month in months:
        if spans and month_number(spans[-1][1]) + 1 == month_number(month):
            spans[-1][1] = month
        else:
            spans.append([month, month])
    return ", ".join(
        f"{first:%Y-%m}" if first == last else f"{first:%Y-%m}–{last:%Y-%m}" for first, last in spans
    )


def places_text(codes: tuple[str, ...], lang: str) -> str:
    names = [load_areas().get(code).name(lang) for code in codes]
    named, more = names[:MOST_AREAS_NAMED], len(names) - MOST_AREAS_NAMED
    if lang == "zh":
        return "、".join(named) + (f" 等 {len(names)} 个地区" if more > 0 else "")
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")
