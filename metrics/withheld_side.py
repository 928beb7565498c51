"""Why a figure that is far from small is withheld: which of its counts is, and for which longer windows it is told.

"Too few people" beside a district of a thousand puzzles whoever sees its hours of the month and its register of the
quarter: what is withheld is the register of that month's end, which with its neighbours tells how few are new
(docs/disclosure.md). Everything said here is read from figures the build shows: which of them are small is not told.
"""

from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.indicator import Term
from metrics.observation import Observation
from metrics.periods import MONTHS_IN, PERIOD_KINDS, Period
from metrics.query import QueryRefused, query
from metrics.variants import indicator_of


def withheld_sentences(build: Build, row: Observation, lang: str) -> list[str]:
    """Of a suppressed figure, by the usual definition and not broken down; nothing for any other."""
    if row.status != "suppressed" or row.variant or row.dimension or build.is_internal:
        return []
    zh, joint = lang == "zh", "、" if lang == "zh" else ", "
    indicator, told = indicator_of(row), []
    sides = [term for term in (indicator.numerator, indicator.denominator) if term]
    if indicator.kind == "ratio":
        shown: list[str] = []
        hidden: list[str] = []
        for term in sides:
            is_shown = term.measure.scopes or side_is_shown(build, term, row)
            (shown if is_shown else hidden).append(load_catalogue().indicator(term.measure.id).name(lang))
        if hidden:
            told.append(
                f"不予显示的是{joint.join(hidden)}" if zh else f"Withheld: {joint.join(hidden).lower()}"
            )
        if shown and hidden:
            told[-1] += f"；{joint.join(shown)}照常显示" if zh else f"; shown: {joint.join(shown).lower()}"
    most = build.disclosure_threshold - 1
    is_month_end = row.window == "month" and any(term.measure.kind == "stock" for term in sides)
    if zh:
        of = "（相邻两月末在册人数之差，往往就是当月新增的几个人）" if is_month_end else ""
        told.append(f"不一定是它本身人数过少：1 至 {most} 人的数，以及由它能推算出这种数的数，都不予显示{of}")
    else:
        of = " (from one month's end to the next the register often changes by just the few who are new)"
        told.append(
            f"It need not be small itself: counts of 1 to {most} people are withheld, and what they could be computed "
            f"from{of if is_month_end else ''}"
        )
    longer = joint.join(period.label(lang) for period in longer_shown(build, row))
    if longer:
        told.append(f"{longer}有数" if zh else f"Shown for {longer}")
    return [f"{sentence}{'。' if zh else '.'}" for sentence in told]


def side_is_shown(build: Build, term: Term, row: Observation) -> bool:
    """Whether the count of one side, asked for by itself, is told."""
    period, bases = row.period.years_earlier(term.years_earlier), term.measure.bases
    basis = term.basis or (row.basis if row.basis in bases else bases[0])
    try:
        found = query(build, term.measure.id, row.area_code, period, term.window or row.window, basis)
    except QueryRefused:
        return False
    return found[0].value is not None


def longer_shown(build: Build, row: Observation) -> list[Period]:
    """The quarter and the year around a shorter window for which the figure is told."""
    if row.window not in PERIOD_KINDS:
        return []
    kinds = [kind for kind in PERIOD_KINDS if MONTHS_IN[kind] > MONTHS_IN[row.window]]
    periods = [Period.containing(kind, row.period_end) for kind in kinds]
    return [
        period
        for period in periods
        if query(build, row.indicator, row.area_code, period, None, row.basis)[0].value is not None
    ]
