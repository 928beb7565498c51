"""What the fields of findings are called and how they are written, for the command line, tables and charts alike.

A field means one thing in every finding; where one is a fraction of 1 that elsewhere has the indicator's unit, the
shape of its list says so (`shares`).
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from metrics.analysis.grouped import Bounds
from metrics.analysis.hours_bands import band_name
from metrics.areas import load_areas
from metrics.catalogue import load_catalogue
from metrics.definitions import Sheet, read_toml
from metrics.indicator import Indicator
from metrics.members import hours_bands
from metrics.periods import Period
from metrics.sentences import MISSING, format_number, format_value
from metrics.status_words import STATUS_TEXTS, status_text

UNITS = (
    "area", "value", "points", "share", "count", "decimal", "exact", "plain", "period", "band", "status", "word",
)  # fmt: skip
LEAST_EXACT = 0.001
FILE = Path(__file__).with_name("fields.toml")
PERCENTILE = {"zh": "第 {} 百分位", "en": "Percentile {}"}


class Field(NamedTuple):
    """One field: its name in both languages, and one of UNITS ('' for a field without words)."""

    names: Mapping[str, str]
    unit: str

    def name(self, lang: str) -> str:
        return self.names[lang]


@lru_cache(maxsize=1)
def load_fields() -> dict[str, Field]:
    """Every field that has words. Raises DefinitionFault naming file and key."""
    found = {}
    for name, values in Sheet(FILE.name, read_toml(FILE), ("fields", "words")).required("fields").items():
        sheet = Sheet(f"{FILE.name}, fields, {name}", values, ("zh", "en", "unit"))
        names = {"zh": sheet.text("zh"), "en": sheet.text("en")}
        found[name] = Field(names, sheet.choice("unit", UNITS))
    return found


@lru_cache(maxsize=1)
def load_words() -> Mapping[str, Mapping[str, str]]:
    """The codes an analysis gives (better, inside …) in words."""
    values = Sheet(FILE.name, read_toml(FILE), ("fields", "words")).required("words")
    sheet = Sheet(f"{FILE.name}, words", values, values)
    return {code: sheet.both_languages(code) for code in values}


def field_of(name: str) -> Field:
    """The words of a field; a percentile by its number; one without words is called as it is."""
    if name in load_fields():
        return load_fields()[name]
    if name.startswith("p") and name[1:].isdigit():
        return Field({lang: text.format(name[1:]) for lang, text in PERCENTILE.items()}, "value")
    return Field({"zh": name, "en": name.replace("_", " ").capitalize()}, "")


def written(value: Any, unit: str, indicator: Indicator | None, lang: str) -> str:
    """A value for a reader; missing is a dash."""
    zh = lang == "zh"
    if value is None or value == "" or value == ():
        return MISSING
    if isinstance(value, bool):
        return ("是" if value else "否") if zh else ("yes" if value else "no")
    if isinstance(value, Bounds):
        return f"{written(value.lower, unit, indicator, lang)}–{written(value.upper, unit, indicator, lang)}"
    if isinstance(value, dict):
        separator, colon = ("；", " ") if zh else ("; ", " ")
        return separator.join(
            f"{named(key, lang)}{colon}{written(one, unit, indicator, lang)}" for key, one in value.items()
        )
    if isinstance(value, list | tuple):
        return ("、" if zh else ", ").join(named(one, lang) for one in value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return written_code(value, unit, lang)
    return written_number(float(value), unit, indicator, lang)


def written_code(value: str, unit: str, lang: str) -> str:
    if unit == "status" and value.partition("+")[0].partition(":")[0] in STATUS_TEXTS:
        return status_text(value, lang)
    if unit == "period":
        return Period.parse(value).label(lang)
    if unit == "band":
        found = [band for band in hours_bands() if band.band_code == value]
        return band_name(found[0], lang) if found else value
    return named(value, lang)


def named(code: Any, lang: str) -> str:
    """An area, an indicator or a word by its name; anything else as it is."""
    text, catalogue = str(code), load_catalogue()
    if text in load_areas():
        return load_areas().get(text).name(lang)
    if text in catalogue.indicators or text in catalogue.counts:
        return catalogue.indicator(text).name(lang)
    return load_words()[text][lang] if text in load_words() else text


def written_number(number: float, unit: str, indicator: Indicator | None, lang: str) -> str:
    if unit == "share":
        return f"{format_number(100 * number, 1)}%"
    if unit == "value" and indicator:
        return format_value(number, indicator, lang)
    if unit == "points" and indicator:
        return points_text(number, indicator, lang)
    if unit == "plain":
        return f"{number:g}"
    if unit == "exact" and 0 < abs(number) < LEAST_EXACT:
        return f"<{LEAST_EXACT:g}"  # more than nothing is never written as nothing
    if unit == "exact":
        return format_number(number, 3 if abs(number) < 1 else 2)
    whole = unit == "count" or number.is_integer()
    return format_number(number, 0 if whole else 1 if unit == "decimal" else 2)


def points_text(number: float, indicator: Indicator, lang: str) -> str:
    """A difference, signed, in the indicator's unit: percentage points for per cent."""
    if indicator.unit != "percent":
        text = format_value(abs(number), indicator, lang)
    else:
        text = format_number(abs(number), 2) + (" 个百分点" if lang == "zh" else " points")
    is_nothing = not any(digit in "123456789" for digit in text)
    return text if is_nothing else f"{'+' if number > 0 else '−'}{text}"
