"""What the statistical functions ask of their arguments, each with a sentence for who passed something else."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Numbers = NDArray[np.float64]
Interval = tuple[Numbers, Numbers]


def numbers(*given: ArrayLike) -> list[Numbers]:
    """The arguments as arrays of floats of one common shape (scalars as arrays of no dimension)."""
    return [
        np.array(part) for part in np.broadcast_arrays(*(np.asarray(one, dtype=np.float64) for one in given))
    ]


def require_confidence(confidence: float) -> None:
    """Raise ValueError unless the confidence is a share such as 0.95."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}, expected a number between 0 and 1, such as 0.95.")


def require_not_negative(what: str, found: Numbers) -> None:
    """Raise ValueError when a number that can only be zero or more is below zero; nan passes."""
    if np.any(found < 0):
        raise ValueError(f"{what} is {np.nanmin(found):g}, expected zero or more.")


def require_positive(what: str, found: float) -> None:
    """Raise ValueError unless one number is above zero and finite."""
    if not 0 < found < np.inf:
        raise ValueError(f"{what} is {found}, expected a number above zero.")


def two_sided_z(confidence: float) -> float:
    """The standard normal quantile of a two-sided interval: 1.959964 for 0.95, 3.090232 for 0.998."""
    require_confidence(confidence)
    return float(ndtri((1 + confidence) / 2))
