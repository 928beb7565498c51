"""Colours and number formats of charts, the same in every format.

The blue and the vest's red are told apart in grey print too; colour never carries a meaning alone.
"""

from metrics.indicator import Indicator

INK = "1F2933"
MUTED = "5F6B7A"
LINE = "D9DEE4"
PALE = "F4F6F8"
VEST = "9E2A2B"
BLUE = "1D5B8F"
GREY = "8C96A3"
AMBER = "C8630A"
BAR_COLOURS = {"": BLUE, "total": VEST, "own": AMBER, "muted": GREY}


def plain_format(indicator: Indicator) -> str:
    """The spreadsheet format of the numbers themselves: decimals, no unit."""
    return "#,##0" + ("." + "0" * indicator.decimals if indicator.decimals else "")


def label_format(indicator: Indicator, lang: str) -> str:
    """The format that prints what metrics prints, '<0.1%' for the smallest included; only % is a unit here."""
    unit = indicator.unit_name(lang) if indicator.unit == "percent" else ""
    with_unit = f'{plain_format(indicator)}"{unit}"' if unit else plain_format(indicator)
    if not indicator.decimals:
        return with_unit
    smallest = 10**-indicator.decimals
    printed = f"<{smallest:.{indicator.decimals}f}{unit}"
    return f'[=0]{with_unit};[<{smallest / 2:.{indicator.decimals + 1}f}]"{printed}";{with_unit}'
