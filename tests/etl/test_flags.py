"""Every flag, by records drawn with what they are flagged for: at the edge of ordinary and just beyond it."""

from __future__ import annotations

from datetime import date

import pytest

from etl import flag, flag_counts
from etl.checks import load_flags
from etl.desk import Outcome
from metrics.build import create_schema
from tests.drops import id_number
from tests.etl.desk import ADA, BEA, CAI, DAN, Desk, text

# Ada has a register of her own; Bea left; Cai is on two platforms and left one; Dan is in no register.
REGISTERS = text(
    "身份证号,所属区县,注册日期,状态,注销日期,来源平台,所属组织",
    f"{ADA},路南区,2021-02-01,正常,,志愿平台甲,O1",
    f"{BEA},路南区,2020-01-01,注销,2021-04-30,志愿平台甲,",
    f"{CAI},路北区,2020-01-01,正常,,志愿平台甲,",
    f"{CAI},路北区,2019-01-01,注销,2021-01-31,志愿平台乙,",
)
ACTIVITIES = text(
    "活动编号,活动名称,所属区县,开始时间,结束时间,状态,主办组织",
    "A1,清洁家园,路南区,2021-03-01 08:00,2021-12-31 18:00,已结束,O1",
    "A2,清洁家园,路南区,2021-03-01 08:00,2021-12-31 18:00,已取消,",
    "A3,志愿者骨干培训,路南区,2021-01-01 08:00,,已结束,",
    "A4,公益岗位值守,路南区,2021-01-01 08:00,,已结束,",
    "A5,无偿献血,路南区,2021-05-03,2021-05-04,已结束,O9",
)
HEADER = "记录编号,身份证号,活动编号,开始时间,结束时间,服务时长,录入日期,计时方式,审核状态,服务地区"

