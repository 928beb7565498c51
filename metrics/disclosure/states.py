"""Whether people by activity state may be shown beside those active before, lapsed, and ever active.

Who was active before is active again, lapsed or has left; who is ever active was so before or is new. Where hardly
anybody left, those totals tell the states, whatever is withheld of them: then no area shows them, nor the city if
that is not enough.
"""

import numpy as np

from metrics.disclosure.cells import WINDOWS
from metrics.disclosure.choose import Flags, is_small
from metrics.disclosure.grids import Grid
from metrics.disclosure.leavers import LEAST, at

LENGTHS = {"month": 1, "quarter": 3, "year": 12}


def told_by_totals(
    states: Grid, names: list[str], active: Grid, lapsed: Grid | None, threshold: int
) -> dict[tuple[int, int], bool]:
    """Year and level of every cell in which an area's small state could be computed; whether the city must not
    show its states either (else it is enough that no area does)."""
    found: dict[tuple[int, int], bool] = {}
    for number, (window_no, month) in enumerate(zip(states.cells.windows, states.cells.months, strict=True)):
        values = states.values[1:, :, number]
        small: Flags = np.asarray(is_small(values, threshold).any(axis=1))
        if lapsed is not None:  # who lapsed is told by who was active before and is again
            small = small | is_small(at(lapsed, WINDOWS[window_no], np.array([month]))[:, 0], threshold)
        about = (values, names, WINDOWS[window_no], int(month), active, lapsed)
        if small.any() and slack(*about, small) < LEAST:
            moment = (int(states.cells.years[number]), int(states.cells.levels[number]))
            found[moment] = found.get(moment, False) or slack(*about, np.ones_like(small)) < LEAST
    return found


def slack(
    values: np.ndarray,
    names: list[str],
    window: str,
    month: int,
    active: Grid,
    lapsed: Grid | None,
    of: Flags,
) -> float:
    """The fewer of those who left since they were active before, and since they were ever active."""
    ends = np.array([month - LENGTHS[window], month])
    by_name = {name: values[:, number] for number, name in enumerate(names)}
    nobody = np.zeros(len(values))
    gone = nobody if lapsed is None else at(lapsed, window, ends)[:, 1]
    before = at(active, window, ends)[:, 0] - by_name.get("returning", nobody) - gone
    ever = at(active, "to_date", ends)
    since = ever[:, 0] + by_name.get("new", nobody) - ever[:, 1]
    return float(min(before[of].clip(min=0).sum(), since[of].clip(min=0).sum()))
