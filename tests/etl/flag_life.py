"""The town of flag_town, living on: late records, corrections, remarks, withdrawals, moves, numbers explained.

Each act is a drop loaded, or one taken or brought back, as a steward would; drawn by seed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from etl.desk import Outcome
from etl.withdraw import restore
from tests.etl.desk import ADA, BEA, CAI, Desk, text
from tests.etl.flag_town import SUPPLIERS, WRITERS, Row, Town


class Life:
    """A drawn town that goes on: each act is a drop, or takes one back."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.town = desk, Town(seed)
        self.random = Random(seed)
        self.loaded: list[Outcome] = []
        self.withdrawn: list[Outcome] = []
        self.numbers = 0

    def found(self) -> None:
        for name in list(self.town.drops):
            self._load(self.town.text(name), self.town.drops[name][1])

    def live(self) -> str:
        acts = [
            self.late, self.late, self.late, self.late_nights, self.late_crowd, self.late_of_strangers, self.corrections,
            self.other_remarks, self.take_back, self.bring_back, self.register, self.activities, self.by_number,
            self.explain_numbers, self.replace_a_month,
        ]  # fmt: skip
        chosen = self.random.sample(acts, self.random.choice([1, 1, 2]))
        for act in chosen:
            act()
        return ", ".join(act.__name__ for act in chosen)

    def _load(self, content: str, supplier: str = "", **options: Any) -> None:
        path = self.desk.put(content)
        outcome = self.desk.load_path(path, supplier=supplier or None, released_by="测试", **options)
        assert outcome.row.status == "loaded", outcome.told
        self.loaded.append(outcome)

    def _records(self, rows: list[Row], **options: Any) -> None:
        self.numbers += 1
        named = [row | {"drop": f"L{self.numbers}", "row_no": place} for place, row in enumerate(rows)]
        self._send(named, **options)

    def _send(self, rows: list[Row], **options: Any) -> None:
        header, write = WRITERS["service_hours"]
        lines = [write({"remark": "", "supplier": ""} | row) for row in rows]
        self._load(text(header, *lines), self.random.choice(SUPPLIERS), **options)

    def _somewhere(self, line: str) -> str:
        return line.replace("路南区", self.random.choice(["路南区", "路南区", "路北区", "古冶区"]))

    def _known(self) -> list[Row]:
        return self.town.rows("service_hours")

    # --- acts

    def late(self) -> None:
        """Some of persons who served on the same day, or the next."""
        rows = [self.town._record(self.random.choice(["A1", "A3", ""])) for _ in range(2)]
        for row in self.random.sample(self._known(), 4):
            day = row["day"] + timedelta(days=self.random.choice([0, 0, 1]))
            start = datetime(day.year, day.month, day.day, self.random.choice([1, 8, 9, 21]), 5)
            end = start + timedelta(hours=self.random.choice([2, 8]))
            rows.append(row | {"day": day, "start": start, "end": end, "status": "", "recorded_on": None})
        self._records(rows)

    def late_nights(self) -> None:
        rows = []
        for row in self.random.sample(self._known(), 3):
            day = self.random.choice([row["day"], row["day"].replace(day=1)]) - timedelta(days=1)
            start = datetime(day.year, day.month, day.day, 21, 30)
            new = {"day": day, "start": start, "end": start + timedelta(hours=13), "minutes": 780}
            rows.append(row | new | {"evidence": "", "status": "", "recorded_on": None})
        self._records(rows)

    def late_crowd(self) -> None:
        self._records(self.town._crowd(self.random.choice([6, 20, 55]), self.random.choice([60, 90, 120])))

    def late_of_strangers(self) -> None:
        self._records([self.town._record("A99") | {"person": person} for person in (ADA, BEA, CAI)])

    def corrections(self) -> None:
        rows = self.random.sample(self._known(), 3)
        self._send(
            [
                row | {"minutes": self.random.choice([30, 600, 1000]), "end": None, "start": None}
                for row in rows
            ]
        )

    def other_remarks(self) -> None:
        rows = self.random.sample(self._known(), 3)
        self._send([row | {"remark": self.random.choice(["作废", "补录"])} for row in rows])

    def take_back(self) -> None:
        drop = self.random.choice(self.loaded)
        self.loaded.remove(drop)
        self.desk.withdraw(drop)
        self.withdrawn.append(drop)

    def bring_back(self) -> None:
        if self.withdrawn:
            drop = self.withdrawn.pop(self.random.randrange(len(self.withdrawn)))
            restore(self.desk.connection, self.desk.row(drop), "测试", "a test")
            self.loaded.append(drop)

    def register(self) -> None:
        people = [*self.random.sample(self.town.people, 4), ADA]
        header, write = WRITERS["registrations"]
        self._load(
            text(header, *map(self._somewhere, (write(self.town._registration(one)) for one in people)))
        )

    def activities(self) -> None:
        """Some are moved, cancelled, or come."""
        header, write = WRITERS["activities"]
        names = [*self.random.sample([f"A{number}" for number in range(12)], 3), "A99"]
        self._load(text(header, *map(self._somewhere, (write(self.town._activity(name)) for name in names))))

    def by_number(self) -> None:
        """Under a volunteer's number, perhaps beside what the person has under the ID number."""
        rows = self.random.sample(self._known(), 4)
        lines = [f",V{self.town.people.index(row['person']) % 7},志愿汇,{row['day']},13" for row in rows]
        lines.append(f"{rows[0]['person']},,志愿汇,{rows[1]['day']},13")
        self._load(text("身份证号,志愿者编号,来源平台,服务日期,服务时长", *lines))

    def explain_numbers(self) -> None:
        person = self.random.randrange(7)
        line = f"{self.town.people[person]},V{person},志愿汇,路南区,2020-07-01"
        self._load(text("身份证号,志愿者编号,来源平台,所属区县,注册日期", line))

    def replace_a_month(self) -> None:
        self._records([row | {"status": ""} for row in self.random.sample(self._known(), 3)], replace="month")
