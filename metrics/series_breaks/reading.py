"""Reading breaks: shipped ones from data/reference/series_breaks.csv, a data home's from its series_breaks.toml.

[[break]]
area_code = "370600"                 # "*" for everywhere; a city's holds for its districts, and the other way
concerns = ["registrations"]         # kinds of drop, "population", or ids of measures
on = 2023-03-01                      # first day of the new series
kind = "platform_migration"
text_zh = "全市迁入志愿山东平台。"
text_en = "The city moved to the platform Volunteer Shandong."
source = "市文明办通知"
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from metrics.areas import load_areas
from metrics.catalogue import load_catalogue
from metrics.home_toml import read_home_toml
from metrics.paths import REFERENCE
from metrics.reference import Row, did_you_mean, read_rows
from metrics.refusals import Refused
from metrics.series_breaks import EVERYWHERE, KINDS, SOURCES, SeriesBreak

FILE = "series_breaks.toml"
KEYS = ("area_code", "concerns", "on", "kind", "text_zh", "text_en", "source")


class BreaksNotUsable(Refused):
    """The data home's series_breaks.toml cannot be used; the sentences say where and why."""


def load_breaks(home: Path | None = None) -> list[SeriesBreak]:
    """The shipped breaks and, of a data home, its own. Raises BreaksNotUsable or ReferenceFault."""
    return sorted([*_shipped(), *(read_home(home / FILE) if home else [])])


@lru_cache(maxsize=1)
def _shipped() -> tuple[SeriesBreak, ...]:
    return tuple(read_breaks(REFERENCE))


def read_breaks(directory: Path) -> list[SeriesBreak]:
    """Every row of series_breaks.csv. Raises ReferenceFault naming file, row and column."""
    rows = read_rows(directory / "series_breaks.csv", KEYS, key=("area_code", "concerns", "on"))
    return [_break_of(row) for row in rows]


def _break_of(row: Row) -> SeriesBreak:
    concerns = tuple(part.strip() for part in row.required("concerns").split("|"))
    for name in concerns:
        if name not in _known():
            raise row.fault("concerns", "kinds of drop, population or measures", did_you_mean(name, _known()))
    day = row.partial_date("on")
    if day is None or day.first != day.last:
        raise row.fault("on", "the first day of the new series, such as 2020-01-01")
    area_code = row.text("area_code")
    if area_code != EVERYWHERE:
        area_code = row.reference("area_code", [area.area_code for area in load_areas()], "an area code or *")
    texts = [row.required(name) for name in ("text_zh", "text_en", "source")]
    return SeriesBreak(day.first, area_code, concerns, row.choice("kind", KINDS), *texts)


def _known() -> list[str]:
    return [*SOURCES, *load_catalogue().counts]


def read_home(path: Path) -> list[SeriesBreak]:
    """The breaks a data home declares; none when it has no such file. Raises BreaksNotUsable."""
    sheet = read_home_toml(path, BreaksNotUsable)
    _require_keys("", sheet, ("break",))
    entries = sheet.get("break", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _wrong("", "每处中断以 [[break]] 开头", "each break begins with [[break]]")
    found = [_declared(f"#{number}", entry) for number, entry in enumerate(entries, start=1)]
    for number, one in enumerate(found, start=1):
        if one in found[: number - 1]:
            raise _wrong(f"#{number}", "写了两次", "is declared twice")
    return found


def _declared(place: str, entry: dict[str, Any]) -> SeriesBreak:
    _require_keys(place, entry, KEYS)
    area_code, kind = _text(place, entry, "area_code"), _text(place, entry, "kind")
    if area_code != EVERYWHERE and area_code not in load_areas():
        hint = did_you_mean(area_code, [area.area_code for area in load_areas()])
        raise _wrong(
            place,
            f"area_code：没有“{area_code}”这个区划代码",
            f"area_code: there is no area '{area_code}'.{hint}",
        )
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise _wrong(
            place, f"kind：没有“{kind}”，只有 {known}",
            f"kind: there is no '{kind}', expected one of {known}.{did_you_mean(kind, KINDS)}",
        )  # fmt: skip
    on, concerns = entry.get("on"), entry.get("concerns")
    if type(on) is not date:
        raise _wrong(
            place,
            "on 应为日期，不加引号，如 2023-03-01",
            "on: expected a day without quotes, such as 2023-03-01",
        )
    if not isinstance(concerns, list) or not concerns or not all(isinstance(name, str) for name in concerns):
        raise _wrong(place, "concerns 应为文字的列表", "concerns: expected a list of texts")
    for name in concerns:
        if name not in _known():
            raise _wrong(
                place, f"concerns：没有“{name}”这类报送或这个量",
                f"concerns: there is no kind of drop or measure '{name}'.{did_you_mean(name, _known())}",
            )  # fmt: skip
    texts = [_text(place, entry, key) for key in ("text_zh", "text_en", "source")]
    return SeriesBreak(on, area_code, tuple(concerns), kind, *texts)


def _text(place: str, entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _wrong(place, f"{key} 应为一段文字", f"{key}: expected a text")
    return value.strip()


def _require_keys(place: str, entry: dict[str, Any], known: Sequence[str]) -> None:
    for key in entry:
        if key not in known:
            raise _wrong(
                place, f"没有“{key}”这个项目；可用：{'、'.join(known)}",
                f"there is no key '{key}'; there are {', '.join(known)}.{did_you_mean(key, known)}",
            )  # fmt: skip


def _wrong(place: str, zh: str, en: str) -> BreaksNotUsable:
    where_zh, where_en = (f"，第 {place[1:]} 处", f", break {place}") if place else ("", "")
    return BreaksNotUsable(
        f"{FILE}{where_zh}：{zh}。", f"{FILE}{where_en}: {en}{'' if en.endswith('?') else '.'}"
    )
