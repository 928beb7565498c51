"""The area tree (city, district, functional zone, unknown) and every spelling by which an area is known.

Source: data/reference/areas.csv, area_code_changes.csv, generic_area_names.csv. One Area per row of
areas.csv, plus one generated leaf per city for what is known to lie in the city but not where.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from metrics.area_names import area_meant, normalise_name, spellings
from metrics.paths import REFERENCE
from metrics.reference import Row, nearest_to, read_rows

LEVELS = ("city", "district", "zone", "unknown")
CHILD_ORDER = {"district": 0, "zone": 1, "unknown": 2}


class AreaNotKnown(ValueError):
    """No area has this code; the message names the nearest one, in Chinese in `zh`."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


@dataclass(frozen=True)
class Area:
    """One area of today. Zones are areas of their own, so a district's figures never include them."""

    area_code: str
    area_name: str
    area_name_en: str
    level: str  # city | district | zone | unknown
    parent_code: str  # '' for a city
    longitude: float | None  # degrees, WGS 84; None for cities, zones and unknown
    latitude: float | None
    aliases: tuple[str, ...]
    code_system: str = ""  # whose code it is: GB/T 2260, NBS statistical code, or our own

    def name(self, lang: str) -> str:
        return self.area_name if lang == "zh" else self.area_name_en


class Areas:
    """All areas; build it with load_areas()."""

    def __init__(self, areas: list[Area], old_spellings: list[tuple[str, str]], generic: set[str]) -> None:
        self._by_code = {area.area_code: area for area in areas}
        self._children: dict[str, list[Area]] = {area.area_code: [] for area in areas}
        for area in sorted(areas, key=lambda area: (CHILD_ORDER.get(area.level, 0), area.area_code)):
            if area.parent_code:
                self._children[area.parent_code].append(area)
        self._names = spellings(self, old_spellings, generic)
        self._lookup = {(text, city): code for text, city, code in self._names}

    def __iter__(self) -> Iterator[Area]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def get(self, code: str) -> Area:
        """The area with this current code. Raises AreaNotKnown; old codes go through resolve()."""
        if code not in self._by_code:
            today = self._lookup.get((normalise_name(code), None))
            meant = today or nearest_to(code, self._by_code)
            zh = en = ""
            if meant:
                name = self._by_code[meant].area_name
                zh = f"现在的代码是 {meant}（{name}）。" if today else f"是否指“{meant}”（{name}）？"
                en = f" Did you mean '{meant}' ({name})?"
            raise AreaNotKnown(f"No area has the code '{code}'.{en}", f"没有区划代码为“{code}”的地区。{zh}")
        return self._by_code[code]

    def cities(self) -> list[Area]:
        return sorted((area for area in self if area.level == "city"), key=lambda area: area.area_code)

    def children(self, code: str) -> list[Area]:
        """Leaves of a city: districts by code, then zones, the unknown one last; empty for a leaf."""
        return list(self._children[self.get(code).area_code])

    def city_of(self, code: str) -> str:
        """The city's code; a city is its own."""
        area = self.get(code)
        return area.parent_code or area.area_code

    def unknown_of(self, code: str) -> str:
        """The leaf that takes what is known to lie in this area's city, but not in which district."""
        return "U" + self.city_of(code)

    def names(self) -> list[tuple[str, str | None, str]]:
        """Every spelling that resolves: (normalised text, city it needs or None for any, area code).

        For one text and one city at most one row applies: either one row with None, or a row per city.
        """
        return list(self._names)

    def resolve(self, text: str, city: str | None = None) -> str | None:
        """The code (leaf or city) a spelling means today, or None when unknown or not unambiguous.

        `city` is the city the text is about, if that is known from elsewhere (the drop, the folder).
        """
        return area_meant(self, text, city, self._look)

    def _look(self, spelling: str, city: str | None) -> str | None:
        return self._lookup.get((spelling, city)) or self._lookup.get((spelling, None))


def read_areas(directory: Path) -> Areas:
    """Read the tree from a reference folder. Raises ReferenceFault naming file, row and column."""
    columns = (
        "area_code", "area_name", "area_name_en", "level", "parent_code",
        "code_system", "longitude", "latitude", "aliases",
    )  # fmt: skip
    rows = read_rows(directory / "areas.csv", columns, key=("area_code",))
    cities = [row.text("area_code") for row in rows if row.text("level") == "city"]
    areas = [area_from(row, cities) for row in rows]
    unknown = [unknown_leaf(area) for area in areas if area.level == "city"]
    codes = [area.area_code for area in areas]
    old_spellings: list[tuple[str, str]] = []
    changes = directory / "area_code_changes.csv"
    for row in read_rows(changes, ("old_code", "new_code", "changed", "what", "note"), key=("old_code",)):
        new_code = row.reference("new_code", codes, "a current area code of areas.csv")
        if row.required("old_code") in codes:
            raise row.fault("old_code", "a code no longer in force (this one is in areas.csv)")
        old_name, arrow, _ = row.text("what").partition("→")
        if not arrow:
            raise row.fault("what", "'old name→new name'")
        old_spellings += [(row.text("old_code"), new_code), (old_name, new_code)]
    generic_rows = read_rows(directory / "generic_area_names.csv", ("name", "note"), key=("name",))
    return Areas(areas + unknown, old_spellings, {row.required("name") for row in generic_rows})


def area_from(row: Row, cities: list[str]) -> Area:
    level = row.choice("level", ("city", "district", "zone"))
    if level == "city" and row.text("parent_code"):
        raise row.fault("parent_code", "nothing, because a city is a root")
    if level != "city":
        row.reference("parent_code", cities, "the code of a city of areas.csv")
    longitude, latitude = row.number("longitude"), row.number("latitude")
    return Area(
        area_code=row.required("area_code"),
        area_name=row.required("area_name"),
        area_name_en=row.required("area_name_en"),
        level=level,
        parent_code=row.text("parent_code"),
        longitude=None if longitude is None else float(longitude),
        latitude=None if latitude is None else float(latitude),
        aliases=tuple(alias for alias in row.text("aliases").split("|") if alias),
        code_system=row.text("code_system"),
    )


def unknown_leaf(city: Area) -> Area:
    """The city's bucket for unknown districts, so that parts always add up to the whole."""
    return Area(
        area_code="U" + city.area_code,
        area_name=f"{city.area_name}(区县不详)",
        area_name_en=f"{city.area_name_en} (district unknown)",
        level="unknown",
        parent_code=city.area_code,
        longitude=None,
        latitude=None,
        aliases=(),
        code_system="own code: no national code",
    )


@lru_cache(maxsize=1)
def load_areas() -> Areas:
    """The areas of data/reference."""
    return read_areas(REFERENCE)
