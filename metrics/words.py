"""The words of the reference tables (units, kinds, scopes, what is counted …) in Chinese and English.

Source: data/reference/words.csv, one row per vocabulary and code. A code not listed there is a fault in the
table that uses it, so a new word needs one line of data and no code.
"""

from functools import lru_cache
from pathlib import Path

from metrics.paths import REFERENCE
from metrics.reference import read_rows


class Words:
    def __init__(self, texts: dict[tuple[str, str], tuple[str, str]]) -> None:
        self._texts = texts

    def codes(self, vocabulary: str) -> list[str]:
        return [code for name, code in self._texts if name == vocabulary]

    def text(self, vocabulary: str, code: str, lang: str) -> str:
        """The word for readers; '' where English needs none (a plain count of 个)."""
        zh, en = self._texts[vocabulary, code]
        return zh if lang == "zh" else en


def read_words(directory: Path) -> Words:
    rows = read_rows(directory / "words.csv", ("vocabulary", "code", "zh", "en"), key=("vocabulary", "code"))
    return Words(
        {(row.required("vocabulary"), row.text("code")): (row.required("zh"), row.text("en")) for row in rows}
    )


@lru_cache(maxsize=1)
def load_words() -> Words:
    return read_words(REFERENCE)
