"""Where a figure comes from: definition, the formula with its numbers, counts, interval, caveats, drops."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from metrics.areas import load_areas
from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.claims import Context
from metrics.comparisons import compare
from metrics.comparisons.peers import PEER
from metrics.comparisons.reasons import Reason
from metrics.context import completeness, context_of, sources_of
from metrics.contributing import contributing_drops
from metrics.definitions import LANGUAGES
from metrics.indicator import COMPARABILITIES, Indicator
from metrics.intervals import CONFIDENCE, method_text
from metrics.observation import STATUSES, Observation
from metrics.periods import Period, window_span
from metrics.population_told import populations_told
from metrics.query import query
from metrics.reviews import is_verified
from metrics.sentences import (
    basis_text,
    claim_sentences,
    describe,
    exact_count,
    format_count,
    format_interval,
    format_value,
    window_text,
)
from metrics.series_breaks import breaks_within
from metrics.small_counts import how_much
from metrics.status_words import STATUS_TEXTS, status_text
from metrics.targets import target_told
from metrics.variants import Variant
from metrics.withheld_side import withheld_sentences

__all__ = [
    "STATUSES", "STATUS_TEXTS", "basis_text", "contributing_drops", "describe", "explain", "format_count",
    "format_interval", "format_value", "status_text", "window_text",
]  # fmt: skip


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
    chosen = Variant.parse(observation.variant)
    read_in = chosen.as_read(indicator).numerator.window if observation.variant else ""
    start, end = window_span(period, read_in or observation.window)
    city = load_areas().city_of(area_code)
    sources = sources_of(indicator, observation)
    since, _ = window_span(
        period.year_earlier(), read_in or observation.window
    )  # a break since then spoils the year's change
    broken = breaks_within(build.breaks, indicator, observation.basis, area_code, since, end)
    context = context_of(build, observation)
    population = populations_told(build, observation)
    return {
        "indicator": indicator.id,
        "name": in_both(indicator.name),
        "question": in_both(indicator.question),
        "formula": in_both(indicator.formula),
        "calculation": calculation(observation, indicator),
        "counts": counts(observation, indicator),
        "population": population,
        "sentence": in_both(lambda lang: describe(observation, lang)),
        "claims": in_both(lambda lang: claim_sentences(observation, context, lang)),
        "comparison": comparison(build, observation, context, indicator) | {"peers": among_peers(build, observation)},
        "completeness": in_both(lambda lang: completeness(build, observation, lang)),
        "observation": observation.as_dict(),
        "value": in_both(lambda lang: format_value(observation, indicator, lang)),
        "window": in_both(lambda lang: window_text(observation, lang)),
        "window_start": start.isoformat() if start else None,
        "window_end": end.isoformat(),
        "interval": {
            "lower": observation.lower, "upper": observation.upper, "confidence": CONFIDENCE,
            "method": indicator.interval_method.capitalize(),
            "text": in_both(lambda lang: format_interval(observation, indicator, lang)),
            **in_both(lambda lang: method_text(indicator.interval_method, lang)),
        } if observation.lower is not None else None,
        "status": {"code": observation.status, **in_both(lambda lang: status_text(observation.told_status, lang))},
        "polarity": indicator.polarity,
        "comparability": comparability(indicator, chosen),
        "target": target_told(indicator, observation),
        "variant": {"code": chosen.code, **in_both(chosen.label)},
        "caveats": in_both(
            lambda lang: [
                *withheld_sentences(build, observation, lang),
                *chosen.notes(lang),
                *indicator.caveats(lang),
                *(one.sentence(lang) for one in broken),
            ]  # what is missing is told under completeness
        ),
        "source": indicator.source,
        "source_text": in_both(indicator.source_text),
        "owner": indicator.owner,
        "reviewed": indicator.reviewed.isoformat(),
        "verified": verified(build, indicator),
        # With those of its measures: what a review is of, and what changes when any of them does.
        "definition_digest": indicator.meaning,
        "build": {
            "build_id": build.build_id,
            "created_at": build.created_at.isoformat(),
            "is_synthetic": build.is_synthetic,
        },
        "disclosure": {
            "threshold": build.disclosure_threshold, "is_internal": build.is_internal,
            **in_both(lambda lang: how_much(build, lang)),
        },
        "coverage": {
            source: {"first_on": span.first_on.isoformat(), "last_on": span.last_on.isoformat()}
            for source, span in sorted(build.coverage(city).items())
            if source in sources
        },
        "drops": contributing_drops(build, area_code, sources, start, end),
    }  # fmt: skip


def comparability(indicator: Indicator, chosen: Variant) -> dict[str, str]:
    """What a figure may be held against; read by another definition, only figures read so."""
    code = chosen.as_read(indicator).comparability
    also = (
        ("；只与同一口径的数比", "; with figures of the same definition only") if chosen.choices else ("", "")
    )
    zh, en = COMPARABILITIES[code]
    return {"code": code, "zh": zh + also[0], "en": en + also[1]}


def verified(build: Build, indicator: Indicator) -> dict[str, Any]:
    """Which office has reviewed the definition and when, and whether the definition is still the one it saw."""
    review = build.reviews.get(indicator.id)
    return {
        "is_verified": is_verified(indicator, build.reviews),
        "by": review.by if review else None,
        "on": review.on.isoformat() if review else None,
    }


def in_both(text: Any) -> dict[str, Any]:
    return {lang: text(lang) for lang in LANGUAGES}


def counts(observation: Observation, indicator: Indicator) -> list[dict[str, Any]]:
    """Numerator and denominator by name; of a growth, the change and what it is a change of."""
    catalogue = load_catalogue()
    found = []
    for term, value in (
        (indicator.numerator, observation.numerator),
        (indicator.denominator, observation.denominator),
    ):
        if term is not None:
            name = in_both(catalogue.indicator(term.measure.id).name)
            earlier = {"zh": "（上年同期）", "en": ", a year earlier"}
            grown = {"zh": "（比上年同期增减）", "en": ", change on the year before"}
            if indicator.kind == "growth":
                extra = earlier if term is indicator.denominator else grown
                name = {lang: name[lang] + extra[lang] for lang in name}
            found.append({"measure": term.measure.id, "value": value, **name})
    return found


def comparison(
    build: Build, observation: Observation, context: Context, indicator: Indicator
) -> dict[str, Any]:
    """The figures of the year before and of the city, whether or not anything may be claimed of them.

    Beside a figure that is not complete stands what compares with it, up to the same day, and not a whole window.
    """
    others = {"year_earlier": context.year_earlier, "city": context.benchmark}
    through: dict[str, date] = {}
    against: dict[str, tuple[Reason, ...]] = {}
    for name, kind in (("year_earlier", "year_earlier"), ("city", "benchmark")):
        if others[name] is None:
            continue
        (found,) = compare(build, observation, [kind])
        against[name] = found.reasons
        if (
            observation.status == "provisional"
            and found.is_allowed
            and found.through
            and found.other is not None
        ):
            others[name], through[name] = found.other, found.through[1]
    return {
        name: {
            "value": other.value, "lower": other.lower, "upper": other.upper, "status": other.status,
            "difference": None if against[name] else difference(observation, other),
            "through": through[name].isoformat() if name in through else None,
            **in_both(
                lambda lang, name=name, other=other: beside_text(
                    observation, other, through.get(name), against[name], indicator, lang
                )
            ),
        } if other is not None else None
        for name, other in others.items()
    }  # fmt: skip


def beside_text(
    observation: Observation,
    other: Observation,
    through: date | None,
    against: Sequence[Reason],
    indicator: Indicator,
    lang: str,
) -> str:
    """The other figure, and up to which day it is; a whole window beside one that is not says that it is whole, and two
    whole figures that do not compare (a series break between them …) say why."""
    text = other_text(other, indicator, lang)
    if through is not None:
        return f"截至 {through}，{text}" if lang == "zh" else f"up to {through}, {text}"
    if observation.status == "provisional" and other.status == "ok":
        whole = "；这是整个时间窗，本数未完结，两者不能比较"
        return text + (
            whole
            if lang == "zh"
            else "; of the whole window, which an unfinished figure does not compare with"
        )
    if against and (observation.status, other.status) == ("ok", "ok"):
        why = ("" if lang == "zh" else " ").join(one.text(lang) for one in against)
        return (
            f"{text}；不作比较：{why.removesuffix('。')}"
            if lang == "zh"
            else f"{text}; not compared: {why.removesuffix('.')}"
        )
    return text


def among_peers(build: Build, observation: Observation) -> dict[str, Any]:
    """The median of the figure's usual peer group, which version it is, how many count, and the comparison said."""
    (found,) = compare(build, observation, [PEER])
    peers = found.peers
    assert peers is not None, "a comparison with peers says which"
    difference = None
    # Of an unfinished window both are up to the same day.
    if found.is_allowed and found.now.value is not None and peers.median is not None:
        difference = float(found.now.value) - peers.median
    return {
        "value": peers.median, "status": found.status, "difference": difference,
        "is_distinguishable": found.difference.is_distinguishable if found.difference else None,
        "group_id": peers.group.group_id if peers.group else None,
        "group_version": peers.group.version if peers.group else None,
        "counted": list(peers.counted),
        "left_out": [one._asdict() for one in peers.left_out],
        **in_both(found.text),
    }  # fmt: skip


