"""Declared repairs: what is repaired, what is refused, and the guard that notices a mended file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from etl import corrections
from etl.corrections import Correction
from etl.ledger import LedgerRow
from etl.messages import Refusal, WrongCall
from etl.reader import Drop, open_drop
from etl.reader.lines import Counts
from metrics.paths import ROOT
from tests.commands import run
from tests.etl.desk import ADA, BEA, CAI, DAN, HOURS, Desk, text

DIGEST = "0123456789ab"
ROWS = [
    f"R1,{ADA},2021-05-01,2,火星区",
    f"R2,{BEA},2021-05-02,300,路南区",
    f"R3,{CAI},2021-05-03,3, 火星区 ",
    f"R4,{DAN},2021-05-04",
    f"R5,{ADA},2021-05-05,300,路北区",
]
BY_VALUE = """
[[correction]]
id = "luanzhou"
why = "系统里的旧名"
who = "市文明办 李科长"
when = 2021-06-03
drop = { file_name = "5月*.csv", source = "service_hours" }
rows = { column = "服务地区", value = "火星区" }
set = { column = "服务地区", value = "滦州市" }
expect = { rows = 2 }
"""
BY_NUMBER = """
[[correction]]
id = "minutes-as-hours"
why = "两行把分钟填成了小时"
who = "王科长"
when = 2021-06-03
drop = { supplier = "志愿汇", source = "service_hours" }
rows = { numbers = [3, 6] }
set = { column = "service_hours", value = "5" }
expect = { rows = 2, value = "300" }
"""
LEFT_OUT = """
[[correction]]
id = "test-rows"
why = "测试数据"
who = "王科长"
when = 2021-06-03
drop = { sha256 = "DIGEST" }
rows = { numbers = ["4-5"] }
leave_out = true
expect = { rows = 2, column = "记录编号", value = "R3" }
"""


def declare(home: Path, *texts: str, name: str = "2021.toml") -> Path:
    path = home / "corrections" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def row_of(**changed: Any) -> LedgerRow:
    values: dict[str, Any] = {"drop_id": 7, "source": None, "file_name": "5月.csv", "sha256": "", "bytes": 1}
    return LedgerRow(**values | {"supplier": "志愿汇"} | changed)


class Bench:
    """A drop of hours with its rows as the careful path gives them, and corrections declared for it."""

    def __init__(self, desk: Desk, rows: list[str], *texts: str) -> None:
        self.connection = desk.connection
        self.drop: Drop = open_drop(desk.put(text(HOURS, *rows), "5月.csv"))
        digest = self.drop.survey.sha256[:12]
        declare(desk.home, *(one.replace("DIGEST", digest) for one in texts))
        self.corrections = corrections.concerning(corrections.declared(desk.home), self.drop, row_of())
        corrections.create_tables(self.connection)
        self.batches = list(self.drop.batches(Counts()))
        self.connection.register("received", pa.Table.from_batches(self.batches))

    def corrected(self) -> list[tuple[Any, ...]]:
        sql = corrections.relation("SELECT * FROM received", self.drop, self.corrections)
        return self.connection.execute(
            f"SELECT row_no, shape, shape_detail, c0, c3, c4 FROM ({sql}) ORDER BY row_no"
        ).fetchall()

    def verify(self) -> list[tuple[str, int]]:
        found = corrections.verify(self.connection, "SELECT * FROM received", self.drop, self.corrections)
        return [(one.correction.id, one.rows) for one in found]


def test_rows_chosen_by_value_and_by_number_are_repaired_and_the_others_are_as_received(desk: Desk) -> None:
    bench = Bench(desk, ROWS, BY_VALUE, BY_NUMBER)
    assert bench.verify() == [("luanzhou", 2), ("minutes-as-hours", 2)]
    assert bench.corrected() == [
        (2, None, None, "R1", "2", "滦州市"),
        (3, None, None, "R2", "5", "路南区"),
        (4, None, None, "R3", "3", "滦州市"),
        (5, "too_few", "3", "R4", None, None),
        (6, None, None, "R5", "5", "路北区"),
    ]


def test_rows_left_out_are_of_a_shape_of_their_own_whatever_they_were(desk: Desk) -> None:
    bench = Bench(
        desk,
        ROWS,
        LEFT_OUT.replace(', column = "记录编号", value = "R3"', ', column = "记录编号", value = "R3"'),
    )
    with pytest.raises(Refusal, match="row 5: expected 记录编号 to be 'R3', found"):
        bench.verify()
    assert [row[:3] for row in bench.corrected()] == [
        (2, None, None),
        (3, None, None),
        (4, "left_out", "test-rows"),
        (5, "left_out", "test-rows"),
        (6, None, None),
    ]


def test_no_correction_changes_nothing(desk: Desk) -> None:
    bench = Bench(desk, ROWS)
    assert corrections.relation("SELECT 1", bench.drop, []) == "SELECT 1"
    assert bench.verify() == []


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (ROWS[1:], "expected 2 rows, found 1"),
        ([*ROWS, f"R6,{BEA},2021-05-06,1,火星区"], "expected 2 rows, found 3"),
        ([row.replace("火星区", "滦州市") for row in ROWS], "expected 2 rows, found 0"),
    ],
)
def test_a_file_that_no_longer_has_the_rows_is_refused_naming_the_correction(
    desk: Desk, rows: list[str], sentence: str
) -> None:
    with pytest.raises(Refusal) as refused:
        Bench(desk, rows, BY_VALUE).verify()
    told = refused.value.text
    assert f"5月.csv: correction 'luanzhou' (2021.toml) does not fit the file: {sentence}." in told.en
    assert "更正“luanzhou”（2021.toml）与文件不符：应有 2 行" in told.zh


def test_a_row_that_says_something_else_is_refused_with_its_number_and_the_value_masked(desk: Desk) -> None:
    rows = [row.replace(",300,路北区", f",{BEA},路北区") for row in ROWS]
    with pytest.raises(Refusal) as refused:
        Bench(desk, rows, BY_NUMBER).verify()
    assert "row 6: expected service_hours to be '300', found '9****************" in refused.value.text.en
    assert BEA not in str(refused.value.text)


def test_the_number_of_rows_may_be_a_range(desk: Desk) -> None:
    least = BY_VALUE.replace("rows = 2 }", "rows_least = 2 }")
    assert Bench(desk, ROWS, least).verify() == [("luanzhou", 2)]
    with pytest.raises(Refusal, match="expected 3–9 rows, found 2"):
        Bench(desk, ROWS, BY_VALUE.replace("rows = 2 }", "rows_least = 3, rows_most = 9 }")).verify()


def test_a_guard_counts_over_blocks(desk: Desk) -> None:
    bench = Bench(desk, ROWS, BY_VALUE)
    guard = corrections.Guard(bench.drop, bench.corrections)
    for row_no in range(2, 7):
        guard.look(bench.connection, f"SELECT * FROM received WHERE row_no = {row_no}")
    assert [one.rows for one in guard.require()] == [2]


def test_two_corrections_of_one_cell_are_refused(desk: Desk) -> None:
    second = BY_VALUE.replace('"luanzhou"', '"again"').replace('"滦州市"', '"路北区"')
    with pytest.raises(
        Refusal, match=r"row 2: two corrections would change it in the same place \(of luanzhou, again\)"
    ):
        Bench(desk, ROWS, BY_VALUE, second).verify()
    left_out = LEFT_OUT.replace('"4-5"', "2").replace("rows = 2", "rows = 1").replace("R3", "R1")
    with pytest.raises(Refusal, match="row 2: two corrections would change it in the same place"):
        Bench(desk, ROWS, BY_VALUE, left_out).verify()


def test_a_column_the_file_does_not_have_is_told(desk: Desk) -> None:
    other = BY_VALUE.replace(
        'set = { column = "服务地区", value = "滦州市" }', 'set = { column = "审核状态", value = "通过" }'
    )
    with pytest.raises(Refusal, match="the file has no column 审核状态"):
        Bench(desk, ROWS, other).verify()


@pytest.mark.parametrize(
    ("said", "changed", "concerned"),
    [
        ('file_name = "5月*"', {}, True),
        ('file_name = "5月*"', {"file_name": "6月.csv"}, False),
        ('file_name = "5月*", supplier = "志愿汇"', {}, True),
        ('file_name = "5月*", supplier = "别的"', {}, False),
        ('file_name = "5月*", source = "activities"', {}, False),
        ('supplier = "志愿汇", source = "service_hours"', {}, True),
        ('supplier = "志愿汇", source = "service_hours"', {"supplier": None}, False),
        (f'sha256 = "{DIGEST}"', {"sha256": DIGEST + "f" * 52}, True),
        (f'sha256 = "{DIGEST}"', {"sha256": "f" * 64}, False),
    ],
)  # fmt: skip
def test_a_correction_concerns_the_drops_its_description_fits(
    desk: Desk, said: str, changed: dict[str, Any], concerned: bool
) -> None:
    drop = open_drop(desk.put(text(HOURS, *ROWS)))
    declare(desk.home, BY_VALUE.replace('file_name = "5月*.csv", source = "service_hours"', said))
    found = corrections.concerning(corrections.declared(desk.home), drop, row_of(**changed))
    assert bool(found) is concerned


@pytest.mark.parametrize(
    ("done", "expect", "missing"),
    [
        ("leave_out = true", "{ rows = 1 }", "need column, value too"),
        ("leave_out = true", '{ rows = 1, value = "火星区" }', "need column too"),
        ("leave_out = true", '{ rows = 1, column = "服务地区" }', "need value too"),
        ("leave_out = true", "{}", "need rows, column, value too"),
        ('set = { column = "服务地区", value = "滦州市" }', "{ rows_least = 1 }", "need value too"),
    ],
)
def test_all_that_rows_chosen_by_number_lack_is_told_at_once(
    tmp_path: Path, done: str, expect: str, missing: str
) -> None:
    by_number = BY_VALUE.replace(
        'rows = { column = "服务地区", value = "火星区" }', "rows = { numbers = [5] }"
    )
    by_number = by_number.replace('set = { column = "服务地区", value = "滦州市" }', done)
    declare(tmp_path, by_number.replace("{ rows = 2 }", expect))
    with pytest.raises(WrongCall) as wrong:
        corrections.declared(tmp_path)
    assert missing in wrong.value.text.en
    assert 'column = "服务' in wrong.value.text.zh, "an example to copy"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("why = ", "wy = ", "key 'wy' is not known (did you mean 'why'?)"),
        ("expect = { rows", "expect = { row", "key 'row' is not known (did you mean 'rows'?)"),
        ('who = "市文明办 李科长"\n', "", "the key 'who' is missing"),
        ("when = 2021-06-03", 'when = "明天"', "when: expected a day such as 2021-06-03"),
        ('id = "luanzhou"', "id = 3", "id: expected a text"),
        ('id = "luanzhou"', 'id = "a b"', "id: expected letters, digits, - and ."),
        ("expect = { rows = 2 }", "expect = { rows = 0 }", "expect: expected rows (how many)"),
        ("expect = { rows = 2 }", "expect = {}", "expect: expected rows (how many)"),
        ("expect = { rows = 2 }", "expect = 2", "expected a table of keys and values"),
        ("[[correction]]", "[correction]", "each correction begins with [[correction]]"),
        ("[[correction]]", "[[corection]]", "key 'corection' is not known (did you mean 'correction'?)"),
        ("[[correction]]", "[[correction]", "not valid TOML"),
        ('file_name = "5月*.csv", ', "", "drop: expected sha256, file_name, or supplier and source"),
        ('"5月*.csv"', "5", "drop.file_name: expected a text"),
        ('file_name = "5月*.csv"', 'sha256 = "abc"', "sha256: expected at least its first 12 digits"),
        ('"service_hours"', '"service_hour"', "no source 'service_hour' (did you mean 'service_hours'?)"),
        ('set = { column = "服务地区", value = "滦州市" }', "leave_out = false", "expected one of set and"),
        ('set = {', 'leave_out = true\nset = {', "expected one of set and leave_out"),
        ('rows = { column = "服务地区", value = "火星区" }', "rows = {}", "rows: expected numbers, or column"),
        ('rows = { column = "服务地区", value = "火星区" }', "rows = { numbers = [1] }", "row numbers: expected"),
        ('rows = { column = "服务地区", value = "火星区" }', 'rows = { numbers = ["9-7"] }', "row numbers: expected"),
        ('rows = { column = "服务地区", value = "火星区" }', "rows = { numbers = [7, 7] }", "row 7 is named twice"),
        ('rows = { column = "服务地区", value = "火星区" }', "rows = { numbers = [7] }", "rows chosen by number need value"),
        ('rows = { column = "服务地区"', 'rows = { column = "服务地方"', "'服务地方' (did you mean '服务地区'?)"),
        ('set = { column = "服务地区"', 'set = { column = "身份证号"', "set is about who somebody is"),
        ('set = { column = "服务地区"', 'set = { column = "姓名"', "set is about who somebody is"),
        ('set = { column = "服务地区"', 'set = { column = "volunteer_number"', "set is about who somebody is"),
        ('rows = { column = "服务地区"', 'rows = { column = "id_number"', "rows is about who somebody is"),
        ('value = "滦州市"', f'value = "{ADA}"', "set is about who somebody is"),
        ('value = "滦州市"', "value = 5", "set: expected column and value, as texts"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_declaration_is_named_in_both_languages(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    assert old in BY_VALUE
    declare(tmp_path, BY_VALUE.replace(old, new, 1))
    with pytest.raises(WrongCall) as wrong:
        corrections.declared(tmp_path)
    assert sentence in wrong.value.text.en
    assert wrong.value.text.en.startswith("Correction file 2021.toml")
    assert wrong.value.text.zh.startswith("更正文件 2021.toml")
    assert ADA not in str(wrong.value.text)


def test_the_example_in_the_steward_s_page_is_read(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "steward.md").read_text(encoding="utf-8")
    declare(tmp_path, page.split("```toml\n")[1].split("```")[0])
    (one,) = corrections.declared(tmp_path)
    assert one.what.zh == "“服务地区”为“滦县区”的行：“服务地区”改为“滦州市”"


def test_an_id_is_used_once_in_all_files(tmp_path: Path) -> None:
    declare(tmp_path, BY_VALUE, name="a.toml")
    declare(tmp_path, BY_VALUE, name="b.toml")
    with pytest.raises(
        WrongCall, match=r"Correction file b.toml, correction 'luanzhou': the id is also in a.toml"
    ):
        corrections.declared(tmp_path)


def test_what_is_done_is_said_and_entered_once_with_phones_starred(desk: Desk) -> None:
    told = BY_VALUE.replace("市文明办 李科长", "李科长 13987650421")
    bench = Bench(desk, ROWS, told, BY_NUMBER)
    applied = corrections.verify(bench.connection, "SELECT * FROM received", bench.drop, bench.corrections)
    for _ in range(2):
        corrections.enter(bench.connection, 7, applied)
    assert desk.query("SELECT * FROM corrections_applied ORDER BY correction_id") == [
        ("luanzhou", 7, 2, "“服务地区”为“火星区”的行：“服务地区”改为“滦州市”",
         "rows whose 服务地区 is '火星区': 服务地区 set to '滦州市'", "系统里的旧名", "李科长 ***********", "2021.toml"),
        ("minutes-as-hours", 7, 2, "第 3、6 行：“service_hours”改为“5”", "rows 3, 6: service_hours set to '5'",
         "两行把分钟填成了小时", "王科长", "2021.toml"),
    ]  # fmt: skip


def test_the_command_lists_what_is_declared(tmp_path: Path) -> None:
    declare(tmp_path, BY_VALUE, BY_NUMBER)
    told = run("etl", "corrections", home=tmp_path).require().out
    assert "luanzhou" in told
    assert "“服务地区”为“火星区”的行：“服务地区”改为“滦州市”" in told
    assert "系统里的旧名" in told
    first, second = run("etl", "corrections", "--json", home=tmp_path).require().json()["corrections"]
    assert (first["id"], first["file"], first["applied"]) == ("luanzhou", "2021.toml", [])
    assert second["when"] == "2021-06-03"
    assert second["expect"] == {"rows_least": 2, "rows_most": 2, "column": "service_hours", "value": "300"}


def test_the_command_says_when_nothing_is_declared_and_makes_no_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    result = run("etl", "corrections", home=home).require()
    assert "No correction is declared" in result.err
    assert not home.exists()


def test_the_command_names_a_mistake(tmp_path: Path) -> None:
    declare(tmp_path, BY_VALUE.replace("why", "wy"))
    assert "did you mean 'why'?" in run("etl", "corrections", home=tmp_path).require(2).err


def test_a_correction_as_listed_is_what_was_declared(tmp_path: Path) -> None:
    declare(tmp_path, LEFT_OUT.replace("DIGEST", DIGEST))
    (one,) = corrections.declared(tmp_path)
    assert isinstance(one, Correction)
    assert (one.spans, one.set, one.expected_rows) == (((4, 5),), None, (2, 2))
    assert one.what.zh == "第 4–5 行：剔除"
    assert one.what.en == "rows 4–5: left out"


def test_rows_accepted_before_are_corrected_by_withdrawing_and_loading_again(desk: Desk) -> None:
    content = text(HOURS, f"R1,{ADA},2021-05-01,2,路南区")
    declare(
        desk.home,
        BY_VALUE.replace("火星区", "路南区").replace("滦州市", "路北区").replace("rows = 2 }", "rows = 1 }"),
    )
    first = desk.load(content, "5月.csv")
    repairs = tuple(corrections.declared(desk.home))
    assert desk.load(content, "5月.csv", repairs=repairs).repeated
    desk.withdraw(first)
    again = desk.load(content, "5月.csv", repairs=repairs)
    assert (again.repeated, again.row.status) == (False, "loaded")
    assert desk.query("SELECT area_code FROM current_service_records") == [("130203",)]
    desk.withdraw(again)
    assert desk.load(content, "5月.csv", repairs=repairs).repeated
