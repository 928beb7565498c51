"""What the statistical functions ask of their arguments, each with a sentence for who passed something else."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Numbers = NDArray[np.float64]
Interval = tuple[Numbers, Numbers]


def numbers(*given: ArrayLike) -> list[Numbers]:
    """The arguments as arrays of floats of one common shape (scalars as arrays of no dimension).

    Raises ValueError for shapes that do not broadcast, or rows of different lengths.
    """
    arrays = [array(one) for one in given]
    require_fitting(*(one.shape for one in arrays))
    return [np.array(part) for part in np.broadcast_arrays(*arrays)]


def numbers_of_each(what: str, *given: ArrayLike) -> list[Numbers]:
    """The same where the last axis holds districts, bands or people: as many of them in each argument, for one of
    them is not every one's; only a single number without an axis holds for all. Raises ValueError otherwise."""
    lengths = [one.shape[-1] for one in map(array, given) if one.ndim]
    if len(set(lengths)) > 1:
        raise ValueError(
            f"the arguments have {', '.join(map(str, lengths))} {what} along the last axis, expected as many in each."
        )
    return numbers(*given)


def array(given: ArrayLike) -> Numbers:
    """One argument as an array of floats. Raises ValueError for rows of different lengths, or what is no number."""
    try:
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as broken:
        raise ValueError(
            "an argument holds something else, expected numbers, in rows of one length."
        ) from broken


def require_fitting(*shapes: tuple[int, ...]) -> None:
    """Raise ValueError unless the shapes broadcast to one."""
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        told = ", ".join(map(str, shapes))
        raise ValueError(
            f"the arguments have the shapes {told}, expected one shape, or shapes that broadcast to one."
        ) from None


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
