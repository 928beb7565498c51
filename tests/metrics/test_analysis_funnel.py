"""Who lies outside a funnel: only where chance alone does as much in one of a thousand cases, on that side."""

import numpy as np
import pytest
from scipy import stats

from metrics.analysis.funnel import funnel_of, points_of
from metrics.statistics import funnel_limits
from tests.metrics.test_analysis_ranks import CITY, LEAVES, RATE, rate

TAIL = 0.001


@pytest.mark.parametrize(
    "average", [0.0005, 0.001, 0.002, 0.03, 0.3, 0.5, 0.747, 0.9, 0.986, 0.998, 0.999, 0.9995]
)
def test_an_area_lies_outside_exactly_where_its_tail_is_a_thousandth(average: float) -> None:
    for people in (1, 2, 3, 14, 102, 800):
        counts = sorted({0, 1, people // 2, round(people * average), people - 1, people})
        rows = [rate(count, people, LEAVES[0]) for count in counts]
        places = [one.place for one in points_of(rows, np.full(len(rows), float(people)), average, 0.0)]
        for count, place in zip(counts, places, strict=True):
            at_least, at_most = (
                stats.binom.sf(count - 1, people, average),
                stats.binom.cdf(count, people, average),
            )
            expected = "above" if at_least <= TAIL else "below" if at_most <= TAIL else "inside"
            assert place == expected, (count, people, at_least, at_most)


@pytest.mark.parametrize(
    ("count", "people", "place"),
    [
        (3, 3, "inside"), (14, 14, "inside"), (23, 23, "inside"), (24, 24, "above"), (0, 4, "inside"),
        (0, 6, "below"),
    ],
)  # fmt: skip
def test_all_or_nobody_of_an_area_is_outside_only_where_the_area_is_large(
    count: int, people: int, place: str
) -> None:
    # 0.747 ** 23 = 0.00122 and 0.747 ** 24 = 0.00091; 0.253 ** 4 = 0.0041 and 0.253 ** 6 = 0.00026.
    (found,) = points_of([rate(count, people, LEAVES[0])], np.array([float(people)]), 0.747, 0.0)
    assert found.place == place
    assert 0 <= found.lower_998 <= found.lower_95 <= found.upper_95 <= found.upper_998 <= 100


def test_small_areas_at_all_of_their_people_are_not_called_high() -> None:
    sizes = [(284, 291), (175, 176), (102, 102), (14, 14), (3, 3)]
    rows = [rate(above, below, code) for (above, below), code in zip(sizes, LEAVES, strict=False)]
    found = funnel_of(rate(578, 586, CITY), rows, RATE)
    assert [row.place for row in found.rows] == ["inside"] * 5
    assert "偏高 0 个、偏低 0 个" in found.zh


def test_a_widened_limit_is_further_out_and_still_within_0_to_1() -> None:
    near, wide = (
        funnel_limits([3, 60, 4000], 0.3, confidence=0.998, overdispersion=tau, whole_numbers=True)
        for tau in (None, 0.01)
    )
    assert (wide[0] <= near[0]).all()
    assert (near[1] <= wide[1]).all()
    assert wide[0].min() == 0
    assert wide[1].max() == 1
    assert near[1][1] * 60 == pytest.approx(stats.binom.ppf(0.999, 60, 0.3))
