"""Statistical functions against published reference values."""

import numpy as np
import pytest

from metrics.statistics import wilson_interval


@pytest.mark.parametrize(
    ("numerator", "denominator", "lower", "upper"),
    [
        # R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17
        # (1998), table I, method 3 (score method without continuity correction), 95 %.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_matches_newcombe_1998(numerator: int, denominator: int, lower: float, upper: float) -> None:
    found = wilson_interval(numerator, denominator, 0.95)
    assert [round(float(limit), 4) for limit in found] == [lower, upper]


def test_wilson_is_symmetric_and_ends_are_exact() -> None:
    lower, upper = wilson_interval(np.array([0, 3, 7, 10]), np.array([10, 10, 10, 10]), 0.95)
    np.testing.assert_allclose(lower, 1 - upper[::-1], atol=1e-15)
    assert lower[0] == 0.0
    assert upper[3] == 1.0


def test_wilson_is_wider_with_more_confidence_and_narrower_with_more_people() -> None:
    widths = [
        float(np.diff(np.stack(wilson_interval(people * 0.3, people, confidence)), axis=0)[()].item())
        for people, confidence in ((100, 0.99), (100, 0.95), (1000, 0.95))
    ]
    assert widths == sorted(widths, reverse=True)


def test_wilson_of_nobody_is_missing() -> None:
    lower, upper = wilson_interval([0, 1, np.nan], [0, 2, 5], 0.95)
    assert np.isnan(lower).tolist() == np.isnan(upper).tolist() == [True, False, True]


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 10), (11, 10), (1, 0)])
def test_wilson_refuses_what_is_no_proportion(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="between zero and its denominator"):
        wilson_interval(numerator, denominator, 0.95)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_wilson_refuses_what_is_no_confidence(confidence: float) -> None:
    with pytest.raises(ValueError, match=r"such as 0\.95"):
        wilson_interval(1, 2, confidence)
