"""Two printed (or derived) figures of one city about one thing: do they leave room for the same true number?

A headline's 3800多 and a body's 3834 agree; so do a printed 超90.9% and the 90.909% that two rounded counts give.
Unlike readings are not held against each other: metrics.comparability says what they differ in.
"""

from dataclasses import dataclass
from itertools import combinations

from metrics.comparability import ComparedFigure, Reason
from metrics.compare import Concept, concepts
from metrics.figures import Figure


@dataclass(frozen=True)
class StatementsCheck:
    """Two statements of one city about one concept."""

    concept: Concept
    first: ComparedFigure
    second: ComparedFigure
    verdict: str  # within | explained | contradicts
    reasons: tuple[Reason, ...] = ()


def check_statements(city_code: str) -> list[StatementsCheck]:
    """Every two figures of the city within a concept, in the order of the concepts."""
    return [
        check_pair(concept, first, second)
        for concept in concepts()
        for first, second in combinations(concept.figures, 2)
        if first.figure.area_code == second.figure.area_code == city_code
    ]


def check_pair(concept: Concept, first: ComparedFigure, second: ComparedFigure) -> StatementsCheck:
    unlike = different_traits(first, second)
    if unlike:
        return StatementsCheck(concept, first, second, "explained", (unlike,))
    verdict = "within" if leave_room(first.figure, second.figure) else "contradicts"
    return StatementsCheck(concept, first, second, verdict)


def different_traits(first: ComparedFigure, second: ComparedFigure) -> Reason | None:
    one, other = (
        (figure.scope, figure.reading, figure.counted, figure.denominator) for figure in (first, second)
    )
    if one == other and first.figure.scope == second.figure.scope:
        return None
    names = (
        [figure.figure.name("zh") for figure in (first, second)],
        [figure.figure.name("en") for figure in (first, second)],
    )
    return Reason(
        "different_things",
        f"“{names[0][0]}”与“{names[0][1]}”范围或口径不同，并列，不互相否定。",
        f"'{names[1][0]}' and '{names[1][1]}' differ in scope or reading: side by side, neither contradicts the other.",
    )


def leave_room(first: Figure, second: Figure) -> bool:
    """Whether some number satisfies both, given bounds and printed rounding. Nothing printed contradicts nothing."""
    one, other = first.interval(), second.interval()
    if one is None or other is None:
        return True
    below = one.upper is not None and one.upper < other.lower
    above = other.upper is not None and other.upper < one.lower
    return not (below or above)
