"""What a supplier is sent: complete, masked, in their words, and the same each time."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import pytest
from python_calamine import CalamineWorkbook

from etl import receipts
from etl.advice import advice, load_advice
from etl.checks import load_checks, load_flags
from etl.ledger import LedgerRow
from etl.receipts import workbook as workbook_room
from etl.receipts.page import folded
from tests.commands import run
from tests.etl.desk import ADA, BEA, CAI, HOURS, REGISTER, TANGSHAN, Desk, sentences, text

ODD = f"{BEA[:-1]}{'0' if BEA[-1] != '0' else '1'}"
ROWS = [
    f"R1,{ADA},2021-05-01,2,路南区",
    f"R2,{BEA},2021-05-02,-25,路南区",
    f"R3,{CAI},2021-05-03,2,=1+1",
    f"R4,{ODD},2021-05-04,2,路南区",
    "R5,1",
    f"R6,{ADA},2021-05-06,欧阳修远,路南区",
]


def read_sheets(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    book = CalamineWorkbook.from_path(path)
    return {
        name: [tuple(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names
    }


def summary_of(path: Path) -> dict[str, Any]:
    """The first sheet as label → what stands beside it."""
    return {str(row[0]).strip(): row[1] for row in read_sheets(path)["回执"] if row[0]}


def rows_of(path: Path) -> list[dict[str, Any]]:
    header, *rows = read_sheets(path)["需要修改的行"]
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def write(desk: Desk, row: LedgerRow) -> tuple[Path, str]:
    """The workbook and the page of a drop's receipt."""
    book, page = receipts.write(desk.connection, desk.home, row)
    return book, page.read_text(encoding="utf-8-sig")


def test_every_reason_is_told_with_row_column_masked_value_and_what_to_do(desk: Desk) -> None:
    drop = desk.load(text(HOURS, *ROWS), "5月 时长.csv", supplier="志愿汇")
    book, _ = write(desk, drop.row)
    assert book.name == "1-5月_时长.xlsx"
    found = rows_of(book)
    assert [(row["行号"], row["检查项"], row["原值（已打码）"]) for row in found] == [
        (3, "hours_not_negative", -25),
        (4, "area_known", "=***(4)"),
        (5, "id_number_valid", f"9****************{ODD[-1]}(18)"),
        (6, "fields_too_few", 2),
        (7, "value_readable", "欧***(4)"),
    ]
    assert [row["怎么改"] for row in found] == [advice(row["检查项"]).fix.zh for row in found]
    assert found[1]["原因"].startswith("地区“=***(4)”无法识别")
    assert found[3]["列"] == "整行"


def test_what_looks_like_a_formula_is_text_and_a_negative_number_a_number(desk: Desk) -> None:
    drop = desk.load(text(HOURS, *ROWS), "=cmd.csv", supplier="@SUM(A1)")
    book, _ = write(desk, drop.row)
    with zipfile.ZipFile(book) as package:
        sheets = [package.read(name).decode() for name in package.namelist() if "/sheet" in name]
    assert len(sheets) == 2
    assert not any("<f>" in sheet for sheet in sheets)
    assert "<v>-25</v>" in sheets[1]
    assert re.search(r't="inlineStr"><is><t>=cmd\.csv', sheets[0])
    assert re.search(r't="inlineStr"><is><t>@SUM\(A1\)', sheets[0])
    assert 'state="frozen"' in sheets[1]


def test_the_counts_add_up_and_are_those_of_the_ledger(desk: Desk) -> None:
    drop = desk.load(text(HOURS, *ROWS, "合计,,,4,", ",,,,"), supplier="志愿汇")
    book, page = write(desk, drop.row)
    said = summary_of(book)
    assert said["读取"] == said["接受"] + said["与以往相同（未变）"] + said["隔离（需要修改）"] == 6
    assert said["空行（不计入读取）"] == 1
    assert said["合计行（不是数据，不计入读取）"] == 1
    assert said["报送单位"] == "志愿汇"
    assert said["地区"] == "唐山市（130200）"
    assert said["处理结果"] == "部分接收（6 行中有 5 行未采纳）"
    assert said["身份证号有误"] == 1
    assert "  隔离（需要修改） 5\n" in page
    assert "2021-05-01 至 2021-05-01" in page


