"""Why two figures are not compared: every rule in one place, each with its sentence."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from metrics.indicator import Indicator, Term
from metrics.judging import compares_areas
from metrics.observation import Observation
from metrics.periods import month_number
from metrics.population import PopulationRow, population_for
from metrics.sentences import area_name_in_full, status_text, when_label
from metrics.series_breaks import SeriesBreak, breaks_across, days_of
from metrics.variants import indicator_of


@dataclass(frozen=True)
class Reason:
    """`status` is what an observation of the difference would carry."""

    code: str
    status: str
    zh: str
    en: str
    brief_zh: str = ""
    brief_en: str = ""

    def text(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    def brief(self, lang: str) -> str:
        """The same in a few words without a full stop, for a card: '2020年未报送'."""
        short = self.brief_zh if lang == "zh" else self.brief_en
        return short or self.text(lang).rstrip("。.")


Rows = tuple[Observation, Observation]
OF_ITS_OWN_PAST = Reason(
    "over_time_only", "insufficient", "按这个定义只宜与同一地区的其他时期比。",
    "So defined, a figure is comparable with other periods of the same area only.",
)  # fmt: skip
OF_ITS_SIZE = Reason(
    OF_ITS_OWN_PAST.code, OF_ITS_OWN_PAST.status, "总数随地区大小而不同，地区之间不凭它分高下。",
    "A total grows with the size of an area, so areas are not judged by it.",
)  # fmt: skip


def not_between_areas(indicator: Indicator) -> Reason:
    """Why figures that metrics.judging.compares_areas refuses are not held against another area's."""
    return OF_ITS_SIZE if indicator.kind == "measure" else OF_ITS_OWN_PAST


def against_other_areas(row: Observation) -> Reason | None:
    """Why a figure is not held against another area's; None where it may be."""
    return None if compares_areas(row) else not_between_areas(indicator_of(row))


def reasons_against(
    kind: str,
    asked: Rows,
    read: Rows | None,
    indicator: Indicator,
    breaks: Iterable[SeriesBreak],
    population: Sequence[PopulationRow],
) -> tuple[Reason, ...]:
    """Everything that keeps two observations of an indicator from being compared, the decisive one first.

    `read` are the two `asked` about up to corresponding days, where they are compared so; then being unfinished
    does not count against them.
    """
    (now, other), is_cut = read or asked, read is not None
    return (
        *about_the_question(kind, *asked, indicator),
        *about_one(now, other, indicator, "now", is_cut),
        *(about_one(other, now, indicator, "other", is_cut) if other != now else ()),  # not twice the same
        *about_breaks(*asked, indicator, breaks),
        *about_population(now, other, indicator, population),
    )


def about_the_question(
    kind: str, now: Observation, other: Observation, indicator: Indicator
) -> Iterator[Reason]:
    """What would be no comparison of like with like, whatever the values."""
    if kind == "benchmark" and now.area_code == other.area_code:
        yield Reason(
            "same_area", "insufficient", "一个地区不与自己比较。", "An area is not compared with itself."
        )
    # A count is told beside its city's, of which it is a part; nothing is tested by it.
    elif now.area_code != other.area_code and indicator.kind != "measure" and not compares_areas(now):
        yield not_between_areas(indicator)
    if kind == "chosen" and (now.area_code, now.period, now.window) == (
        other.area_code, other.period, other.window,
    ):  # fmt: skip
        yield Reason(
            "same_period", "insufficient", "一个时期不与自己比较。", "A period is not compared with itself."
        )
    asked, beside = ((row.basis, row.dimension, row.member, row.variant) for row in (now, other))
    if asked != beside:
        yield Reason(
            "other_question", "insufficient", "口径或人群不同，不能比较。",
            "Basis or group differ, so the two are not compared.",
        )  # fmt: skip
    if kind == "previous" and not are_consecutive(now, other, indicator):
        yield Reason(
            "not_consecutive", "insufficient", "两个窗口重叠或不相邻，不是“上一期”；可与上年同期比较。",
            "The two windows overlap or do not follow each other, so neither is the period before; compare with the "
            "year before.",
        )  # fmt: skip
    elif kind != "benchmark" and not are_equally_long(now, other, indicator):
        yield Reason(
            "other_length", "insufficient", "两个窗口长短不同，不能比较。",
            "The two windows are not equally long, so they are not compared.",
        )  # fmt: skip


def terms(indicator: Indicator) -> list[Term]:
    return [term for term in (indicator.numerator, indicator.denominator) if term]


def are_consecutive(now: Observation, other: Observation, indicator: Indicator) -> bool:
    """One ends the day before the next begins; where everything is read on a day, the day is a period earlier."""
    spans = [
        (days_of(term, now.period, now.window), days_of(term, other.period, other.window))
        for term in terms(indicator)
    ]
    lasting = [(later, earlier) for later, earlier in spans if later[0] != later[1]]
    if not lasting:
        return other.period == now.period.previous()
    follows = all(earlier[1] + timedelta(days=1) == later[0] for later, earlier in lasting)
    return follows and are_equally_long(now, other, indicator)


