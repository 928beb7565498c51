"""The interval of a difference, against the examples its author published and an independent library."""

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from metrics.statistics import difference_interval, wilson_interval

# R. G. Newcombe, Statistics in Medicine 17, 1998, page 873: table II, method 10.
NEWCOMBE = [
    ((56, 70), (48, 80), (0.0524, 0.3339)),
    ((9, 10), (3, 10), (0.1705, 0.8090)),
    ((6, 7), (2, 7), (0.0582, 0.8062)),
    ((5, 56), (0, 29), (-0.0381, 0.1926)),
    ((0, 10), (0, 20), (-0.1611, 0.2775)),
    ((0, 10), (0, 10), (-0.2775, 0.2775)),
    ((10, 10), (0, 20), (0.6791, 1.0)),
    ((10, 10), (0, 10), (0.6075, 1.0)),
]


def of_proportions(first: tuple[int, int], second: tuple[int, int]) -> tuple[float, float]:
    lower, upper = difference_interval(
        first[0] / first[1], wilson_interval(*first), second[0] / second[1], wilson_interval(*second)
    )
    return float(lower), float(upper)


@pytest.mark.parametrize(("first", "second", "expected"), NEWCOMBE)
def test_newcombes_examples(
    first: tuple[int, int], second: tuple[int, int], expected: tuple[float, float]
) -> None:
    assert of_proportions(first, second) == pytest.approx(expected, abs=0.00005)


def test_it_agrees_with_statsmodels_on_random_counts() -> None:
    random = np.random.default_rng(1)
    for _ in range(200):
        people = random.integers(1, 5000, 2)
        counts = random.integers(0, people + 1)
        low, high = confint_proportions_2indep(
            counts[0], people[0], counts[1], people[1], method="newcomb", compare="diff"
        )
        found = of_proportions((counts[0], people[0]), (counts[1], people[1]))
        assert found == pytest.approx((low, high), abs=1e-12)


def test_shapes_missing_values_and_what_cannot_be() -> None:
    lower, upper = difference_interval([5.0, np.nan], ([4.0, 1.0], [6.0, 2.0]), 3.0, (2.0, 4.0))
    assert lower[0] < 2 < upper[0]
    assert np.isnan(lower[1])
    assert np.isnan(upper[1])
    with pytest.raises(ValueError, match="outside its limits"):
        difference_interval(7, (1, 2), 3, (2, 4))
