"""What a sentence may claim beyond a value: only what its own test has shown."""

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, fisher_exact

from metrics.catalogue import load_catalogue
from metrics.claims import Claim, Context, claims
from metrics.comparisons import between
from metrics.observation import STATUSES, Observation
from metrics.periods import Period
from metrics.population import load_population
from metrics.sentences import chance_note, describe
from metrics.statistics import trend, wilson_interval

RATE = load_catalogue().indicator("active_rate")
SIGNIFICANT = re.compile(r"(?<!无)显著|(?<!o )[Ss]ignificant")  # not 无显著差异, not 'no significant …'


def rate(active: int, people: int, area: str = "130202", period: str = "2023", **more: Any) -> Observation:
    """An active rate with its Wilson limits."""
    span = Period.parse(period)
    lower, upper = wilson_interval(active, people)
    fields: dict[str, Any] = {
        "indicator": "active_rate", "area_code": area, "area_name": "", "period_start": span.start,
        "period_end": span.end, "window": span.kind, "basis": "residence", "dimension": "", "member": "",
        "numerator": active, "denominator": people, "value": 100 * active / people,
        "lower": 100 * float(lower), "upper": 100 * float(upper), "status": "ok", "build_id": "b",
    }  # fmt: skip
    return Observation(**fields | more)


CITY = rate(4690, 10000, "130200")


def only(row: Observation, **context: Any) -> Claim | None:
    found = claims(row, Context(**context))
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("active", "zh", "en"),
    [
        (600, "显著高于全市（全市 46.9%，更好）。", "Significantly higher than the city as a whole (46.9%; better)."),
        (470, "与全市无显著差异（全市 46.9%）。", "No significant difference from the city as a whole (46.9%)."),
        (300, "显著低于全市（全市 46.9%，更差）。", "Significantly lower than the city as a whole (46.9%; worse)."),
    ],
)  # fmt: skip
def test_a_district_is_held_against_its_city(active: int, zh: str, en: str) -> None:
    row = rate(active, 1000)
    assert describe(row, "zh", Context(benchmark=CITY)) == describe(row, "zh") + zh
    assert describe(row, "en", Context(benchmark=CITY)) == f"{describe(row, 'en')} {en}"


@pytest.mark.parametrize(
    ("active", "zh", "en"),
    [
        (700, "比上年同期显著上升 10.0 个百分点（上年同期 60.0%，更好）。",
         "Significantly up 10.0 points on the year before (60.0%; better)."),
        (610, "与上年同期无显著差异（上年同期 60.0%）。", "No significant difference from the year before (60.0%)."),
        (500, "比上年同期显著下降 10.0 个百分点（上年同期 60.0%，更差）。",
         "Significantly down 10.0 points on the year before (60.0%; worse)."),
    ],
)  # fmt: skip
def test_a_change_on_the_year_is_called_significant_only_when_the_years_can_be_told_apart(
    active: int, zh: str, en: str
) -> None:
    row, context = rate(active, 1000), Context(year_earlier=rate(600, 1000, period="2022"))
    assert describe(row, "zh", context) == describe(row, "zh") + zh
    assert describe(row, "en", context) == f"{describe(row, 'en')} {en}"


def test_a_change_of_counts_is_a_fact_without_a_test() -> None:
    row = rate(
        1,
        1,
        indicator="service_hours",
        numerator=110.0,
        denominator=None,
        value=110.0,
        lower=None,
        upper=None,
    )
    before = replace(
        rate(1, 1, period="2022"), indicator="service_hours", value=100.0, lower=None, upper=None
    )
    assert describe(row, "zh", Context(year_earlier=before)).endswith(
        "比上年同期上升 10.0%（上年同期 100小时）。"
    )
    assert describe(row, "en", Context(year_earlier=before)).endswith("Up 10.0% on the year before (100 h).")
    same = replace(before, value=110.0)
    assert describe(row, "zh", Context(year_earlier=same)).endswith("与上年同期持平（上年同期 110小时）。")


def course(*active: int) -> list[Observation]:
    return [rate(count, 1000, period=str(2024 - len(active) + number)) for number, count in enumerate(active)]


