"""Definitions: what every figure means, where its definition comes from, and the words used throughout."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from metrics.catalogue import load_catalogue
from metrics.explain import STATUSES, status_text
from metrics.indicator import Indicator
from metrics.output import target_text
from metrics.reviews import Reviews
from metrics.standards import Standard, load_standards
from metrics.variants import axes_of
from pages.components import address, frame, tables
from pages.components.glossary import GLOSSARY
from pages.components.tables import Column, Row
from pages.components.words import BASES, dimension_name, source_name, term_names
from pages.i18n import N_, _, language

POLARITIES = {
    "higher": N_("higher is better"),
    "lower": N_("lower is better"),
    "neither": N_("neither is better"),
}
SCOPES = {
    "whole": N_("residents of the whole city"),
    "built_up": N_("residents of the built-up area"),
    "none": N_("not by residents"),
}
KINDS = {
    "stock": N_("stock: read at the end of the window"),
    "flow": N_("flow: added up over the window"),
    "distinct": N_("distinct count: counted afresh for every window"),
}


def show() -> None:
    build = frame.open_page(_("Definitions"))
    reviews = build.reviews if build else {}
    names = [_("Indicators"), _("Measures"), _("Statuses"), _("Standards"), _("Glossary"), _("Legal basis")]
    indicators, measures, statuses, standards, glossary, law = st.tabs(names)
    with indicators:
        definitions(load_catalogue().indicators.values(), reviews)
    with measures:
        definitions(load_catalogue().counts.values(), reviews)
    with statuses:
        status_table()
    with standards:
        standards_table()
    with glossary:
        glossary_table()
    with law:
        legal_basis()
    frame.footer(build)


def definitions(indicators: Iterable[Indicator], reviews: Reviews) -> None:
    """One folded block per definition; the one named in the URL is open, else the first."""
    offered, lang = list(indicators), language()
    wanted = address.chosen("indicator")
    is_here = wanted in {indicator.id for indicator in offered}
    for indicator in offered:
        title = f"**{indicator.name(lang)}**  ·  {indicator.question(lang)}"
        with st.expander(title, expanded=indicator.id == wanted if is_here else indicator is offered[0]):
            definition(indicator, reviews)


def definition(indicator: Indicator, reviews: Reviews) -> None:
    lang = language()
    measure = indicator.numerator.measure
    top, bottom = term_names(indicator)
    facts = {
        _("Formula"): indicator.formula(lang),
        _("Numerator"): top if bottom else "",
        _("Denominator"): bottom,
        _("Unit"): indicator.unit_name(lang),
        _("Kind"): "" if bottom else _(KINDS[measure.kind]),
        _("Reading"): _(POLARITIES[indicator.polarity]),
        _("Counted by"): " / ".join(_(BASES[basis]) for basis in indicator.bases),
        _("Broken down by"): " / ".join(dimension_name(name) for name in indicator.dimensions),
        _("Needs the drops"): " + ".join(source_name(source) for source in measure.sources),
        _("Can be compared"): indicator.comparability_text(lang),
        _("Choices of definition"): "\n".join(
            f"{axis.names[lang]}: {' / '.join(option.name(lang) for option in axis.options.values())}"
            for axis in axes_of(indicator)
        ),
        _("Caveats"): "\n".join(indicator.caveats(lang)),
        _("Target"): "\n".join(target_text(target, lang) for target in indicator.targets),
        _("Source"): indicator.source_text(lang),
        _("Text last checked"): str(indicator.reviewed),
        _("Verified"): verified(indicator, reviews),
        _("Name in commands and links"): indicator.id,
    }
    rows = [Row({"fact": name, "text": text}) for name, text in facts.items() if text]
    tables.draw([Column("fact", _("Item"), "label"), Column("text", _("Definition"), "wide")], rows)


def verified(indicator: Indicator, reviews: Reviews) -> str:
    """Which office found the definition right as it is now; a change since is said."""
    review = reviews.get(indicator.id)
    if review is None:
        return ""
    if not review.is_of(indicator):
        return _("no longer: changed since {day}").format(day=review.on)
    return _("yes, by {role} on {day}").format(role=review.by, day=review.on)


def status_table() -> None:
    st.write(_("A figure without a value is never written as zero; its status says why it is missing."))
    rows = [Row({"code": code, "text": status_text(code, language())}) for code in STATUSES]
    tables.draw([Column("text", _("Shown as"), "label"), Column("code", _("Code in exports"), "code")], rows)


def standards_table() -> None:
    st.write(
        _(
            "Thresholds that standards set for volunteer service. Only those with a source are switched on; "
            "no pass or fail is shown without one."
        )
    )

    rows = [standard_row(standard) for standard in load_standards()]
    columns = [
        Column("standard", _("Standard")),
        Column("item", _("Item"), "wide"),
        Column("threshold", _("Threshold"), "short"),
        Column("scope", _("Divides by"), "short"),
        Column("source", _("Source")),
        Column("state", _("State"), "badge"),
    ]
    tables.draw(columns, rows)


def standard_row(standard: Standard) -> Row:
    """A threshold is printed only where it is switched on, and then with its source."""
    lang = language()
    threshold = None
    if standard.is_on:
        sign = {">=": "≥", "<=": "≤"}[standard.comparator]
        threshold = f"{sign} {standard.threshold} {standard.unit_name(lang)}".strip()
    return Row(
        {
            "standard": f"{standard.name(lang)} ({standard.edition})",
            "item": standard.item(lang),
            "threshold": threshold,
            "scope": _(SCOPES[standard.denominator_scope]),
            "source": standard.source,
            "state": _("switched on") if standard.is_on else _("no source yet"),
        },
        look="" if standard.is_on else "muted",
    )


def glossary_table() -> None:
    rows = [Row({"word": _(word), "meaning": _(meaning)}) for word, meaning in GLOSSARY]
    tables.draw([Column("word", _("Word"), "label"), Column("meaning", _("Meaning"), "wide")], rows)


def legal_basis() -> None:
    article = _(
        "Regulations on Volunteer Service (State Council Decree No. 685, in force since 1 December 2017), "
        "Article 34: people's governments at or above county level shall establish and improve a system of "
        "volunteer-service statistics and of their publication."
    )
    st.html(f'<p class="redvest-law">{article}</p>')
    st.write(
        _(
            "What a service record holds and when it must be entered (within 10 working days) follows the "
            "Measures for Recording and Certifying Volunteer Service (trial), in force since 1 February 2021. "
            "This dashboard issues no certificates and shows no person."
        )
    )


show()
