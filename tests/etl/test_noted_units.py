"""A unit stated below the table, between its rows or in a name is used and told, or the drop is refused with the places."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from etl.desk import Outcome
from etl.messages import Refusal
from etl.reader import Drop, open_drop
from etl.reader.drop import with_notes
from etl.reader.stated import stated_in_note
from tests.etl.desk import ADA, BEA, Desk, sentences

HEADER = "记录编号,身份证号,服务日期,服务时长"
ROWS = (f"R1,{ADA},2021-05-01,20", f"R2,{BEA},2021-05-02,15")


def read(path: Path, *lines: str) -> Drop:
    """A drop of which every line without an ID number below the header is a note."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    drop = open_drop(path)
    below = [
        (at, line) for at, line in enumerate(lines, 1) if at > drop.header.row_no and ADA[:3] not in line
    ]
    stated = [stated_in_note(drop.header, at, line.split(",")) for at, line in below]
    return with_notes(drop, [one for one in stated if one is not None])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def load(desk: Desk, *lines: str, name: str = "", encoding: str = "utf-8") -> Outcome:
    return desk.load(("\n".join(lines) + "\n").encode(encoding), name)


def minutes(desk: Desk) -> list[int]:
    return [
        int(one) for (one,) in desk.query("SELECT service_minutes FROM service_records ORDER BY service_date")
    ]


NOTES_OF_MINUTES = [
    "注：时长单位为分钟", "注：时长单位为分钟,,,", "备注：以上时长均以分钟计,,,", "以上时长均以分钟计", "单位：,分钟,,",
    "计量单位,分钟,,", "计量单位：分,,,", "单位(分钟),,,", "时长：分钟,,,", "Unit: minutes,,,", "單位：分鐘,,,",
    "Note: hours are given in minutes,,,", "注：时长单位为分钟，每满60分钟计1积分,,,", "制表人：甲,审核人：乙,,单位：分钟",
    "制表人,张三,单位,分钟", "单位：人/分钟,,,",
    "填表说明：" + "请逐条填写。" * 80 + "时长单位为分钟。,,,",
]  # fmt: skip
LESS_USUAL = [  # these state it and are set aside, for a person to see
    "表中时长均为分钟数,,,", "温馨提示：时长单位是分钟哦,,,", "单位：分\u200b钟,,,", "时长一栏填分钟,,,", "以上为分钟,,,",
    "单位分钟,,,", "人数单位：人，时长单位：分钟,,,",
]  # fmt: skip
OTHER_NOTES = [
    "注：每次服务不少于30分钟,,,", "注：单次服务时长不足30分钟的不计入,,,", "注：请于每月5日前按时填报,,,",
    "单位：人次,,,", "单位：唐山市一小时公益协会,,,", "注：以分钟计入档案的另行报送,,,", "制表人：甲,审核人：乙,,",
    "注：时长按小时计酬的不在此列,,,", "本表按日统计,,,", "单位：人、天,,,", "统计周期单位：天,,,", "补贴单位：元/小时,,,",
    "注：时长精确到分钟,,,", "注：时长填写格式：X小时X分钟,,,", "注：每日按8小时计,,,", "注：培训时间单位为分钟,,,",
]  # fmt: skip


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Drop:
    path = tmp_path_factory.mktemp("plain") / "drop.csv"
    path.write_text(f"{HEADER},培训时间\n{ROWS[0]},30\n", encoding="utf-8")
    return open_drop(path)


@pytest.mark.parametrize("note", NOTES_OF_MINUTES + LESS_USUAL)
def test_a_note_states_minutes(plain: Drop, note: str) -> None:
    stated = stated_in_note(plain.header, 4, note.split(","))
    assert stated is not None
    assert stated.units == {"minutes"}


@pytest.mark.parametrize("note", OTHER_NOTES)
def test_a_note_states_no_unit_of_the_hours(plain: Drop, note: str) -> None:
    assert stated_in_note(plain.header, 4, note.split(",")) is None


def test_minutes_stated_below_the_rows_are_minutes_and_the_notes_no_records(desk: Desk) -> None:
    drop = load(desk, HEADER, *ROWS, *NOTES_OF_MINUTES[1:])
    assert (minutes(desk), drop.row.rows_quarantined) == ([20, 15], 0)


def test_one_note_is_told(desk: Desk) -> None:
    drop = load(desk, HEADER, *ROWS, NOTES_OF_MINUTES[0])
    told = "服务时长按第 4 行写明的单位（分钟）读取"
    assert (minutes(desk), drop.row.note_zh) == ([20, 15], told)
    assert told in sentences(drop)
    assert desk.query("SELECT remark_zh FROM read_as") == [(told,)]


