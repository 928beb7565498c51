"""When a cell can be computed from others: the level of a window that ends at a month.

Months make quarters and quarters years, so what a month's figures tell must be withheld together, and what can be
computed from quarters alone belongs with the quarters: the year to 30 June is two of them. A window that ends
after the last month with data says what that month says, and an unfinished month or quarter differs from build to
build by single months and days: such cells are of the month's level.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MONTH, QUARTER, YEAR = LEVELS = (0, 1, 2)
LEVEL_NAMES = ("month", "quarter", "year")
WINDOWS = ("month", "quarter", "year", "ytd", "rolling12", "to_date", "stock")
Numbers = NDArray[np.int64]


class Reported(NamedTuple):
    """The last month of which a city reported anything, and whether it was reported to its end."""

    month: int
    is_whole: bool


class Cells(NamedTuple):
    """Cells of one area's line: window (its number), month, and the year and level each belongs to."""

    windows: Numbers
    months: Numbers
    years: Numbers
    levels: Numbers


def level_of(months: Numbers, reported: Reported) -> Numbers:
    """Level of what is known at the ends of months."""
    levels = np.where(months % 12 == 11, YEAR, np.where(months % 3 == 2, QUARTER, MONTH))
    is_open = months > reported.month if reported.is_whole else months >= reported.month
    return np.where(is_open, MONTH, levels)


def cells_of(windows: Numbers, months: Numbers, reported: Reported) -> Cells:
    ends = np.minimum(months, reported.month)
    levels = level_of(ends, reported)
    rolling = windows == WINDOWS.index("rolling12")
    # A rolling window that reaches beyond the last month also shrinks from its beginning, month by month.
    begins = np.where(months % 12 == 11, YEAR, np.where(months % 3 == 2, QUARTER, MONTH))
    levels = np.where(rolling, np.minimum(levels, begins), levels)
    levels = np.where(windows == WINDOWS.index("month"), MONTH, levels)
    levels = np.where(windows == WINDOWS.index("quarter"), np.minimum(levels, QUARTER), levels)
    return Cells(windows, months, ends // 12, levels)
