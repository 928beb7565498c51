"""A small town drawn at random, as rows and as drops, in which everything that is flagged happens.

Three months, so that nights and months meet; two suppliers; crowds and batches. All persons are synthetic.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from tests.drops import id_number

Row = dict[str, Any]
FIRST, DAYS = date(2021, 1, 1), 90
TITLES = ("清洁家园", "清洁家园", "清洁家园", "骨干培训", "有偿值守")
SUPPLIERS = ("平台甲", "平台乙")
REMARKS = ("作废", "未作废", "已撤销", "补录")


class Town:
    """Rows of every drop: name → (source, supplier, rows). A row knows its drop and row number."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.people = [id_number(date(1990, 1, 1), number) for number in range(80)]
        self.drops: dict[str, tuple[str, str, list[Row]]] = {}
        self.number = 0
        activities = [f"A{number}" for number in range(12)]
        for half in range(2):
            self._keep("registrations", [self._registration(person) for person in self.people[half:75:2]])
            self._keep("activities", [self._activity(name) for name in activities[half:11:2]])
        for part in range(4):
            rows = [self._record(self.random.choice([*activities, ""])) for _ in range(60)]
            rows += [self._again(row) for row in self.random.sample(rows, 6)]
            if part == 1:
                rows += self._crowd(22, minutes=self.random.choice([120, 120, 90]))
            if part == 2:
                rows += self._crowd(60, minutes=90)
            self.random.shuffle(rows)
            self._keep("service_hours", rows, SUPPLIERS[part % 2])

    def _keep(self, source: str, rows: list[Row], supplier: str = "") -> None:
        name = f"{len(self.drops) + 1:02}"
        for row_no, row in enumerate(rows, start=2):
            remark = REMARKS[row_no % 17] if row_no % 17 < len(REMARKS) else ""
            row |= {"drop": name, "row_no": row_no, "supplier": supplier, "remark": remark}
        self.drops[name] = (source, supplier, rows)

    def _day(self) -> date:
        return FIRST + timedelta(days=self.random.randrange(DAYS))

    def _registration(self, person: str) -> Row:
        left = self._day() if self.random.random() < 0.2 else None
        registered = date(2020, 6, 1) + timedelta(days=self.random.randrange(300 if left is None else 200))
        organisation = self.random.choice(["O1", "O2", ""])
        return {"person": person, "registered_on": registered, "left_on": left, "organisation": organisation}

    def _activity(self, name: str) -> Row:
        starts = FIRST + timedelta(days=self.random.randrange(30))
        return {
            "activity": name,
            "starts_on": starts,
            "ends_on": self.random.choice([None, starts + timedelta(days=40), starts + timedelta(days=90)]),
            "is_cancelled": self.random.random() < 0.15,
            "title": self.random.choice(TITLES),
            "organisation": self.random.choice(["O1", "O2", "O3", ""]),
        }

    def _record(self, activity: str) -> Row:
        # A few people serve much, so that days meet.
        person = self.people[int(80 * self.random.random() ** 4)]
        day, start, end = self._day(), None, None
        if self.random.random() < 0.3:
            day = date(2021, self.random.choice([1, 2, 3]), 1) - timedelta(days=self.random.randrange(2))
            day = max(day, FIRST)
        minutes = self.random.choice([60, 90, 120, 180, 480, 780, 960, 1440])
        if self.random.random() < 0.7:
            hour, minute = self.random.choice([8, 9, 14, 20, 22]), self.random.choice([1, 10, 30, 59])
            start = datetime(day.year, day.month, day.day, hour, minute)
            away = self.random.choice([0, 0, 0, -16, -15, 119, 121, 300])
            end = start + timedelta(minutes=max(minutes + away, 1))
            if self.random.random() < 0.1:
                end = start.replace(hour=23, minute=59)
        late = self.random.choice([-1, 0, 3, 12, 13, 14, 15, 16, 17, 18, 19, 20])
        return {
            "person": person, "activity": activity, "day": day, "start": start, "end": end, "minutes": minutes,
            "recorded_on": day + timedelta(days=late) if self.random.random() < 0.6 else None,
            "evidence": self.random.choice(["自动签到", "人工补录", "荣誉时长", ""]),
            "status": self.random.choice(["通过", "通过", "通过", "待审", "驳回"]),
        }  # fmt: skip

    def _again(self, row: Row) -> Row:
        return row | {"evidence": "", "status": "通过", "recorded_on": None}

    def _crowd(self, people: int, minutes: int) -> list[Row]:
        row = self._record("A1") | {
            "minutes": minutes,
            "start": None,
            "end": None,
            "evidence": "",
            "status": "",
        }
        return [row | {"person": person, "recorded_on": None} for person in self.people[:people]]

    def rows(self, source: str, without: frozenset[str] = frozenset()) -> list[Row]:
        """All rows of a source but those of the drops named."""
        return [
            row
            for name, (its, _, rows) in self.drops.items()
            if its == source and name not in without
            for row in rows
        ]

    def text(self, name: str) -> str:
        """A drop as the text of a file."""
        source, _, rows = self.drops[name]
        header, write = WRITERS[source]
        return "\n".join([header, *(write(row) for row in rows)]) + "\n"


def _said(value: object) -> str:
    return "" if value is None else f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def _registrations(row: Row) -> str:
    status = "注销" if row["left_on"] else "正常"
    return f"{row['person']},路南区,{row['registered_on']},{status},{_said(row['left_on'])},{row['organisation']}"


def _activities(row: Row) -> str:
    status = "已取消" if row["is_cancelled"] else "已结束"
    said = [
        row["activity"],
        row["title"],
        "路南区",
        row["starts_on"],
        row["ends_on"],
        status,
        row["organisation"],
    ]
    return ",".join(_said(one) for one in said)


def _service_hours(row: Row) -> str:
    said = [
        f"{row['drop']}-{row['row_no']}", row["person"], row["activity"], row["day"], row["start"], row["end"],
        row["minutes"], row["recorded_on"], row["evidence"], row["status"], row["remark"],
    ]  # fmt: skip
    return ",".join(_said(one) for one in said)


WRITERS = {
    "registrations": ("身份证号,所属区县,注册日期,状态,注销日期,所属组织", _registrations),
    "activities": ("活动编号,活动名称,所属区县,开始时间,结束时间,状态,主办组织", _activities),
    "service_hours": (
        "记录编号,身份证号,活动编号,服务日期,开始时间,结束时间,服务时长(分钟),录入日期,计时方式,审核状态,备注",
        _service_hours,
    ),
}
