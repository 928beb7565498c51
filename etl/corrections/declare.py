"""Corrections as declared: read strictly, personal data refused, and which of them concern a drop."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import Any

from etl.ledger import LedgerRow
from etl.messages import Text, WrongCall
from etl.privacy import mask_digits, mask_label
from etl.reader import Drop
from etl.source import Column, Source, load_sources
from metrics.home_toml import read_home_toml

KEYS = {"id", "why", "who", "when", "drop", "rows", "set", "leave_out", "expect"}
NEEDED = {"id", "why", "who", "when", "drop", "rows", "expect"}
DROP_KEYS = {"sha256", "file_name", "part", "supplier", "source"}
ROWS_KEYS = {"numbers", "column", "value"}
SET_KEYS = {"column", "value"}
EXPECT_KEYS = {"rows", "rows_least", "rows_most", "column", "value"}
PERSONAL = ("id_number", "number", "unread")  # types of columns that say who somebody is
LEAST_DIGEST = 12  # digits of a sha256 that tell one file from all others


@dataclass(frozen=True)
class Correction:
    """One declared repair. Column names are as declared: a header or the sheet's own name."""

    id: str
    file: str
    why: str
    who: str
    when: date
    drop: dict[str, str]
    spans: tuple[tuple[int, int], ...]  # row numbers, first and last; empty when chosen by a value
    where: tuple[str, str] | None  # (column, value) of the rows chosen
    set: tuple[str, str] | None  # (column, value) written; None: the rows are left out
    expected_rows: tuple[int, int]  # the least and the most
    expected_value: tuple[str, str] | None  # (column, value) every chosen row must have

    @property
    def what(self) -> Text:
        """What is done to which rows."""
        if self.where:
            column, value = self.where
            rows = Text(f"“{column}”为“{value}”的行", f"rows whose {column} is '{value}'")
        else:
            spans = [str(a) if a == b else f"{a}–{b}" for a, b in self.spans]
            rows = Text(f"第 {'、'.join(spans)} 行", f"rows {', '.join(spans)}")
        if self.set is None:
            return Text(f"{rows.zh}：剔除", f"{rows.en}: left out")
        column, value = self.set
        return Text(f"{rows.zh}：“{column}”改为“{value}”", f"{rows.en}: {column} set to '{value}'")


def declared(home: Path) -> list[Correction]:
    """Every correction of a home, in file order. Raises WrongCall naming file, correction and mistake."""
    found: dict[str, Correction] = {}
    for path in sorted((home / "corrections").glob("*.toml")):
        for one in _read(path):
            if one.id in found:
                raise _wrong(
                    path,
                    one.id,
                    f"编号与 {found[one.id].file} 中的重复",
                    f"the id is also in {found[one.id].file}",
                )
            found[one.id] = one
    return list(found.values())


def concerning(corrections: Iterable[Correction], drop: Drop, row: LedgerRow) -> list[Correction]:
    """The corrections whose description of a drop fits this one in every particular."""
    facts = {"file_name": row.file_name, "part": row.part}
    facts |= {"supplier": row.supplier or "", "source": drop.header.source.name}

    def fits(key: str, said: str) -> bool:
        if key == "sha256":
            return any(digest.startswith(said) for digest in (drop.survey.sha256, row.sha256))
        if key in ("file_name", "part"):
            return fnmatchcase(facts[key], said)
        return facts[key] == said

    return [one for one in corrections if all(fits(key, said) for key, said in one.drop.items())]


def column_of(source: Source, name: str) -> str | None:
    """The sheet's name of a column given by that name or by any header it goes by."""
    return name if name in source.columns else next(iter(source.recognise([name])), None)


def _read(path: Path) -> list[Correction]:
    file = mask_label(path.name)
    sheet = read_home_toml(path, WrongCall, f"更正文件 {file}", f"Correction file {file}")
    _require_keys(path, "", sheet, {"correction"}, set())
    entries = sheet.get("correction", [])  # none in a file in which all are commented out
    if not isinstance(entries, list):
        raise _wrong(path, "", "每条更正以 [[correction]] 开头", "each correction begins with [[correction]]")
    return [_correction(path, number, entry) for number, entry in enumerate(entries, start=1)]