@pytest.mark.parametrize(
    ("active", "zh", "en"),
    [
        ((300, 400, 500, 600, 700), "近5期显著上升（更好）。", "Rising significantly over the last 5 periods (better)."),
        ((500, 510, 495, 505, 500), "近5期无显著升降。", "No significant trend over the last 5 periods."),
        ((700, 600, 500, 400, 300), "近5期显著下降（更差）。", "Falling significantly over the last 5 periods (worse)."),
    ],
)  # fmt: skip
def test_the_last_five_points_have_a_trend_or_not(active: tuple[int, ...], zh: str, en: str) -> None:
    rows = course(*active)
    assert describe(rows[-1], "zh", Context(course=rows)).endswith(f"。{zh}")
    assert describe(rows[-1], "en", Context(course=rows)).endswith(f". {en}")


def test_four_points_or_points_that_share_months_have_no_trend() -> None:
    assert only(course(300, 400, 500, 600)[-1], course=course(300, 400, 500, 600)) is None
    running = [replace(row, window="to_date") for row in course(300, 400, 500, 600, 700)]
    assert only(running[-1], course=running) is None


def test_a_point_that_is_not_whole_is_a_gap() -> None:
    rows = course(200, 300, 400, 500, 600, 700)
    rows[2] = replace(rows[2], status="provisional")
    assert only(rows[-1], course=rows) is not None
    rows[1] = replace(rows[1], status="provisional")
    assert only(rows[-1], course=rows) is None


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "ok"])
def test_what_is_not_whole_is_not_judged(status: str) -> None:
    row, before = rate(900, 1000), rate(100, 1000, period="2022")
    for one, other in ((replace(row, status=status), before), (row, replace(before, status=status))):
        assert only(one, year_earlier=other) is None
    assert only(replace(row, status=status), benchmark=CITY) is None
    assert only(row, benchmark=replace(CITY, status=status)) is None


def test_a_city_is_not_compared_with_itself_nor_the_unknown_with_anything() -> None:
    assert only(CITY, benchmark=CITY) is None
    assert only(rate(900, 1000, "U130200"), benchmark=CITY) is None


def test_hours_of_few_people_are_not_judged() -> None:
    fields: dict[str, Any] = {"indicator": "hours_per_registered", "value": 9.0, "lower": 8.0, "upper": 10.0}
    city = replace(CITY, **fields | {"value": 2.0, "lower": 1.9, "upper": 2.1})
    assert only(rate(1, 99, **fields), benchmark=city) is None
    claim = only(rate(1, 100, **fields), benchmark=city)
    assert claim is not None
    assert claim.is_significant


def test_different_questions_are_never_compared() -> None:
    row = rate(500, 1000)
    with pytest.raises(ValueError, match="different window"):
        claims(row, Context(benchmark=replace(CITY, window="to_date")))
    with pytest.raises(ValueError, match="different member"):
        claims(row, Context(benchmark=replace(CITY, dimension="", member="female")))
    with pytest.raises(ValueError, match="not the year before"):
        claims(row, Context(year_earlier=rate(500, 1000, period="2021")))
    with pytest.raises(ValueError, match="out of place"):
        claims(row, Context(course=[rate(500, 1000, period="2021"), row]))
    with pytest.raises(ValueError, match="ends with"):
        claims(row, Context(course=course(1, 2, 3, 4, 5)))


def test_many_areas_judged_at_once_come_with_a_warning_of_chance() -> None:
    told = describe(rate(600, 1000), "zh", Context(benchmark=CITY, judged_at_once=84))
    assert told.endswith("同时比较 84 个地区时，平均约 4 个会仅因偶然而显得不同。")
    assert "偶然" not in describe(rate(470, 1000), "zh", Context(benchmark=CITY, judged_at_once=84))
    assert chance_note(84, "en") == "Of 84 areas compared at once, about 4 will differ by chance alone."
    assert chance_note(7, "en") == "Of 7 areas compared at once, fewer than 1 will differ by chance alone."
    assert chance_note(1, "zh") == ""


POINT = st.tuples(st.integers(1, 3000), st.floats(0, 1), st.sampled_from(STATUSES))


