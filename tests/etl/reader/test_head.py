"""Where the header is, what stands above it, and when that is not certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.messages import Refusal
from etl.reader import Drop, open_drop
from etl.reader.lines import Counts

ID = "90000019900307002X"
HEADER = "身份证号,服务日期,服务时长"
ROW = f"{ID},2021-05-01,2.5"


def opened(tmp_path: Path, *lines: str, end: str = "\n", encoding: str = "utf-8") -> Drop:
    path = tmp_path / "drop.csv"
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return open_drop(path)


def refused(tmp_path: Path, *lines: str) -> str:
    with pytest.raises(Refusal) as caught:
        opened(tmp_path, *lines)
    return str(caught.value.text)


def careful(drop: Drop) -> list[tuple[int, list[str]]]:
    """(row_no, cells) of the careful path."""
    return [
        (row["row_no"], [row[f"c{place}"] for place in range(drop.width)])
        for batch in drop.batches(Counts())
        for row in batch.to_pylist()
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_titles_above_the_header_are_titles(tmp_path: Path, end: str, encoding: str) -> None:
    lines = ["唐山市志愿服务时长明细表(2021年5月),,", "制表日期：2021-05-31,,单位：小时", "", HEADER, ROW]
    drop = opened(tmp_path, *lines, end=end, encoding=encoding)
    assert (drop.first_row_no, drop.header.skip) == (5, 4)
    assert drop.titles == ((1, "title"), (2, "title"))
    assert drop.header.title_texts == ("唐山市志愿服务时长明细表(2021年5月)",)
    assert drop.expected_fast_rows() == 1 or end == "\r"
    assert careful(drop) == [(5, [ID, "2021-05-01", "2.5"])]


def test_a_title_in_quotes_over_two_lines_is_one_row(tmp_path: Path) -> None:
    drop = opened(tmp_path, '"唐山市\n志愿服务",,', HEADER, ROW)
    assert (drop.first_row_no, drop.header.skip, drop.titles) == (3, 3, ((1, "title"),))
    assert drop.expected_fast_rows() == 1


def test_a_title_with_a_quote_that_never_closes_hides_no_header(tmp_path: Path) -> None:
    drop = opened(tmp_path, '"唐山市志愿服务', HEADER, ROW, ROW)
    assert (drop.first_row_no, drop.titles) == (3, ((1, "title"),))


def test_a_header_is_found_down_to_row_30_and_no_further(tmp_path: Path) -> None:
    assert opened(tmp_path, *["说明"] * 29, HEADER, ROW).first_row_no == 31
    assert "rows 1 to 30: no column name" in refused(tmp_path, *["说明"] * 30, HEADER, ROW)


@pytest.mark.parametrize(
    ("upper", "lower", "names"),
    [
        ("身份证号,服务,,备注", ",日期,时长,", {"id_number": 0, "service_date": 1, "service_hours": 2}),
        ("基本信息,,服务信息,", "姓名,身份证号,服务日期,时长(分钟)", None),
        (
            "身份证号,服务日期,服务时长,",
            ",,小时,备注",
            {"id_number": 0, "service_date": 1, "service_hours": 2},
        ),
        ("身份证号,服务日期,服务时长", ",,(分钟)", {"id_number": 0, "service_date": 1, "service_minutes": 2}),
        ("身份证号,服务日期,服务时长", "id_number,service_date,hours", None),
        ("身份证号,服务日期,服务时长", "id_number,when,hours", None),
    ],
)
def test_a_header_of_two_rows_is_read_together(
    tmp_path: Path, upper: str, lower: str, names: dict[str, int] | None
) -> None:
    width = upper.count(",") + 1
    row = ",".join([ID, "2021-05-01", "2.5", "好"][:width])
    if lower == "id_number,when,hours":  # only one of them has all it needs
        drop = opened(tmp_path, upper, lower, row)
        assert (drop.first_row_no, drop.titles) == (2, ())
        return
    drop = opened(tmp_path, "标题", upper, lower, row)
    assert (drop.first_row_no, drop.header.skip) == (4, 3)
    assert drop.titles == ((1, "title"), (2, "header"))
    if names:
        assert drop.header.positions == names


def test_a_title_over_the_whole_width_is_no_row_of_the_header(tmp_path: Path) -> None:
    assert opened(tmp_path, "五月明细,,", HEADER, ROW).titles == ((1, "title"),)


def test_a_first_row_without_digits_is_not_taken_for_a_row_of_the_header(tmp_path: Path) -> None:
    drop = opened(tmp_path, "姓名," + HEADER, "张三,无,无,无", "李四," + ROW)
    assert (drop.first_row_no, drop.titles) == (2, ())


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        # The lower row makes something else of the hours.
        (
            ["身份证号,服务日期,服务时长,", ",,次数,天数", ROW],
            "the header takes two rows that give unknown names",
        ),
        # A table without a header of its own above the one we know.
        ([f"张三,{ID},", HEADER, ROW], "row 1: the header is in row 2, yet this row looks like data"),
        (
            ["姓名,身份证号,", "张三,1,", HEADER, ROW],
            "row 1: the header is in row 3, yet this row looks like",
        ),
    ],
)
def test_what_is_not_certain_is_refused_with_the_row(tmp_path: Path, lines: list[str], sentence: str) -> None:
    told = refused(tmp_path, *lines)
    assert sentence in told
    assert ID not in told


def test_another_table_below_is_not_the_header(tmp_path: Path) -> None:
    """The first complete header counts; the second begins another table, whose rows are not loaded."""
    drop = opened(
        tmp_path, HEADER, ROW, "", "活动编号,活动名称,所属区县,开始时间,状态", "A1,清洁,路南区,2021-05-01,"
    )
    assert (drop.header.source.name, drop.first_row_no) == ("service_hours", 2)


def test_headers_in_traditional_characters_are_known(tmp_path: Path) -> None:
    drop = opened(tmp_path, "身份證號,服務日期,服務時長,服務地區", ROW + ",路南区")
    assert list(drop.header.positions) == ["id_number", "service_date", "service_hours", "area"]
    assert drop.header.fields[0] == "身份證號"


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("is_header_quoted", [True, False])
def test_the_quote_is_the_one_most_cells_are_enclosed_in(
    tmp_path: Path, quote: str, is_header_quoted: bool
) -> None:
    row = ",".join(f"{quote}{cell}{quote}" for cell in [ID, "2021-05-01", "2.5", "a,b"])
    header = HEADER + ",备注"
    if is_header_quoted:
        header = ",".join(f"{quote}{cell}{quote}" for cell in header.split(","))
    drop = opened(tmp_path, header, row, row)
    assert drop.header.quote == quote
    assert careful(drop)[0] == (2, [ID, "2021-05-01", "2.5", "a,b"])


def test_an_apostrophe_before_a_number_is_no_quote(tmp_path: Path) -> None:
    drop = opened(tmp_path, HEADER, "'" + ROW, "'" + ROW)
    assert drop.header.quote == '"'


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，", "   ", " \t "])
def test_delimiters_are_found_by_the_header(tmp_path: Path, delimiter: str) -> None:
    drop = opened(tmp_path, HEADER.replace(",", delimiter), ROW.replace(",", delimiter))
    assert careful(drop) == [(2, [ID, "2021-05-01", "2.5"])] or delimiter == " \t "
    assert [cell.strip() for cell in careful(drop)[0][1]] == [ID, "2021-05-01", "2.5"]


def test_a_delimiter_at_the_end_of_every_row_is_no_field(tmp_path: Path) -> None:
    drop = opened(tmp_path, HEADER, ROW + ",", ROW + ",", ROW)
    assert drop.header.surplus == 1
    rows = [row for batch in drop.batches(Counts()) for row in batch.to_pylist()]
    assert [row["shape"] for row in rows] == [None, None, "too_few"]
    assert opened(tmp_path, HEADER, ROW, ROW + ",", ROW).header.surplus == 0


def test_two_names_that_ran_together_are_refused(tmp_path: Path) -> None:
    """Every row then has a field more than the header, and the cells stand under other names than their own."""
    told = refused(tmp_path, HEADER + ",服务地区审核状态,备注", *[ROW + ",路南区,待审,"] * 3)
    assert "row 1: the header has 5 names and the rows have 6 fields" in told
