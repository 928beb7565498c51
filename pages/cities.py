"""Cities side by side: what five cities published, what follows from it, and the cities this build computes."""

from __future__ import annotations

import streamlit as st

from metrics.areas import load_areas
from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.compare import comparison, concepts
from metrics.explain import format_value, status_text
from metrics.published import derived_figures, documents, published_figures
from metrics.query import Observation, query
from pages.components import downloads, filters, frame, published, tables
from pages.components.tables import Column, Row
from pages.components.words import area_name, count_text, period_text
from pages.i18n import _, language

COMPUTED = (
    "registered_volunteers",
    "registered_share",
    "active_rate",
    "ever_active_rate",
    "hours_per_registered",
    "hours_per_active",
)


def show() -> None:
    build = frame.open_page(_("Cities compared"))
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
    cities = [area for area in load_areas().cities() if _figures(area.area_code)]
    for tab, city in zip(st.tabs([city.name(language()) for city in cities]), cities, strict=True):
        with tab:
            found = _figures(city.area_code)
            published.document_table([item for item in documents() if item.area_code == city.area_code])
            rows = published.figure_table(found)
            columns = {"area": _("City"), **published.figure_columns()}
            downloads.table(columns, [row.cells for row in rows], f"published-{city.area_code}")


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
    columns = [
        Column("city", _("City"), "short"),
        Column("indicator", _("Indicator"), "short"),
        Column("period", _("Period"), "short"),
        Column("value", _("Value"), "number"),
        Column("numerator", _("Numerator"), "number"),
        Column("denominator", _("Denominator"), "number"),
        Column("status", _("Status"), "badge"),
    ]
    tables.draw(columns, [_computed_row(row) for row in found])
    downloads.observations(build, found, _("Last complete year of each city"), "cities")


def _computed(build: Build, city: str) -> list[Observation]:
    period = build.last_period(city, "year") or build.last_period(city, "month")
    return [] if period is None else [query(build, name, city, period)[0] for name in COMPUTED]


def _computed_row(row: Observation) -> Row:
    indicator = load_catalogue().indicator(row.indicator)
    return Row(
        {
            "city": area_name(row.area_code),
            "indicator": indicator.name(language()),
            "period": period_text(row),
            "value": format_value(row, indicator, language()),
            "numerator": count_text(row.numerator),
            "denominator": count_text(row.denominator),
            "status": status_text(row.status, language()),
        },
        warns=frozenset() if row.status == "ok" else frozenset({"status"}),
    )


def _figures(city: str) -> list[published.Figure]:
    return [figure for figure in [*published_figures(), *derived_figures()] if figure.area_code == city]


show()
