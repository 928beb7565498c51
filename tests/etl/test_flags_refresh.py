"""Flags of drawn towns: as a boring second implementation has them, and the same however they came about."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import lru_cache

import pytest

from etl import flag, touched
from etl.checks import load_flags
from etl.desk import Outcome
from etl.withdraw import restore
from tests.drops import id_number
from tests.etl.desk import ADA, BEA, HOURS, Desk, text
from tests.etl.flag_town import Town
from tests.etl.naive_flags import flags_of

SEEDS = range(2)


@lru_cache
def town_of(seed: int) -> Town:
    return Town(seed)


def load(desk: Desk, town: Town, name: str) -> Outcome:
    path = desk.put(town.text(name), f"{name}.csv")
    drop = desk.load_path(path, supplier=town.drops[name][1] or None)
    assert drop.row.rows_quarantined == 0, drop.told
    return drop


def found(desk: Desk) -> list[tuple[str, str, int]]:
    """(check, drop by its file's name, row number) of every flag."""
    return desk.query("""
        SELECT check_name, left(file_name, 2), row_no FROM flags JOIN drops USING (drop_id) ORDER BY ALL""")


def refresh(desk: Desk) -> None:
    """As publishing does it."""
    flag.refresh(desk.connection, touched.read(desk.connection))
    touched.clear(desk.connection)


def everything(desk: Desk) -> list[tuple[object, ...]]:
    return desk.query("SELECT * FROM flags ORDER BY ALL")


def as_if_made_again(desk: Desk) -> list[tuple[object, ...]]:
    flag.refresh(desk.connection)
    return everything(desk)


def naive(town: Town, without: frozenset[str] = frozenset()) -> list[tuple[str, str, int]]:
    sources = ("registrations", "activities", "service_hours")
    return sorted(flags_of(*(town.rows(source, without) for source in sources)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_second_implementation_flags_the_same(desk: Desk, seed: int) -> None:
    town = town_of(seed)
    for name in town.drops:
        load(desk, town, name)
    flag.refresh(desk.connection)
    assert found(desk) == naive(town)


def test_the_towns_hold_every_flag_the_second_implementation_knows() -> None:
    seen = Counter(name for seed in SEEDS for name, *_ in naive(town_of(seed)))
    assert set(seen) == set(load_flags()) - {"working_days_unknown"}  # no calendar is unknown in 2021


def test_touched_months_end_in_the_same_flags_as_all_months(desk: Desk) -> None:
    """Drops come in any order, some go and come back; flags are brought up to date after each."""
    town = town_of(1)
    names = list(town.drops)
    town.random.shuffle(names)
    drops = {}
    for name in names:
        drops[name] = load(desk, town, name)
        refresh(desk)
        made = everything(desk)
        assert made == as_if_made_again(desk), name
    for source in ("registrations", "activities", "service_hours"):
        name = next(name for name in names if town.drops[name][0] == source)
        desk.withdraw(drops[name])
        refresh(desk)
        assert found(desk) == naive(town, frozenset({name}))
        restore(desk.connection, desk.row(drops[name]), "测试", "a test")
        refresh(desk)
    assert found(desk) == naive(town)


def test_a_drop_withdrawn_leaves_no_flag_behind_nor_takes_one_along(desk: Desk) -> None:
    row = f"{ADA},2021-05-01,13,路南区"
    desk.load(text(HOURS, f"R1,{row}"))
    refresh(desk)
    before = everything(desk)
    second = desk.load(text(HOURS, f"R2,{row}"))
    refresh(desk)
    assert [name for name, *_ in everything(desk)] == ["over_24_hours_a_day"] * 2 + ["same_session_twice"]
    desk.withdraw(second)
    refresh(desk)
    assert everything(desk) == before == []


def test_a_night_before_an_untouched_month_is_seen_in_it(desk: Desk) -> None:
    header = "记录编号,身份证号,开始时间,结束时间,服务时长"
    desk.load(text(header, f"R1,{ADA},2021-05-01 01:00,2021-05-01 03:00,2"))
    refresh(desk)
    night = desk.load(text(header, f"R2,{ADA},2021-04-30 22:00,2021-05-01 02:00,4"))
    refresh(desk)
    assert desk.query("SELECT check_name, drop_id, month FROM flags") == [
        ("sessions_overlap", 1, date(2021, 5, 1))
    ]
    desk.withdraw(night)
    refresh(desk)
    assert everything(desk) == []


def test_a_register_that_tells_whose_a_number_is_brings_two_persons_records_together(desk: Desk) -> None:
    header = "记录编号,身份证号,志愿者编号,服务日期,服务时长"
    desk.load(text(header, f"R1,{ADA},,2021-05-01,13", "R2,,V1,2021-05-01,13", "R3,,V2,2021-06-01,13"))
    desk.load(text("身份证号,所属区县,注册日期", f"{ADA},路南区,2020-01-01"))
    refresh(desk)
    assert [name for name, *_ in everything(desk)] == ["person_unregistered"] * 2
    register = desk.load(text("身份证号,志愿者编号,所属区县,注册日期", f"{ADA},V1,路南区,2020-01-01"))
    refresh(desk)
    names = ["over_24_hours_a_day"] * 2 + ["person_unregistered", "same_session_twice"]
    assert [name for name, *_ in everything(desk)] == names
    assert everything(desk) == as_if_made_again(desk)
    desk.withdraw(register)
    refresh(desk)
    assert [name for name, *_ in everything(desk)] == ["person_unregistered"] * 2


def test_nothing_touched_costs_nothing_and_changes_nothing(desk: Desk) -> None:
    desk.load(text(HOURS, f"R1,{ADA},2021-05-01,24,路南区"))
    refresh(desk)
    before = everything(desk)
    assert before
    desk.connection.execute("DELETE FROM flags")
    refresh(desk)
    assert everything(desk) == []  # it did not look
    assert as_if_made_again(desk) == before


def test_a_register_makes_only_the_months_of_its_changed_persons_due(desk: Desk) -> None:
    desk.load(text(HOURS, f"R1,{ADA},2021-05-01,24,路南区", f"R2,{BEA},2021-07-01,24,路南区"))
    register = "身份证号,所属区县,注册日期"
    desk.load(text(register, f"{BEA},路南区,2020-01-01"))
    refresh(desk)
    desk.connection.execute("DELETE FROM flags")
    desk.load(text(register, f"{ADA},路南区,2021-06-01", f"{BEA},路北区,2020-01-01"))
    refresh(desk)
    assert desk.query("SELECT check_name, month FROM flags") == [
        ("served_before_registered", date(2021, 5, 1))
    ]
    made_again = as_if_made_again(desk)
    assert {name for name, *_ in made_again} > {"served_before_registered"}


def test_other_thresholds_make_all_flags_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.load(text(HOURS, f"R1,{ADA},2021-05-01,15,路南区"))
    refresh(desk)
    assert everything(desk) == []
    changed = flag.load_thresholds() | {"session_most_minutes": 900}
    monkeypatch.setattr(flag, "load_thresholds", lambda: changed)
    refresh(desk)
    assert [name for name, *_ in everything(desk)] == ["check_out_forgotten"]


def test_a_month_at_a_time_finds_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    town = town_of(0)
    for name in town.drops:
        load(desk, town, name)
    monkeypatch.setattr(flag, "ROWS_AT_ONCE", 1)
    flag.refresh(desk.connection)
    assert found(desk) == naive(town)


def test_flags_are_made_wholly_or_not_at_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.load(text(HOURS, f"R1,{ADA},2021-05-01,24,路南区"))
    refresh(desk)
    before = everything(desk)
    desk.load(text(HOURS, f"R2,{id_number(date(1980, 1, 1), 2)},2021-05-01,24,路南区"))
    with monkeypatch.context() as broken:
        broken.setattr(flag, "_insert", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            refresh(desk)
    assert everything(desk) == before
    refresh(desk)
    assert len(everything(desk)) == len(before) + 1
