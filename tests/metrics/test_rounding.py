"""Rounding agrees with what people do by hand and with the spreadsheet beside the page."""

import re
from pathlib import Path

import pytest

from metrics.change import Change
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


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0.25, "+0.3%"), (-0.25, "-0.3%"), (1.045, "+1.0%"), (0.04, "0.0%"), (12.5, "+12.5%")],
)
def test_a_change_is_rounded_as_figures_are(amount: float, text: str) -> None:
    change = Change(amount, is_points=False)
    assert change.text("zh") == text
    assert change.is_nothing == (text == "0.0%")
    assert Change(0.00125, is_points=True).text("en", is_told_apart=True) == "+0.001 points"


def test_no_number_for_readers_is_rounded_by_python() -> None:
    """Its formats round halves to even and judge the binary number; SVG coordinates may."""
    written = re.compile(r":[+,]*\.\d[f%]\}")
    root = Path(__file__).parents[2]
    found = [
        f"{path.relative_to(root)}:{number}"
        for folder in ("metrics", "pages", "briefing/content")
        for path in sorted((root / folder).rglob("*.py"))
        if path.name != "rounding.py"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if written.search(line)
    ]
    assert not found
