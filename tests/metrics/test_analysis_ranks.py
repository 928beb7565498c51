"""Ranks with tiers, verdicts against the city, funnels: what may be said of districts and what chance does."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from metrics.analysis.command import as_text
from metrics.analysis.funnel import funnel, funnel_of
from metrics.analysis.intervals import NONE, Limits, limits_of, p_value
from metrics.analysis.ranking import areas_have, ranking_of
from metrics.analysis.reading import AnalysisRefused, Asked
from metrics.analysis.registry import ANALYSES
from metrics.analysis.shapes import listings
from metrics.analysis.verdicts import note_on_chance, verdicts_of
from metrics.areas import load_areas
from metrics.catalogue import load_catalogue
from metrics.claims import against_benchmark
from metrics.observation import Observation
from metrics.periods import Period
from metrics.sentences import chance_note, status_text
from metrics.statistics import wilson_interval
from tests.metrics.analysis_factory import fill, observed, one_person_home

RATE = load_catalogue().indicator("active_rate")
CITY = "130200"
LEAVES = [area.area_code for area in load_areas().children(CITY) if area.level != "unknown"]


def rate(above: float, below: float, area: str) -> Observation:
    return observed(100 * above / below, area, numerator=above, denominator=below)


def limits(rows: list[Observation]) -> list[Limits]:
    return [
        NONE
        if row.value is None
        else Limits(
            *(100 * float(side) for side in wilson_interval(row.numerator or 0, row.denominator or 1))
        )
        for row in rows
    ]


def test_areas_that_cannot_be_told_apart_share_a_tier() -> None:
    rows = [rate(a, b, c) for (a, b), c in zip([(900, 1000), (895, 1000), (500, 1000)], LEAVES, strict=False)]
    found = ranking_of(CITY, rows, limits(rows), RATE)
    assert [(row.rank, row.tier) for row in found.rows] == [(1, 1), (2, 1), (3, 2)]
    assert found.rows[1].rank_lower == 1
    assert (found.tiers, found.n, found.has_intervals) == (2, 3, True)
    assert "名次区间与它重叠、同在一档的还有 1 个" in found.zh
    assert "3 areas in 2 tiers" in found.en


def test_equal_rates_share_a_rank_and_a_hidden_one_has_none() -> None:
    rows = [rate(a, 100, code) for a, code in zip((50, 50, 20), LEAVES, strict=False)]
    rows.append(observed(None, LEAVES[3], denominator=5.0, status="suppressed"))
    found = ranking_of(CITY, rows, limits(rows), RATE)
    assert [row.rank for row in found.rows] == [1, 1, 3, None]
    assert found.rows[-1].status == "suppressed"
    assert "1 个地区没有可排的数据" in found.zh


@pytest.mark.parametrize(("count", "status"), [(2, "insufficient"), (3, "ok"), (4, "ok")])
def test_fewer_than_three_areas_are_not_ranked(count: int, status: str) -> None:
    rows = [rate(10 * n + 5, 100, LEAVES[n]) for n in range(count)]
    assert ranking_of(CITY, rows, limits(rows), RATE).status == status
    whole = rate(50, 100, CITY)
    assert funnel_of(whole, rows, RATE).status == status


def test_rows_tell_their_status_in_the_words_of_figures() -> None:
    rows = [
        replace(
            rate(a, 100, code),
            status=status,
            population_year=year,
            begins_before_data=status == "provisional",
        )
        for (a, status, year), code in zip(
            ((50, "denominator_year", 2020), (40, "provisional", None), (20, "ok", None)),
            LEAVES,
            strict=False,
        )
    ]
    words = [status_text(row.told_status, "zh") for row in rows]
    assert words == ["人口用较早年份代替（2020年）", "数据不完整（起始于数据之前），暂定", "正常"]
    build: Any = SimpleNamespace(
        build_id="b",
        created_at=datetime(2024, 1, 15),
        is_synthetic=False,
        disclosure_threshold=0,
        is_internal=True,
    )
    found = [ranking_of(CITY, rows, limits(rows), RATE), funnel_of(rate(1, 2, CITY), rows, RATE)]
    found.append(verdicts_of(rate(1, 2, CITY), rows, limits(rows), RATE))
    for one in found:
        (table, *_) = listings(one, ANALYSES["funnel"].shapes, "zh")
        assert [row["status"].text for row in table.rows] == words
        assert all(
            f"{word} {row.status}" in as_text(one, build) for word, row in zip(words, rows, strict=True)
        )


def test_a_figure_without_interval_is_ranked_as_printed() -> None:
    indicator = load_catalogue().indicator("registered_share")
    rows = [
        observed(v, c, indicator="registered_share") for v, c in zip((3.0, 9.0, 5.0), LEAVES, strict=False)
    ]
    found = ranking_of(CITY, rows, [NONE] * 3, indicator)
    assert [(row.area_code, row.rank, row.tier) for row in found.rows] == [
        (LEAVES[1], 1, None), (LEAVES[2], 2, None), (LEAVES[0], 3, None),
    ]  # fmt: skip
    assert "名次不含误差" in found.zh


def test_hours_per_person_have_the_interval_of_their_squares(tmp_path: Path) -> None:
    # 100 people: 50 gave 2 hours, 50 gave 4: sum 300, squares 50 * 4 + 50 * 16 = 1000.
    day = Period.parse("2023").end
    values = {"registered_volunteers": ("stock", 100.0), "service_hours": ("year", 300.0)}
    values["service_hours_squared"] = ("year", 1000.0)
    build = fill(
        one_person_home(tmp_path),
        observations=[(name, "130202", window, day, "", "", v) for name, (window, v) in values.items()],
    )
    asked = Asked("hours_per_registered")
    row = asked.at(build, "130202", Period.parse("2023"))
    (found,) = limits_of([row])
    assert row.value == 3.0
    # Little spread, so near the textbook: 3 ± 1.984 * sqrt((1000 - 900) / 99 / 100) = 2.80 to 3.20.
    assert (found.lower, found.upper) == (pytest.approx(2.80, abs=0.02), pytest.approx(3.20, abs=0.02))
    rolling = Asked("hours_per_registered", "rolling12").at(build, "130202", Period.parse("2023"))
    (none,) = limits_of([rolling])
    assert np.isnan(none.lower)


def test_a_word_is_given_exactly_when_the_test_passes() -> None:
    # 1000 people against the 99,000 others: 1.96 standard errors are 3.1 points, about 469 of 1000.
    rows = [rate(a, 1000, code) for a, code in zip(range(460, 478), LEAVES, strict=False)]
    found = verdicts_of(rate(50_000, 100_000, CITY), rows, limits(rows), RATE)
    for row in found.rows:
        assert (row.verdict == "worse") == ((row.p_value or 0) < 0.05), row
    assert {row.verdict for row in found.rows} == {"worse", "similar"}
    assert [row.verdict for row in found.rows].index("similar") == 470 - 460
    assert found.counts["worse"] == sum(row.verdict == "worse" for row in found.rows)


def test_the_correction_leaves_fewer_words_and_agrees_with_its_definition() -> None:
    rows = [rate(a, 1000, code) for a, code in zip((440, 466, 500, 505, 495), LEAVES, strict=False)]
    bare = verdicts_of(rate(50_000, 100_000, CITY), rows, limits(rows), RATE)
    corrected = verdicts_of(rate(50_000, 100_000, CITY), rows, limits(rows), RATE, is_corrected=True)
    p = pd.Series([row.p_value for row in bare.rows], dtype=float)
    order = p.sort_values()
    by_hand = (order * len(p) / np.arange(1, len(p) + 1))[::-1].cummin().reindex(p.index)
    assert [row.adjusted for row in bare.rows] == pytest.approx(list(by_hand))
    assert [row.verdict for row in bare.rows][:2] == ["worse", "worse"]
    assert [row.verdict for row in corrected.rows][:2] == ["worse", "similar"]
    assert "Benjamini" in corrected.zh


def test_verdicts_say_what_sentences_say() -> None:
    rows = [rate(a, 1000, code) for a, code in zip((430, 470, 500, 560, 590), LEAVES, strict=False)]
    rows = [replace(row, lower=100 * low, upper=100 * high)
            for row in rows
            for low, high in [map(float, wilson_interval(row.numerator or 0, row.denominator or 0))]]  # fmt: skip
    whole = rate(2550, 5000, CITY)
    words = [row.verdict for row in verdicts_of(whole, rows, limits(rows), RATE).rows]
    told = [against_benchmark(row, whole, RATE) for row in rows]
    assert words == [claim and (claim.judgement or "similar") for claim in told]
    assert set(words) == {"better", "worse", "similar"}


def test_the_city_is_never_compared_with_itself_nor_a_hidden_area_with_it() -> None:
    rows = [rate(900, 1000, CITY), observed(None, LEAVES[0], status="suppressed"), rate(900, 1000, LEAVES[1])]
    found = verdicts_of(rate(50_000, 100_000, CITY), rows, limits(rows), RATE)
    assert [row.verdict for row in found.rows] == ["not_compared", "not_compared", "better"]
    assert (found.n, found.expected_by_chance) == (1, pytest.approx(0.05))
    missing = verdicts_of(observed(None, CITY), rows[1:], limits(rows[1:]), RATE)
    assert (missing.status, missing.n) == ("not_reported", 0)


@pytest.mark.parametrize(
    ("tests", "zh", "en"),
    [(84, "约 4 个", "about 4"), (19, "约 1 个", "about 1"), (9, "不到 1 个", "fewer than 1"), (1, "", "")],
)
def test_the_note_on_many_comparisons_is_that_of_the_sentences(tests: int, zh: str, en: str) -> None:
    note = note_on_chance(tests)
    assert (f"{note[0]}。", f"{note[1]}.") == (
        (chance_note(tests, "zh"), chance_note(tests, "en")) if tests > 1 else ("。", ".")
    )
    assert zh in note[0]
    assert en in note[1]


@pytest.mark.parametrize(("count", "said"), [(1, "1 area has"), (2, "2 areas have")])
def test_one_area_is_one_area(count: int, said: str) -> None:
    assert areas_have(count) == said


def test_a_p_value_without_interval_or_spread() -> None:
    row = observed(5.0, indicator="registered_share")
    assert np.isnan(p_value(row, NONE, 5.0))
    assert p_value(row, Limits(5.0, 5.0), 5.0) == 1.0
    assert p_value(row, Limits(5.0, 5.0), 6.0) == 0.0


def test_a_funnel_shows_who_lies_outside_for_the_size() -> None:
    chance = np.random.default_rng(5)
    rows = [rate(int(chance.binomial(2000, 0.5)), 2000, code) for code in LEAVES[:17]]
    rows.append(rate(1500, 2000, LEAVES[17]))
    found = funnel_of(rate(1, 2, CITY), rows, RATE)
    above = sum(row.numerator or 0 for row in rows) / sum(row.denominator or 0 for row in rows)
    assert found.average == pytest.approx(100 * above)
    assert [row.area_code for row in found.rows if row.place == "above"] == [LEAVES[17]]
    for line in found.curve:
        assert line.lower_998 <= line.chance_lower_998 <= line.lower_95 or found.tau
        assert line.lower_998 <= line.lower_95 <= (found.average or 0) <= line.upper_95 <= line.upper_998
    assert "偏高 1 个、偏低 0 个" in found.zh


def test_areas_that_differ_among_themselves_widen_the_funnel() -> None:
    rows = [rate(200 + 90 * n, 2000, code) for n, code in enumerate(LEAVES)]
    found = funnel_of(rate(1, 2, CITY), rows, RATE)
    assert (found.phi or 0) > 10
    assert {row.place for row in found.rows} == {"inside"}
    assert all(line.lower_998 < line.chance_lower_998 for line in found.curve)


def test_hidden_areas_are_named_and_not_zero() -> None:
    rows = [rate(50, 100, code) for code in LEAVES[:3]] + [observed(None, LEAVES[3], status="suppressed")]
    found = funnel_of(rate(1, 2, CITY), rows, RATE)
    assert (found.n, found.average, found.left_out) == (3, 50.0, (LEAVES[3],))


def test_only_proportions_have_a_funnel(tmp_path: Path) -> None:
    build = fill(one_person_home(tmp_path))
    with pytest.raises(AnalysisRefused, match="no proportion"):
        funnel(build, Asked("hours_per_registered"), CITY, Period.parse("2023"))