def difference(observation: Observation, other: Observation) -> float | None:
    """In the indicator's unit; only between two whole figures."""
    if observation.value is None or other.value is None or {observation.status, other.status} != {"ok"}:
        return None
    return float(observation.value) - float(other.value)


def other_text(other: Observation, indicator: Indicator, lang: str) -> str:
    """'65.6%（1,234 / 2,016）'; what is not whole says so, and that nothing is concluded from it."""
    status = status_text(other.told_status, lang)
    if other.value is None:
        return status
    text = format_value(other, indicator, lang)
    if indicator.denominator is not None:
        both = f"{format_count(other.numerator)} / {format_count(other.denominator)}"
        text += f"（{both}）" if lang == "zh" else f" ({both})"
    if other.status == "ok":
        return text
    return f"{text}；{status}，不作比较" if lang == "zh" else f"{text}; {status}, so not compared"


def calculation(observation: Observation, indicator: Indicator) -> dict[str, str]:
    """The formula with the numbers in it, in both languages."""
    if observation.value is None:
        return in_both(lambda lang: status_text(observation.told_status, lang))
    if indicator.kind == "measure":
        return in_both(lambda lang: format_value(observation, indicator, lang))
    above, below = exact_count(observation.numerator), exact_count(observation.denominator)
    times = times_text(indicator)
    return in_both(lambda lang: f"{above} ÷ {below}{times} = {format_value(observation, indicator, lang)}")


def times_text(indicator: Indicator) -> str:
    """What a quotient is multiplied by, as written after it: ' × 100%', ' × 10,000', or nothing."""
    if indicator.unit == "percent":
        return " × 100%"
    return f" × {format_count(indicator.factor)}" if indicator.factor != 1 else ""
