"""The download button: a CSV that opens in Excel and says in every row where its figures come from."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from metrics import small_counts
from metrics.areas import load_areas
from metrics.build import Build
from metrics.export_safe import safe_row
from metrics.observation import COLUMNS, Observation
from pages.i18n import N_, _, language

HEADINGS = {
    "indicator": N_("indicator"),
    "area_code": N_("area code"),
    "area_name": N_("area"),
    "period_start": N_("period from"),
    "period_end": N_("period to"),
    "window": N_("window"),
    "basis": N_("basis"),
    "dimension": N_("dimension"),
    "member": N_("member"),
    "numerator": N_("numerator"),
    "denominator": N_("denominator"),
    "value": N_("value"),
    "lower": N_("interval from"),
    "upper": N_("interval to"),
    "status": N_("status"),
    "build_id": N_("build"),
    "variant": N_("definition"),
    "population_year": N_("year of the population"),
}


def observations(
    build: Build, rows: Sequence[Observation], selection: str, name: str, label: str = ""
) -> None:
    """A button for the figures of one view. `selection` is the view's filters in words."""
    st.download_button(
        label or _("Download these figures (CSV)"),
        data=observations_csv(build, rows, selection),
        file_name=f"redvest-{name}-{build.build_id}.csv",
        mime="text/csv",
        key=f"download_{name}",
        icon=":material/download:",
        on_click="ignore",
    )


def observations_csv(build: Build, rows: Sequence[Observation], selection: str) -> bytes:
    """One line per observation, UTF-8 with a byte-order mark so that Excel reads the Chinese."""
    headings = [_(HEADINGS[name]) if name in HEADINGS else name for name in COLUMNS]
    headings += [
        _("nature of the data"),
        _("small counts"),
        _("complete up to"),
        _("published at"),
        _("selection"),
    ]
    nature = _("Sample data") if build.is_synthetic else _("Real data")
    small = small_counts.nature(build, language())
    lines = [
        [
            *(getattr(row, name) for name in COLUMNS),
            nature,
            small,
            _complete_up_to(build, row),
            build.created_at,
            selection,
        ]
        for row in rows
    ]
    return table_csv(headings, lines)


def table_csv(headings: Sequence[str], lines: Sequence[Sequence[object]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(safe_row(headings))
    # Missing stays empty, never 0: None is written as an empty cell.
    writer.writerows(safe_row(line) for line in lines)
    return written.getvalue().encode("utf-8-sig")


def text(content: str, name: str) -> None:
    """A button for a CSV as the command line writes it."""
    _table_button(content.encode("utf-8-sig"), name)


def table(headings: Mapping[str, str], rows: Sequence[Mapping[str, object]], name: str) -> None:
    """A button for any other table: `headings` maps each row's keys to column headings."""
    _table_button(
        table_csv(list(headings.values()), [[row.get(key) for key in headings] for row in rows]), name
    )


def _table_button(data: bytes, name: str) -> None:
    st.download_button(
        _("Download this table (CSV)"),
        data=data,
        file_name=f"redvest-{name}.csv",
        mime="text/csv",
        key=f"download_{name}",
        icon=":material/download:",
        on_click="ignore",
    )


def _complete_up_to(build: Build, row: Observation) -> date | None:
    """The last day up to which the row's city has reported every core source."""
    month = build.last_period(load_areas().city_of(row.area_code), "month")
    return month.end if month else None