def test_columns_are_called_as_in_the_file_once_its_headers_are_kept(desk: Desk) -> None:
    from etl.reader import open_drop

    header = HOURS.replace("服务时长", " 时长（小时） ")
    path = desk.put(text(header, *ROWS))
    drop = desk.load_path(path)
    receipts.create_tables(desk.connection)
    for _ in range(2):
        receipts.keep_headers(desk.connection, drop.row.drop_id, open_drop(path))
    book, page = write(desk, drop.row)
    assert rows_of(book)[0]["列"] == "时长（小时）（D 列）"
    assert "时长是负数，列“时长（小时）（D 列）”：1 行（第 3 行）" in page


def test_a_good_drop_is_told_that_nothing_is_to_be_done(desk: Desk) -> None:
    drop = desk.load(text(HOURS, ROWS[0]))
    book, page = write(desk, drop.row)
    assert list(read_sheets(book)) == ["回执"]
    assert "所有行都已接收，不需要再做什么。" in page
    assert "逐行清单" not in page


def test_a_refused_drop_is_told_why_and_to_send_it_again(desk: Desk) -> None:
    drop = desk.load("今天天气很好\n", "问候.csv")
    book, page = write(desk, drop.row)
    told = page.replace("\n  ", "")
    assert "整个文件没有接收" in told
    assert "没有任何可识别的列名" in told
    assert "重新报送整个文件" in told
    assert summary_of(book)["处理结果"] == "已拒收"


def test_a_held_drop_is_told_why_and_what_would_let_it_pass(desk: Desk) -> None:
    row = LedgerRow(3, "service_hours", "6月.csv", "", 1, rows_read=900, status="held", note_zh="行数增加")
    _, page = write(desk, row)
    assert "处理结果：暂缓" in page
    assert "原因：行数增加" in page
    assert "由数据员放行" in page
    assert "接受" not in page


def test_a_withdrawn_drop_is_told_so(desk: Desk) -> None:
    drop = desk.load(text(HOURS, ROWS[0]))
    desk.withdraw(drop)
    _, page = write(desk, desk.row(drop))
    assert "这次报送已撤回，不计入任何统计。" in page
    assert "原因：测试" in page


def test_flags_and_corrections_are_told(desk: Desk) -> None:
    from etl import corrections, flag

    drop = desk.load(text(HOURS, ROWS[0]))
    flag.create_tables(desk.connection)
    corrections.create_tables(desk.connection)
    desk.connection.execute(
        f"INSERT INTO flags VALUES ('over_24_hours_a_day', {drop.row.drop_id}, 2, DATE '2021-05-01', '130202')"
    )
    desk.connection.execute(
        f"INSERT INTO corrections_applied VALUES ('x', {drop.row.drop_id}, 3, '第 4 行：剔除', '', '测试数据', '', '')"
    )
    book, page = write(desk, drop.row)
    assert "请核对（已计入统计）" in page
    assert "同一人当天的各条记录合计超过 24 小时：1 行" in page
    assert "第 4 行：剔除，3 行；缘由：测试数据" in page
    assert ("", "第 4 行：剔除", 3, "测试数据") in read_sheets(book)["回执"]


def test_no_personal_data_is_in_a_receipt(desk: Desk) -> None:
    drop = desk.load(text(HOURS, *ROWS), f"张三 13987650421 {ADA}.csv", supplier="13987650421")
    paths = receipts.write(desk.connection, desk.home, drop.row)
    content = "".join(path.name for path in paths) + paths[1].read_text(encoding="utf-8-sig")
    with zipfile.ZipFile(paths[0]) as package:
        content += "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    for secret in (ADA, BEA, ODD, "13987650421", "欧阳修远"):
        assert secret not in content