# One paragraph per drop: a record a line, and after the bar what it is flagged for.
DRAWN = """
# the same session under another number: the first stands; another activity, start or day is another session
ADA A1 2021-05-03 09:00 2021-05-03 11:00 2
ADA A1 2021-05-03 09:00 2021-05-03 11:00 2 | same_session_twice
ADA A1 2021-05-03 12:00 2021-05-03 13:00 1
ADA A3 2021-05-04 09:00 2021-05-04 11:00 2 | training_as_service
CAI A1 2021-05-03 09:00 2021-05-03 11:00 2

# without times only records of the same length are taken for one; a rejected one is none
ADA A1 2021-05-03 - 2
ADA A1 2021-05-03 - 3
ADA A1 2021-05-03 - 2 | same_session_twice
CAI A1 2021-05-03 - 2 驳回
CAI A1 2021-05-03 - 2

# 24 hours fit in a day, a minute more does not; hours awarded were not served
ADA A1 2021-05-03 - 12
ADA - 2021-05-03 - 12
CAI A1 2021-05-03 - 12 | over_24_hours_a_day
CAI - 2021-05-03 - 12.02 | over_24_hours_a_day
BEA A1 2021-04-03 - 12
BEA - 2021-04-03 - 13 荣誉时长

# five minutes of overlap are a check-in too early, six are not; the later session is flagged
ADA A1 2021-05-03 09:00 2021-05-03 11:00 2
ADA A2 2021-05-03 10:55 2021-05-03 12:00 1.08 | activity_cancelled
ADA - 2021-05-03 11:54 2021-05-03 13:00 1.1 | sessions_overlap
ADA - 2021-05-03 13:00 2021-05-03 14:00 1

# a long session hides behind a short one that began between them
CAI - 2021-05-03 08:00 2021-05-03 12:00 4
CAI - 2021-05-03 09:00 2021-05-03 09:30 0.5 | sessions_overlap
CAI - 2021-05-03 11:00 2021-05-03 13:00 2 | sessions_overlap

# a night reaches into the next day, also into the next month
ADA - 2021-04-30 22:00 2021-05-01 02:00 4
ADA - 2021-05-01 01:00 2021-05-01 03:00 2 | sessions_overlap
CAI - 2021-05-04 22:00 2021-05-05 02:00 4
CAI - 2021-05-05 01:55 2021-05-05 03:00 1.08

# fifteen minutes more than lie between the times, and two hours less, are rounding and breaks
ADA - 2021-05-03 09:00 2021-05-03 11:00 2.25
ADA - 2021-05-04 09:00 2021-05-04 11:00 2.27 | hours_disagree_with_times
ADA - 2021-05-05 09:00 2021-05-05 17:00 6
ADA - 2021-05-06 09:00 2021-05-06 17:00 5.98 | hours_disagree_with_times

# two days without a time say nothing of the hours
ADA - 2021-05-03 2021-05-03 2

# in no register; before the first registration anywhere; after leaving everywhere
DAN - 2021-05-03 - 2 | person_unregistered
ADA - 2021-01-31 - 2 | served_before_registered
ADA - 2021-02-01 - 2
CAI - 2019-01-01 - 2
BEA - 2021-04-30 - 2
BEA - 2021-05-01 - 2 | served_after_leaving
CAI - 2021-05-01 - 2

# in no list of activities; outside the days of the activity; a title that is no service
ADA A7 2021-05-03 - 2 | activity_unknown
ADA A1 2021-03-01 - 2
ADA A1 2021-02-28 - 2 | outside_activity_dates
ADA A5 2021-05-04 - 2
ADA A5 2021-05-05 - 2 | outside_activity_dates
ADA A4 2022-05-03 - 2 | paid_as_service

# sixteen hours, or an end in the last minute of the day
ADA - 2021-05-03 06:00 2021-05-03 21:54 15.9
ADA - 2021-05-04 - 16 | check_out_forgotten
ADA - 2021-05-05 20:00 2021-05-05 23:58 4
ADA - 2021-05-06 20:00 2021-05-06 23:59 4 | check_out_forgotten
ADA - 2021-05-07 - 24 | check_out_forgotten
ADA - 2021-05-08 - 24 荣誉时长

# served 24 April 2021, a Saturday before May Day: 25 April and 8 May are made up, 1 to 5 May are holidays
ADA - 2021-04-24 - 2 录入2021-05-10
CAI - 2021-04-24 - 2 录入2021-05-11 | recorded_late

# the night's end counts, not its beginning
CAI - 2021-04-24 22:00 2021-04-25 02:00 4 录入2021-05-11
ADA - 2021-04-23 22:00 2021-04-24 02:00 4 录入2021-05-11 | recorded_late

# recorded before it took place
CAI - 2021-05-03 - 2 录入2021-05-03
ADA - 2021-05-03 - 2 录入2021-05-02 | recorded_before_service
"""

PEOPLE = {"ADA": ADA, "BEA": BEA, "CAI": CAI, "DAN": DAN}


def written(line: str, number: int) -> str:
    """A record as a row of a drop: person, activity, start, end, hours, and any of 荣誉时长, 驳回, 录入<day>."""
    words = line.split()
    person, activity, start = PEOPLE[words[0]], words[1].replace("-", ""), words[2]
    rest = words[3:]
    if ":" in rest[0]:
        start, end, rest = f"{start} {rest[0]}", f"{rest[1]} {rest[2]}", rest[3:]
    else:
        end, rest = rest[0].removesuffix("-") if rest[0] == "-" else rest[0], rest[1:]
    hours, *marks = rest
    recorded = next((mark.removeprefix("录入") for mark in marks if mark.startswith("录入")), "")
    evidence = "荣誉时长" if "荣誉时长" in marks else ""
    status = "驳回" if "驳回" in marks else ""
    return f"R{number},{person},{activity},{start},{end},{hours},{recorded},{evidence},{status},路南区"


