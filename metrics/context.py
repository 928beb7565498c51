"""What surrounds a figure in its build: its city, the year before, the last points, and what is missing from it."""

from collections.abc import Iterable
from typing import Any

from metrics.areas import load_areas
from metrics.build import Build
from metrics.claims import MOST_POINTS, Context, against_benchmark, judged_beside
from metrics.comparisons import between
from metrics.comparisons.growth import growth_pair
from metrics.completeness import SOURCE_NAMES, Lacking, lacking, sentence
from metrics.indicator import Indicator, Term
from metrics.observation import MERGED, Observation
from metrics.periods import PERIOD_KINDS, window_span
from metrics.query import query, series
from metrics.reach import beginning
from metrics.series_breaks import breaks_in
from metrics.sides import Question
from metrics.variants import Variant, indicator_of

# Of these statuses nothing can be missing that would change the figure.
SURE = ("ok", "denominator_year", MERGED)


def context_of(build: Build, observation: Observation) -> Context:
    """A district's city, the same figure a year earlier and over the last periods; totals only."""
    if observation.dimension:
        return Context()
    indicator_id, area_code = observation.indicator, observation.area_code
    period, window, basis = observation.period, observation.window, observation.basis
    chosen = chosen_variant(observation)
    city = load_areas().city_of(area_code)
    benchmark = None
    if city != area_code:
        benchmark = query(build, indicator_id, city, period, window, basis, **chosen)[0]
    before = query(build, indicator_id, area_code, period.year_earlier(), window, basis, **chosen)[0]
    course: list[Observation] = []
    if window in PERIOD_KINDS:
        course = series(build, indicator_id, area_code, period, window, MOST_POINTS, basis, **chosen)
    indicator = indicator_of(observation)
    if course and breaks_in(build, indicator, [course]):
        course = []  # no trend across a break in the series
    comparable = not between(build, "year_earlier", observation, before).reasons
    judged = 1
    if benchmark is not None and against_benchmark(observation, benchmark, indicator) is not None:
        rows = query(build, indicator_id, city, period, window, basis, "district", **chosen)
        judged = len(judged_beside(rows, benchmark, indicator))
    return Context(benchmark, before, course, judged, comparable)


def chosen_variant(observation: Observation) -> dict[str, Any]:
    """The choice of definition, to be asked for again; nothing for the usual one."""
    return {"variant": observation.variant} if observation.variant else {}


def sources_of(indicator: Indicator, observation: Observation) -> tuple[str, ...]:
    """The kinds of drop the figure is made from."""
    terms: list[Term] = [term for term in (indicator.numerator, indicator.denominator) if term]
    sources: list[str] = []
    for term in terms:
        sources += term.measure.sources_for(term.basis or observation.basis)
    return tuple(dict.fromkeys(sources))


def missing_from(build: Build, observation: Observation) -> list[Lacking]:
    """What somebody owes that would change the figure; nothing for a figure that is whole."""
    if observation.status in SURE:
        return []
    indicator = indicator_of(observation)
    window = indicator.numerator.window or observation.window
    start, end = window_span(observation.period, window)
    city = load_areas().city_of(observation.area_code)
    owed = build.lacking(city, end)
    return lacking(owed, observation.area_code, sources_of(indicator, observation), start, end)


def beginnings(build: Build, observation: Observation, lang: str) -> list[str]:
    """Of a figure that is not whole: the sources whose reports begin after the days it needs."""
    if observation.status not in ("provisional", "insufficient"):
        return []
    indicator, told = indicator_of(observation), []
    spans = build.coverage(load_areas().city_of(observation.area_code))
    question = (observation.basis, observation.window, observation.period, observation.dimension)
    for source in sources_of(indicator, observation):
        start = beginning(indicator, source, *question)
        if start is None or source not in spans or spans[source].first_on <= start:
            continue
        first, name = spans[source].first_on, SOURCE_NAMES[source][lang]
        told.append(
            f"{name}的数据自 {first:%Y-%m} 起，这个数需要 {start:%Y-%m} 起的。"
            if lang == "zh"
            else f"Data of {name} begin in {first:%Y-%m}; the figure needs them from {start:%Y-%m} on."
        )
    return told


def missing_sentences(build: Build, observations: Iterable[Observation], lang: str) -> list[str]:
    """What is missing from any of some figures, each sentence once, in the order of the figures."""
    found: dict[str, None] = {}
    for observation in observations:
        found |= dict.fromkeys(beginnings(build, observation, lang))
        for one in missing_from(build, observation):
            found[sentence(one, lang)] = None
    return list(found)


def growth_note(build: Build, observation: Observation, lang: str) -> str:
    """Up to which days a growth of windows that are not whole is computed, or that it is not."""
    indicator, chosen = indicator_of(observation), Variant.parse(observation.variant)
    asked = Question(indicator, observation.window, observation.basis, observation.dimension, chosen)
    pair = growth_pair(build, asked, observation.area_code, observation.period)
    if observation.value is not None and pair is not None:
        now, then = pair.through
        if lang == "zh":
            return f"增速按可比的日子算：截至 {now}，比上年截至 {then}。"
        return f"The growth is like for like: up to {now} against the year before up to {then}."
    if observation.value is not None:
        return "两年的名册缺同样的报送。" if lang == "zh" else "The register lacks reports in both years."
    if lang == "zh":
        return "本期和上年同期没有都报全（或上年为零），不计算增速。"
    return "One of the two years is not wholly reported, or zero, so no growth is computed."


def completeness(build: Build, observation: Observation, lang: str) -> list[str]:
    """How complete the figure is, in sentences: what is missing, how far the reports reach, or that all is there."""
    indicator = indicator_of(observation)
    city = load_areas().city_of(observation.area_code)
    _, end = window_span(observation.period, observation.window)
    told = missing_sentences(build, [observation], lang)
    if indicator.kind == "growth" and observation.status in ("provisional", "insufficient"):
        told.append(growth_note(build, observation, lang))
    spans = build.coverage(city)
    for source in sources_of(indicator, observation):
        name = SOURCE_NAMES[source][lang]
        if source not in spans:
            told.append(f"没有收到过{name}。" if lang == "zh" else f"No report of {name} has come.")
        elif spans[source].last_on < end:
            last = spans[source].last_on
            told.append(
                f"{name}报到 {last}，期末是 {end}。"
                if lang == "zh"
                else f"Reports of {name} reach {last}; the window ends on {end}."
            )
    if told:
        return told
    if any(row["supplier"] for row in build.completeness(city)):
        return ["应报的都已报来。" if lang == "zh" else "All that was due has come."]
    return [
        "报送没有写明单位，只知道首末两次之间报过，不能逐月判断是否报全。"
        if lang == "zh"
        else "The drops name no supplier: reports span the window, but months cannot be told to be complete."
    ]
