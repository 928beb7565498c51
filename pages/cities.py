"""Cities side by side: what five cities published, what follows from it, and the cities this build computes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from metrics.areas import Area, load_areas
from metrics.build import Build
from metrics.compare import comparison, concepts
from metrics.figures import Figure
from metrics.published import derived_figures, documents, published_figures
from metrics.query import Observation, query
from pages.components import downloads, filters, frame, published
from pages.components.observations import indicator_table
from pages.i18n import _, language

AnyFigure = TypeVar("AnyFigure", bound=Figure)
COMPUTED = (
    "registered_volunteers",
    "registered_share",
    "active_rate",
    "ever_active_rate",
    "hours_per_registered",
    "hours_per_active",
)


def show() -> None:
    build = frame.open_page(
        _("Cities compared"), real_part=_("The published figures are what the cities printed.")
    )
    by_concept, all_figures, computed = st.tabs(
        [_("Published, by concept"), _("All published figures"), _("Computed from drops")]
    )
    with by_concept:
        concept_view()
    with all_figures:
        figures_view()
    with computed:
        computed_view(build)
    frame.footer(build)


def concept_view() -> None:
    st.write(
        _(
            "Figures the cities printed themselves. They are ranked only where scope, kind, date and "
            "denominator agree; everything else stands side by side with the reason."
        )
    )
    with st.container(width=420):
        chosen = filters.concept([concept.concept_id for concept in concepts()])
    compared = comparison(chosen)
    note = compared.concept.note(language())
    if note:
        st.info(note)
    published.side_by_side(compared)
    published.reasons(compared)


def figures_view() -> None:
    """Every printed and derived figure, one city at a time."""
    cities = [area for area in load_areas().cities() if _of(published_figures(), area)]
    for tab, city in zip(st.tabs([city.name(language()) for city in cities]), cities, strict=True):
        with tab:
            published.document_table([item for item in documents() if item.area_code == city.area_code])
            st.subheader(_("As printed"), anchor=False)
            rows = published.printed_table(_of(published_figures(), city))
            columns = {"area": _("City"), **published.printed_columns()}
            downloads.table(columns, [row.cells for row in rows], f"published-{city.area_code}")
            derived = _of(derived_figures(), city)
            if derived:
                st.subheader(_("Derived from them"), anchor=False)
                published.derived_table(derived)


def computed_view(build: Build | None) -> None:
    """The last complete year of every city in the build; never mixed with what was printed elsewhere."""
    if build is None or not build.cities_with_data():
        st.info(_("No drops have been loaded, so no city is computed yet."))
        return
    st.write(
        _(
            "Computed by one definition from the drops of each city. They are not mixed with the published "
            "figures, whose definitions differ from city to city."
        )
    )
    found = [row for city in build.cities_with_data() for row in _computed(build, city)]
    indicator_table(found)
    downloads.observations(build, found, _("Last complete year of each city"), "cities")


def _computed(build: Build, city: str) -> list[Observation]:
    period = build.last_period(city, "year") or build.last_period(city, "month")
    return [] if period is None else [query(build, name, city, period)[0] for name in COMPUTED]


def _of(figures: Sequence[AnyFigure], city: Area) -> list[AnyFigure]:
    return [figure for figure in figures if figure.area_code == city.area_code]


show()
