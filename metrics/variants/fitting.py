"""A choice of definition made once for many figures: each is read with the part that concerns it and can be read."""

from metrics.indicator import Indicator
from metrics.refusals import QueryRefused
from metrics.variants import USUAL, Variant


def refusal(
    variant: Variant, indicator: Indicator, window: str = "", dimension: str = ""
) -> QueryRefused | None:
    """Why a figure cannot be asked with a choice, taken whole; None when it can."""
    try:
        variant.require(indicator, window, dimension)
    except QueryRefused as refused:
        return refused
    return None


def objection(
    variant: Variant, indicator: Indicator, window: str, dimension: str = ""
) -> QueryRefused | None:
    """Why the part of a choice that concerns a figure cannot be read for it; None when it can."""
    return refusal(variant.concerning(indicator), indicator, window, dimension)


def fitting(variant: Variant, indicator: Indicator, window: str, dimension: str = "") -> Variant:
    """The choice as far as it concerns a figure; the usual definition where a build cannot answer so."""
    return USUAL if objection(variant, indicator, window, dimension) else variant.concerning(indicator)
