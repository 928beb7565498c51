"""Every spelling by which an area is known, and which of them need the city to be unambiguous."""

import re
import unicodedata
from typing import TYPE_CHECKING

from metrics.reference import ReferenceFault

if TYPE_CHECKING:
    from metrics.areas import Area, Areas


def normalise_name(text: str) -> str:
    """A spelling without what never tells two areas apart: width, spaces and separators.

    '唐山市 - 路南区' becomes '唐山市路南区', as do full-width forms. Compare names only in this form.
    """
    return re.sub(r"[\s\-–—/\\·•>,,、_]+", "", unicodedata.normalize("NFKC", text))


def short_name(area: "Area") -> str:
    """路南 for 路南区; '' when fewer than two characters would remain (滦县 is never 滦)."""
    if area.level not in ("city", "district"):
        return ""
    short = re.sub(r"[区县市]$", "", area.area_name)
    return short if short != area.area_name and len(short) >= 2 else ""


def bare_names(area: "Area", own_names: list[str], prefixes: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """A leaf's names as people write them inside its city, and those among them that need the city.

    烟台经济技术开发区 is just 经济技术开发区 in Yantai; outside, that could be any city's.
    """
    longest_first = sorted(prefixes, key=len, reverse=True)
    found = [(name, next(filter(name.startswith, longest_first), "")) for name in own_names]
    stripped = [
        name.removeprefix(prefix) for name, prefix in found if len(name) - len(prefix) >= 3 and prefix
    ]
    return [*own_names, *stripped, short_name(area)], [name for name in stripped if name not in own_names]


def spellings(
    areas: "Areas", old_spellings: list[tuple[str, str]], generic: set[str]
) -> list[tuple[str, str | None, str]]:
    """The rows of Areas.names().

    A written spelling (code, name, alias) beats a derived one (short, with or without the city's name).
    Derived ones that fit two areas of one city are left out: guessing would move people between districts.
    """
    written: dict[tuple[str, str], set[str]] = {}
    derived: dict[tuple[str, str], set[str]] = {}
    needs_city = set(generic)

    def note(where: dict[tuple[str, str], set[str]], text: str, code: str) -> None:
        if text:
            where.setdefault((normalise_name(text), areas.city_of(code)), set()).add(code)

    for area in areas:
        code = area.area_code
        city = areas.get(areas.city_of(code))
        prefixes = (city.area_name, short_name(city), *city.aliases)
        old = [text for text, new_code in old_spellings if new_code == code]
        own_names = [area.area_name, *area.aliases, *(text for text in old if not text.isdigit())]
        for text in (code, area.area_name_en, *own_names, *old):
            note(written, text, code)
        if code.isdigit():
            note(derived, code + "000000", code)  # the 12-digit statistical form of the same code
        if area.level not in ("district", "zone"):
            note(derived, short_name(area), code)
            continue
        bare, bound = bare_names(area, own_names, prefixes)
        needs_city.update(bound, {short_name(area)} if area.area_name in generic else ())
        for name in filter(None, bare):
            for prefix in ("", *prefixes):
                note(derived, prefix + name, code)

    require_one_area_each(written)
    per_city = {key: codes for key, codes in derived.items() if len(codes) == 1} | written
    cities_of: dict[str, list[str]] = {}
    for text, city_code in per_city:
        cities_of.setdefault(text, []).append(city_code)
    rows: list[tuple[str, str | None, str]] = []
    for (text, city_code), codes in per_city.items():
        anywhere = len(cities_of[text]) == 1 and text not in needs_city
        rows.append((text, None if anywhere else city_code, next(iter(codes))))
    return sorted(rows, key=lambda row: (row[2], row[0], row[1] or ""))


def require_one_area_each(written: dict[tuple[str, str], set[str]]) -> None:
    for (text, city_code), codes in written.items():
        if len(codes) > 1:
            raise ReferenceFault(
                f"areas.csv, column aliases: '{text}' in {city_code} means {' and '.join(sorted(codes))}, "
                "expected one area per spelling within a city."
            )
