"""Peer groups: which areas an area may be held against, as versioned data.

Shipped: data/reference/peer_groups.csv, one row per group, version and area (rules: analysis/peer_rules.py).
One's own lists: <home>/peer_groups.toml, read strictly; the file may be missing:

[[group]]
id = "coastal"
name = { zh = "沿海区县", en = "Coastal districts" }
areas = ["曹妃甸区", "130225", "371082"]   # names or codes
from = 2023-01-01                          # this version holds from here on; may be left out
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from metrics.analysis.peer_rules import COLUMNS, RULE_KINDS
from metrics.analysis.reading import AnalysisRefused
from metrics.areas import load_areas
from metrics.definitions import DefinitionFault, Sheet
from metrics.home_toml import read_home_toml
from metrics.paths import REFERENCE
from metrics.reference import did_you_mean, read_rows

FILE = "peer_groups.toml"
OWN = "own_list"
KINDS = (*RULE_KINDS, OWN)
ALWAYS = date(1900, 1, 1)
TYPE_NAMES = {
    "city": ("各市", "the cities"),
    "district": ("各区", "urban districts"),
    "county": ("各县", "counties"),
    "county_city": ("各县级市", "county-level cities"),
    "zone": ("各功能区", "functional zones"),
}


class PeerGroupsNotUsable(AnalysisRefused):
    """The data home's peer_groups.toml cannot be used; the sentences say where and why."""


class NotInGroup(AnalysisRefused):
    """There are such groups, but the area is in none of them."""


@dataclass(frozen=True)
class PeerGroup:
    """One version of one group."""

    group_id: str
    version: str
    valid_from: date
    kind: str
    areas: tuple[str, ...]
    names: tuple[str, str]

    def name(self, lang: str) -> str:
        return self.names[0 if lang == "zh" else 1]


def read_peer_groups(directory: Path) -> list[PeerGroup]:
    """Every version of every shipped group. Raises ReferenceFault naming file, row and column."""
    key = ("group_id", "version", "area_code")
    known = [area.area_code for area in load_areas() if area.level != "unknown"]
    found: dict[tuple[str, str], tuple[date, str, list[str]]] = {}
    for row in read_rows(directory / "peer_groups.csv", COLUMNS, key):
        day = row.partial_date("valid_from")
        if day is None or day.first != day.last:
            raise row.fault("valid_from", "the first day of the version, such as 2023-12-31")
        kind = row.choice("kind", KINDS)
        area_code = row.reference("area_code", known, "an area code of areas.csv")
        one = found.setdefault((row.required("group_id"), row.required("version")), (day.first, kind, []))
        if one[:2] != (day.first, kind):
            raise row.fault("valid_from", f"{one[0]} and kind {one[1]}, as the group's other rows have")
        one[2].append(area_code)
    return [
        PeerGroup(group_id, version, valid_from, kind, tuple(areas), shipped_name(group_id, kind))
        for (group_id, version), (valid_from, kind, areas) in found.items()
    ]


def shipped_name(group_id: str, kind: str) -> tuple[str, str]:
    rest = group_id.removeprefix(f"{kind}-")
    if kind == "same_city" and rest in load_areas():
        city = load_areas().get(rest)
        return f"{city.area_name}各区县和功能区", f"districts and zones of {city.area_name_en}"
    if kind == "same_type" and rest in TYPE_NAMES:
        return TYPE_NAMES[rest]
    if kind == "population_band" and rest.count("-") == 2:
        of, lower, upper = rest.split("-")
        zh, en = ("城市", "cities") if of == "city" else ("区县", "districts")
        if upper == "over":
            return (
                f"常住人口{int(lower) // 10_000}万及以上的{zh}",
                f"{en} of {int(lower):,} residents and more",
            )
        return (
            f"常住人口{int(lower) // 10_000}万至{int(upper) // 10_000}万的{zh}",
            f"{en} of {int(lower):,} to under {int(upper):,} residents",
        )
    return group_id, group_id


@lru_cache(maxsize=1)
def shipped() -> tuple[PeerGroup, ...]:
    return tuple(read_peer_groups(REFERENCE))


def own_lists(home: Path | None) -> list[PeerGroup]:
    """The groups of <home>/peer_groups.toml. Raises PeerGroupsNotUsable naming the group and the key."""
    if home is None:
        return []
    values = read_home_toml(home / FILE, PeerGroupsNotUsable)
    try:
        return _own_lists(values)
    except DefinitionFault as fault:
        place, _, what = str(fault).partition(": ")
        raise PeerGroupsNotUsable(f"{place} 无法使用：{what}", str(fault)) from None


