"""A city's own count against its parts: districts, zones and the unknown bucket; genders, age bands.

Flows and stocks add up over areas. A distinct count is made afresh for the city, each person once, so its parts
may add up to more where one person belongs to several; by residence everybody has one area, and they must agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum

from metrics.areas import Area, load_areas
from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.comparability import Reason
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.periods import Period
from metrics.population import PopulationMatch
from metrics.query import QueryRefused, query
from metrics.sentences import format_number, status_text

# Breakdowns in which everybody, or every record, has exactly one place, so that the members add up.
ADDING_UP = ("gender", "age_band", "evidence", "identity")
# Hours are whole minutes divided by 60: sums of them may differ by what floating point leaves over.
HOURS_TOLERANCE = 0.01
MOST_NAMED = 3


@dataclass(frozen=True)
class PartsCheck:
    """One measure of one city: its own count, what its parts add up to, and whether that is right."""

    measure: str
    kind: str  # stock | flow | distinct
    basis: str
    window: str
    parts: str  # area | gender | age_band …
    whole: float | None  # the city's own count; of a distinct count, everybody counted once
    parts_sum: (
        float | None
    )  # of the parts that have a figure; None while some lack one and the others are zero
    largest_part: float | None
    verdict: str  # agrees | explained | flagged | not_compared
    reasons: tuple[Reason, ...] = ()
    counted_through: date | None = None  # the last day counted of a window that still runs
    parts_status: str = "ok"  # of the parts that have no figure: theirs, the first of several

    @property
    def difference(self) -> float | None:
        return None if self.whole is None or self.parts_sum is None else self.whole - self.parts_sum


def check_parts(build: Build, city: Area, period: Period, window: str | None) -> list[PartsCheck]:
    """One check per measure, basis and kind of parts, in the order of the catalogue; population last."""
    checks = []
    for measure_id, indicator in load_catalogue().counts.items():
        measure = indicator.numerator.measure
        if measure.scopes:
            continue
        for basis in measure.bases:
            for by in ("district", *(name for name in ADDING_UP if name in measure.dimensions)):
                try:
                    whole = query(build, measure_id, city.area_code, period, window, basis)[0]
                    parts = query(build, measure_id, city.area_code, period, window, basis, by)
                except QueryRefused:  # a measure that is not counted in every window
                    continue
                checks.append(check_one(whole, parts, indicator, "area" if by == "district" else by))
    return [*checks, check_population(build, city, period)]


def check_one(whole: Observation, parts: Sequence[Observation], indicator: Indicator, by: str) -> PartsCheck:
    measure = indicator.numerator.measure
    known = [float(part.value) for part in parts if part.value is not None]
    missing = [part for part in parts if part.value is None]
    # Zeros beside withheld parts are no sum: nothing of what the city counts is among the parts shown.
    total = fsum(known) if known and (any(known) or not missing) else None
    largest = max(known, default=None)
    tolerance = HOURS_TOLERANCE if indicator.unit == "hours" else 0.0
    one_place_each = measure.kind != "distinct" or whole.basis == "residence" or by != "area"
    value = None if whole.value is None else float(whole.value)
    verdict, reasons = judge(value, total, largest, tolerance, one_place_each)
    if value is None:
        verdict, reasons = "not_compared", (whole_missing(whole),)
    elif missing and total is None:
        verdict, reasons = "not_compared", (no_sum(missing, len(known)),)
    elif missing and total is not None:
        verdict = "flagged" if total > value + tolerance and one_place_each else "explained"
        reasons = (parts_missing(missing, value - total),)
    return PartsCheck(
        measure.id, measure.kind, whole.basis, whole.window, by, value, total, largest, verdict, reasons,
        whole.counted_through, min((part.status for part in missing), default="ok"),
    )  # fmt: skip


def judge(
    whole: float | None, total: float | None, largest: float | None, tolerance: float, one_place_each: bool
) -> tuple[str, tuple[Reason, ...]]:
    """Whether parts that are all there fit their whole."""
    if whole is None or total is None or largest is None:
        return "explained", ()
    if abs(whole - total) <= tolerance:
        return "agrees", ()
    if not one_place_each and largest <= whole < total:
        more = format_number(total - whole, 0)
        return "explained", (
            Reason(
                "counted_afresh",
                f"全市按人重新计数，每人只算一次；在几个地区都出现过的人，各地区相加时多算 {more} 次。",
                f"The city counts each person once; people who appear in several areas are counted {more} times "
                "more when areas are added up.",
            ),
        )
    return "flagged", (
        Reason(
            "does_not_add_up",
            f"各部分相加与全市相差 {format_number(whole - total, 2)}，没有已知的原因，请核查。",
            f"The parts differ from the city by {format_number(whole - total, 2)} for no known reason: look into it.",
        ),
    )


def whole_missing(whole: Observation) -> Reason:
    return Reason(
        "whole_missing",
        f"全市没有数值：{status_text(whole.status, 'zh')}。",
        f"The city has no value: {status_text(whole.status, 'en')}.",
    )


def parts_missing(missing: Sequence[Observation], left: float) -> Reason:
    """Who has no figure, and how much of the city that leaves."""
    why = statuses_of(missing)
    rest = format_number(left, 0)
    return Reason(
        "parts_missing",
        f"有 {len(missing)} 个部分没有数值（{why['zh']}），其余相加比全市少 {rest}。",
        f"{len(missing)} parts have no figure ({why['en']}); the others add up to {rest} less than the city.",
    )


def no_sum(missing: Sequence[Observation], zeros: int) -> Reason:
    """Why the parts are not added up: none has a figure, or those that have one are zero."""
    why = statuses_of(missing)
    others = ("，其余为 0", ", and the others are zero") if zeros else ("", "")
    return Reason(
        "parts_missing",
        f"有 {len(missing)} 个部分没有数值（{why['zh']}）{others[0]}，不能相加核对。",
        f"{len(missing)} parts have no figure ({why['en']}){others[1]}: there is no sum to hold against the city.",
    )


def statuses_of(missing: Sequence[Observation]) -> dict[str, str]:
    """The words of each status that parts without a figure have, once."""
    codes = sorted({part.status for part in missing})
    return {
        lang: separator.join(status_text(code, lang) for code in codes)
        for lang, separator in (("zh", "；"), ("en", "; "))
    }


def check_population(build: Build, city: Area, period: Period) -> PartsCheck:
    """Residents: published figures of different years, bases and roundings, so a difference has reasons of its own."""
    year = period.end.year
    whole = build.population_for(city.area_code, year)
    found = {
        area.area_code: build.population_for(area.area_code, year)
        for area in load_areas().children(city.area_code)
        if area.level != "unknown"
    }
    parts = {code: match for code, match in found.items() if match is not None}
    total = float(sum(match.population for match in parts.values())) if parts else None
    largest = max((float(match.population) for match in parts.values()), default=None)
    value = None if whole is None else float(whole.population)
    rounding = sum(match.row.rounded_to for match in (*parts.values(), *((whole,) if whole else ()))) / 2
    verdict, reasons = judge(value, total, largest, rounding, True)
    if verdict != "agrees" and whole is not None:
        why = population_reasons(whole, parts, [code for code, match in found.items() if match is None])
        if why:
            verdict, reasons = "explained", why
    return PartsCheck(
        "permanent_population", "stock", "residence", "stock", "area", value, total, largest, verdict, reasons
    )


def population_reasons(
    whole: PopulationMatch, parts: dict[str, PopulationMatch], without: Sequence[str]
) -> tuple[Reason, ...]:
    reasons = []
    if without:
        names = [load_areas().get(code) for code in without]
        zh, en = (
            "、".join(area.area_name for area in names[:MOST_NAMED]),
            ", ".join(area.area_name_en for area in names[:MOST_NAMED]),
        )
        reasons.append(
            Reason(
                "no_population",
                f"{len(without)} 个地区没有人口数（{zh}{'等' if len(without) > MOST_NAMED else ''}）。",
                f"{len(without)} areas have no population figure ({en}{' and others' if len(without) > MOST_NAMED else ''}).",
            )
        )
    kinds = {(match.year, match.row.basis) for match in (whole, *parts.values())}
    if len(kinds) > 1:
        years = "、".join(str(year) for year in sorted({year for year, _ in kinds}))
        reasons.append(
            Reason(
                "population_kinds",
                f"各地区与全市的人口不是同一年份、同一来源（{years}年；普查与年末估计）。",
                "The figures are of different years or kinds "
                f"({years.replace('、', ', ')}; census and year-end estimates).",
            )
        )
    if any(match.row.scope == "unclear" for match in parts.values()):
        reasons.append(
            Reason(
                "zones_unclear",
                "有的区县没有说明是否含功能区的人口。",
                "Some districts do not say whether the residents of functional zones are included.",
            )
        )
    return tuple(reasons)
