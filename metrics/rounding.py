"""Rounding as offices read it (四舍五入): a half goes up, judged by the decimal number one sees.

Python's own formatting rounds halves to even and judges the binary number: 15,878.5 would print as 15,878 and
1.095 as 1.09, where a spreadsheet beside it says 15,879 and 1.10.
"""

from decimal import ROUND_HALF_UP, Context, Decimal

EVERY_DIGIT = Context(prec=400)  # of any float: the usual 28 digits fail from 10**28 on


def rounded(number: float | Decimal, decimals: int) -> Decimal:
    """The number with so many decimals, halves away from zero."""
    exact = number if isinstance(number, Decimal) else Decimal(repr(float(number)))
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, EVERY_DIGIT)


def rounded_text(number: float | Decimal, decimals: int) -> str:
    """'1,234.5': rounded, with thousands separators."""
    return f"{rounded(number, decimals):,.{decimals}f}"