def _own_lists(values: Mapping[str, Any]) -> list[PeerGroup]:
    entries = Sheet(FILE, values, ("group",)).values.get("group", [])
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise DefinitionFault(f"{FILE}: 每个组以 [[group]] 开头。 Each group begins with [[group]].")
    groups: list[PeerGroup] = []
    for number, entry in enumerate(entries, start=1):
        group = own_list(f"{FILE}, #{number}", entry)
        if any(group.group_id == one.group_id for one in shipped()):
            raise DefinitionFault(f"{FILE}, {group.group_id}: id: found the id of a shipped group.")
        if any((group.group_id, group.valid_from) == (one.group_id, one.valid_from) for one in groups):
            raise DefinitionFault(f"{FILE}, {group.group_id}: from: found the same day twice.")
        groups.append(group)
    return groups


def own_list(place: str, entry: Mapping[str, Any]) -> PeerGroup:
    sheet = Sheet(place, entry, ("id", "name", "areas", "from"))
    group_id = sheet.text("id")
    sheet = Sheet(f"{FILE}, {group_id}", entry, ("id", "name", "areas", "from"))
    texts, areas = sheet.required("areas"), load_areas()
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts) or not texts:
        raise sheet.fault(f"areas: found {texts!r}, expected a list of area names or codes.")
    codes = []
    for text in texts:
        code = text if text in areas else areas.resolve(text)
        if code is None or areas.get(code).level == "unknown":
            near = did_you_mean(text, [area.area_name for area in areas] + [area.area_code for area in areas])
            raise sheet.fault(f"areas: 没有“{text}”这个地区。 No area is called '{text}'.{near}")
        codes.append(code)
    if len(set(codes)) != len(codes):
        raise sheet.fault(f"areas: found {texts!r}, expected every area once.")
    name = sheet.both_languages("name")
    valid_from = sheet.day("from") if "from" in entry else ALWAYS
    version = valid_from.isoformat() if "from" in entry else "1"
    return PeerGroup(group_id, version, valid_from, OWN, tuple(codes), (name["zh"], name["en"]))


def all_groups(home: Path | None = None) -> list[PeerGroup]:
    return [*shipped(), *own_lists(home)]


def group_names(area_code: str, day: date, home: Path | None, lang: str) -> dict[str, str]:
    """The groups that may be chosen for an area on a day: kind, or id of an own list, → what it is called."""
    found: dict[str, str] = {}
    for group in all_groups(home):
        key = group.group_id if group.kind == OWN else group.kind
        if key not in found and (group.kind == OWN or area_code in group.areas):
            found[key] = group_for(area_code, key, day, home).name(lang)
    return found


def group_for(
    area_code: str, chosen: str | None, day: date, home: Path | None = None, version: str | None = None
) -> PeerGroup:
    """The group of an area on a day: `chosen` is a kind (same_city …), which finds the area's own, or a group id.

    None is the district's own city, and for a city the other cities.
    The version in force that day (the first one for earlier days), unless one is named. Raises AnalysisRefused
    when there is no such group, AreaNotKnown for an unknown area.
    """
    area = load_areas().get(area_code)
    chosen = chosen or ("same_type" if area.level == "city" else "same_city")
    groups = all_groups(home)
    found = [group for group in groups if chosen in (group.kind, group.group_id)]
    if not found:
        names = sorted({*RULE_KINDS, *(group.group_id for group in groups if group.kind == OWN)})
        raise AnalysisRefused(
            f"没有对比组“{chosen}”；可用：{'、'.join(names)}，或 peer_groups.csv 里的组号。",
            f"There is no peer group '{chosen}'.{did_you_mean(chosen, [*names, *(g.group_id for g in groups)])} "
            f"There are {', '.join(names)}, or an id of peer_groups.csv.",
        )
    if chosen in KINDS:
        found = [group for group in found if area_code in group.areas]
    if version is not None:
        found = [group for group in found if group.version == version]
    if not found:
        if version is not None and not any(group.version == version for group in groups):
            versions = sorted({group.version for group in groups})
            raise AnalysisRefused(
                f"对比组没有 {version} 版；有：{'、'.join(versions)}。",
                f"No peer group has a version {version}; there are {', '.join(versions)}.",
            )
        of_version = (f"的 {version} 版", f" of version {version}") if version else ("", "")
        why = ("", "")
        if chosen == "population_band":
            why = ("：没有它的人口数", ": there is no population for it")
        elif chosen == "same_city":
            why = ("：它不是区县", ": it is no district")
        raise NotInGroup(
            f"{area.area_name}不在任何“{chosen}”对比组{of_version[0]}中{why[0]}。",
            f"{area.name('en')} is in no group '{chosen}'{of_version[1]}{why[1]}.",
        )
    in_force = [group for group in found if group.valid_from <= day]
    if in_force:
        return max(in_force, key=lambda group: group.valid_from)
    return min(found, key=lambda group: group.valid_from)
