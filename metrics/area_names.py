"""Every spelling by which an area is known, and which of them need the city to be unambiguous."""

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

from metrics.characters import simplified
from metrics.reference import ReferenceFault

if TYPE_CHECKING:
    from metrics.areas import Area, Areas


# Blanks, what cannot be seen, quotes and what stands between parts: none of it ever tells two areas apart.
SEPARATORS = re.compile("[\\s\\-–—/\\\\·•>,,、_'\"`=‘’“”\u00ad\u200b-\u200f\u2060\ufeff]+")
# 130202 and the longer statistical codes of its streets (9 digits) and communities (12).
CODE = re.compile(r"(?<![0-9A-Za-z])\d{6}(?:\d{3}){0,2}(?![0-9A-Za-z])")
# pandas writes a column of codes with gaps as fractions: 130202.0. Twelve digits are far from losing one.
FRACTION = re.compile(r"^\s*(\d{6}(?:\d{3}){0,2})\.0\s*$")
REMARK = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")

Look = Callable[
    [str, str | None], str | None
]  # a normalised spelling and the city it needs, to the area's code


def normalise_name(text: str) -> str:
    """A spelling without what never tells two areas apart: width, spaces, quotes, separators, and simplified.

    '唐山市 - 路南区' becomes '唐山市路南区', as do full-width forms and 唐山市路南區. Compare names only in this form.
    """
    return SEPARATORS.sub("", simplified(unicodedata.normalize("NFKC", text)))


def area_meant(areas: "Areas", text: str, city: str | None, look: Look) -> str | None:
    """The area a text means: a spelling, or a code, a name and remarks that agree.

    '130202 路南区', '130202001004', '路南区(唐山市)' and '唐山市(高新区)' are one area each; a code and a
    name of two different areas are none, and neither is a text with a part nobody knows, remarks excepted.
    """
    found = look(normalise_name(text), city)
    if found is not None:
        return found
    plain = FRACTION.sub(r"\1", unicodedata.normalize("NFKC", text))
    remarks = REMARK.findall(plain)
    rest = REMARK.sub(" ", plain)
    codes = [code for part in (rest, *remarks) for code in CODE.findall(part)]
    name = normalise_name(CODE.sub(" ", rest))
    names = [name] if name else []
    asides = [aside for remark in remarks if (aside := normalise_name(CODE.sub(" ", remark)))]
    # A city that is named tells which 高新区 is meant, as the drop's city does.
    named = {
        code
        for part in (*codes, *names, *asides)
        if (code := look(part[:6] if part.isdigit() else part, None))
    }
    cities = {areas.city_of(code) for code in named}
    if city is None and len(cities) == 1:
        city = next(iter(cities))
    meant = [_of_code(areas, code, look) for code in codes] + [look(one, city) for one in names]
    if not meant or None in meant:
        return None
    all_meant = {code for code in (*meant, *(look(aside, city) for aside in asides)) if code is not None}
    leaves = {code for code in all_meant if areas.get(code).level != "city"}
    if len({areas.city_of(code) for code in all_meant}) > 1 or len(leaves) > 1:
        return None
    return next(iter(leaves or all_meant))


def _of_code(areas: "Areas", code: str, look: Look) -> str | None:
    """The area a code of 6, 9 or 12 digits lies in; a longer one must lie in a district."""
    found = look(code[:6], None)
    return None if found and len(code) > 6 and areas.get(found).level == "city" else found


def names_needing_a_city(areas: "Areas") -> dict[str, tuple[str, ...]]:
    """Names that are nothing without the city, with the areas that go by them, by code."""
    found: dict[str, set[str]] = {}
    for text, city, code in areas.names():
        if city is not None:
            found.setdefault(text, set()).add(code)
    return {text: tuple(sorted(codes)) for text, codes in found.items()}


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
        provinces = {alias.removesuffix(prefixes[0]).removesuffix(prefixes[1]) for alias in city.aliases}
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
            # A province has many a 开发区: its name is enough before names that need no city.
            enough = provinces if name not in needs_city else ()
            for prefix in ("", *prefixes, *enough):
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
