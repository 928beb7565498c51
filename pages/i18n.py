"""The reader's language: `_("English text")` gives it in Chinese (default) or English (`?lang=en`).

The catalogue is read from its .po file at run time, so there is no compiled file to forget; parsing
takes about 10 ms and happens once per version of the file.
"""

from __future__ import annotations

import gettext
import io
import sys
from functools import lru_cache
from pathlib import Path

import streamlit as st
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"zh": "中文", "en": "English"}
DEFAULT_LANGUAGE = "zh"
LOCALES: Path = Path(__file__).parent / "locale"
CATALOGUES: dict[str, Path] = {"zh": LOCALES / "zh_CN" / "LC_MESSAGES" / "redvest.po"}


def language() -> str:
    """'zh' or 'en': what this reader's session shows."""
    return str(st.session_state.get("language", DEFAULT_LANGUAGE))


def set_language(code: str) -> None:
    """Remember the session's language; anything but a known code means Chinese."""
    st.session_state["language"] = code if code in LANGUAGES else DEFAULT_LANGUAGE


def _(message: str) -> str:
    """The message in the reader's language. The English source text is the key."""
    return translations(language()).gettext(message)


def N_(message: str) -> str:
    """Mark a text for the catalogue where it is defined; `_` translates it where it is shown."""
    return message


def translations(code: str) -> gettext.NullTranslations:
    """The catalogue of a language; English needs none."""
    path = CATALOGUES.get(code)
    if path is None:
        return gettext.NullTranslations()
    return _load(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _load(path: Path, version: int) -> gettext.NullTranslations:
    """`version` is the file's modification time: an edited catalogue is a new key."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale="zh_CN")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


if __name__ == "__main__":  # python -m pages.i18n update|check
    from pages.messages import main

    raise SystemExit(main(sys.argv[1:]))
