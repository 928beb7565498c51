"""Rounding agrees with what people do by hand and with the spreadsheet beside the page."""

import pytest

from metrics.rounding import rounded_text


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        (15878.5, 0, "15,879"),
        (15877.5, 0, "15,878"),
        (1.095, 2, "1.10"),
        (0.5, 0, "1"),
        (-0.5, 0, "-1"),
        (0.4999, 0, "0"),
        (67.86318789442894, 1, "67.9"),
        (1473700, 0, "1,473,700"),
        (1e30, 1, "1" + ",000" * 10 + ".0"),
        (1e15 + 0.5, 0, "1,000,000,000,000,001"),
    ],
)
def test_a_half_goes_up(number: float, decimals: int, text: str) -> None:
    assert rounded_text(number, decimals) == text