def test_other_notes_leave_hours_hours(desk: Desk) -> None:
    drop = load(
        desk, f"{HEADER},培训时间", *(f"{one},30" for one in ROWS), *(f"{one}," for one in OTHER_NOTES)
    )
    assert minutes(desk) == [1200, 900]
    assert "写明的单位" not in sentences(drop)


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        *(("合计,,,35分钟", [20, 15]), ("合计(分钟),,,35", [20, 15]), ("合计,,,2100分钟", [1200, 900])),
        *(("合计,,,35小时", [1200, 900]), ("合计(分钟),,,77", [])),
    ],
)
def test_a_total_in_minutes_tells_what_the_rows_are(desk: Desk, total: str, expected: list[int]) -> None:
    drop = load(desk, HEADER, *ROWS, total)
    assert (minutes(desk), drop.row.status) == (expected, "loaded" if expected else "refused")


def test_a_unit_on_every_page_is_told_with_its_first_places(desk: Desk) -> None:
    load(desk, HEADER, *(line for row in (*ROWS, *ROWS) for line in (row, "单位：分钟,,,")))
    assert desk.query("SELECT remark_zh FROM read_as") == [
        ("服务时长按第 3 行、第 5 行、第 7 行等处写明的单位（分钟）读取",)
    ]


def test_a_note_between_the_rows_counts_for_all(desk: Desk) -> None:
    load(desk, HEADER, ROWS[0], "单位：分钟,,,", HEADER, ROWS[1])
    assert minutes(desk) == [20, 15]


@pytest.mark.parametrize(
    ("encoding", "note"), [("gbk", "注：时长单位为分钟,,,"), ("big5", "註：時長單位為分鐘,,,")]
)
def test_a_note_in_another_encoding(desk: Desk, encoding: str, note: str) -> None:
    header = "記錄編號,身份證號,服務日期,服務時長" if encoding == "big5" else HEADER
    load(desk, header, *ROWS, note, encoding=encoding)
    assert minutes(desk) == [20, 15]


@pytest.mark.parametrize(
    ("lines", "places"),
    [
        (["单位：分钟,,,", HEADER, *ROWS, "注：时长单位为小时,,,"], ["第 1 行：分钟", "第 5 行：小时"]),
        (
            [HEADER + "(小时)", *ROWS, "注：时长单位为分钟,,,"],
            ["第 4 行：分钟", "列名“服务时长(小时)”：小时"],
        ),
        (["单位：小时,,,", HEADER + "(小时)", *ROWS, "单位：分钟,,,"], ["第 1 行：小时", "第 5 行：分钟"]),
        ([HEADER, *ROWS, "注：时长以分钟计，折算为小时填报,,,"], ["第 4 行：小时、分钟"]),
        ([HEADER, *ROWS, "单位：万小时,,,"], ["第 4 行：万小时"]),
        ([HEADER, *ROWS, "注：时长以天计,,,"], ["第 4 行：天"]),
        (["单位：千小时,,,", HEADER, *ROWS], ["第 1 行：千小时"]),
    ],
)
def test_places_that_contradict_each_other_are_named(
    tmp_path: Path, lines: list[str], places: list[str]
) -> None:
    with pytest.raises(Refusal) as caught:
        read(tmp_path / "drop.csv", *lines)
    assert all(place in caught.value.text.zh for place in places)


def test_a_note_that_contradicts_the_header_refuses_the_drop(desk: Desk) -> None:
    drop = load(desk, HEADER + "(小时)", *ROWS, "注：时长单位为分钟,,,")
    assert (drop.row.status, minutes(desk)) == ("refused", [])
    assert "第 4 行：分钟；列名“服务时长(小时)”：小时" in sentences(drop)


def test_a_note_that_says_what_the_header_says_changes_nothing(tmp_path: Path) -> None:
    drop = read(tmp_path / "drop.csv", HEADER + "(分钟)", *ROWS, "注：时长单位为分钟,,,")
    assert ("service_minutes" in drop.header.positions, drop.remark) == (True, None)


@pytest.mark.parametrize(
    "name",
    [
        "2021年5月时长_分钟.csv",
        "时长(分钟).csv",
        "时长（分）.csv",
        "2021-05 分钟.csv",
        "時長-以分鐘計.csv",
        "hours_min.csv",
    ],
)
def test_minutes_in_the_name_of_the_file(tmp_path: Path, name: str) -> None:
    drop = read(tmp_path / name, HEADER, *ROWS)
    assert "service_minutes" in drop.header.positions
    assert str(drop.remark).startswith(f"服务时长按名称“{name.removesuffix('.csv')}”写明的单位（分钟）读取")


