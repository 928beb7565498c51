"""How exactly a printed number is known, and how it is written for readers.

Published figures are rounded and hedged (100余万, 近一半). Treating them as exact would rank cities by the
habits of their press offices, so each number carries a bound and an interval.
"""

from dataclasses import dataclass
from decimal import Decimal

from metrics.words import load_words

# 余, 多, 逾, 超, 以上 say that the true number is not below the printed one, 近 that it is not above it.
# 约…余 hedges twice: 约 wins, because the printed number itself is then an estimate.
BOUND_OF_QUALIFIER = {
    "": "exact",
    "余": "at_least",
    "多": "at_least",
    "逾": "at_least",
    "超": "at_least",
    "以上": "at_least",
    "超/余": "at_least",
    "近": "at_most",
    "约": "about",
    "约/余": "about",
}
BOUNDS = ("exact", "at_least", "at_most", "about")
# Two 约 numbers are put in order only when they differ by more than this share of themselves: a convention,
# as no source says how rough its 约 is. The price of a larger one is fewer rankings, never a wrong one.
ABOUT_SHARE = Decimal("0.1")
TEN_THOUSAND = Decimal(10000)
RATE_UNITS = ("%", "小时/人")
CALENDAR_YEARS = (1900, 2100)  # 年 within these is a date (2018年), outside a duration (32年)


@dataclass(frozen=True)
class Interval:
    """Where the true number can lie, both ends included; upper None = no limit."""

    lower: Decimal
    upper: Decimal | None

    def decides_against(self, other: "Interval") -> bool:
        """Whether the order of the two is certain. Two numbers known exactly and equal are a certain tie."""
        if self == other and self.lower == self.upper:
            return True
        self_below = self.upper is not None and self.upper < other.lower
        return self_below or (other.upper is not None and other.upper < self.lower)


def printed_step(value: Decimal, unit: str) -> Decimal:
    """The unit of the last printed digit: 0.1 for 14.4, 100 for 1473700 (147.37万), 1 for 87 %, 0 for 3856.

    From 10,000 up, a number ending in zeros was printed in 万; its zeros may be rounding, but never more
    than the 万 itself. Other whole numbers are rounded if they are rates, and were counted if they are not.
    """
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), "only finite numbers are printed"
    if exponent < 0:
        return Decimal(1).scaleb(exponent)
    if value < TEN_THOUSAND or value % 100:
        return Decimal(1) if unit.startswith(RATE_UNITS) else Decimal(0)
    step = Decimal(100)
    while step < TEN_THOUSAND and not value % (step * 10):
        step *= 10
    return step


def interval(value: Decimal, bound: str, step: Decimal) -> Interval:
    """Where the true number can lie, given the bound and the step the printed number was rounded to."""
    if bound == "at_least":
        return Interval(value, None)
    if bound == "at_most":
        return Interval(Decimal(0), value)
    if bound == "about":
        return Interval(value * (1 - ABOUT_SHARE), value * (1 + ABOUT_SHARE))
    return Interval(value - step / 2, value + step / 2)


def number_text(value: Decimal, lang: str) -> str:
    """1473700 as 147.37万 in Chinese and 1,473,700 in English; digits are never rounded away."""
    if lang == "zh" and abs(value) >= TEN_THOUSAND and not value % 100:
        return f"{(value / TEN_THOUSAND).normalize():,f}万"
    return f"{value:,f}"


def printed_text(value: Decimal | None, unit: str, qualifier: str, lang: str) -> str:
    """The figure as a reader meets it: '超/余 156万小时' becomes '超156万余小时', 'more than 1,560,000 h'."""
    if value is None:
        return "—"
    words = load_words()
    if unit.startswith(("日期", "年月")):
        digits = f"{value:f}"
        return "-".join(part for part in (digits[:4], digits[4:6], digits[6:]) if part)
    unit_text = words.text("unit", unit, lang)
    if unit == "年" and CALENDAR_YEARS[0] <= value <= CALENDAR_YEARS[1]:
        return f"{value:f}{unit_text if lang == 'zh' else ''}"
    hedge = words.text("qualifier", qualifier, lang) if qualifier else ""
    if lang == "zh":
        before = "".join(word for word in qualifier.split("/") if word in ("近", "逾", "超", "约"))
        after = "".join(word for word in qualifier.split("/") if word in ("余", "多", "以上"))
        tail = unit_text + after if after == "以上" else after + unit_text
        return f"{before}{number_text(value, lang)}{tail}"
    if value == 1:
        unit_text = unit_text.removesuffix("s")
    gap = "" if unit_text.startswith("%") else " "
    return f"{hedge} {number_text(value, lang)}{gap}{unit_text}".strip()
