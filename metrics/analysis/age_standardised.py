"""Districts as they would be with the whole city's ages: rates of people, directly standardised by age band.

The standard is the city's own denominator (its registered volunteers) by age band. People of unknown age are in no
band and count on neither side; how many they are is said. A band that is withheld in an area leaves that area without
a value: to leave the band out would be another standard. So does a band in which an area has nobody: what people of
that age would do there is not known. The status is `insufficient`; which ages it is for is told beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from metrics.analysis.finding import MOST_NAMED, Finding, percent_text, together
from metrics.analysis.reading import AnalysisRefused, Asked, both_statuses, told_among
from metrics.areas import load_areas
from metrics.build import Build
from metrics.indicator import Indicator
from metrics.members import UNKNOWN, age_bands, members
from metrics.observation import NOBODY_AGED, Observation
from metrics.periods import Period, require_window
from metrics.query import query
from metrics.sentences import describe_subject, format_value, status_text
from metrics.statistics import standardise

DIMENSION = "age_band"
ByBand = Mapping[str, Observation]


@dataclass(frozen=True)
class StandardisedArea:
    """One area; crude and standardised are both of people whose age is known."""

    area_code: str
    area_name: str
    crude: float | None
    standardised: float | None
    lower: float | None  # 95 % interval of the standardised value
    upper: float | None
    age_unknown: float | None  # of the denominator, a fraction of 1
    status: str
    told_status: str = ""  # as readers are told it


@dataclass(frozen=True, kw_only=True)
class AgeStandardised(Finding):
    """n: areas with a standardised value. rows: in the order of the districts."""

    indicator: str
    benchmark: (
        float | None
    )  # the city's value over known ages: standardised by its own ages it stays what it is
    rows: tuple[StandardisedArea, ...]


def age_standardised(build: Build, asked: Asked, city: str, period: Period) -> AgeStandardised:
    """The districts and zones of a city. Raises AnalysisRefused for what is no proportion counted by age."""
    indicator = require_by_age(asked.indicator, require_window(period, asked.window))
    areas = [area.area_code for area in load_areas().children(city) if area.level != "unknown"]

    def by_band(area_code: str) -> ByBand:
        question = (period, asked.window, asked.basis, DIMENSION, asked.variant)
        return {row.member: row for row in query(build, asked.indicator_id, area_code, *question)}

    whole = asked.at(build, city, period)
    return age_standardised_of(whole, by_band(city), [by_band(code) for code in areas], indicator)


def require_by_age(indicator: Indicator, window: str) -> Indicator:
    if not indicator.is_proportion or DIMENSION not in indicator.dimensions:
        raise AnalysisRefused(
            f"“{indicator.name('zh')}”不能按年龄标化：要分子、分母都按年龄段统计的人占人的比例，如 active_rate。",
            f"{indicator.id} cannot be standardised by age: that needs a proportion of people with both sides counted "
            "by age band, such as active_rate.",
        )
    if window not in indicator.windows(DIMENSION):
        offered = indicator.windows(DIMENSION)
        raise AnalysisRefused(
            f"“{indicator.name('zh')}”按年龄段只统计 {'、'.join(offered)}，没有“{window}”。",
            f"{indicator.id} is counted by age band for {', '.join(offered)}, not for '{window}'.",
        )
    return indicator


def age_standardised_of(
    whole: Observation, city: ByBand, areas: Sequence[ByBand], indicator: Indicator
) -> AgeStandardised:
    """The finding from the figures by band of the city and of each area."""
    bands = [band for band in members(DIMENSION) if band != UNKNOWN]
    hidden = [city[band].status for band in bands if city[band].denominator is None]
    standard = [] if hidden else [float(city[band].denominator or 0) for band in bands]
    hidden_told = together(hidden), told_among(together(hidden), city.values())
    if not hidden and not sum(standard):
        hidden, hidden_told = ["insufficient"], ("insufficient", NOBODY_AGED)
    table = tuple(
        StandardisedArea(*named(one), None, None, None, None, None, *hidden_told)
        if hidden
        else standardised_area(one, bands, standard, indicator)
        for one in areas
    )
    known = [row for row in table if row.standardised is not None]
    status = (
        together(hidden) if hidden else together([row.status for row in known]) if known else "insufficient"
    )
    if not hidden and not known and table:
        status = together([row.status for row in table])
    counts = [city[band].numerator for band in bands]
    is_known = not hidden and all(count is not None for count in counts)
    benchmark = (
        indicator.factor * sum(float(count or 0) for count in counts) / sum(standard) if is_known else None
    )
    told = told_among(status, table) if not known else ""
    zh, en = sentences(whole, indicator, table, benchmark, told or status)
    return AgeStandardised(
        area_code=whole.area_code, status=status, told_status=told, n=len(known), zh=zh, en=en, build_id=whole.build_id,
        indicator=indicator.id, benchmark=benchmark, rows=table,
    )  # fmt: skip


def named(rows: ByBand) -> tuple[str, str]:
    code = next(iter(rows.values())).area_code
    return code, load_areas().get(code).area_name


def standardised_area(
    rows: ByBand, bands: Sequence[str], standard: Sequence[float], indicator: Indicator
) -> StandardisedArea:
    counted = [rows[band] for band, weight in zip(bands, standard, strict=True) if weight]
    unknown = age_unknown(rows, bands)
    missing = [row for row in counted if row.numerator is None or row.denominator is None]
    if missing:
        return StandardisedArea(*named(rows), None, None, None, None, unknown, *both_statuses(missing))
    above, below = (
        [float(getattr(row, side) or 0) for row in counted] for side in ("numerator", "denominator")
    )
    weights = [weight for weight in standard if weight]
    crude = indicator.factor * sum(above) / sum(below) if sum(below) else None
    found = standardise(above, below, weights, multiplier=indicator.factor, kind="proportion")
    value, lower, upper = (None if isnan(float(one)) else float(one) for one in found)
    if value is None:
        told = ("insufficient", nobody_of([row.member for row in counted if not row.denominator]))
    else:
        told = both_statuses([row for row in counted if row.denominator])
    return StandardisedArea(*named(rows), crude, value, lower, upper, unknown, *told)


def nobody_of(bands: Sequence[str]) -> str:
    """How it is told that an area has nobody of some age bands: see observation.NOBODY_AGED."""
    first_ages = [str(band.age_from) for band in age_bands() if band.band_code in bands]
    return f"{NOBODY_AGED}:{'|'.join(first_ages)}"


def age_unknown(rows: ByBand, bands: Sequence[str]) -> float | None:
    counts = [rows[band].denominator for band in (*bands, UNKNOWN) if band in rows]
    if any(count is None for count in counts) or not sum(count or 0 for count in counts):
        return None
    unknown = rows[UNKNOWN].denominator if UNKNOWN in rows else 0
    return float(unknown or 0) / sum(float(count or 0) for count in counts)


def sentences(
    whole: Observation,
    indicator: Indicator,
    table: Sequence[StandardisedArea],
    benchmark: float | None,
    told_status: str,
) -> tuple[str, str]:
    subject = {lang: describe_subject(whole, indicator, lang) for lang in ("zh", "en")}
    known = [row for row in table if row.standardised is not None]
    if not known:
        return (
            f"{subject['zh']}：没有区县的各年龄段都有数（{status_text(told_status, 'zh')}），不按年龄标化。",
            f"{subject['en']}: no district has figures of all ages ({status_text(told_status, 'en')}), so nothing is "
            "standardised by age.",
        )
    highest = max(known, key=lambda row: row.standardised or 0)
    lowest = min(known, key=lambda row: row.standardised or 0)

    def told(row: StandardisedArea, lang: str) -> str:
        name, crude = load_areas().get(row.area_code).name(lang), format_value(row.crude, indicator, lang)
        value = format_value(row.standardised, indicator, lang)
        return f"{name} {value}（标化前 {crude}）" if lang == "zh" else f"{name} {value} (crude {crude})"

    zh = f"{subject['zh']}，若各区县的年龄结构都与全市（分母）相同：最高 {told(highest, 'zh')}，最低 {told(lowest, 'zh')}"
    en = (
        f"{subject['en']}, had every district the whole city's ages (of the denominator): highest "
        f"{told(highest, 'en')}, lowest {told(lowest, 'en')}"
    )
    if benchmark is not None:
        city = {lang: format_value(benchmark, indicator, lang) for lang in ("zh", "en")}
        zh, en = f"{zh}；全市 {city['zh']}", f"{en}; whole city {city['en']}"
    unknown = [row.age_unknown for row in known if row.age_unknown]
    if unknown:
        most = percent_text(max(unknown))
        zh, en = (
            f"{zh}；年龄不详的不计，最多占 {most}",
            f"{en}; people of unknown age, at most {most}, are left out",
        )
    empty = [row for row in table if row.told_status.startswith(NOBODY_AGED)]
    if empty:
        zh, en = f"{zh}；{without_people(empty, 'zh')}", f"{en}; {without_people(empty, 'en')}"
    without = len(table) - len(known) - len(empty)
    if without:
        zh += f"；{without} 个区县有年龄段没有数或不予显示，不给"
        en += f"; {without} without figures of every age, or with some withheld, have none"
    return f"{zh}。", f"{en}."


def without_people(empty: Sequence[StandardisedArea], lang: str) -> str:
    """'路南区没有0–13岁的人，这些年龄的人会怎样无从知道，不给': the first three by name."""
    told = []
    for row in empty[:MOST_NAMED]:
        ages = status_text(row.told_status, lang).split("，" if lang == "zh" else ", so ")[0]
        name = load_areas().get(row.area_code).name(lang)
        told.append(f"{name}{ages}" if lang == "zh" else f"{name} has {ages}")
    more = len(empty) - len(told)
    if lang == "zh":
        others = f"，另有 {more} 个区县也有没有人的年龄段" if more else ""
        return f"{'，'.join(told)}{others}：这些年龄的人会怎样无从知道，不给"
    others = f", and {more} more lack people of some age" if more else ""
    return (
        f"{', '.join(told)}{others}: what people of these ages would do is not known, so they have no value"
    )
