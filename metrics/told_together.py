"""Which public builds' answers to one question may stand in one table: not two that differ by a few people.

A file withdrawn, or one that came late, moves a count by the people in it, and the table names the file. So of two
builds whose counts differ by fewer people than the threshold one is not told. A district that has changed is told
where no district of its city, nor what is left of the city, gives such a difference away (docs/disclosure.md).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from metrics.areas import Area, load_areas
from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.indicator import Indicator, Term
from metrics.observation import Observation
from metrics.observe import Question, observe
from metrics.periods import Period
from metrics.refusals import QueryRefused
from metrics.variants import Variant

VISITS, HOURS = "service_visits", "hours"
Numbers = tuple[float | None, ...]  # None for what is withheld or not reported


class Counts(NamedTuple):
    """What a figure of an area is made of."""

    people: Numbers  # or visits
    hours: Numbers
    visits: Numbers  # that each of the hours is of


Said = Mapping[str, Counts]  # by one build, of each area


def places_beside(area_code: str) -> list[Area]:
    """The areas whose counts would tell of this one: a city by itself, else the city and then its districts."""
    areas = load_areas()
    city = areas.city_of(area_code)
    return [areas.get(city), *(areas.children(city) if city != area_code else ())]


def said_of(
    build: Build, question: Question, places: Sequence[Area], period: Period, answers: Sequence[Observation]
) -> Said:
    """What the answers of a build for these places are made of. Hours go with the visits they are of."""
    indicator, term = question.indicator, question.indicator.numerator
    rows = {row.area_code: sides_of(indicator, row) for row in answers}
    hours = {
        area: tuple(count for one, count in sides if one.measure.unit == HOURS)
        for area, sides in rows.items()
    }
    visits: dict[str, Numbers] = dict.fromkeys(rows, ())
    if any(hours.values()):
        asked = of_visits(question, term.window or question.window, term.basis or question.basis)
        periods = [period, period.year_earlier()] if indicator.kind == "growth" else [period]
        for one_period in periods:
            for row in observe(build, asked, places, [one_period]):
                visits[row.area_code] += (row.numerator,)
    return {
        area: Counts(
            tuple(count for one, count in sides if is_of_people(one)) + visits[area],
            hours[area],
            visits[area],
        )
        for area, sides in rows.items()
    }


def sides_of(indicator: Indicator, row: Observation) -> list[tuple[Term, float | None]]:
    """What is counted on either side; the numerator of a growth is a difference, and what is counted is now and then."""
    now, then = row.numerator, row.denominator
    if indicator.kind == "growth":
        now = None if now is None or then is None else now + then
    sides = [(indicator.numerator, now)]
    return [*sides, (indicator.denominator, then)] if indicator.denominator else sides


def is_of_people(term: Term) -> bool:
    """Whether few of what is counted are few people: not so of residents and activities."""
    return not term.measure.scopes and term.measure.grain != "activity" and term.measure.unit != HOURS


def of_visits(question: Question, window: str, basis: str) -> Question:
    """The question about visits, with the same choice of records where visits have it."""
    visits = load_catalogue().indicator(VISITS)
    variant = question.variant.concerning(visits)
    try:
        variant.require(visits, window)
    except QueryRefused:
        variant = Variant()
    return Question(variant.as_read(visits), window, basis, "", variant)


def told_together(said: Sequence[Said | None], area: str, threshold: int) -> list[bool]:
    """Of builds from the oldest to the newest those to tell: the newest, the first, then the others, newest first.

    None for a build that says nothing.
    """
    asked = [number for number, one in enumerate(said) if one is not None]
    chosen: list[int] = []
    for number in [*asked[-1:], *asked[:-1][:1], *reversed(asked[1:-1])]:
        one, others = said[number], [said[other] for other in chosen]
        if one and not any(other and differ_by_few(one, other, area, threshold) for other in others):
            chosen.append(number)
    return [number in chosen for number in range(len(said))]


def differ_by_few(one: Said, other: Said, area: str, threshold: int) -> bool:
    """Whether an area's counts differ, and those of some area, or of the city less the districts told, by a few people.

    What has not changed leaves the others together with what the city changed by.
    """
    if one[area] == other[area]:
        return False
    city, *districts = [
        Counts(*(differences(*pair) for pair in zip(one[area], other[area], strict=True))) for area in one
    ]
    rest = Counts(*(left(*parts) for parts in zip(city, *districts, strict=True)))
    return any(are_few(change, threshold) for change in (city, *districts, *([rest] if districts else [])))


def differences(now: Numbers, then: Numbers) -> Numbers:
    return tuple(None if None in pair else pair[0] - pair[1] for pair in zip(now, then, strict=True))  # type: ignore[operator]


def left(whole: Numbers, *parts: Numbers) -> Numbers:
    """What a city changed by, less what those of its districts did of which that is known."""
    return tuple(
        None if total is None else total - sum(part[number] or 0.0 for part in parts)
        for number, total in enumerate(whole)
    )


def are_few(change: Counts, threshold: int) -> bool:
    """Hours that change while the visits they are of do not are of some records, nobody knows how few."""
    if any(0 < abs(number) < threshold for number in change.people if number is not None):
        return True
    return any(
        hours is not None and abs(hours) > 1e-6 and not visits
        for hours, visits in zip(change.hours, change.visits, strict=True)
    )
