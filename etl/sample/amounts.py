"""How long each visit lasted: uneven, in quarter-hours, and adding up to a given total."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

LEAST, MOST = 2, 40  # half an hour to ten hours
SHAPE = 2.2  # of the gamma distribution: many short visits, some long ones


def draw_quarters(count: int, counted: Array, target_hours: float, generator: np.random.Generator) -> Array:
    """Quarter-hours per record; those of `counted` records add up to `target_hours`.

    When so few records cannot hold so many hours (or so many so few), each gets the most (least) allowed.
    """
    raw = generator.gamma(SHAPE, 1 / SHAPE, count)
    among = np.flatnonzero(counted)
    target = round(4 * target_hours)
    if not len(among):
        return np.full(count, LEAST)
    low, high = 0.0, 100.0 * MOST
    for _ in range(40):  # the total grows with the scale: halve the interval until it is found
        scale = (low + high) / 2
        if whole_quarters(raw[among] * scale).sum() < target:
            low = scale
        else:
            high = scale
    quarters = whole_quarters(raw * low)
    missing = target - int(quarters[among].sum())
    while missing:
        step = 1 if missing > 0 else -1
        room = among[(quarters[among] < MOST) if step > 0 else (quarters[among] > LEAST)]
        if not len(room):
            break
        chosen = generator.permutation(room)[: abs(missing)]
        quarters[chosen] += step
        missing -= step * len(chosen)
    return quarters


def whole_quarters(amounts: Array) -> Array:
    return np.clip(np.rint(amounts), LEAST, MOST).astype(np.int64)
