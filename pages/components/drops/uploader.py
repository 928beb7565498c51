"""The widgets of the upload in the reader's language: Streamlit's own words for them are English only."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from etl.frontdesk import uploads
from etl.frontdesk.uploads import MOST_MEGABYTES
from pages.i18n import _

WIDGET = '[data-testid="stFileUploader"]'
BUTTON = f'{WIDGET} section [data-testid="stBaseButton-secondary"] [data-testid="stMarkdownContainer"] p'
INSTRUCTIONS = f'{WIDGET} [data-testid="stFileUploaderDropzoneInstructions"] span'
LIST = '[data-testid="stSelectboxVirtualDropdown"] [role="listbox"]'
NEW_NAME = f'{LIST} [data-key="__creatable__"] [data-item-hl]'
NOTHING_FOUND = f'{LIST}[data-empty] [role="option"] > *'
REFUSED = f'{WIDGET}:has([data-testid="stFileChip"][aria-invalid="true"])::after'


def most_megabytes() -> int:
    """Of one file: an operator may let the server take less (STREAMLIT_SERVER_MAX_UPLOAD_SIZE)."""
    return min(MOST_MEGABYTES, int(st.get_option("server.maxUploadSize")))


def in_the_reader_s_language() -> None:
    """Replace what the widget writes. A file it refuses never arrives, so only the style sheet can say why."""
    words = {
        BUTTON: _("Choose files"),
        INSTRUCTIONS: _("or drag them here"),
        NEW_NAME: _("Not listed: take the name as typed"),
        NOTHING_FOUND: _("Nothing of this name"),
    }
    rules = [
        f"{place} {{ font-size: 0 !important; }} {place}::after {{ content: {_quoted(text)}; font-size: 0.95rem; }}"
        for place, text in words.items()
    ]
    too_large = _(
        "The file marked red is larger than {most} MB and was not taken. Split it, or ask the operator."
    )
    look = "display: block; margin-top: 0.4rem; color: #9e2a2b; font-size: 0.93rem;"
    rules.append(f"{REFUSED} {{ content: {_quoted(too_large.format(most=most_megabytes()))}; {look} }}")
    rules.append('[data-testid="stTooltipErrorContent"] { display: none; }')
    st.html(f"<style>{' '.join(rules)}</style>")


def _discard(folder: str) -> None:
    uploads.discard(Path(folder))


@st.cache_resource(scope="session", on_release=_discard, show_spinner=False)
def belongs_to_session(folder: str) -> str:
    """Remove an upload when the session that made it ends; a confirmed or cancelled one is gone already."""
    return folder


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("<", "\\3c ")
