"""Arguments that do not fit each other are refused in a sentence, and never broadcast over districts or bands."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from metrics import statistics as s

OF_EACH = [
    (s.decompose_change, ([1, 2], [3], [1], [2]), "2, 1, 1, 1 districts"),
    (s.decompose_change, ([[1, 2]], [3, 4], [1, 1, 1], [2, 2]), "2, 2, 3, 2 districts"),
    (s.standardise, ([1, 2], [3, 4], [5]), "2, 2, 1 bands"),
    (s.gini, ([1, 2, 3], [1, 2]), "3, 2 values"),
    (s.top_share, ([1, 2, 3], 0.1, [1]), "3, 1 values"),
    (s.overdispersion, ([1, 2, 3], [10]), "3, 1 areas"),
    (s.rank_intervals, ([1, 2, 3], [0.1, 0.2]), "3, 2 areas"),
]


@pytest.mark.parametrize(("function", "given", "said"), OF_EACH)
def test_one_number_of_an_axis_is_not_everybody_s(
    function: Callable[..., Any], given: tuple[Any, ...], said: str
) -> None:
    with pytest.raises(
        ValueError, match=f"the arguments have {said} along the last axis, expected as many in each"
    ):
        function(*given)


@pytest.mark.parametrize(
    ("function", "given"),
    [
        (s.wilson_interval, ([1, 2], [3, 4, 5])),
        (s.byar_interval, ([1, 2], [3, 4, 5])),
        (s.hours_interval, ([1, 2], [3, 4], [5, 6, 7])),
        (s.difference_interval, ([1, 2], (0, 3), [1, 2, 3], (0, 4))),
        (s.required_count, ([0.1, 0.2], [1, 2, 3], 10)),
        (s.excess_count, ([0.1, 0.2], [1, 2, 3], 10)),
        (s.compare_to_benchmark, ([1, 2], [3, 4], 5, "higher", [True, False, True])),
        (s.outlook, (np.ones((4, 3, 12)), np.ones((5, 6)))),
        (s.decompose_change, (np.ones((2, 4)), np.ones((3, 4)), np.ones(4), np.ones(4))),
    ],
)
def test_shapes_that_do_not_fit_are_told(function: Callable[..., Any], given: tuple[Any, ...]) -> None:
    with pytest.raises(
        ValueError, match=r"the arguments have the shapes \(.*\), expected one shape, or shapes that"
    ):
        function(*given)


@pytest.mark.parametrize(
    ("function", "given"),
    [
        (s.gini, ([[1, 2], [3]],)),
        (s.cusum, ([1, [2]],)),
        (s.percentile_bands, ([[1, 2], [3]],)),
        (s.wilson_interval, (["many"], [3])),
        (s.outlook, ([[1] * 12, [1]], [1])),
        (s.trend, ([1, [2]], ([1, 2], [1, 2]))),
    ],
)
def test_what_is_no_table_of_numbers_is_told(function: Callable[..., Any], given: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="expected numbers, in rows of one length"):
        function(*given)


def test_a_single_number_holds_for_all_and_leading_axes_broadcast() -> None:
    alone = s.decompose_change([1, 2], 10, [2, 2], 10)
    assert alone.rate.tolist() == s.decompose_change([1, 2], [10, 10], [2, 2], [10, 10]).rate.tolist()
    years = s.decompose_change(np.ones((3, 2)), [10, 10], [2, 2], [10, 10])
    assert years.rate.shape == (3, 2)