def _correction(path: Path, number: int, entry: dict[str, Any]) -> Correction:
    name = entry.get("id") if isinstance(entry.get("id"), str) else None
    place = name or f"#{number}"
    _require_keys(path, place, entry, KEYS, NEEDED)
    for key in ("id", "why", "who"):
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise _wrong(path, place, f"{key} 应为一段文字", f"{key}: expected a text")
    if not re.fullmatch(r"[\w.-]{1,60}", entry["id"]) or mask_digits(entry["id"]) != entry["id"]:
        raise _wrong(
            path, f"#{number}", "id 应由文字、数字、- 或 . 组成", "id: expected letters, digits, - and ."
        )
    if type(entry["when"]) is not date:
        raise _wrong(path, place, "when 应为日期，如 2021-06-03", "when: expected a day such as 2021-06-03")
    for key, known in (("drop", DROP_KEYS), ("rows", ROWS_KEYS), ("set", SET_KEYS), ("expect", EXPECT_KEYS)):
        _require_keys(
            path,
            f"{place}, {key}",
            entry.get(key, {}),
            known,
            SET_KEYS if key == "set" and key in entry else set(),
        )
    if ("set" in entry) == (entry.get("leave_out") is True) or entry.get("leave_out") is False:
        raise _wrong(
            path, place, "应写 set 或 leave_out = true，二者之一", "expected one of set and leave_out = true"
        )
    where = _pair(path, place, "rows", entry["rows"])
    written = _pair(path, place, "set", entry["set"]) if "set" in entry else None
    spans = _spans(path, place, entry["rows"].get("numbers"))
    if spans:
        _require_guard(path, place, entry["expect"], written)
    if (where is None) == (not spans):
        raise _wrong(
            path,
            place,
            "rows 应为行号 numbers，或 column 与 value",
            "rows: expected numbers, or column and value",
        )
    return Correction(
        id=entry["id"],
        file=mask_label(path.name),
        why=mask_digits(entry["why"].strip()),
        who=mask_digits(entry["who"].strip()),
        when=entry["when"],
        drop=_drop(path, place, entry["drop"]),
        spans=spans,
        where=where,
        set=written,
        expected_rows=_expected_rows(path, place, entry["expect"]),
        expected_value=_expected_value(path, place, entry["expect"], written),
    )


def _drop(path: Path, place: str, entry: dict[str, Any]) -> dict[str, str]:
    for key, value in entry.items():
        if not isinstance(value, str) or not value:
            raise _wrong(path, place, f"drop.{key} 应为一段文字", f"drop.{key}: expected a text")
    if not ({"sha256", "file_name"} & set(entry) or {"supplier", "source"} <= set(entry)):
        raise _wrong(
            path,
            place,
            "drop 应写 sha256、file_name，或 supplier 与 source",
            "drop: expected sha256, file_name, or supplier and source",
        )
    digest = entry.get("sha256", "0" * LEAST_DIGEST)
    if not re.fullmatch(rf"[0-9a-f]{{{LEAST_DIGEST},64}}", digest):
        raise _wrong(
            path,
            place,
            f"sha256 至少写前 {LEAST_DIGEST} 位（小写十六进制）",
            f"sha256: expected at least its first {LEAST_DIGEST} digits, in lower case",
        )
    if "source" in entry and entry["source"] not in load_sources():
        raise _wrong(
            path,
            place,
            f"没有数据源“{entry['source']}”；可用：{'、'.join(load_sources())}",
            f"there is no source '{entry['source']}'{_near(entry['source'], load_sources())}",
        )
    return dict(entry)


def _spans(path: Path, place: str, numbers: Any) -> tuple[tuple[int, int], ...]:
    """[5, "7-9"] as spans in order; a number named twice is a mistake, not two rows."""
    spans = []
    for one in numbers if isinstance(numbers, list) else [] if numbers is None else [None]:
        found = re.fullmatch(r"(\d{1,12})(?:-(\d{1,12}))?", str(one)) if type(one) in (int, str) else None
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 < first <= last:
            raise _wrong(
                path,
                place,
                '行号应如 [5, "7-9"]（列名行之后，以原文件行号为准）',
                'row numbers: expected such as [5, "7-9"], as in the file, below the header',
            )
        spans.append((first, last))
    spans.sort()
    for (_, last), (first, _) in pairwise(spans):
        if first <= last:
            raise _wrong(path, place, f"第 {first} 行写了两次", f"row {first} is named twice")
    return tuple(spans)


