"""Flags of months that have only grown are found for the new records' days alone, and are those of doing all again."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import duckdb
import pytest

from etl import flag, flag_grown, prints, touched
from etl.desk import Outcome
from etl.linking import links_at_hand
from etl.withdraw import restore
from tests.etl.desk import ADA, BEA, CAI, Desk, text
from tests.etl.flag_town import SUPPLIERS, WRITERS, Row, Town
from tests.etl.naive_flags import flags_of

TIMED = "记录编号,身份证号,开始时间,结束时间,服务时长"
KEPT = ("flags", "flag_person", "flag_activity", "flag_print", "flag_links")


@pytest.fixture(autouse=True)
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, date, str]]:
    """Every warehouse counts as large and every month as hardly grown; gives (check, month, days) of each block made."""
    monkeypatch.setattr(prints, "FEWEST_RECORDS", 0)
    monkeypatch.setattr(flag_grown, "MOST_NEW", 1e9)
    made: list[tuple[str, date, str]] = []
    real = flag._flag_block

    def noted(connection: Any, block: flag.Block, *arguments: Any, of_days: str = "") -> None:
        made.extend((name, block.first, of_days) for name in block.checks)
        real(connection, block, *arguments, of_days=of_days)

    monkeypatch.setattr(flag, "_flag_block", noted)
    return made


def refresh(desk: Desk) -> None:
    """As publishing does it."""
    with links_at_hand(desk.connection):
        flag.refresh(desk.connection, touched.read(desk.connection))
    touched.clear(desk.connection)


def everything(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    return {table: desk.query(f"SELECT * FROM {table} ORDER BY ALL") for table in KEPT}


def require_as_if_made_again(desk: Desk, what: str) -> None:
    found = everything(desk)
    with links_at_hand(desk.connection):
        flag.refresh(desk.connection)
    again = everything(desk)
    for table, rows in again.items():
        wrong = Counter(rows)
        wrong.subtract(found[table])
        assert found[table] == rows, (
            f"{table} after {what}: {[(n, row) for row, n in wrong.items() if n][:6]}"
        )


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
        self._load(text(header, *(write(self.town._registration(person)) for person in people)))

    def activities(self) -> None:
        """Some are moved, cancelled, or come."""
        header, write = WRITERS["activities"]
        names = [*self.random.sample([f"A{number}" for number in range(12)], 3), "A99"]
        self._load(text(header, *(write(self.town._activity(name)) for name in names)))

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


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_flags_are_those_of_doing_all_again(
    desk: Desk, looked_at: list[tuple[str, date, str]], seed: int
) -> None:
    life = Life(desk, seed)
    life.found()
    refresh(desk)
    ways: Counter[bool] = Counter()
    for _ in range(12):
        what = life.live()
        looked_at.clear()
        refresh(desk)
        ways.update({bool(of_days) for _, _, of_days in looked_at})
        require_as_if_made_again(desk, what)
    assert ways[True] >= 3
    assert ways[False] >= 3


@pytest.mark.parametrize("seed", range(2))
def test_late_drops_end_in_what_the_second_implementation_flags(
    desk: Desk, looked_at: list[tuple[str, date, str]], seed: int
) -> None:
    town = Town(seed)
    names = list(town.drops)
    for late in range(3):
        town._keep("service_hours", [town._record("A1") for _ in range(12)], SUPPLIERS[late % 2])
    town._keep("service_hours", town._crowd(60, 120), SUPPLIERS[0])
    for name in town.drops:
        path, supplier = desk.put(town.text(name), f"{name}.csv"), town.drops[name][1]
        desk.load_path(path, supplier=supplier or None, released_by="测试")  # smaller than those before
        if name not in names:
            looked_at.clear()
            refresh(desk)
            assert any(of_days for _, _, of_days in looked_at)
        elif name == names[-1]:
            refresh(desk)
    found = desk.query("""
        SELECT check_name, left(file_name, 2), row_no FROM flags JOIN drops USING (drop_id) ORDER BY ALL""")
    sources = ("registrations", "activities", "service_hours")
    assert found == sorted(flags_of(*(town.rows(source) for source in sources)))


def test_of_a_grown_month_others_records_are_not_looked_at_again(desk: Desk) -> None:
    desk.load(
        text(
            TIMED,
            f"R1,{ADA},2021-05-01 08:00,2021-05-02 00:30,16.5",
            f"R2,{BEA},2021-05-01 08:00,2021-05-02 01:00,17",
        )
    )
    refresh(desk)
    assert [name for name, *_ in everything(desk)["flags"]] == ["check_out_forgotten"] * 2
    desk.connection.execute("DELETE FROM flags")
    desk.load(text(TIMED, f"R3,{ADA},2021-05-01 09:00,2021-05-01 11:00,2"))
    refresh(desk)
    assert [row[:3] for row in everything(desk)["flags"]] == [
        ("check_out_forgotten", 1, 2),  # Ada's; Bea's was not looked for
        ("sessions_overlap", 2, 2),
    ]


def test_a_night_of_a_late_record_is_seen_in_the_next_month(desk: Desk) -> None:
    desk.load(
        text(
            TIMED,
            f"R1,{ADA},2021-05-01 01:00,2021-05-01 03:00,2",
            f"R2,{BEA},2021-04-02 01:00,2021-04-02 03:00,2",
        )
    )
    refresh(desk)
    desk.load(text(TIMED, f"R3,{ADA},2021-04-30 22:00,2021-05-01 02:00,4"))
    refresh(desk)
    assert [row[:4] for row in everything(desk)["flags"]] == [("sessions_overlap", 1, 2, date(2021, 5, 1))]
    require_as_if_made_again(desk, "a night")


def test_a_record_that_stands_in_for_one_sent_under_the_persons_number_takes_its_flags_away(
    desk: Desk,
) -> None:
    header = "身份证号,志愿者编号,来源平台,服务日期,服务时长"
    desk.load(text("身份证号,志愿者编号,来源平台,所属区县,注册日期", f"{ADA},V1,志愿汇,路南区,2020-01-01"))
    desk.load(text(header, ",V1,志愿汇,2021-05-01,17", f"{ADA},,志愿汇,2021-05-03,1"))
    refresh(desk)
    assert [row[:3] for row in everything(desk)["flags"]] == [("check_out_forgotten", 2, 2)]
    desk.load(text(header, f"{ADA},,志愿汇,2021-05-01,16"))
    refresh(desk)
    assert [row[:3] for row in everything(desk)["flags"]] == [("check_out_forgotten", 3, 2)]
    require_as_if_made_again(desk, "a record under the ID number")


def test_a_month_mostly_of_new_records_is_looked_at_as_a_whole(
    desk: Desk, looked_at: list[tuple[str, date, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flag_grown, "MOST_NEW", 1 / 3)
    days = [f"R{day},{ADA},2021-05-{day:02} 08:00,2021-05-{day:02} 09:00,1" for day in range(1, 13)]
    for rows, is_few in ((days[:4], False), (days[4:6], True), (days[6:], False)):
        looked_at.clear()
        desk.load(text(TIMED, *rows))
        refresh(desk)
        assert any(of_days for _, _, of_days in looked_at) == is_few


def test_a_small_warehouse_keeps_no_fingerprints_and_trusts_none_of_before(
    desk: Desk, looked_at: list[tuple[str, date, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prints, "FEWEST_RECORDS", 3)
    late = desk.load(
        text(
            TIMED,
            f"R1,{ADA},2021-05-01 08:00,2021-05-01 09:00,1",
            f"R2,{BEA},2021-05-01 08:00,2021-05-01 09:00,1",
        )
    )
    desk.load(text(TIMED, f"R3,{CAI},2021-05-01 08:00,2021-05-01 09:00,1"))
    refresh(desk)
    assert desk.query("SELECT sum(rows) FROM flag_print") == [(3,)]
    desk.withdraw(late)
    refresh(desk)
    with pytest.raises(duckdb.CatalogException):
        desk.query("FROM flag_print")
    restore(desk.connection, desk.row(late), "测试", "a test")
    desk.load(text(TIMED, f"R4,{ADA},2021-05-01 08:30,2021-05-01 09:30,1"))
    looked_at.clear()
    refresh(desk)
    assert {of_days for _, _, of_days in looked_at} == {""}
    require_as_if_made_again(desk, "growing large again")


def test_after_a_crash_fingerprints_are_still_those_of_the_flags(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.load(text(TIMED, f"R1,{ADA},2021-05-01 08:00,2021-05-02 00:30,16.5"))
    refresh(desk)
    before = everything(desk)
    desk.load(text(TIMED, f"R2,{ADA},2021-05-01 09:00,2021-05-01 11:00,2"))
    with monkeypatch.context() as broken:
        broken.setattr(flag, "_insert", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            refresh(desk)
    assert everything(desk) == before
    refresh(desk)
    assert [name for name, *_ in everything(desk)["flags"]] == ["check_out_forgotten", "sessions_overlap"]
    require_as_if_made_again(desk, "a crash")
