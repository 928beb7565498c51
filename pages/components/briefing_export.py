"""领导简报: the briefing of what the overview shows, in the reader's language and the chosen definition."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from briefing import desk
from metrics.build import Build
from metrics.query import Observation
from metrics.variants import Variant
from pages.components.filters import Selection
from pages.i18n import N_, _, language

FORMATS = {"docx": N_("Word"), "pptx": N_("PowerPoint"), "html": N_("Web page")}


def panel(build: Build, selection: Selection, chosen: Variant, rows: Sequence[Observation]) -> None:
    """A button a format; a file is written when its button is pressed. `rows` are the headlines on the page."""
    st.subheader(_("Briefing"), anchor=False)
    if all(row.value is None for row in rows):
        st.caption(_("Nothing has been reported for this window, so there is no briefing."))
        return
    label = chosen.label(language())
    if label:
        told = _("Definition: {what}. Figures it does not concern are read as usual and say so.")
        st.caption(told.format(what=label))
    with st.container(horizontal=True):
        for extension in desk.OFFERED:
            asked = (
                build, selection.city, selection.period, selection.window, chosen, language(), extension,
            )  # fmt: skip
            st.download_button(
                _("Briefing as {format}").format(format=_(FORMATS[extension])),
                data=partial(desk.content_of, *asked),
                file_name=desk.name_of(*asked),
                mime=desk.OFFERED[extension],
                key=f"briefing_{extension}",
                icon=":material/download:",
                on_click="ignore",
            )
