"""One drop after a trial or a load: what became of it, in the words of an office."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from pages.components.drops.words import (
    Drop,
    escaped,
    file_of,
    kind_of,
    origin_of,
    reasons_of,
    span_text,
    sum_text,
)
from pages.components.words import count_text
from pages.i18n import _, language

MOST_CARDS = 30
# How etl/telling.py begins a sentence about one row, and what only its sum of rows holds.
ROW = re.compile(r"(?:第 |row )(\d+)")
SUM = re.compile(r" = .*\d.* \+ .*\d")
COMMAND = "python -m etl"
Outcome = Mapping[str, Any]  # a drop of `load --json`: its ledger row, `repeated` and the sentences `told`


def cards(drops: Sequence[Outcome], is_done: bool) -> None:
    """A card each; of very many files the first, and a word on the rest."""
    for drop in drops[:MOST_CARDS]:
        card(drop, is_done)
    if len(drops) > MOST_CARDS:
        text = _("The first {number} of {all} are shown; the ledger lists every one once loaded.")
        st.caption(text.format(number=MOST_CARDS, all=len(drops)))


def card(drop: Outcome, is_done: bool) -> None:
    """`is_done` False: what would become of it."""
    with st.container(border=True):
        st.markdown(f"**{escaped(file_of(drop))}**")
        about = [kind_of(drop), origin_of(drop), span_text(drop["first_on"], drop["last_on"])]
        st.caption(escaped(" · ".join(part for part in about if part and part != "—")))
        if drop["repeated"]:
            _repeated(drop)
        elif drop["status"] == "refused":
            st.error(_("The file cannot be read as a drop:") + "  \n" + _listed(drop))
        elif drop["status"] == "held":
            _held(drop, is_done)
        else:
            _loaded(drop, is_done)


def report(drops: Sequence[Outcome], path: Path, key: str) -> None:
    """The button that saves every row a trial would set aside, where there are such rows."""
    if any(drop["rows_quarantined"] or drop["status"] == "held" for drop in drops) and path.exists():
        st.download_button(
            _("Save the full report of this trial (xlsx)"),
            data=path.read_bytes(),
            file_name=_("trial-report") + ".xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            key=key,
            icon=":material/download:",
            on_click="ignore",
        )


def _repeated(drop: Drop) -> None:
    if drop["status"] == "refused":
        st.error(_("This file was refused before, for the same reason:") + "  \n" + _listed(drop))
        return
    sentences = {
        "loaded": _("The same content was loaded before as drop no. {drop_id}; nothing will change."),
        "held": _("The same content is on hold as drop no. {drop_id}; release it or send it back there."),
        "withdrawn": _(
            "The same content is drop no. {drop_id}, which was withdrawn; under “Withdraw” it says how it comes back."
        ),
    }
    st.info(sentences[drop["status"]].format(drop_id=drop["drop_id"]))


def _held(drop: Drop, is_done: bool) -> None:
    rows = count_text(drop["rows_read"])
    if is_done:
        head = _("On hold as drop no. {drop_id}: none of its {rows} rows counts until somebody releases it.")
    else:
        head = _("It would be put on hold: none of its {rows} rows would count until somebody releases it.")
    st.warning(head.format(drop_id=drop["drop_id"], rows=rows) + "  \n" + _listed(drop))
    if is_done:
        st.markdown(_("Ask the supplier, then release it or send it back under “On hold”."))


def _loaded(drop: Drop, is_done: bool) -> None:
    if is_done:
        st.markdown(_("Loaded as drop no. {drop_id}.").format(drop_id=drop["drop_id"]))
    st.markdown(f"{sum_text(drop)}{'。' if language() == 'zh' else '.'}")
    superseding = int(drop["rows_superseding"] or 0)
    if superseding:
        text = _("{rows} of the accepted rows are corrections: they take the place of earlier rows.")
        st.markdown(text.format(rows=count_text(superseding)))
    _notes_and_rows(*_told(drop))


def mended(drop: Outcome) -> None:
    """What would become of a mended file in the place of its drop; what makes it unlike that one comes first."""
    notes, examples = _told(drop)
    if drop["status"] == "held":
        head = _(
            "It does not look like drop no. {drop_id} mended, and is taken only if somebody answers for it:"
        )
        st.warning(head.format(drop_id=drop["drop_id"]) + "  \n" + _listed(drop))
        reasons = reasons_of(drop)
        notes = [note for note in notes if COMMAND not in note and note.rstrip("。.") not in reasons]
    st.markdown(f"{sum_text(drop)}{'。' if language() == 'zh' else '.'}")
    _notes_and_rows(notes, examples)


def _notes_and_rows(notes: Sequence[str], examples: Sequence[str]) -> None:
    if notes:
        st.markdown("\n".join(f"- {escaped(note)}" for note in notes))
    if examples:
        st.markdown(_("Rows that go into quarantine, the first of each kind:"))
        st.markdown("\n".join(f"- {escaped(example)}" for example in examples))


def _told(drop: Drop) -> tuple[list[str], list[str]]:
    """Notes on the drop, and sentences about single rows in the order of the rows; the sum is told by itself."""
    lang = "zh" if language() == "zh" else "en"
    notes, rows = [], []
    for text in drop["told"]:
        sentence = str(text[lang])
        for name in (file_of(drop), str(drop["file_name"])):
            sentence = sentence.removeprefix(name).lstrip(" ,，：:")
        found = ROW.match(sentence)
        if found:
            rows.append((int(found[1]), sentence))
        elif not SUM.search(sentence):
            notes.append(sentence)
    return notes, [sentence for _number, sentence in sorted(rows)]


def _listed(drop: Drop) -> str:
    return "  \n".join(f"· {escaped(reason)}" for reason in reasons_of(drop))
