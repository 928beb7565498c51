"""Published figures on a page: each with the date, scope, kind and document that limit its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from metrics.comparability import ComparedFigure
from metrics.compare import Comparison, Group
from metrics.derived import DerivedFigure
from metrics.figures import Document, Figure, PublishedFigure
from metrics.published import documents
from pages.components import tables
from pages.components.tables import Column, Row, badge
from pages.i18n import _, language

CARDS_IN_A_ROW = 4


def side_by_side(comparison: Comparison) -> None:
    """One card per figure. A rank stands only in a group whose members may be ranked together."""
    ordered = [(group, figure) for group in comparison.groups for figure in group.figures]
    for start in range(0, len(ordered), CARDS_IN_A_ROW):
        row = st.columns(CARDS_IN_A_ROW)
        for place, (group, figure) in zip(row, ordered[start : start + CARDS_IN_A_ROW], strict=False):
            with place, st.container(border=True, height="stretch"):
                _card(figure, group)


def _card(compared: ComparedFigure, group: Group) -> None:
    figure, lang = compared.figure, language()
    st.metric(figure.area_name(lang), figure.value_text(lang), help=_document(figure).name(lang))
    rank = group.rank_of(compared.figure_id)
    place = _("rank {rank} of {size}").format(rank=rank, size=len(group.figures)) if rank else _("not ranked")
    lines = [
        badge(place) + " " + (badge(_("derived")) if figure.is_derived else badge(_("as printed"))),
        escape(figure.name(lang)),
        escape(_("As of {day}").format(day=as_of_text(figure))),
        escape(_("Scope: {scope}").format(scope=figure.scope_name(lang))),
        escape(_("Kind: {kind}").format(kind=kind_text(figure))),
    ]
    if isinstance(figure, DerivedFigure):
        lines.append(escape(_("From: {formula}").format(formula=figure.formula(lang))))
        lines.append(escape(figure.caveat(lang)))
    source = _document(figure)
    lines.append(escape(f"{source.publisher_name(lang)}, {source.published_on}"))
    st.html(f'<p class="redvest-card-counts">{"<br>".join(line for line in lines if line)}</p>')


def reasons(comparison: Comparison) -> None:
    """Every pair that may not be ranked together, with the reason in words."""
    lang = language()
    cities = {figure.figure_id: figure for figure in comparison.figures}
    rows = [
        Row(
            {
                "pair": f"{_named(cities[pair.first_id])} – {_named(cities[pair.second_id])}",
                "why": "\n".join(reason.label(lang) for reason in pair.reasons),
                "text": pair.text(lang),
            }
        )
        for pair in comparison.reasons
    ]
    if rows:
        st.subheader(_("Why these are shown side by side and not ranked"), anchor=False)
        columns = [
            Column("pair", _("Pair"), "short"),
            Column("why", _("Differs in"), "short"),
            Column("text", _("Reason")),
        ]
        tables.draw(columns, rows)


def printed_columns() -> dict[str, str]:
    """The columns of a table of printed figures: key → heading."""
    return {
        "name": _("Figure"),
        "value": _("As printed"),
        "as_of": _("As of"),
        "scope": _("Scope"),
        "kind": _("Kind"),
        "qualifier": _("Qualifier"),
        "document": _("Document"),
    }


def printed_table(figures: Iterable[PublishedFigure]) -> list[Row]:
    """One row per printed number; gives the rows, for a download."""
    rows = [Row({**figure_cells(figure), "qualifier": _qualifier(figure)}) for figure in figures]
    looks = {"value": "number", "as_of": "short", "document": "code"}
    tables.draw(
        [Column(key, heading, looks.get(key, "")) for key, heading in printed_columns().items()], rows
    )
    return rows


def derived_table(figures: Iterable[DerivedFigure]) -> None:
    """One row per number that follows from printed ones, with the formula and the numbers in it."""
    lang = language()
    rows = [
        Row({**figure_cells(figure), "formula": figure.formula(lang), "caveat": figure.caveat(lang)})
        for figure in figures
    ]
    columns = [
        Column("name", _("Figure")),
        Column("value", _("Value"), "number"),
        Column("formula", _("Formula"), "wide"),
        Column("as_of", _("As of"), "short"),
        Column("kind", _("Kind")),
        Column("caveat", _("Caveats")),
        Column("document", _("Document"), "code"),
    ]
    tables.draw(columns, rows)


def figure_cells(figure: Figure) -> dict[str, str | None]:
    lang = language()
    return {
        "area": figure.area_name(lang),
        "name": figure.name(lang),
        "value": figure.value_text(lang),
        "as_of": as_of_text(figure),
        "scope": figure.scope_name(lang),
        "kind": kind_text(figure),
        "document": figure.document_id,
    }


def document_table(found: Sequence[Document]) -> None:
    lang = language()
    rows = [
        Row(
            {
                "document": document.document_id,
                "title": document.name(lang),
                "publisher": document.publisher_name(lang),
                "day": str(document.published_on),
                "basis": document.date_basis(lang),
            }
        )
        for document in found
    ]
    columns = {"document": _("Document"), "title": _("Title"), "publisher": _("Publisher")}
    columns |= {"day": _("Published on"), "basis": _("How the date is known")}
    looks = {"document": "code", "day": "short"}
    tables.draw([Column(key, heading, looks.get(key, "")) for key, heading in columns.items()], rows)


def as_of_text(figure: Figure) -> str:
    day = str(figure.as_of)
    return _("{day} (date inferred)").format(day=day) if figure.is_date_inferred else day


def kind_text(figure: Figure) -> str:
    """The kind, with the period where one was printed."""
    kind, start, end = figure.kind_name(language()), figure.period_start, figure.period_end
    if start and end:
        return f"{kind} ({start} – {end})"
    if start:
        return _("{kind} (since {day})").format(kind=kind, day=start)
    return kind


def _qualifier(figure: PublishedFigure) -> str | None:
    """余, 近, 约 … as printed, and what it says about the true number."""
    return f"{figure.qualifier} ({figure.bound_name(language())})" if figure.qualifier else None


def _named(compared: ComparedFigure) -> str:
    return compared.city(language())


def _document(figure: Figure) -> Document:
    return next(document for document in documents() if document.document_id == figure.document_id)