def _pair(path: Path, place: str, key: str, entry: dict[str, Any]) -> tuple[str, str] | None:
    """(column, value), neither about who somebody is: that must come from the supplier."""
    if "column" not in entry and "value" not in entry:
        return None
    column, value = entry.get("column"), entry.get("value")
    if not isinstance(column, str) or not isinstance(value, str):
        raise _wrong(
            path, place, f"{key} 应写 column 与 value（文字）", f"{key}: expected column and value, as texts"
        )
    known = _columns_named(column)
    if not known:
        sheets = [column for one in load_sources().values() for column in one.columns.values()]
        headers = [header for column in sheets for header in (column.name, *column.aliases)]
        raise _wrong(
            path,
            place,
            f"没有名为“{mask_digits(column)}”的列",
            f"no column is called '{mask_digits(column)}'{_near(column, headers)}",
        )
    if any(one.type in PERSONAL for one in known) or mask_digits(value) != value:
        raise _wrong(
            path,
            place,
            f"{key} 涉及个人信息（身份证号、编号、姓名），不能更正，应由报送单位改正后重报",
            f"{key} is about who somebody is (ID number, number, name): the supplier must mend it and send it again",
        )
    return column, value.strip()


def _columns_named(name: str) -> list[Column]:
    found = [(source, column_of(source, name)) for source in load_sources().values()]
    return [source.columns[column] for source, column in found if column is not None]


def _expected_rows(path: Path, place: str, entry: dict[str, Any]) -> tuple[int, int]:
    numbers = {key: entry[key] for key in ("rows", "rows_least", "rows_most") if key in entry}
    right = all(type(number) is int and number > 0 for number in numbers.values())
    if not right or set(numbers) not in ({"rows"}, {"rows_least"}, {"rows_least", "rows_most"}):
        raise _wrong(
            path,
            place,
            "expect 应写 rows（行数），或 rows_least 与 rows_most",
            "expect: expected rows (how many), or rows_least and rows_most",
        )
    if "rows" in numbers:
        return numbers["rows"], numbers["rows"]
    return numbers["rows_least"], numbers.get("rows_most", 2**62)


def _require_guard(path: Path, place: str, entry: dict[str, Any], written: tuple[str, str] | None) -> None:
    """Rows chosen by number are known again only by what they say before, in the column that is set or in one named."""
    needed = [] if {"rows", "rows_least"} & set(entry) else ["rows"]
    needed += [key for key in ("column", "value") if key not in entry and not (key == "column" and written)]
    column = mask_digits(str(written[0] if written else entry.get("column", "服务时长")))
    example = f'expect = {{ rows = 2, column = "{column}", value = "…" }}'
    if needed:
        zh = f"按行号更正时，expect 还应写 {'、'.join(needed)}（哪一列、更正前的值），如 {example}"
        en = f"expect: rows chosen by number need {', '.join(needed)} too (column, and what it says before): {example}"
        raise _wrong(path, place, zh, en)


def _expected_value(
    path: Path, place: str, entry: dict[str, Any], written: tuple[str, str] | None
) -> tuple[str, str] | None:
    """What the rows must say before."""
    if not {"value", "column"} & set(entry):
        return None
    column = written[0] if written and "column" not in entry else entry.get("column")
    return _pair(path, place, "expect", {"column": column, "value": entry.get("value")})


def _require_keys(path: Path, place: str, entry: Any, known: set[str], needed: set[str]) -> None:
    if not isinstance(entry, dict):
        raise _wrong(path, place, "应为一张表（键 = 值）", "expected a table of keys and values")
    for key in entry:
        if key not in known:
            near = _near(key, known)
            raise _wrong(path, place, f"不认识的键“{key}”{near}", f"key '{key}' is not known{near}")
    for key in sorted(needed - set(entry)):
        raise _wrong(path, place, f"缺少“{key}”", f"the key '{key}' is missing")


def _near(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), 1)
    return f" (did you mean '{near[0]}'?)" if near else ""


def _wrong(path: Path, place: str, zh: str, en: str) -> WrongCall:
    file = mask_label(path.name)
    at_zh, at_en = (f"，更正“{place}”", f", correction '{place}'") if place else ("", "")
    return WrongCall(f"更正文件 {file}{at_zh}：{zh}。", f"Correction file {file}{at_en}: {en}.")
