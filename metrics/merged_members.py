"""Withheld members of a breakdown, told together where their sum follows from what is shown (docs/disclosure.md).

Where the total is published, and so is everything but two members or more, anybody can subtract: these members
together are the total less the others. One row says so, and names them. Nothing else is computed from a build here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from metrics.areas import load_areas
from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.disclosure.tables import COUNTED, Counted
from metrics.indicator import Indicator, Term
from metrics.intervals import with_intervals
from metrics.members import DISTRICT, OVERLAPPING, merged_code
from metrics.observation import MERGED, Observation, alike, strongest
from metrics.observe import Question, observe
from metrics.periods import Period
from metrics.told_together import HOURS, is_of_people, sides_of

FEWEST = 2  # members withheld: one alone would be told
MINUTE_DECIMALS = 4  # as a build adds minutes up

Key = tuple[str, date]  # the area whose total is told, and the period's end
Groups = dict[Key, list[Observation]]


def merged_members(
    build: Build, question: Question, periods: Sequence[Period], rows: Sequence[Observation]
) -> list[Observation]:
    """The merged member of each area and period of a breakdown, as far as there is one.

    `rows`: what `observe` answers to the question, all members or all districts of a city; members with nobody may
    be left out.
    """
    if build.is_internal or not adds_up(question):
        return []
    groups = {key: group for key, group in grouped(question, rows).items() if is_merged_by(question, group)}
    if not groups:
        return []
    wholes = totals(build, question, groups, periods)
    found: dict[Key, Observation] = {}
    for key, group in groups.items():
        row = together(question, wholes.get(key), group)
        if row is not None and are_enough(question.indicator, row, build.disclosure_threshold):
            found[key] = row
    for term in terms(question.indicator):
        is_enough = enough_people(build, question, term, {key: groups[key] for key in found}, periods)
        found = {key: row for key, row in found.items() if is_enough(key)}
    safe = list(found.values())
    return with_intervals(build, replace(question, dimension=question.dimension or DISTRICT), safe)


def adds_up(question: Question) -> bool:
    """Whether the members of both sides add up to what is published of the whole.

    Residents are looked up area by area, of different years and scopes, and do not.
    """
    has_residents = any(term.measure.scopes for term in terms(question.indicator))
    return question.dimension not in OVERLAPPING and not has_residents


def terms(indicator: Indicator) -> list[Term]:
    return [term for term in (indicator.numerator, indicator.denominator) if term is not None]


def grouped(question: Question, rows: Iterable[Observation]) -> Groups:
    """By the area and period whose total they add up to: members of an area, or districts of a city."""
    areas, found = load_areas(), Groups()
    for row in rows:
        whole = row.area_code if question.dimension else areas.city_of(row.area_code)
        if question.dimension or row.area_code != whole:
            found.setdefault((whole, row.period_end), []).append(row)
    if question.dimension:
        return found
    return {key: group for key, group in found.items() if len(group) == len(areas.children(key[0]))}


def is_merged_by(question: Question, group: Sequence[Observation]) -> bool:
    """Whether two members or more are withheld and all others are told, some of which are not nobody."""
    shown = [row for row in group if not is_hidden(row)]
    return (
        len(group) - len(shown) >= FEWEST
        and any(row.numerator or row.denominator for row in shown)
        and all(is_told(question.indicator, row) for row in shown)
    )


def is_hidden(row: Observation) -> bool:
    return row.status == "suppressed"


def is_told(indicator: Indicator, row: Observation) -> bool:
    """Whether both counts of a row are there; a growth up to a day need not be of the same days in every row."""
    if indicator.kind == "growth" and row.status == "provisional":
        return False
    return row.numerator is not None and (indicator.denominator is None or row.denominator is not None)


def totals(
    build: Build, question: Question, groups: Iterable[Key], periods: Sequence[Period]
) -> dict[Key, Observation]:
    keys = set(groups)
    codes = sorted({code for code, _ in keys})
    ends = {end for _, end in keys}
    wanted = [period for period in periods if period.end in ends]
    places = [load_areas().get(code) for code in codes]
    rows = observe(build, replace(question, dimension=""), places, wanted)
    return {(row.area_code, row.period_end): row for row in rows}


def together(
    question: Question, whole: Observation | None, group: Sequence[Observation]
) -> Observation | None:
    """The total less what is shown of its members, as a row of its own; None where it does not follow."""
    indicator = question.indicator
    if whole is None or whole.value is None or not is_told(indicator, whole):
        return None
    shown = [row for row in group if not is_hidden(row)]
    above = left(indicator.numerator, whole.numerator, [row.numerator for row in shown])
    below = None
    if indicator.denominator is not None:
        below = left(indicator.denominator, whole.denominator, [row.denominator for row in shown])
        if not below:
            return None
    if above is None or (above, below) == (whole.numerator, whole.denominator):
        return None  # nobody is left to tell them from: the total says the same
    factor = 100.0 if indicator.kind == "growth" else indicator.factor
    return alike(
        whole,
        dimension=question.dimension or DISTRICT,
        member=merged_code([named(row) for row in group if is_hidden(row)]),
        numerator=above, denominator=below, value=above if below is None else factor * above / below,
        lower=None, upper=None, status=strongest(MERGED, whole.status),
    )  # fmt: skip


def left(term: Term, whole: int | float | None, parts: Sequence[int | float | None]) -> int | float | None:
    """A total less some parts; hours as exactly as the minutes they were added up from."""
    known = [part for part in parts if part is not None]
    if whole is None or len(known) < len(parts):
        return None
    rest = whole - sum(known)
    return round(60 * rest, MINUTE_DECIMALS) / 60 if term.measure.unit == HOURS else rest


def are_enough(indicator: Indicator, row: Observation, threshold: int) -> bool:
    """Whether every count of people or visits of a merged row is none of those that are withheld."""
    counts = [count for term, count in sides_of(indicator, row) if is_of_people(term)]
    return all(count is not None and count >= threshold for count in counts)


def enough_people(
    build: Build, question: Question, term: Term, groups: Groups, periods: Sequence[Period]
) -> Callable[[Key], bool]:
    """Whether the people (or visits) whose hours or visits a side adds up are enough, by area and period.

    It is asked of the same members; where it cannot be asked the answer is no.
    """
    line = withheld_with(question, term)
    if not groups:
        return lambda key: False
    if line is None or line.measure == term.measure.id:
        return lambda key: term.measure.unit != HOURS
    beside = [one.measure.id for one in terms(question.indicator) if one.window == term.window]
    if line.measure in beside:  # the other side is that very count, and has been asked
        return lambda key: True
    if term.years_earlier or question.indicator.kind == "growth" or question.variant.choices:
        return lambda key: False
    window = term.window or question.window
    asked = Question(load_catalogue().indicator(line.measure), window, line.basis, question.dimension)
    wholes = totals(build, asked, groups, periods)
    parts = parts_of(build, asked, groups, periods)

    def is_enough(key: Key) -> bool:
        if key not in wholes or key not in parts:
            return False
        hidden = {named(row) for row in groups[key] if is_hidden(row)}
        counts = [count for name, count in parts[key].items() if name not in hidden]
        rest = left(asked.indicator.numerator, wholes[key].numerator, counts)
        return rest is not None and rest >= build.disclosure_threshold

    return is_enough


def named(row: Observation) -> str:
    return row.member or row.area_code


def withheld_with(question: Question, term: Term) -> Counted | None:
    """The count of people (or visits) a side is withheld with, which may be itself; None of what is none."""
    own = question.basis if question.basis in term.measure.bases else term.measure.bases[0]
    for count in COUNTED:
        if count.basis != (term.basis or own) or count.only or count.edge:
            continue
        if term.measure.id in (count.measure, *count.followers):
            dimensions = load_catalogue().indicator(count.measure).dimensions
            if question.dimension in ("", *dimensions):
                return count
    return None


def parts_of(
    build: Build, question: Question, groups: Groups, periods: Sequence[Period]
) -> Mapping[Key, Mapping[str, int | float | None]]:
    """What the members, or the districts, of some areas are of a count."""
    areas = load_areas()
    codes = sorted({code for code, _ in groups})
    places = [
        place
        for code in codes
        for place in ([areas.get(code)] if question.dimension else areas.children(code))
    ]
    found: dict[Key, dict[str, int | float | None]] = {}
    ends = {end for _, end in groups}
    rows = observe(build, question, places, [period for period in periods if period.end in ends])
    for key, group in grouped(question, rows).items():
        found[key] = {named(row): row.numerator for row in group}
    return found
