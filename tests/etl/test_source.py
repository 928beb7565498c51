"""Source sheets are read strictly, and a drop's kind is recognised from its header."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from etl.messages import Refusal, WrongCall
from etl.reader import open_drop
from etl.reader.header import find_header
from etl.reader.survey import survey
from etl.source import FOLDER, Source, load_sources, normalise_header, read_sheet, source_named

SHEET = """
name = "visits"
title = { zh = "走访", en = "Visits" }
grain = "one row per visit"
require_one_of = [["visit_id"]]

[columns.visit_id]
type = "text"
aliases = ["走访编号", "visit_id"]
[columns.visited_on]
type = "date"
aliases = ["走访日期", "visited_on"]

[fact]
table = "visits"
day = "visited_on"
key = "visit_id"
[fact.columns]
visited_on = { type = "DATE", value = "visited_on" }
"""


def sheet(tmp_path: Path, text: str = SHEET) -> Path:
    path = tmp_path / "visits.toml"
    path.write_text(text, encoding="utf-8")
    return path


def recognised(tmp_path: Path, *headers: str, wanted: str | None = None) -> str | None:
    """The name of the source a header line is taken for."""
    path = tmp_path / "drop.csv"
    path.write_text(",".join(headers) + "\n" + "," * (len(headers) - 1) + "\n", encoding="utf-8")
    header = find_header(path, survey(path), wanted)
    return header.source.name if header else None


def test_a_right_sheet_is_read(tmp_path: Path) -> None:
    source = read_sheet(sheet(tmp_path))
    assert (source.name, list(source.columns), source.table) == (
        "visits",
        ["visit_id", "visited_on"],
        "visits",
    )


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ('grain = "one', 'grian = "one', r"visits.toml, the sheet: key 'grian' .*did you mean 'grain'\?"),
        ('type = "text"', 'typ = "text"', r"columns.visit_id: key 'typ' .*did you mean 'type'\?"),
        ('type = "date"', 'type = "dat"', r"columns.visited_on: type 'dat' .*did you mean 'date'\?"),
        ('table = "visits"', 'tabel = "visits"', r"fact: key 'tabel' .*did you mean 'table'\?"),
        ('[["visit_id"]]', '[["visit_ids"]]', r"require_one_of names 'visit_ids' .*did you mean 'visit_id'\?"),
        ('"走访日期", ', '"走访日期", " 走访 编号", ', r"header ' 走访 编号' belongs to both visit_id and visited_on"),
        ('aliases = ["走访日期", "visited_on"]', "", r"visits.toml, columns.visited_on: .*'aliases'"),
        ('key = "visit_id"', "", r"visits.toml, fact: .*'key'"),
        ('title = {', 'titel = {', r"did you mean 'title'\?"),
        ('name = "visits"', 'name = "visits', r"visits.toml"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_sheet_is_told_with_its_place(
    tmp_path: Path, right: str, wrong: str, expected: str
) -> None:
    assert right in SHEET
    with pytest.raises(ValueError, match=expected):
        read_sheet(sheet(tmp_path, SHEET.replace(right, wrong, 1)))


def test_every_sheet_of_the_house_is_loaded_under_its_own_name() -> None:
    assert sorted(load_sources()) == sorted(path.stem for path in FOLDER.glob("*.toml"))
    assert {"registrations", "service_hours", "activities"} <= set(load_sources())


def test_an_unknown_source_is_a_wrong_call_with_the_nearest_name() -> None:
    with pytest.raises(WrongCall, match=r"'service_hour' \(did you mean 'service_hours'\?\)"):
        source_named("service_hour")


@pytest.mark.parametrize(
    "written",
    [
        *(
            "服务时长(分钟)",
            "服务时长（分钟）",
            " 服务 时长 (分钟) ",
            "\ufeff服务时长(分钟)",
            "服务时长(分钟)*",
        ),
        *('"服务时长(分钟)"', "服务时长\u3000(分钟)", "服务时长\n(分钟)"),
    ],
)
def test_a_header_is_compared_without_width_spaces_quotes_stars_and_marks(written: str) -> None:
    assert normalise_header(written) == "服务时长(分钟)"
    assert load_sources()["service_hours"].recognise([written]) == {"service_minutes": 0}


@pytest.mark.parametrize("written", ["ID_Number", "ＩＤ＿ＮＵＭＢＥＲ", "Id Number", "id_no"])
def test_english_headers_are_compared_without_case_and_width(written: str) -> None:
    assert load_sources()["registrations"].recognise([written]) == {"id_number": 0}


@pytest.mark.parametrize("name", ["registrations", "service_hours", "activities"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("seed", range(4))
def test_the_kind_of_drop_is_recognised_in_both_languages_in_any_order(
    tmp_path: Path, name: str, language: str, seed: int
) -> None:
    source = load_sources()[name]
    headers = written_in(source, language)
    random.Random(seed).shuffle(headers)
    assert recognised(tmp_path, *headers) == name


def written_in(source: Source, language: str) -> list[str]:
    """One alias of each column, in Chinese or English."""
    return [
        next(alias for alias in column.aliases if alias.isascii() == (language == "en"))
        for column in source.columns.values()
    ]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["身份证号", "注册日期"], "registrations"),
        (["志愿者编号", "姓名", "注册时间", "来源平台"], "registrations"),
        (["身份证号", "服务日期", "服务时长"], "service_hours"),
        (["志愿者编号", "开始时间", "结束时间", "服务时长(分钟)", "来源平台"], "service_hours"),
        (["活动编号", "开始时间"], "activities"),
        (["activity_id", "title", "start_date", "status"], "activities"),
    ],
)
def test_the_fewest_columns_that_make_a_drop_are_enough(
    tmp_path: Path, headers: list[str], expected: str
) -> None:
    assert recognised(tmp_path, *headers) == expected


@pytest.mark.parametrize("order", [1, -1])
def test_hours_with_the_columns_of_their_activity_are_not_taken_for_activities(
    tmp_path: Path, order: int
) -> None:
    headers = [
        "活动编号",
        "活动名称",
        "主办组织",
        "服务类别",
        "活动日期",
        "开始时间",
        "结束时间",
        "所属区县",
        "状态",
    ]
    assert recognised(tmp_path, *[*headers, "身份证号", "服务时长"][::order]) == "service_hours"


@pytest.mark.parametrize(
    "headers",
    [
        ["身份证号", "活动编号", "开始时间", "结束时间", "时长数"],
        ["身份证号", "姓名", "活动编号", "活动名称", "所属区县", "开始时间", "状态", "累计"],
        ["volunteer_number", "activity_id", "start_at", "how long"],
    ],
)
def test_a_list_of_people_is_never_taken_for_activities_because_its_hours_have_an_unknown_name(
    tmp_path: Path, headers: list[str]
) -> None:
    """Loaded as activities, thousands of records would become a few activities without a word."""
    assert recognised(tmp_path, *headers) == "service_hours"


def test_registrations_that_tell_total_hours_are_not_taken_for_hours(tmp_path: Path) -> None:
    headers = ["身份证号", "姓名", "注册日期", "服务时长", "审核状态", "来源平台"]
    assert recognised(tmp_path, *headers) == "registrations"


def test_a_forced_source_is_taken_even_if_another_fits_better(tmp_path: Path) -> None:
    headers = ["身份证号", "活动编号", "开始时间", "服务时长"]
    assert recognised(tmp_path, *headers) == "service_hours"
    assert recognised(tmp_path, *headers, wanted="activities") == "activities"


def test_the_first_of_two_columns_of_one_name_is_read_and_the_other_noted(tmp_path: Path) -> None:
    path = tmp_path / "drop.csv"
    path.write_text("身份证号,注册日期,注册时间\n,,\n", encoding="utf-8")
    header = find_header(path, survey(path), None)
    assert header is not None
    assert (header.positions, header.unknown_places) == ({"id_number": 0, "registered_on": 1}, [2])


def test_the_very_same_header_twice_is_refused_with_both_columns(tmp_path: Path) -> None:
    path = tmp_path / "drop.csv"
    path.write_text("身份证号,注册日期,身份证号\n,,\n", encoding="utf-8")
    with pytest.raises(Refusal, match="columns A and C have the same header"):
        open_drop(path)
