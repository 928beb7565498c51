"""What is known of suppliers beside their drops: <home>/suppliers.toml, read strictly; the file may be missing.

[[supplier]]
name = "路南区平台"            # as the drop's folder or --supplier says it
sources = ["service_hours"]
areas = ["路南区", "130203"]   # names or codes; a city means all its districts and zones
from = "2021-01"               # expected from this month on
until = "2023-06"              # and no longer after this one
due_day = 20                   # of the following month
zero = ["2021-04"]             # months of which the supplier has said that nothing happened
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.messages import WrongCall
from etl.privacy import mask_label
from etl.source import load_sources
from metrics.areas import load_areas
from metrics.home_toml import read_home_toml
from metrics.reference import did_you_mean

FILE = "suppliers.toml"
KEYS = ("name", "sources", "areas", "from", "until", "due_day", "zero")


@dataclass(frozen=True)
class Declared:
    """What is declared of one supplier and source; months are running numbers (metrics.periods)."""

    supplier: str
    source: str
    areas: frozenset[str] = frozenset()  # leaves, besides those it has had rows of
    first: int | None = None
    last: int | None = None
    due_day: int | None = None
    zero: frozenset[int] = frozenset()


def declared(home: Path) -> dict[tuple[str, str], Declared]:
    """By (source, supplier). Raises WrongCall, naming the supplier and the key that cannot be used."""
    sheet = read_home_toml(home / FILE, WrongCall)
    _require_keys("", sheet, ("supplier",))
    entries = sheet.get("supplier", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _wrong("", "每个单位以 [[supplier]] 开头", "each supplier begins with [[supplier]]")
    found: dict[tuple[str, str], Declared] = {}
    for number, entry in enumerate(entries, start=1):
        for one in _read(number, entry):
            if (one.source, one.supplier) in found:
                raise _wrong(
                    one.supplier,
                    f"{one.source} 写了两次",
                    f"{one.source} is declared twice",
                )
            found[one.source, one.supplier] = one
    return found


def _read(number: int, entry: dict[str, Any]) -> list[Declared]:
    name = entry.get("name")
    place = mask_label(name) if isinstance(name, str) and name.strip() else f"#{number}"
    _require_keys(place, entry, KEYS)
    if place == f"#{number}":
        raise _wrong(place, "name 应为一段文字", "name: expected a text")
    sources = _texts(place, entry, "sources")
    if not sources:
        raise _wrong(place, "缺 sources", "sources: expected at least one")
    for source in sources:
        if source not in load_sources():
            known = ", ".join(load_sources())
            raise _wrong(
                place,
                f"sources：没有“{source}”，只有 {known}",
                f"sources: there is no '{source}', expected one of {known}.{did_you_mean(source, load_sources())}",
            )
    first, last = _month_at(place, entry, "from"), _month_at(place, entry, "until")
    if first is not None and last is not None and last < first:
        raise _wrong(place, "until 早于 from", "until is before from")
    due_day = entry.get("due_day")
    if due_day is not None and (type(due_day) is not int or not 1 <= due_day <= 28):
        raise _wrong(place, "due_day 应为 1 到 28", "due_day: expected a whole number from 1 to 28")
    zero = frozenset(_month(place, "zero", text) for text in _texts(place, entry, "zero"))
    areas = frozenset(code for text in _texts(place, entry, "areas") for code in _leaves(place, text))
    return [Declared(place, source, areas, first, last, due_day, zero) for source in dict.fromkeys(sources)]


def _texts(place: str, entry: dict[str, Any], key: str) -> list[str]:
    found = entry.get(key, [])
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise _wrong(place, f"{key} 应为文字的列表", f"{key}: expected a list of texts")
    return found


def _month_at(place: str, entry: dict[str, Any], key: str) -> int | None:
    return _month(place, key, entry[key]) if key in entry else None


def _month(place: str, key: str, text: object) -> int:
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text, re.ASCII) if isinstance(text, str) else None
    if not found:
        raise _wrong(place, f'{key} 应为月份，如 "2021-04"', f'{key}: expected a month such as "2021-04"')
    return int(found[1]) * 12 + int(found[2]) - 1


def _leaves(place: str, text: str) -> list[str]:
    areas = load_areas()
    code = text if text in areas else areas.resolve(text)
    if code is None:
        hint = did_you_mean(text, [area.area_name for area in areas] + [area.area_code for area in areas])
        raise _wrong(place, f"areas：没有“{text}”这个地区", f"areas: no area is called '{text}'.{hint}")
    if areas.get(code).level == "city":
        return [child.area_code for child in areas.children(code) if child.level != "unknown"]
    return [code]


def _require_keys(place: str, entry: dict[str, Any], known: tuple[str, ...]) -> None:
    for key in entry:
        if key not in known:
            raise _wrong(
                place,
                f"没有“{key}”这个项目；可用：{'、'.join(known)}",
                f"there is no key '{key}'; there are {', '.join(known)}.{did_you_mean(key, known)}",
            )


def _wrong(place: str, zh: str, en: str) -> WrongCall:
    where = f"，{place}" if place else ""
    return WrongCall(
        f"{FILE}{where}：{zh}。", f"{FILE}{where.replace('，', ', ')}: {en}{'' if en.endswith('?') else '.'}"
    )