@settings(max_examples=200, deadline=None)
@given(points=st.lists(POINT, min_size=7, max_size=7), city=POINT, areas=st.integers(1, 90))
def test_no_sentence_says_significant_unless_its_test_passed(
    points: list[tuple[int, float, str]], city: tuple[int, float, str], areas: int
) -> None:
    rows = [
        rate(round(share * people), people, period=str(2017 + number), status=status)
        for number, (people, share, status) in enumerate(points)
    ]
    row, before = rows[-1], rows[-2]
    rest = city[0]
    whole = rate(
        int(row.numerator or 0) + round(city[1] * rest),
        int(row.denominator or 0) + rest,
        "130200",
        status=city[2],
    )
    context = Context(benchmark=whole, year_earlier=before, course=rows, judged_at_once=areas)
    passed = row.status == "ok" and (against(row, whole) or apart(row, before) or moving(rows))
    for lang in ("zh", "en"):
        told = describe(row, lang, context)
        assert bool(SIGNIFICANT.search(told)) == passed, told
        assert not SIGNIFICANT.search(describe(row, lang))
        assert ("偶然" in told or "by chance" in told) == (
            areas > 1 and row.status == "ok" and against(row, whole)
        )


def against(row: Observation, whole: Observation) -> bool:
    """The tests again, written apart from the claims: the district against the rest of its city."""
    above, below, all_above, all_below = (
        int(count or 0) for count in (row.numerator, row.denominator, whole.numerator, whole.denominator)
    )
    return whole.status == "ok" and differ(above, below, all_above - above, all_below - below)


def apart(row: Observation, before: Observation) -> bool:
    counts = (row.numerator, row.denominator, before.numerator, before.denominator)
    return before.status == "ok" and differ(*(int(count or 0) for count in counts))


def differ(above: int, below: int, other_above: int, other_below: int) -> bool:
    table = [[above, below - above], [other_above, other_below - other_above]]
    expected = np.outer(np.sum(table, axis=1), np.sum(table, axis=0)) / np.sum(table)
    if expected.min() < 5:
        return bool(fisher_exact(table).pvalue < 0.05)
    return bool(chi2_contingency(table, correction=False).pvalue < 0.05)


def moving(rows: list[Observation]) -> bool:
    known = [row if row.status == "ok" else None for row in rows]
    parts = [
        [float("nan") if row is None else getattr(row, name) for row in known]
        for name in ("value", "lower", "upper")
    ]
    return trend(parts[0], (parts[1], parts[2])).direction in ("increasing", "decreasing")


@pytest.mark.parametrize("share", [0.02, 0.25, 0.6])
def test_a_district_is_judged_different_from_its_city_by_chance_as_often_as_promised(share: float) -> None:
    """The same rate everywhere: of 100 tests about 5 err, however much of the city the district is."""
    random = np.random.default_rng(7)
    people, trials, truth = 40_000, 4_000, 0.4
    own = round(people * share)
    wrong = 0
    for active, rest in zip(
        random.binomial(own, truth, trials), random.binomial(people - own, truth, trials), strict=True
    ):
        claim = only(rate(active, own), benchmark=rate(active + rest, people, "130200"))
        wrong += claim is not None and claim.is_significant
    assert 0.04 <= wrong / trials <= 0.06


def test_a_part_that_does_not_fit_into_its_city_is_not_judged() -> None:
    assert only(rate(900, 1000), benchmark=rate(800, 2000, "130200")) is None
    assert only(rate(900, 1000), benchmark=rate(900, 1000, "130200")) is None


def test_sentences_and_comparisons_say_the_same() -> None:
    build: Any = SimpleNamespace(breaks=(), population=load_population(), coverage=lambda city: {})
    for active in range(400, 560, 8):
        row, before = rate(active, 1000), rate(470, 1000, period="2022")
        for kind, other, context in (
            ("benchmark", CITY, Context(benchmark=CITY)),
            ("year_earlier", before, Context(year_earlier=before)),
        ):
            (claim,) = claims(row, context)
            difference = between(build, kind, row, other).difference
            assert difference is not None
            assert claim.is_significant == difference.is_distinguishable
