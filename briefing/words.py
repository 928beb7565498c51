"""The briefing's own words (headings, column names, remarks), Chinese and English, from words.toml.

Names of indicators, areas and statuses come from `metrics`, and so does every sentence that holds a figure.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from metrics.definitions import Sheet, read_toml

FILE = Path(__file__).resolve().parent / "words.toml"


class Words:
    """Words in one language: `words("as_of", day=…)`. A word that is not there is a mistake in our code."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]], lang: str) -> None:
        self.lang = lang
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        return self._texts[key][self.lang].format(**values)

    def join(self, names: list[str]) -> str:
        return ("、" if self.lang == "zh" else ", ").join(names)


@lru_cache(maxsize=1)
def read_words() -> Mapping[str, Mapping[str, str]]:
    values = read_toml(FILE)
    sheet = Sheet(FILE.name, values, values)
    return {key: sheet.both_languages(key) for key in values}


def load_words(lang: str) -> Words:
    return Words(read_words(), lang)
