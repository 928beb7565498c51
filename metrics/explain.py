"""Where a figure comes from: definition, the formula with its numbers, counts, interval, caveats, drops."""

from datetime import date
from typing import Any

from metrics.areas import load_areas
from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.completeness import lacking, sentence
from metrics.definitions import LANGUAGES
from metrics.indicator import Indicator, Term
from metrics.observation import STATUSES, Observation
from metrics.observe import CONFIDENCE
from metrics.periods import Period, window_label, window_span
from metrics.query import query
from metrics.sentences import (
    basis_text,
    describe,
    format_count,
    format_interval,
    format_number,
    format_value,
    status_text,
)
from metrics.series_breaks import breaks_within

__all__ = [
    "STATUSES", "basis_text", "contributing_drops", "describe", "explain", "format_count",
    "format_interval", "format_value", "status_text",
]  # fmt: skip

LEDGER_COLUMNS = (
    "drop_id", "source", "file_name", "supplier", "first_on", "last_on", "rows_read", "rows_accepted",
    "rows_unchanged", "rows_quarantined", "is_synthetic",
)  # fmt: skip


def explain(
    build: Build,
    indicator_id: str,
    area_code: str,
    period: Period,
    window: str | None = None,
    basis: str | None = None,
) -> dict[str, Any]:
    """Everything behind one figure, as plain values; texts are {'zh': …, 'en': …}.

    Raises what query() raises.
    """
    indicator = load_catalogue().indicator(indicator_id)
    (observation,) = query(build, indicator_id, area_code, period, window, basis)
    start, end = window_span(period, observation.window)
    city = load_areas().city_of(area_code)
    sources = sources_of(indicator, observation)
    since, _ = window_span(
        period.year_earlier(), observation.window
    )  # a break since then spoils the year's change
    broken = breaks_within(build.breaks, indicator, observation.basis, area_code, since, end)
    unsure = observation.status not in ("ok", "denominator_year")
    missing = lacking(build.lacking(city, end), area_code, sources, start, end) if unsure else []
    return {
        "indicator": indicator.id,
        "name": in_both(indicator.name),
        "question": in_both(indicator.question),
        "formula": in_both(indicator.formula),
        "calculation": calculation(observation, indicator),
        "sentence": in_both(lambda lang: describe(observation, lang)),
        "observation": observation.as_dict(),
        "value": in_both(lambda lang: format_value(observation, indicator, lang)),
        "window": in_both(lambda lang: window_label(observation.period, observation.window, lang)),
        "window_start": start.isoformat() if start else None,
        "window_end": end.isoformat(),
        "interval": {
            "lower": observation.lower, "upper": observation.upper, "confidence": CONFIDENCE,
            "method": "Wilson",
        } if indicator.is_proportion else None,
        "status": {"code": observation.status, **in_both(lambda lang: status_text(observation.status, lang))},
        "polarity": indicator.polarity,
        "caveats": in_both(
            lambda lang: [
                *indicator.caveats(lang),
                *(one.sentence(lang) for one in broken),
                *(sentence(one, lang) for one in missing),
            ]
        ),
        "source": indicator.source,
        "owner": indicator.owner,
        "reviewed": indicator.reviewed.isoformat(),
        "definition_digest": indicator.digest,
        "build": {
            "build_id": build.build_id,
            "created_at": build.created_at.isoformat(),
            "is_synthetic": build.is_synthetic,
        },
        "coverage": {
            source: {"first_on": span.first_on.isoformat(), "last_on": span.last_on.isoformat()}
            for source, span in sorted(build.coverage(city).items())
            if source in sources
        },
        "drops": contributing_drops(build, city, sources, start, end),
    }  # fmt: skip


def in_both(text: Any) -> dict[str, Any]:
    return {lang: text(lang) for lang in LANGUAGES}


def calculation(observation: Observation, indicator: Indicator) -> dict[str, str]:
    """The formula with the numbers in it, in both languages."""
    if observation.value is None:
        return in_both(lambda lang: status_text(observation.status, lang))
    if indicator.kind == "measure":
        return in_both(lambda lang: format_value(observation, indicator, lang))
    above, below = exact(observation.numerator), exact(observation.denominator)
    times = " × 100%" if indicator.unit == "percent" else ""
    return in_both(lambda lang: f"{above} ÷ {below}{times} = {format_value(observation, indicator, lang)}")


def exact(count: float | None) -> str:
    """A count as it enters the division: whole people, hours to two decimals where they have any."""
    whole = count is None or float(count).is_integer()
    return format_number(count, 0 if whole else 2)


def sources_of(indicator: Indicator, observation: Observation) -> tuple[str, ...]:
    """The kinds of drop the figure is made from."""
    terms: list[Term] = [term for term in (indicator.numerator, indicator.denominator) if term]
    sources: list[str] = []
    for term in terms:
        sources += term.measure.sources_for(term.basis or observation.basis)
    return tuple(dict.fromkeys(sources))


def contributing_drops(
    build: Build, city: str, sources: tuple[str, ...], start: date | None, end: date
) -> list[dict[str, Any]]:
    """Ledger rows of drops in force whose days touch the window.

    A registration counts for all days after it, so for registers every earlier drop contributes too.
    """
    drops = []
    for drop in build.drops():
        if (
            drop["status"] != "loaded"
            or drop["source"] not in sources
            or drop["area_code"] not in (None, city)
        ):
            continue
        first_on, last_on = drop["first_on"], drop["last_on"]
        begins_before_end = first_on is None or first_on <= end
        lasts_past_start = (
            start is None or last_on is None or last_on >= start or drop["source"] == "registrations"
        )
        if begins_before_end and lasts_past_start:
            drops.append({column: plain(drop[column]) for column in LEDGER_COLUMNS})
    return drops


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
