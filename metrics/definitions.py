"""Strict reading of definition files (TOML): every fault names file, key, what was found and expected.

A definition is edited by people who are not programmers, so a misspelt key must not be ignored: it would
quietly leave the default in force.
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from metrics.reference import did_you_mean

LANGUAGES = ("zh", "en")


class DefinitionFault(ValueError):
    """A definition cannot be used; the message says where and what was expected."""


class Sheet:
    """One TOML table whose keys are all known; its methods type a key or name the fault."""

    def __init__(self, place: str, values: Mapping[str, Any], known: Iterable[str]) -> None:
        self.place = place
        self.values = values
        allowed = list(known)
        for key in values:
            if key not in allowed:
                raise self.fault(f"unknown key '{key}'.{did_you_mean(key, allowed)}")

    def fault(self, what: str) -> DefinitionFault:
        return DefinitionFault(f"{self.place}: {what}")

    def required(self, key: str) -> Any:
        if key not in self.values:
            raise self.fault(f"the key '{key}' is missing.")
        return self.values[key]

    def text(self, key: str) -> str:
        value = self.required(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(f"{key}: found {value!r}, expected a text.")
        return value

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        known = list(allowed)
        value = self.values.get(key, default) if default is not None else self.required(key)
        if value not in known:
            expected = ", ".join(f"'{member}'" for member in known)
            raise self.fault(f"{key}: found {value!r}, expected one of {expected}.{hint(value, known)}")
        return str(value)

    def choices(self, key: str, allowed: Iterable[str]) -> tuple[str, ...]:
        """A list of distinct words, possibly empty; a missing key means none."""
        known = list(allowed)
        values = self.values.get(key, [])
        if not isinstance(values, list) or len(set(map(str, values))) != len(values):
            raise self.fault(f"{key}: found {values!r}, expected a list without repetition.")
        for value in values:
            if value not in known:
                expected = ", ".join(f"'{member}'" for member in known)
                raise self.fault(f"{key}: found {value!r}, expected any of {expected}.{hint(value, known)}")
        return tuple(values)

    def whole_number(self, key: str) -> int:
        value = self.required(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.fault(f"{key}: found {value!r}, expected a whole number.")
        return value

    def number(self, key: str) -> float:
        value = self.required(key)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self.fault(f"{key}: found {value!r}, expected a number.")
        return float(value)

    def day(self, key: str) -> date:
        value = self.required(key)
        if type(value) is not date:
            raise self.fault(f"{key}: found {value!r}, expected a day such as 2025-03-01, without quotes.")
        return value

    def table(self, key: str, known: Iterable[str]) -> "Sheet":
        value = self.required(key)
        if not isinstance(value, dict):
            raise self.fault(f"{key}: found {value!r}, expected a table.")
        return Sheet(f"{self.place}, {key}", value, known)

    def both_languages(self, key: str) -> dict[str, str]:
        sheet = self.table(key, LANGUAGES)
        return {lang: sheet.text(lang) for lang in LANGUAGES}

    def lists_in_both_languages(self, key: str) -> dict[str, tuple[str, ...]]:
        """As many sentences in one language as in the other; a missing key means none."""
        if key not in self.values:
            return dict.fromkeys(LANGUAGES, ())
        sheet = self.table(key, LANGUAGES)
        lists: dict[str, tuple[str, ...]] = {}
        for lang in LANGUAGES:
            values = sheet.required(lang)
            if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
                raise sheet.fault(f"{lang}: found {values!r}, expected a list of sentences.")
            lists[lang] = tuple(values)
        if len(lists["zh"]) != len(lists["en"]):
            raise sheet.fault(f"{len(lists['zh'])} sentences in zh but {len(lists['en'])} in en.")
        return lists


def hint(value: object, known: list[str]) -> str:
    return did_you_mean(str(value), known)


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of one file. Raises DefinitionFault with the place of a syntax error."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionFault(f"{path.name}: not readable as TOML: {error}.") from None
