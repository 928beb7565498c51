"""Flags of months that have only grown are found for the new records' days alone, and are those of doing all again."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import duckdb
import pytest

from etl import flag, flag_grown, prints, touched
from etl.linking import links_at_hand
from etl.withdraw import restore
from tests.etl.desk import ADA, BEA, CAI, Desk, text
from tests.etl.flag_life import Life
from tests.etl.flag_town import SUPPLIERS, Town
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
