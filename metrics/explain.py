"""Where a figure comes from: definition, the formula with its numbers, counts, interval, caveats, drops."""

from datetime import date
from typing import Any

from metrics.areas import load_areas
from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.completeness import lacking, sentence
from metrics.definitions import LANGUAGES
from metrics.indicator import Indicator, Term
from metrics.intervals import CONFIDENCE, method_text
from metrics.observation import STATUSES, Observation
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
from metrics.variants import Variant

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
    variant: str | None = None,
) -> dict[str, Any]:
    """Everything behind one figure, as plain values; texts are {'zh': …, 'en': …}.

    Raises what query() raises.
    """
    indicator = load_catalogue().indicator(indicator_id)
    (observation,) = query(build, indicator_id, area_code, period, window, basis, variant=variant)
    start, end = window_span(period, observation.window)
    city = load_areas().city_of(area_code)
    sources = sources_of(indicator, observation)
    since, _ = window_span(
        period.year_earlier(), observation.window
    )  # a break since then spoils the year's change
    broken = breaks_within(build.breaks, indicator, observation.basis, area_code, since, end)
    unsure = observation.status not in ("ok", "denominator_year")
    missing = lacking(build.lacking(city, end), area_code, sources, start, end) if unsure else []
    chosen = Variant.parse(observation.variant)
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
            "method": indicator.interval_method.capitalize(),
            **in_both(lambda lang: method_text(indicator.interval_method, lang)),
        } if observation.lower is not None else None,
        "status": {"code": observation.status, **in_both(lambda lang: status_text(observation.status, lang))},
        "polarity": indicator.polarity,
        "comparability": {"code": indicator.comparability, **in_both(indicator.comparability_text)},
        "target": target_in_force(indicator, observation),
        "variant": {"code": chosen.code, **in_both(chosen.label)},
        "caveats": in_both(
            lambda lang: [
                *chosen.notes(lang),
                *indicator.caveats(lang),
                *(one.sentence(lang) for one in broken),
                *(sentence(one, lang) for one in missing),
            ]
        ),
        "source": indicator.source,
        "owner": indicator.owner,
        "reviewed": indicator.reviewed.isoformat(),
        "verified": {
            "is_verified": indicator.is_verified,
            "by": indicator.review.by if indicator.review else None,
            "on": indicator.review.on.isoformat() if indicator.review else None,
        },
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


def target_in_force(indicator: Indicator, observation: Observation) -> dict[str, Any] | None:
    """The target that holds for the figure's area, year and window, if there is one."""
    target = indicator.target(observation.area_code, observation.period_end.year, observation.window)
    if target is None:
        return None
    return {
        "value": target.value, "from_year": target.from_year, "to_year": target.to_year,
        "area_code": target.area or None, "window": target.window or None, "source": target.source,
    }  # fmt: skip


def calculation(observation: Observation, indicator: Indicator) -> dict[str, str]:
    """The formula with the numbers in it, in both languages."""
    if observation.value is None:
        return in_both(lambda lang: status_text(observation.status, lang))
    if indicator.kind == "measure":
        return in_both(lambda lang: format_value(observation, indicator, lang))
    above, below = exact(observation.numerator), exact(observation.denominator)
    times = times_text(indicator)
    return in_both(lambda lang: f"{above} ÷ {below}{times} = {format_value(observation, indicator, lang)}")


def times_text(indicator: Indicator) -> str:
    """What a quotient is multiplied by, as written after it: ' × 100%', ' × 10,000', or nothing."""
    if indicator.unit == "percent":
        return " × 100%"
    return f" × {indicator.factor:,.0f}" if indicator.factor != 1 else ""


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