def are_equally_long(now: Observation, other: Observation, indicator: Indicator) -> bool:
    def months(row: Observation, term: Term) -> int:
        first, last = days_of(term, row.period, row.window)
        return 0 if first == last else 1 + month_number(last) - month_number(first)

    return all(months(now, term) == months(other, term) for term in terms(indicator))


def about_one(
    row: Observation, beside: Observation, indicator: Indicator, side: str, is_cut: bool = False
) -> Iterator[Reason]:
    """What is wrong with one of the two."""
    if row.value is not None and (row.status == "ok" or (is_cut and row.status == "provisional")):
        return
    zh, en = named(row, beside, indicator, "zh"), named(row, beside, indicator, "en")
    if row.status == "provisional" and row.value is not None:
        told = "不与完整的比较", "is not compared with what is"
        if beside is not row and beside.status == "provisional":
            told = "不作比较", "is not compared"
        yield Reason(
            f"not_complete_{side}", "provisional", f"{zh}还不完整，{told[0]}。", f"{en} is not complete, and {told[1]}.",
            f"{zh}还不完整", f"{en} not complete",
        )  # fmt: skip
    elif row.status == "denominator_year" and row.value is not None:
        why = "差别可能只来自人口", "the difference might be one of population only"
        if has_same_population(row, beside):
            why = "比率不是当年的，不作比较", "a rate that is not of its own year is not compared"
        yield Reason(
            f"population_year_{side}", "denominator_year", f"{zh}用的是较早年份的人口，{why[0]}。",
            f"{en} uses the population of an earlier year; {why[1]}.",
            f"{zh}用较早年份的人口", f"{en}: population of an earlier year",
        )  # fmt: skip
    elif row.status == "suppressed":
        yield Reason(
            f"suppressed_{side}", "suppressed", f"{zh}人数过少，不予显示，也不给差值。",
            f"{en} is suppressed because few people are behind it, and so is the difference.",
            f"{zh}人数过少", f"{en}: too few people",
        )  # fmt: skip
    else:
        status = row.status if row.status != "ok" else "insufficient"
        yield Reason(
            f"no_value_{side}", status, f"{zh}没有数值（{status_text(status, 'zh')}）。",
            f"{en} has no value ({status_text(status, 'en')}).",
            f"{zh}{status_text(status, 'zh').split('，')[0]}", f"{en} {status_text(status, 'en').split(',')[0]}",
        )  # fmt: skip


def has_same_population(row: Observation, beside: Observation) -> bool:
    """Whether two figures are made of the same residents, whose number then makes no difference between them."""
    same_row = (row.area_code, row.population_year) == (beside.area_code, beside.population_year)
    return row is not beside and row.population_year is not None and same_row


def named(row: Observation, beside: Observation, indicator: Indicator, lang: str) -> str:
    """What tells the two apart: the area where areas differ, else the window."""
    if row.area_code != beside.area_code:
        return area_name_in_full(row.area_code, lang)
    return when_label(row, indicator, lang)


def about_breaks(
    now: Observation, other: Observation, indicator: Indicator, breaks: Iterable[SeriesBreak]
) -> Iterator[Reason]:
    """Between windows only: within one window, areas are compared as they are."""
    if (now.period, now.window) == (other.period, other.window):
        return
    spans = (other.period, other.window), (now.period, now.window)
    for one in breaks_across(breaks, indicator, now.basis, now.area_code, *spans):
        short = f"{one.on} 起序列中断", f"series break on {one.on}"
        yield Reason("series_break", "series_break", one.sentence("zh"), one.sentence("en"), *short)


def about_population(
    now: Observation,
    other: Observation,
    indicator: Indicator,
    population: Sequence[PopulationRow],
) -> Iterator[Reason]:
    """Populations of different bases, or counted over different areas, do not make rates that compare."""
    scopes = [term.scope for term in terms(indicator) if term.measure.scopes]
    for scope in scopes:
        first, second = (
            population_for(population, row.area_code, row.period_end.year, scope) for row in (now, other)
        )
        if first is None or second is None or now.area_code != other.area_code:
            continue
        is_rebased = [match.row.basis.endswith("before_census_revision") for match in (first, second)]
        if first.row.scope != second.row.scope or is_rebased[0] != is_rebased[1]:
            yield Reason(
                "other_population", "series_break", "两期的常住人口统计范围或口径不同，比率不可比。",
                "The two populations are counted over different areas or bases, so the rates do not compare.",
                "两期常住人口口径不同", "populations of different bases",
            )  # fmt: skip
