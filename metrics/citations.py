"""What a definition cites, in the reader's language: laws, assessments and published figures, by citations.toml.

A definition names its source once; one that nobody has put into words here is told as it is written, and a definition
may say its own in both languages (`source = { zh = …, en = … }`).
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from metrics.definitions import LANGUAGES, Sheet, read_toml

FILE = Path(__file__).with_name("citations.toml")
BETWEEN = "; "  # two sources of one definition


@lru_cache(maxsize=1)
def load_citations() -> Mapping[str, Mapping[str, str]]:
    """A source as definitions write it → what it is called in each language. Raises DefinitionFault."""
    found = {}
    for number, values in enumerate(
        Sheet(FILE.name, read_toml(FILE), ("citation",)).required("citation"), start=1
    ):
        sheet = Sheet(f"{FILE.name}, no. {number}", values, ("text", *LANGUAGES))
        if sheet.text("text") in found:
            raise sheet.fault(f"text: '{sheet.text('text')}' is there twice.")
        found[sheet.text("text")] = {lang: sheet.text(lang) for lang in LANGUAGES}
    return found


def cited(source: str, lang: str) -> str:
    """'《志愿服务条例》第三十四条；本项目自定' / 'Regulations on Volunteer Service, article 34; …'."""
    known = load_citations()
    parts = [known.get(part, {}).get(lang, part) for part in source.split(BETWEEN)]
    return ("；" if lang == "zh" else BETWEEN).join(parts)
