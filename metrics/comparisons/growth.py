"""Growth of a window that is not over: up to the last day reported, against the year before up to the same day."""

from metrics.build import Build
from metrics.comparisons.unfinished import Pair, last_day, like_for_like
from metrics.periods import Period
from metrics.query import query
from metrics.sides import Question


def growth_pair(build: Build, question: Question, area_code: str, period: Period) -> Pair | None:
    """The two counts a growth lies between, each up to the corresponding day; None where the build cannot tell."""
    term, base = question.indicator.numerator, question.indicator.denominator
    if base is None or question.dimension or term.window:
        return None
    bases = term.measure.bases
    basis = term.basis or (question.basis if question.basis in bases else bases[0])
    now, before = (
        query(build, term.measure.id, area_code, when, question.window, basis, variant=question.variant.code)[
            0
        ]
        for when in (period, period.years_earlier(base.years_earlier))
    )
    return like_for_like(build, now, before)


def is_over(build: Build, area_code: str, period: Period) -> bool:
    """Whether a period lies wholly within the days the area's city has reported."""
    day = last_day(build, area_code)
    return day is not None and period.end <= day