def drawn() -> list[tuple[str, list[str], list[tuple[int, str]]]]:
    """(what it is about, rows, (row number, flag) expected) of every paragraph."""
    found = []
    for paragraph in DRAWN.strip().split("\n\n"):
        title, *lines = paragraph.splitlines()
        rows = [written(line.split("|")[0], number) for number, line in enumerate(lines)]
        expected = [
            (row_no, name)
            for row_no, line in enumerate(lines, start=2)
            for name in (line.split("|")[1].split() if "|" in line else [])
        ]
        found.append((title.removeprefix("# "), rows, expected))
    return found


def flags(desk: Desk, drop: Outcome) -> list[tuple[int, str]]:
    flag.refresh(desk.connection)
    return desk.query(f"SELECT row_no, check_name FROM flags WHERE drop_id = {drop.row.drop_id} ORDER BY ALL")


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """A desk at which the registers and the list of activities have come."""
    desk.load(REGISTERS)
    desk.load(ACTIVITIES)
    return desk


@pytest.mark.parametrize(("rows", "expected"), [pytest.param(*rest, id=title) for title, *rest in drawn()])
def test_a_record_is_flagged_for_what_is_drawn_and_nothing_else(
    stocked: Desk, rows: list[str], expected: list[tuple[int, str]]
) -> None:
    drop = stocked.load(text(HEADER, *rows))
    assert drop.row.rows_accepted == len(rows)
    assert flags(stocked, drop) == sorted(expected)


def crowd(people: int, day: str, hours: str, activity: str = "A1", prefix: str = "C") -> list[str]:
    """Records of many registered people on one day, alike."""
    return [
        f"{prefix}{day}{number},{id_number(date(1980, 1, 1), number)},{activity},{day} 09:00,,{hours},,,,路南区"
        for number in range(people)
    ]


@pytest.fixture
def crowded(stocked: Desk) -> Desk:
    everyone = (f"{id_number(date(1980, 1, 1), number)},路南区,2020-01-01" for number in range(100))
    stocked.load(text("身份证号,所属区县,注册日期", *everyone))
    return stocked


@pytest.mark.parametrize(
    ("rows", "flagged"),
    [
        pytest.param(crowd(20, "2021-05-03", "3"), 20, id="twenty with three hours"),
        pytest.param(crowd(19, "2021-05-03", "3"), 0, id="nineteen are no surprise"),
        pytest.param(crowd(20, "2021-05-03", "2.5"), 0, id="half hours are not round"),
        pytest.param(crowd(20, "2021-05-03", "3")[:-1] + crowd(20, "2021-05-03", "2")[-1:], 0, id="not all"),
        pytest.param(crowd(20, "2021-05-03", "3", activity=""), 0, id="of no activity"),
    ],
)
def test_everyone_with_the_same_round_hours(crowded: Desk, rows: list[str], flagged: int) -> None:
    found = flags(crowded, crowded.load(text(HEADER, *rows)))
    assert [name for _, name in found] == ["same_round_hours"] * flagged


ORDINARY = [row for day in (4, 5, 6, 7) for row in crowd(5, f"2021-05-0{day}", "1.5")]


@pytest.mark.parametrize(
    ("ordinary", "people", "flagged"),
    [
        pytest.param(ORDINARY, 50, 50, id="ten times the ordinary five"),
        pytest.param(ORDINARY, 49, 0, id="forty-nine are no batch"),
        pytest.param(ORDINARY[:15], 50, 0, id="four days are no month to compare with"),
        pytest.param(
            [*ORDINARY, *crowd(3, "2021-05-04", "1", prefix="D")], 50, 50, id="a median, not a mean"
        ),
        pytest.param(
            [row for day in (4, 5, 6, 7) for row in crowd(6, f"2021-05-0{day}", "1.5")], 59, 0, id="of six"
        ),
    ],
)
def test_a_batch_far_beyond_the_suppliers_ordinary_day(
    crowded: Desk, ordinary: list[str], people: int, flagged: int
) -> None:
    drop = crowded.load(text(HEADER, *ordinary, *crowd(people, "2021-05-03", "1.5")))
    batch = [row_no for row_no, name in flags(crowded, drop) if name == "batch_entry_spike"]
    assert batch == list(range(2 + len(ordinary), 2 + len(ordinary) + people))[:flagged]


