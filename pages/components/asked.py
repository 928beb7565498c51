"""The second row of filters of a page about one figure: area, indicator, basis and definition, and what they ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.indicator import Indicator
from metrics.variants import axes_of
from pages.components import filters, variant
from pages.components.filters import Selection
from pages.i18n import _

USUAL = "active_rate"


@dataclass(frozen=True)
class Asked:
    """One figure of one area, and the code of the definition it is read by ('' the usual one)."""

    selection: Selection
    area: str
    indicator: Indicator
    basis: str
    variant: str

    @property
    def named(self) -> str:
        return variant.titled(self.indicator, self.variant)


def figure(build: Build, selection: Selection, offered: Sequence[str]) -> Asked:
    """One of the offered indicators, of the city or a district."""
    columns = st.columns(4, vertical_alignment="bottom")
    with columns[0]:
        area = filters.area(selection.city)
    with columns[1]:
        indicator = filters.indicator(offered, USUAL)
    with columns[2]:
        basis = filters.basis(indicator.bases, indicator.bases[0])
    with columns[3]:
        code = definition(build, selection, indicator)
    return Asked(selection, area, indicator, basis, code)


def definition(build: Build, selection: Selection, indicator: Indicator) -> str:
    """The reader's choice of definition as far as it can be read here; why not is said."""
    chosen = variant.choose(build, selection.city, axes_of(indicator))
    objection = variant.objection(chosen, indicator, selection.window)
    if objection:
        st.info(" ".join([objection, _("The usual definition is shown.")]))
    return variant.fitting(chosen, indicator, selection.window).code


def every_indicator() -> list[str]:
    """Indicators first, then what they are made of."""
    return [*load_catalogue().indicators, *load_catalogue().counts]