@pytest.mark.parametrize(
    "name",
    [
        *("5分钟志愿服务队.csv", "每次 30 分钟 服务.csv", "分钟寺街道.csv", "service_hours.csv", "一分钟公益协会时长.csv"),
        *("志愿服务时长（日）.csv", "志愿服务小时.csv", "meeting minutes.csv"),
    ],
)  # fmt: skip
def test_other_names_of_files_state_no_unit(tmp_path: Path, name: str) -> None:
    drop = read(tmp_path / name, HEADER, *ROWS)
    assert ("service_hours" in drop.header.positions, drop.remark) == (True, None)


def test_a_name_that_contradicts_the_header_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        read(tmp_path / "时长_分钟.csv", HEADER + "(小时)", *ROWS)
    assert "名称“时长_分钟”：分钟；列名“服务时长(小时)”：小时" in caught.value.text.zh


def test_minutes_in_the_name_of_a_member(desk: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("5月/时长_分钟.csv", "\n".join([HEADER, *ROWS]))
    desk.load(packed.getvalue(), "5月.zip")
    assert minutes(desk) == [20, 15]


def test_minutes_in_the_name_of_a_sheet(desk: Desk, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "5月.xlsx") as book:
        sheet = book.add_worksheet("时长(分钟)")
        for at, line in enumerate((HEADER, *ROWS)):
            sheet.write_row(at, 0, line.split(","))
    desk.load_path(tmp_path / "5月.xlsx")
    assert minutes(desk) == [20, 15]


def test_a_second_table_says_nothing_of_the_first(desk: Desk) -> None:
    load(desk, HEADER, *ROWS, f"{HEADER}(分钟)", f"R3,{ADA},2021-05-03,120")
    assert minutes(desk) == [1200, 900]


def test_a_note_that_may_be_of_a_second_table_refuses_the_drop(desk: Desk) -> None:
    drop = load(
        desk, HEADER, *ROWS, "表2 培训（单位：分钟）,,,", "活动编号,活动名称,开始时间,", "H1,培训,2021-05-01,"
    )
    assert drop.row.status == "refused"


def write_sheets(path: Path, sheets: dict[str, list[str]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for at, line in enumerate(lines):
                sheet.write_row(at, 0, line.split(","))
    return path


def test_minutes_in_a_sheet_of_instructions(desk: Desk, tmp_path: Path) -> None:
    drop = desk.load_path(
        write_sheets(tmp_path / "5月.xlsx", {"填表说明": ["时长单位：分钟"], "明细": [HEADER, *ROWS]})
    )
    assert minutes(desk) == [20, 15]
    assert "服务时长按工作表“填表说明”写明的单位（分钟）读取" in sentences(drop)


def test_a_sheet_of_figures_speaks_of_its_own(desk: Desk, tmp_path: Path) -> None:
    sheets = {"汇总": ["各区时长（分钟）", "区,总时长", "甲,2100"], "明细": [HEADER, *ROWS]}
    desk.load_path(write_sheets(tmp_path / "5月.xlsx", sheets))
    assert minutes(desk) == [1200, 900]


@pytest.mark.parametrize(
    "lines",
    [
        [f"{HEADER},,注：时长单位为分钟", f"{ROWS[0]},,", f"{ROWS[1]},,"],
        [f"{HEADER},,", f"{ROWS[0]},,单位：分钟", f"{ROWS[1]},,"],
    ],
)
def test_minutes_stated_at_the_side(tmp_path: Path, lines: list[str]) -> None:
    assert "service_minutes" in read(tmp_path / "drop.csv", *lines).header.positions


def test_a_remark_of_one_row_is_not_of_all(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="row 2: hours, minutes"):
        read(tmp_path / "drop.csv", f"{HEADER},备注", f"{ROWS[0]},时长以分钟计", f"{ROWS[1]},")


def test_a_remark_of_something_else_changes_nothing(tmp_path: Path) -> None:
    lines = [f"{HEADER},备注", f"{ROWS[0]},说明：迟到5分钟", f"{ROWS[1]},单位：红十字会"]
    assert read(tmp_path / "drop.csv", *lines).remark is None


def test_a_replay_reads_the_unit_of_the_note_again(desk: Desk) -> None:
    broken = f"R3,{ADA[:-1]},2021-05-03,10"
    drop = load(desk, HEADER, *ROWS, broken, "注：时长单位为分钟,,,")
    row = desk.replay(drop)
    assert (row.rows_quarantined, minutes(desk)) == (1, [20, 15])