def test_another_suppliers_days_say_nothing_of_this_ones(crowded: Desk) -> None:
    crowded.load(text(HEADER, *ORDINARY), folder="130200/平台甲")
    path = crowded.put(text(HEADER, *crowd(50, "2021-05-03", "1.5")))
    drop = crowded.load_path(path, supplier="平台乙")
    assert flags(crowded, drop) == []


@pytest.mark.parametrize("blank_line", ["", "\n"], ids=["fast", "careful"])
def test_what_a_remark_says_of_a_record_is_told_and_changes_nothing(desk: Desk, blank_line: str) -> None:
    remarks = ["作废", "该记录已撤销。", "時長無效", "未作废", "取消作废", "补录", "", "作废"]
    rows = [f"{n},{ADA},2021-05-{n:02},2,通过,{said}" for n, said in enumerate(remarks, 1)]
    rows[-1] = rows[-1].replace("通过", "驳回")  # of what does not count nobody need be told
    header = "記錄編號,身份证号,服务日期,服务时长,审核状态,备注（选填）"
    drop = desk.load(text(header, *rows[:4]) + blank_line + text(*rows[4:]))
    assert drop.row.rows_accepted == 8
    assert "忽略" not in drop.row.note_zh  # the column is looked through
    assert [name for _, name in flags(desk, drop)] == ["voided_in_remark"] * 3
    assert [row_no for row_no, _ in flags(desk, drop)] == [2, 3, 4]
    assert desk.query("SELECT count(*) FILTER (is_counted) FROM current_service_records") == [(7,)]
    assert "voided_in_remark" in flag_counts.of_drop(desk.connection, drop.row.drop_id)


@pytest.mark.parametrize(("first", "then"), [("", "作废"), ("作废", ""), ("作废", "已作废")])
def test_of_a_record_sent_again_the_last_remark_counts(desk: Desk, first: str, then: str) -> None:
    """The usual way in which a record becomes void: the month comes again, and nothing but the remark is new."""
    header = "记录编号,身份证号,服务日期,服务时长,审核状态,备注"
    drops = [
        desk.load(text(header, f"1,{ADA},2021-05-03,2,通过,{said}", f"2,{BEA},2021-05-03,2,通过,"))
        for said in (first, then)
    ]
    assert drops[1].row.rows_unchanged == 2
    row = [(2, "voided_in_remark")]
    assert (flags(desk, drops[0]), flags(desk, drops[1])) == (row if then else [], [])
    desk.withdraw(drops[1])
    assert flags(desk, drops[0]) == (row if first else [])


def test_the_same_words_elsewhere_are_no_remark(desk: Desk) -> None:
    header = "记录编号,身份证号,服务日期,服务时长,审核状态,活动内容"
    drop = desk.load(text(header, f"1,{ADA},2021-05-03,2,通过,作废电池回收"))
    assert flags(desk, drop) == []


def test_working_days_nobody_knows_are_told_not_guessed(desk: Desk) -> None:
    rows = (
        f"1,{ADA},2003-12-29,2,2004-01-08",  # ten days later: in time whatever days were worked
        f"2,{BEA},2003-12-29,2,2004-01-09",
        f"3,{CAI},2003-12-29,2,2004-01-16",  # late even counted from 2004 on
    )
    drop = desk.load(text("记录编号,身份证号,服务日期,服务时长,录入日期", *rows))
    assert flags(desk, drop) == [(3, "working_days_unknown"), (4, "recorded_late")]


def test_organisations_are_those_of_registers(stocked: Desk) -> None:
    flag.refresh(stocked.connection)
    assert stocked.query("SELECT check_name, drop_id, row_no FROM flags") == [("organisation_unknown", 2, 6)]


def test_without_anything_to_hold_against_nothing_is_unknown(desk: Desk) -> None:
    assert flags(desk, desk.load(text(HEADER, written("DAN A7 2021-05-03 - 2", 1)))) == []
    assert flags(desk, desk.load(ACTIVITIES)) == []


