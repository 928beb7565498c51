"""From a question to observations, for many areas and periods at once.

Each side of an indicator is read from the build at the same grain (area, last day, member); only then are the
two divided. What follows from the two sides for the answer is decided here and nowhere else.
"""

from collections.abc import Sequence
from itertools import product

from metrics.areas import Area, load_areas
from metrics.build import Build
from metrics.indicator import Indicator
from metrics.intervals import CONFIDENCE, with_intervals
from metrics.observation import Observation, alike, strongest
from metrics.periods import Period
from metrics.reach import begins_before_data, counted_through, is_at_most
from metrics.series_breaks import growth_breaks
from metrics.sides import Count, Question, Side

__all__ = ["CONFIDENCE", "Question", "observe"]


def observe(
    build: Build,
    question: Question,
    areas: Sequence[Area],
    periods: Sequence[Period],
    *,
    is_told_only: bool = False,
) -> list[Observation]:
    """One observation per area, period and member, in that order.

    `is_told_only`: what was not reported is left out, and so are members of a breakdown with nobody on either side;
    of a whole build that is most of them.
    """
    indicator = question.indicator
    numerators = Side(build, question, indicator.numerator, areas, periods)
    denominators = None
    if indicator.denominator is not None:
        denominators = Side(build, question, indicator.denominator, areas, periods)
    codes = [area.area_code for area in areas]
    names = build.members(question.dimension, codes) if question.dimension else ("",)
    sides = [numerators, *([denominators] if denominators else [])]
    rows, code = [], question.variant.code
    is_growth = indicator.kind == "growth"
    as_read = question.variant.as_read(indicator)
    beginnings: dict[
        tuple[str, int], tuple[bool, bool]
    ] = {}  # a city's reports, and so the answer, are those of its districts
    for area, number in product(areas, range(len(periods))):
        period = periods[number]
        wanted = (
            told_members(names, question.dimension, sides, area.area_code, number) if is_told_only else names
        )
        if not wanted:
            continue
        common = Observation(
            indicator.id, area.area_code, area.area_name, period.start, period.end, question.window, question.basis,
            question.dimension, "", None, None, None, None, None, "ok", build.build_id, code,
        )  # fmt: skip
        for member in wanted:
            above = numerators.count(area.area_code, number, member)
            below = denominators.count(area.area_code, number, member) if denominators else None
            answer = divide(indicator, above, below)
            if is_growth and below is not None and answer[-1] == "provisional":
                answer = growth_of_parts(build, question, area.area_code, period, above, below)
            numerator, denominator, value, status = answer
            if is_growth and value is not None and is_broken_growth(build, question, area.area_code, period):
                numerator, value, status = None, None, "series_break"
            begins_before, at_most, through = False, False, None
            if status == "provisional":
                key = load_areas().city_of(area.area_code), number
                if key not in beginnings:
                    asked = (question.basis, question.window, period, question.dimension)
                    spans = build.coverage(key[0])
                    beginnings[key] = (
                        begins_before_data(as_read, spans, *asked),
                        is_at_most(as_read, spans, *asked),
                    )
                begins_before, at_most = beginnings[key]
                through = counted_through(as_read, build.coverage(key[0]), question.basis, period)
            year = population_year(indicator, above, below)
            rows.append(
                alike(
                    common, member=member, numerator=numerator, denominator=denominator, value=value, status=status,
                    begins_before_data=begins_before, is_at_most=at_most, counted_through=through, population_year=year,
                )
            )  # fmt: skip
    return with_intervals(build, question, rows)


def told_members(
    names: Sequence[str], dimension: str, sides: Sequence[Side], area_code: str, number: int
) -> Sequence[str]:
    """The members with a count, hidden or not, in a window that was reported; of a total that one."""
    statuses = sides[0].statuses  # none of a count of residents
    if statuses and statuses[area_code][number] == "not_reported":
        return ()  # and so is the answer, whatever there is to divide by
    if not dimension:
        return names
    counts, day = sides[0].counts, sides[0].days[number]
    if len(sides) == 1:
        return [name for name in names if (area_code, day, name) in counts]
    others, then = sides[1].counts, sides[1].days[number]
    return [name for name in names if (area_code, day, name) in counts or (area_code, then, name) in others]


def population_year(indicator: Indicator, above: Count, below: Count | None) -> int | None:
    """The year of the residents a figure is made of; a growth lies between two years, and has none."""
    if indicator.kind == "growth":
        return None
    return above.population_year or (below.population_year if below else None)


Answer = tuple[int | float | None, int | float | None, int | float | None, str]
NO_GROWTH: Answer = (None, None, None, "insufficient")


def divide(indicator: Indicator, above: Count, below: Count | None) -> Answer:
    """Numerator, denominator, value and status of one observation."""
    if below is None:
        return above.value, None, above.value, above.status
    # A rate and its other count would give a suppressed count away.
    if above.status == "suppressed" or (below.status == "suppressed" and above.status != "not_reported"):
        return None, None, None, "suppressed"
    if indicator.kind == "growth":
        return grow(above, below)
    base_is_population = bool(indicator.denominator and indicator.denominator.measure.scopes)
    if above.value is None or (below.value is None and not base_is_population):
        return None, below.value, None, "not_reported"
    if not below.value:
        return above.value, below.value, None, "no_denominator"
    value = indicator.factor * above.value / below.value
    return above.value, below.value, value, strongest(above.status, below.status)


def grow(now: Count, before: Count) -> Answer:
    """Change against the year before, in percent; numerator is the difference, denominator the base."""
    if now.value is None:
        return None, before.value, None, "not_reported"
    if before.value is None:
        return None, None, None, "insufficient"
    change = now.value - before.value
    if not before.value:
        return change, before.value, None, "insufficient"
    return change, before.value, 100.0 * change / before.value, strongest(now.status, before.status)


def growth_of_parts(
    build: Build, question: Question, area_code: str, period: Period, now: Count, before: Count
) -> Answer:
    """Growth where a side is not whole: up to the same day of both years, or none; never a part against a whole.

    From a register that is over at the window's end the same people may be missing from both years.
    """
    from metrics.comparisons.growth import growth_pair, is_over  # they ask questions themselves

    is_stock = question.indicator.numerator.measure.kind == "stock"
    if is_stock and now.status == before.status and is_over(build, area_code, period):
        return divide(question.indicator, now, before)
    pair = growth_pair(build, question, area_code, period)
    if pair is None:
        return NO_GROWTH
    return divide(question.indicator, *(Count(row.value, row.status) for row in (pair.now, pair.other)))


def is_broken_growth(build: Build, question: Question, area_code: str, period: Period) -> bool:
    """Whether the two sides of a growth lie on different sides of a break in the series."""
    if question.indicator.kind != "growth" or not build.breaks:
        return False
    asked = (question.indicator, question.basis, area_code, period, question.window)
    return bool(growth_breaks(build.breaks, *asked))
