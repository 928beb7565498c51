"""Dimensions and their members: what a figure can be broken down by besides areas, and what each is called.

The members of a breakdown add up to the total, except where they overlap (platforms); where something may not be
known, the last one is `unknown`. Members and names are data (data/reference/member_names.csv), and so are age bands
(age_bands.csv: age is the year of T minus the year of birth) and the bands of hours given (hours_bands.csv).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from metrics.areas import load_areas
from metrics.paths import REFERENCE
from metrics.reference import read_rows

DIMENSIONS = ("gender", "age_band", "evidence", "identity", "activity_state", "platform")
# A person is on every platform they are registered on, so these members do not add up to the total. Which there are
# is known by a build, city by city.
OVERLAPPING = ("platform",)
SATURDAYS, OTHER_DAYS = "saturday", "other"  # kinds of day, of the build's table day_kinds
DISTRICT = "district"  # no dimension of a build: of withheld districts of a city that are told together
UNKNOWN = "unknown"
AND = "|"  # between the members that are told together
OTHER = "other"  # of platforms: one whose name was not recognised


@dataclass(frozen=True)
class AgeBand:
    """One age band, both ages included; the last one has no upper age."""

    band_code: str
    age_from: int
    age_to: int | None
    name: str
    name_en: str


@dataclass(frozen=True)
class HoursBand:
    """People who gave at least `hours_from` and less than `hours_below` hours (None: however many)."""

    band_code: str
    hours_from: int
    hours_below: int | None


# The edges from which on people are also counted together, so that "at least so many hours" is one count.
COUNTED_FROM = (1, 2, 5, 10, 20, 50, 100)


def active_from(edge: int) -> str:
    """The measure of a build that counts people active with at least so many hours in the window."""
    return f"active_{edge}h_volunteers"


def hours_of_active_from(edge: int) -> str:
    """The measure of a build that adds up the hours of those people."""
    return f"active_{edge}h_hours"


def read_hours_bands(directory: Path) -> tuple[HoursBand, ...]:
    """The bands in order, from 0 up. Raises ReferenceFault when they leave a gap or overlap."""
    bands: list[HoursBand] = []
    expected = 0
    rows = read_rows(
        directory / "hours_bands.csv", ("band_code", "hours_from", "hours_below"), key=("band_code",)
    )
    for row in rows:
        if row.integer("hours_from") != expected:
            raise row.fault("hours_from", f"{expected}, so that nobody is missing or counted twice")
        is_last = row is rows[-1]
        below = None if is_last and not row.text("hours_below") else row.integer("hours_below")
        if is_last and below is not None:
            raise row.fault("hours_below", "nothing, because the last band has no upper edge")
        if below is not None and below <= expected:
            raise row.fault("hours_below", f"{expected + 1} or more")
        expected = below or 0
        bands.append(HoursBand(row.required("band_code"), row.integer("hours_from"), below))
    return tuple(bands)


@lru_cache(maxsize=1)
def hours_bands() -> tuple[HoursBand, ...]:
    return read_hours_bands(REFERENCE)


def read_age_bands(directory: Path) -> tuple[AgeBand, ...]:
    """The bands in order. Raises ReferenceFault when they leave a gap or overlap: people would be lost."""
    columns = ("band_code", "age_from", "age_to", "name", "name_en")
    bands: list[AgeBand] = []
    expected = 0
    rows = read_rows(directory / "age_bands.csv", columns, key=("band_code",))
    for row in rows:
        if row.integer("age_from") != expected:
            raise row.fault("age_from", f"{expected}, so that no age is missing or counted twice")
        is_last = row is rows[-1]
        age_to = None if is_last and not row.text("age_to") else row.integer("age_to")
        if is_last and age_to is not None:
            raise row.fault("age_to", "nothing, because the last band has no upper age")
        if age_to is not None and age_to < expected:
            raise row.fault("age_to", f"{expected} or more")
        expected = (age_to or 0) + 1
        band = AgeBand(
            row.required("band_code"), row.integer("age_from"), age_to, row.required("name"),
            row.required("name_en"),
        )  # fmt: skip
        bands.append(band)
    return tuple(bands)


@lru_cache(maxsize=1)
def age_bands() -> tuple[AgeBand, ...]:
    return read_age_bands(REFERENCE)


def band_of(age: int | None) -> str:
    """The code of the band an age falls in; unknown for None and for people born after T."""
    for band in age_bands():
        if age is not None and age >= band.age_from and (band.age_to is None or age <= band.age_to):
            return band.band_code
    return UNKNOWN


@lru_cache(maxsize=1)
def _names() -> dict[tuple[str, str], tuple[str, str]]:
    columns = ("dimension", "member", "name", "name_en")
    rows = read_rows(REFERENCE / "member_names.csv", columns, key=("dimension", "member"))
    names = {
        (row.text("dimension"), row.text("member")): (row.required("name"), row.required("name_en"))
        for row in rows
    }
    return {("age_band", band.band_code): (band.name, band.name_en) for band in age_bands()} | names


@lru_cache(maxsize=1)
def _members() -> dict[str, tuple[str, ...]]:
    return {
        dimension: tuple(member for name, member in _names() if name == dimension and member)
        for dimension in DIMENSIONS
    }


def members(dimension: str) -> tuple[str, ...]:
    """The member codes of a dimension in the order they are shown; for overlapping ones see Build.members."""
    return _members()[dimension]


def dimension_name(dimension: str, lang: str) -> str:
    return _names()[dimension, ""][0 if lang == "zh" else 1]


def merged_code(codes: Sequence[str]) -> str:
    """Withheld members (or districts) that are told together, as one member: '18-35|unknown'."""
    return AND.join(codes)


def codes_merged(dimension: str, member: str) -> list[str]:
    """Those a member joins; none where it is a member of its own (a platform may be called anything)."""
    return [] if dimension in OVERLAPPING or AND not in member else member.split(AND)


def merged_name(dimension: str, member: str, lang: str) -> str:
    """'合并 2 项' / '2 members merged', without saying which; '' where it is a member of its own."""
    number = len(codes_merged(dimension, member))
    if not number:
        return ""
    of = ("个地区", "areas") if dimension == DISTRICT else ("项", "members")
    return f"合并 {number} {of[0]}" if lang == "zh" else f"{number} {of[1]} merged"


def member_name(dimension: str, member: str, lang: str) -> str:
    """'female' → '女' / 'Female'; '' (the total) → ''; members told together '合并 2 项：男、不详'."""
    if not member:
        return ""
    merged = codes_merged(dimension, member)
    if merged:
        comma, colon = ("、", "：") if lang == "zh" else (", ", ": ")
        names = comma.join(member_name(dimension, code, lang) for code in merged)
        return merged_name(dimension, member, lang) + colon + names
    if dimension == DISTRICT:
        area = load_areas().get(member)
        return area.area_name if lang == "zh" else area.area_name_en
    if dimension in OVERLAPPING and (dimension, member) not in _names():
        return member  # a platform is called what it calls itself, in any language
    return _names()[dimension, member][0 if lang == "zh" else 1]
