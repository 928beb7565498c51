"""The address bar: filters live in the URL, survive reloads and page changes, and can be shared.

Streamlit's own `bind="query-params"` writes the *label* of an option into the URL, so a link would change
with the language, and it forgets a filter on a page that does not show it. Here the URL carries codes
(`?city=130200&period=2023&indicator=active_rate`), values equal to their default are left out, and the
session keeps every filter whichever page shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from metrics.refusals import Refused
from pages.i18n import DEFAULT_LANGUAGE, LANGUAGES, _, language, set_language

FILTERS = (
    "lang", "city", "area", "period", "window", "indicator", "basis", "variant", "by", "areas", "concept",
    "section", "analysis", "group", "count", "target", "before", "composite", "corrected", "checks",
    "against",
)  # fmt: skip
# Choosing another city leaves the districts of the old one behind.
DEPENDENT = {"city": ("areas", "area")}
MOST_CHARACTERS_SHOWN = 40  # of a value somebody typed into the address bar


def begin() -> None:
    """At the start of a run: take over what the URL says, unless a choice has been made since it said so.

    The URL is written at the end of a run. Whoever goes on clicking before that sends the address as it was
    before the choice, perhaps several times; taken over, it would undo the choice under the reader's hands.
    """
    arrived = {name: st.query_params[name] for name in FILTERS if name in st.query_params}
    state = st.session_state
    if "filters" not in state:
        state["filters"] = {}
        state["address_outdated"] = []
    if state.pop("filter_touched", False):
        state["address_outdated"].append(arrived)
    elif _came_back():
        state["filters"] = arrived
        state["address_outdated"] = []
    elif arrived not in state["address_outdated"]:
        _filters().update(arrived)
        state["address_outdated"] = []
    state["address_notes"] = []
    set_language(resolve("lang", list(LANGUAGES), DEFAULT_LANGUAGE))


def _came_back() -> bool:
    """Whether the browser's back or forward button caused this run: then an address of before is meant."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def has_begun() -> bool:
    return "filters" in st.session_state


def resolve(name: str, options: Sequence[str], default: str) -> str:
    """The filter's value: one of `options`, or `default` with a friendly note when the URL holds nonsense."""
    raw = _filters().get(name)
    if raw is None:
        return default
    if raw not in options or raw == default:
        del _filters()[name]
    if raw not in options:
        _note(name, raw)
        return default
    return raw


def resolve_many(name: str, options: Sequence[str], default: Sequence[str], most: int = 0) -> list[str]:
    """Several of `options`, in the URL joined by commas; unknown codes, and those beyond the `most` that may be
    chosen (0: any number), are left out with a note.
    """
    raw = _filters().get(name)
    if raw is None:
        return list(default)
    asked = [code for code in raw.split(",") if code]
    known = [code for code in dict.fromkeys(asked) if code in options]
    unknown = [code for code in dict.fromkeys(asked) if code not in options]
    if unknown and known:
        _note_parts(name, raw, unknown)
    elif unknown:
        _note(name, raw)
    if most and len(known) > most:
        sentence = _("The address contains {name}={value}: no more than the first {most} are shown.")
        _add_note(sentence.format(name=name, value=_shortened(raw), most=most))
        known = known[:most]
    if known == list(default) or (not known and asked):
        del _filters()[name]
        return list(default)
    _filters()[name] = ",".join(known)
    return known


def resolve_text(name: str, canonical: Callable[[str], str]) -> str:
    """A filter with a grammar of its own: `canonical` writes it in its one form ('' for the default), or refuses."""
    raw = _filters().get(name)
    if raw is None:
        return ""
    try:
        value = canonical(raw)
    except Refused:
        _note(name, raw)
        value = ""
    if value:
        _filters()[name] = value
    else:
        del _filters()[name]
    return value


def chosen(name: str) -> str | None:
    """The filter as it stands, unchecked; None when it is at its default."""
    return _filters().get(name)


def prepare(name: str, value: object) -> str:
    """The key for a filter's widget, which will show `value`. Option labels change with the language,
    so each language has a widget of its own.
    """
    key = f"{name}_{language()}"
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key


def take(name: str, key: str, codes: Mapping[Any, str] | None = None) -> None:
    """Widget callback: the reader chose something (`codes` translates it, if the widget shows other words).

    An emptied widget means the default.
    """
    st.session_state["filter_touched"] = True
    value = st.session_state.get(key)
    for dependent in DEPENDENT.get(name, ()):
        _filters().pop(dependent, None)
    if value is None:
        _filters().pop(name, None)
    else:
        _filters()[name] = ",".join(value) if isinstance(value, list) else codes[value] if codes else value


def go(name: str, value: str) -> None:
    """Choose a value for the reader, as if they had; '' is the default."""
    st.session_state["filter_touched"] = True
    if value:
        _filters()[name] = value
    else:
        _filters().pop(name, None)


def publish() -> None:
    """At the end of a run: make the URL say what is shown."""
    wanted = {name: _filters()[name] for name in FILTERS if name in _filters()}
    if st.query_params.to_dict() == wanted:
        return
    if wanted:
        st.query_params.from_dict(wanted)
    else:  # from_dict({}) would forget them here but leave them in the browser's address bar
        st.query_params.clear()


def notes() -> list[str]:
    """Sentences about values in the URL that could not be used, for the page's header."""
    return list(st.session_state.get("address_notes", []))


def _note(name: str, raw: str) -> None:
    sentence = _("The address contains {name}={value}, which is not available here; the default is shown.")
    _add_note(sentence.format(name=name, value=_shortened(raw)))


def _note_parts(name: str, raw: str, unknown: Sequence[str]) -> None:
    """Of several values some can be used, and are."""
    sentence = _(
        "The address contains {name}={value}; {unknown} is not available here and left out, the others are shown."
    )
    listed = ("、" if language() == "zh" else ", ").join(unknown)
    _add_note(sentence.format(name=name, value=_shortened(raw), unknown=_shortened(listed)))


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS_SHOWN else f"{text[:MOST_CHARACTERS_SHOWN]}…"


def _add_note(sentence: str) -> None:
    if sentence not in st.session_state["address_notes"]:  # a filter may be read more than once in a run
        st.session_state["address_notes"].append(sentence)


def _filters() -> dict[str, str]:
    filters: dict[str, str] = st.session_state["filters"]
    return filters
