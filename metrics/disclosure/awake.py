"""Whether people asleep for twelve months may be shown beside those active in them.

Whoever is registered is active in the last twelve months, asleep, or has registered since. Where hardly anybody
registered since, those asleep tell those active: what is withheld of these is then withheld of them too.
"""

import numpy as np

from metrics.disclosure.cells import WINDOWS
from metrics.disclosure.choose import Flags
from metrics.disclosure.decisions import Decision, Moment, Withheld
from metrics.disclosure.grids import Grid
from metrics.disclosure.leavers import LEAST

ASLEEP = "sleeping_12m_volunteers"


def told_by_asleep(asleep: Grid, active: Decision, new: Grid | None) -> dict[Moment, Withheld]:
    """By moment, areas (and members of the city) of which nobody may know how many are asleep."""
    rolling = WINDOWS.index("rolling12")
    mask = active.mask(active.grid, adds_over_time=False)
    of_end = {
        int(month): number
        for number, (window, month) in enumerate(
            zip(active.grid.cells.windows, active.grid.cells.months, strict=True)
        )
        if window == rolling
    }
    found: dict[Moment, Withheld] = {}
    for month, year, level in zip(asleep.cells.months, asleep.cells.years, asleep.cells.levels, strict=True):
        number = of_end.get(int(month))
        if number is None:
            continue
        hidden: Flags = np.asarray(mask[:, :, number].any(axis=1))
        told = hidden & (registered_since(new, int(month), len(hidden)) < LEAST)
        if told.any():
            nothing = Withheld.nothing(len(asleep.labels), len(hidden) - 1)
            at = found.setdefault((int(year), int(level)), nothing)
            at.rows, at.city = at.rows | told[1:], at.city | told[0]
    return found


def registered_since(new: Grid | None, month: int, areas: int) -> np.ndarray:
    """By area, the city first: who registered in the twelve months to an end."""
    if new is None:
        return np.zeros(areas)
    there = (new.cells.windows == WINDOWS.index("rolling12")) & (new.cells.months == month)
    return np.asarray(new.values[:, 0, there].sum(axis=1))