def test_the_same_receipt_has_the_same_bytes(desk: Desk) -> None:
    drop = desk.load(text(HOURS, *ROWS))
    first = [path.read_bytes() for path in receipts.write(desk.connection, desk.home, drop.row)]
    again = [path.read_bytes() for path in receipts.write(desk.connection, desk.home, drop.row)]
    assert first == again
    with zipfile.ZipFile(desk.home / "receipts" / "1-01.xlsx") as package:
        assert {member.date_time[:3] for member in package.infolist()} <= {(1980, 1, 1), (1980, 1, 31)}
    assert sorted(path.suffix for path in (desk.home / "receipts").iterdir()) == [".txt", ".xlsx"]


def test_the_page_has_sixty_narrow_lines_however_much_there_is_to_tell(desk: Desk) -> None:
    drop = desk.load(text(HOURS, *ROWS))
    desk.connection.execute(
        f"""INSERT INTO quarantine SELECT {drop.row.drop_id}, 2 + i, c, 'service_hours', '9', '很长的原因', 'why'
            FROM range(50) r(i), unnest({sorted(load_checks())}) u(c)"""
    )
    book, page = write(desk, drop.row)
    lines = page.splitlines()
    assert 50 < len(lines) <= 60
    assert "  其余见表格。" in lines
    assert f"逐行清单见表格：{book.name}" in page
    assert max(sum(2 if east_asian_width(one) in "WF" else 1 for one in line) for line in lines) <= 78
    assert "（第 2、3、4、5、6、7、8、9、10、11、12、13 行……）" in page.replace("\n     ", "")


def test_a_huge_quarantine_is_capped_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_room, "MOST_LINES", 3)
    drop = desk.load(text(HOURS, *ROWS))
    book, _ = write(desk, drop.row)
    assert len(rows_of(book)) == 3
    assert any("共 5 处，表中只列前 3 处" in str(row[1]) for row in read_sheets(book)["回执"])


def test_a_receipt_that_cannot_be_written_is_told_and_does_not_stop_the_next(desk: Desk) -> None:
    rows = [desk.load(text(HOURS, ROWS[place])).row for place in (0, 1)]
    (desk.home / "receipts" / ".1-01.txt.tmp").mkdir(parents=True)
    told: list[Any] = []
    written = receipts.write_each(desk.connection, desk.home, rows, told.append)
    assert [path.name for path in written] == ["2-02.xlsx", "2-02.txt"]
    (sentence,) = told
    assert "python -m etl receipt 1 writes it later" in sentence.en
    assert "第 1 号报送的回执无法写出" in sentence.zh


@pytest.mark.parametrize(
    ("file_name", "part", "expected"),
    [
        ("a.csv", "", "7-a"),
        ("时长.xlsx", "5月/路南", "7-时长-5月_路南"),
        ('x:<>|"?*y.csv', "", "7-x_y"),
        ("***.csv", "", "7"),
        ("长" * 100 + ".csv", "", "7-" + "长" * 60),
    ],
)
def test_a_receipt_is_named_so_that_every_system_takes_the_name(
    file_name: str, part: str, expected: str
) -> None:
    row = LedgerRow(7, None, file_name, "", 1, part=part, loaded_at=datetime(2021, 1, 1))
    assert receipts.stem(row) == expected


def test_a_line_is_folded_by_what_is_seen_and_none_begins_with_a_comma() -> None:
    assert folded("字" * 38 + "，尾", 2) == ["字" * 38 + "，", "  尾"]
    assert folded("a" * 76, 2) == ["a" * 76]


@pytest.mark.parametrize("check", sorted({*load_checks(), *load_flags()}))
def test_every_check_tells_the_supplier_what_to_do(check: str) -> None:
    assert check in load_advice(), f"etl/checks/advice.toml has no table for {check}"
    told = load_advice()[check]
    assert told.fix.zh.endswith("。")
    assert told.fix.en.endswith(".")
    assert told.title.zh
    assert told.title.en


def test_no_advice_is_about_a_check_that_is_not_there() -> None:
    assert set(load_advice()) <= {*load_checks(), *load_flags()}


