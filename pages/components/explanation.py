"""The panel behind a figure: the same explanation as `python -m metrics explain`, in the reader's language."""

from __future__ import annotations

from typing import Any

import streamlit as st

from metrics.areas import load_areas
from metrics.build import Build
from metrics.contributing import newest
from metrics.explain import explain
from metrics.query import Observation
from pages.components import beside, tables
from pages.components.tables import Column, Row
from pages.components.words import (
    area_name,
    count_text,
    moment_text,
    rows_text,
    short_area_name,
    source_name,
)
from pages.i18n import _, language


def panel(build: Build, observation: Observation) -> None:
    """An expander with everything behind one figure of an area."""
    with st.expander(_("Where this figure comes from")):
        _draw(build, observation.area_code, observation)


def panel_with_areas(build: Build, city: Observation) -> None:
    """The same for the city or, as chosen inside, any of its districts."""
    with st.expander(_("Where a figure comes from")):
        codes = [city.area_code, *(area.area_code for area in load_areas().children(city.area_code))]
        chosen = st.selectbox(
            _("Area"),
            codes,
            format_func=lambda code: area_name(code) if code == city.area_code else short_area_name(code),
            key="explained_area",
        )
        _draw(build, chosen, city)


def _draw(build: Build, area_code: str, asked: Observation) -> None:
    told = explain(
        build, asked.indicator, area_code, asked.period, asked.window, asked.basis, asked.variant
    )  # fmt: skip
    tables.draw(
        [Column("label", _("What"), "label"), Column("text", _("Explanation"))],
        [Row({"label": label, "text": text}) for label, text in lines(told, language())],
    )
    beside.panel(build, asked, area_code)
    if told["drops"]:
        draw_drops(told["drops"])
    trace_link(area_code, asked)


def trace_link(area_code: str, asked: Observation) -> None:
    """The same figure on the drops page, to go on to files and rows."""
    area = load_areas().get(area_code)
    if area.level == "unknown":
        return  # not among the places one chooses from
    figure = {
        "section": "trace",
        "city": load_areas().city_of(area_code),
        "area": area_code,
        "indicator": asked.indicator,
        "period": asked.period.code,
        "window": asked.window,
        "basis": asked.basis,
        "variant": asked.variant,
        "lang": language(),
    }
    st.page_link(
        "pages/drops.py",
        label=_("Trace this figure to its drops and rows"),
        icon=":material/arrow_forward:",
        query_params={name: value for name, value in figure.items() if value},
    )


def lines(told: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    """Label and text of every line of the panel."""
    build = told["build"]
    found = [
        (_("In words"), told["sentence"][lang]),
        (_("Question"), told["question"][lang]),
        (_("Definition"), told["formula"][lang]),
        (_("With its numbers"), told["calculation"][lang]),
        (_("Counts"), "\n".join(f"{one[lang]}: {count_text(one['value'])}" for one in told["counts"])),
    ]
    if told.get("population"):
        found.append((_("Population"), "\n".join(one[lang] for one in told["population"])))
    interval = told["interval"]
    if interval and interval["lower"] is not None:
        found.append(
            (_("95 % interval"), f"{interval['text'][lang]} ({interval.get(lang, interval['method'])})")
        )
    found += [
        (_("Status"), told["status"][lang]),
        (_("Window"), f"{told['window'][lang]} ({told['window_start'] or '…'} – {told['window_end']})"),
    ]
    others = {"year_earlier": _("A year earlier"), "city": _("Whole city"), "peers": _("Peers")}
    found += [
        (label, told["comparison"][name][lang]) for name, label in others.items() if told["comparison"][name]
    ]
    if told["claims"][lang]:
        found.append((_("What may be said"), "\n".join(told["claims"][lang])))
    if told["target"]:
        found.append((_("Target"), told["target"][lang]))
    found.append((_("Completeness"), "\n".join(told["completeness"][lang])))
    if told["caveats"][lang]:
        found.append((_("Caveats"), "\n".join(told["caveats"][lang])))
    version = [
        _("Build {build_id}").format(build_id=build["build_id"]),
        _("published {moment}").format(moment=moment_text(build["created_at"])),
        _("definition {digest}").format(digest=told["definition_digest"]),
    ]
    if "verified" in told:
        version.append(
            _("definition verified") if told["verified"]["is_verified"] else _("definition not verified")
        )
    if build["is_synthetic"]:
        version.append(_("Sample data"))
    found.append((_("Data version"), " · ".join(version)))
    if "disclosure" in told:
        found.append((_("Small counts"), told["disclosure"][lang]))
    found.append((_("Source of the definition"), told["source_text"][lang]))
    return found


def draw_drops(drops: list[dict[str, Any]]) -> None:
    columns = [
        Column("drop_id", _("Drop"), "label"),
        Column("file_name", _("File")),
        Column("source", _("Kind"), "short"),
        Column("supplier", _("Supplier"), "short"),
        Column("days", _("Days covered"), "short"),
        Column("accepted", _("Accepted"), "number"),
        Column("read", _("Rows read"), "number"),
    ]
    named, more = newest(drops)
    rows = [
        Row(
            {
                "drop_id": drop["drop_id"],
                "file_name": drop["file_name"],
                "source": source_name(drop["source"]),
                "supplier": drop["supplier"],
                "days": f"{drop['first_on'] or '…'} – {drop['last_on'] or '…'}",
                "accepted": rows_text(drop["rows_accepted"]),
                "read": rows_text(drop["rows_read"]),
            }
        )
        for drop in named
    ]
    tables.draw(columns, rows, _("Drops that contribute to the figure"))
    if more:
        st.caption(_("and {number} more").format(number=count_text(more)))
    if any(drop["rows_read"] is None for drop in named):
        st.caption(_("※ withheld: from few rows, or those of one district, people could be recognised."))
