"""Write typed rows as drops in CSV, in the many ways suppliers write the same thing.

A row is a dict with the typed columns `naive_facts` reads. `Drop` is one file; `Spelling` chooses how areas
and dates are written. ID numbers begin with the never-issued region 900000 and have a right check digit.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

Row = dict[str, Any]

# How an area may be written, by its code; an unknown district is a blank or the city itself.
SPELLINGS = {
    "130202": ["130202", "路南区", "唐山市路南区", "路南"],
    "130203": ["130203", "路北区"],
    "130207": ["130207", "130282", "丰南区", "丰南市"],
    "130284": ["130284", "130223", "滦州市", "滦县"],
    "130271": ["130271", "芦台经济开发区"],
    "U130200": ["", "唐山市", "130200"],
    "411002": ["411002", "魏都区"],
    "411071": ["411071", "许昌经济技术开发区"],
    "U411000": ["", "许昌市"],
}
DATE_FORMS = ["{0:%Y-%m-%d}", "{0.year}/{0.month}/{0.day}", "{0:%Y%m%d}", "{0.year}年{0.month}月{0.day}日"]
GENDERS = {"male": "男", "female": "女", None: ""}
# How a grade of evidence may be written; what nobody has heard of, or a blank, is unknown.
EVIDENCE = {
    "clocked": ["自动签到", "签到签退", "clocked"],
    "manual": ["人工补录", "补录"],
    "imported": ["批量导入"],
    "honorary": ["荣誉", "荣誉时长"],
    "unknown": ["", "口头说明"],
}
ENGLISH = {
    "身份证号": "id_number", "志愿者编号": "volunteer_number", "姓名": "name", "性别": "gender",
    "出生日期": "birth_date", "所属区县": "area", "注册日期": "registered_on", "状态": "status",
    "注销日期": "left_on", "来源平台": "platform", "记录编号": "record_id", "活动编号": "activity_id",
    "计时方式": "evidence", "活动名称": "title", "服务日期": "service_date", "开始时间": "start_at", "服务时长": "service_hours",
    "服务时长(分钟)": "service_minutes", "审核状态": "status", "服务地区": "area",
}  # fmt: skip


def id_number(birth: date, sequence: int) -> str:
    """A synthetic ID number; an odd sequence is a man's. The check digit follows GB 11643."""
    body = f"900000{birth:%Y%m%d}{sequence:03d}"
    weighted = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(body))
    return body + "10X98765432"[weighted % 11]


class Spelling:
    """Writes a typed row as the texts of a file, differently each time."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def area(self, area: str | None, may_be_blank: bool = True) -> str:
        """A blank is another way to say "in the drop's city", except in a service record."""
        texts = [text for text in SPELLINGS[area] if text or may_be_blank] if area else [""]
        return self.random.choice(texts)

    def day(self, day: date | None) -> str:
        return self.random.choice(DATE_FORMS).format(day) if day else ""

    def registrations(self, row: Row) -> dict[str, str]:
        stays = self.random.choice(["正常", "有效", "在册", ""])
        return {
            "姓名": "某某",
            "身份证号": row["id_number"] or "",
            "志愿者编号": row["volunteer_number"] or "",
            "性别": GENDERS[row["gender"]],
            "出生日期": self.day(row["birth_date"]),
            "所属区县": self.area(row["area"]),
            "注册日期": self.day(row["registered_on"]),
            "状态": self.random.choice(["注销", "退出", "合并"]) if row["has_left"] else stays,
            "注销日期": self.day(row["left_on"]),
            "来源平台": row["platform"],
        }

    def service_hours(self, row: Row) -> dict[str, str]:
        return {
            "记录编号": row["record_id"] or "",
            "身份证号": row["id_number"] or "",
            "志愿者编号": row["volunteer_number"] or "",
            "来源平台": row["platform"],
            "活动编号": row["activity_id"] or "",
            "服务日期": self.day(row["service_date"]),
            "开始时间": f"{row['service_date']} {row['start_at']}" if row["start_at"] else "",
            "服务时长": f"{row['hours']:f}",
            "计时方式": self.random.choice(EVIDENCE[row["evidence"]]),
            "审核状态": row["status"],
            "服务地区": self.area(row["area"], may_be_blank=False),
        }

    def activities(self, row: Row) -> dict[str, str]:
        return {
            "活动编号": row["activity_id"],
            "活动名称": "清洁家园",
            "所属区县": self.area(row["area"]),
            "开始时间": f"{row['starts_on']} 09:00",
            "状态": "已取消" if row["is_cancelled"] else self.random.choice(["已结束", "进行中", ""]),
        }


@dataclass
class Drop:
    """One file. `folder` is the code of the area it is about, or ''; `spoiled` rows must be quarantined."""

    name: str
    source: str
    folder: str = ""
    is_english: bool = False
    in_minutes: bool = False
    encoding: str = "utf-8"
    delimiter: str = ","
    rows: list[Row] = field(default_factory=list)
    spoiled: list[tuple[Row, dict[str, str]]] = field(default_factory=list)

    def write(self, directory: Path, spelling: Spelling) -> Path:
        """Write the file below a directory: the good rows, then the spoiled ones."""
        spell = getattr(spelling, self.source)
        texts = [spell(row) for row in self.rows] + [{**spell(row), **bad} for row, bad in self.spoiled]
        if self.in_minutes:
            texts = [_with_minutes(written) for written in texts]
        path = directory / self.folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        headers = list(texts[0])
        with path.open("w", encoding=self.encoding, newline="") as file:
            writer = csv.writer(file, delimiter=self.delimiter)
            writer.writerow([ENGLISH[header] if self.is_english else header for header in headers])
            writer.writerows([written[header] for header in headers] for written in texts)
        return path


def _with_minutes(written: dict[str, str]) -> dict[str, str]:
    minutes = Decimal(written["服务时长"]) * 60
    return {
        "服务时长(分钟)" if name == "服务时长" else name: f"{minutes:f}" if name == "服务时长" else text
        for name, text in written.items()
    }