def test_a_mistake_in_the_advice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "advice.toml"
    path.write_text('[x]\ntitle_zh = "一"\ntitle_en = "one"\nfix_zh = "改。"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="x: key 'fix_en' is missing"):
        load_advice(path)
    assert advice("a_check_that_is_gone").title.zh == "a_check_that_is_gone"


def test_the_command_writes_the_receipts_of_one_drop_or_all(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for name, area in (("1.csv", "路南区"), ("2.csv", "火星区")):
        path = tmp_path / TANGSHAN / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text(REGISTER, f"{ADA},某某,{area},2021-01-01,正常"), encoding="utf-8")
    run("etl", "load", tmp_path / TANGSHAN, home=home).require(1)  # of the second file not one row is in
    told = run("etl", "receipt", 2, home=home).require()
    assert [Path(line).name for line in told.out.splitlines()] == ["2-2.xlsx", "2-2.txt"]
    assert all(Path(line).exists() for line in told.out.splitlines())
    assert len(run("etl", "receipt", "--all", home=home).require().out.splitlines()) == 4
    assert "There is no drop 9" in run("etl", "receipt", 9, home=home).require(2).err
    assert "Say the number of a drop, or --all." in run("etl", "receipt", home=home).require(2).err


def test_a_drop_without_a_usable_row_is_not_simply_received(desk: Desk) -> None:
    drop = desk.load(text(HOURS, *(f"R{row},{ADA},2021-05-01,x,路南区" for row in range(8))))
    told = sentences(drop)
    assert "处理结果：未采纳任何一行，请按以下原因改正后重报。" in told
    assert "result: not one row was taken" in told
    book, page = write(desk, drop.row)
    assert summary_of(book)["处理结果"] == "未采纳任何一行"
    assert "没有任何一行计入统计" in page
    assert "重新报送整个文件" in page


@pytest.mark.parametrize(("bad", "said"), [(4, "部分接收（8 行中有 4 行未采纳）"), (3, "已接收")])
def test_half_of_the_rows_is_received_in_part(desk: Desk, bad: int, said: str) -> None:
    rows = [f"R{row},{ADA},2021-05-0{row + 1},{'x' if row < bad else 2},路南区" for row in range(8)]
    book, _ = write(desk, desk.load(text(HOURS, *rows)).row)
    assert summary_of(book)["处理结果"] == said


def test_names_in_the_column_of_id_numbers_are_told_to_be_no_numbers(desk: Desk) -> None:
    drop = desk.load(text(REGISTER, *(f"欧阳修远,{ADA},路南区,2021-05-0{day},正常" for day in range(1, 5))))
    book, page = write(desk, drop.row)
    found = rows_of(book)
    assert {row["检查项"] for row in found} == {"id_number_valid"}
    assert all("没有数字，不是号码" in row["原因"] and "错了列" in row["怎么改"] for row in found)
    assert "1.30202E+17" not in page
    assert "欧阳修远" not in page + sentences(drop)
    assert found[0]["原值（已打码）"] == "欧***(4)"


@pytest.mark.parametrize("column", ["服务日期", "服务时长", "服务地区"])
def test_an_id_number_in_another_column_is_told_as_such_and_masked(desk: Desk, column: str) -> None:
    good = {
        "记录编号": "R1",
        "身份证号": ADA,
        "服务日期": "2021-05-01",
        "服务时长": "2",
        "服务地区": "路南区",
    }
    drop = desk.load(text(HOURS, ",".join({**good, column: BEA}.values())))
    told = sentences(drop)
    assert f"“9****************{BEA[-1]}(18)”像是身份证号，放错了列" in told
    assert "looks like an ID number in the wrong column" in told
    assert BEA not in told


def test_rows_are_told_in_the_order_of_the_file(desk: Desk) -> None:
    told = [one.zh for one in desk.load(text(HOURS, *ROWS)).told if " 行，列" in one.zh]
    numbers = [int(re.search(r"第 (\d+) 行", one)[1]) for one in told]  # type: ignore[index]
    assert numbers == sorted(numbers)
    assert len(numbers) > 3