def test_a_flagged_record_counts_like_any_other(stocked: Desk) -> None:
    drop = stocked.load(text(HEADER, written("DAN A7 2021-05-03 - 2", 1)))
    flag.refresh(stocked.connection)
    assert drop.row.status == "loaded"
    assert stocked.query("SELECT is_counted FROM current_service_records") == [(True,)]


# --- what is told of flags


def test_a_drop_can_be_told_its_flags_by_row_number(stocked: Desk) -> None:
    rows = [written(f"DAN A1 2021-05-{day:02} - 2", day) for day in range(3, 8)]
    drop = stocked.load(text(HEADER, *rows, written("ADA A9 2021-05-03 - 2", 99)))
    flag.refresh(stocked.connection)
    assert flag_counts.of_drop(stocked.connection, drop.row.drop_id) == {
        "activity_unknown": 1,
        "person_unregistered": 5,
    }
    told = flag_counts.told(stocked.connection, drop.row.drop_id)
    assert [sentence.zh for sentence in told] == [
        "提示 1 行（第 7 行）：活动编号不在任何活动报送中。",
        "提示 5 行（如第 2、3、4 行）：服务人不在任何注册名册中。",
    ]
    assert told[1].en == "5 rows flagged (e.g. row 2, 3, 4): this person is in no register."
    assert DAN not in str(told)


def test_nothing_is_told_of_a_drop_without_flags(desk: Desk) -> None:
    drop = desk.load(REGISTERS)
    assert flag_counts.of_drop(desk.connection, drop.row.drop_id) == {}
    assert flag_counts.told(desk.connection, drop.row.drop_id) == []


def test_a_build_counts_flags_by_check_drop_supplier_and_area(stocked: Desk) -> None:
    header = "记录编号,身份证号,服务日期,服务时长,服务地区"
    rows = [
        f"{n},{DAN},2021-05-0{n},2,{area}" for n, area in enumerate(("路南区", "路南区", "路北区", ""), 1)
    ]
    stocked.load_path(stocked.put(text(header, *rows)), supplier="平台甲")
    stocked.load(text(header, f"9,{DAN},2021-06-01,2,"), folder="")
    flag.refresh(stocked.connection)
    stocked.connection.execute("ATTACH ':memory:' AS build")
    try:
        create_schema(stocked.connection, "build")
        flag_counts.write(stocked.connection, "build")
        found = stocked.query(
            "SELECT * FROM build.flags WHERE check_name <> 'organisation_unknown' ORDER BY ALL"
        )
        said = dict(stocked.query("SELECT check_name, message_zh FROM build.flag_checks"))
    finally:
        stocked.connection.execute("DETACH build")
    assert found == [
        ("person_unregistered", 3, "平台甲", "130202", 2),
        ("person_unregistered", 3, "平台甲", "130203", 1),
        ("person_unregistered", 3, "平台甲", "U130200", 1),
        ("person_unregistered", 4, "", "", 1),
    ]
    assert set(said) == set(load_flags())
    assert said["recorded_late"] == "录入日期晚于服务结束后 10 个工作日。"


def test_every_flag_is_drawn_here() -> None:
    elsewhere = {
        "same_round_hours", "batch_entry_spike", "working_days_unknown", "organisation_unknown", "voided_in_remark",
    }  # fmt: skip
    assert {name for *_, expected in drawn() for _, name in expected} | elsewhere == set(load_flags())


@pytest.mark.parametrize("name", sorted(load_flags()))
def test_every_flag_says_a_sentence_in_both_languages(name: str) -> None:
    check = load_flags()[name]
    said = flag_counts.sentence(check)
    assert (check.stage, check.severity) == ("facts", "warn")
    assert said.zh.endswith("。")
    assert said.en.endswith(".")
    assert said.en.isascii()
    assert "{" not in said.zh + said.en
    assert check.depends
    assert check.function.__module__ == f"etl.checks.{name}"
