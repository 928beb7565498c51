"""Delimiters and quotation marks few programs write: taken where the header and the rows agree, else not guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.messages import Refusal
from etl.reader import Drop, open_drop
from etl.reader.fields import Dialect, split
from etl.reader.lines import Counts

ID = "90000019900307002X"
HEADER = ["身份证号", "服务日期", "服务时长", "备注"]
ROWS = [[ID, "2021-05-01", "2.5", "a,b"], [ID, "2021-05-02", "3", "c"]]


def opened(tmp_path: Path, content: str) -> Drop:
    path = tmp_path / "drop.txt"
    path.write_bytes(content.encode())
    return open_drop(path)


def read(drop: Drop) -> list[tuple[str | None, ...]]:
    """(shape, cells …) of each row."""
    rows = [row for batch in drop.batches(Counts()) for row in batch.to_pylist()]
    return [(row["shape"], *(row[f"c{place}"] for place in range(drop.width))) for row in rows]


def enclosed(opening: str, closing: str, delimiter: str = ",") -> str:
    rows = [HEADER, *ROWS]
    return "".join(delimiter.join(f"{opening}{cell}{closing}" for cell in row) + "\n" for row in rows)


@pytest.mark.parametrize("delimiter", ["；", "^", "~", "¦", "§", "\x01", "\x1f", "、", " "])
def test_rare_delimiters_are_found_by_the_header(tmp_path: Path, delimiter: str) -> None:
    drop = opened(tmp_path, "".join(delimiter.join(row) + "\n" for row in [HEADER, *ROWS]))
    assert drop.header.delimiter == delimiter
    assert read(drop) == [(None, *row) for row in ROWS]


def test_single_blanks_divide_cells_only_where_all_rows_agree(tmp_path: Path) -> None:
    lines = [" ".join(row) for row in [HEADER, *ROWS]]
    assert read(opened(tmp_path, "\n".join(lines))) == [(None, *row) for row in ROWS]
    with pytest.raises(Refusal):
        opened(tmp_path, "\n".join([*lines, f"{ID} 2021-05-03 09:00 2 x"]))


@pytest.mark.parametrize(("opening", "closing"), ["“”", "「」", "‘’", "''", "``"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_other_quotation_marks_of_a_whole_file(
    tmp_path: Path, opening: str, closing: str, delimiter: str
) -> None:
    drop = opened(tmp_path, enclosed(opening, closing, delimiter))
    assert not drop.can_be_read_fast or opening in "'`"
    assert read(drop) == [(None, *row) for row in ROWS]


def test_such_marks_around_the_rows_alone(tmp_path: Path) -> None:
    content = ",".join(HEADER) + "\n" + enclosed("“", "”").split("\n", 1)[1]
    assert read(opened(tmp_path, content)) == [(None, *row) for row in ROWS]


def test_a_mark_that_does_not_close_sets_the_row_aside(tmp_path: Path) -> None:
    found = read(
        opened(tmp_path, enclosed("“", "”") + f"“{ID}”,“2021-05-03”,“1”,“没关\n“{ID}”,“2021-05-04”,“1”,“x”\n")
    )
    assert [row[0] for row in found] == [None, None, "broken_quotes", None]


def test_apostrophes_that_alone_explain_the_rows_are_quotes(tmp_path: Path) -> None:
    lines = [",".join(HEADER), f"{ID},2021-05-01,2,'慰问, 表演'", f'{ID},2021-05-02,3,"小手"拉大手']
    drop = opened(tmp_path, "\n".join(lines))
    assert drop.header.quote == "'"
    assert [row[4] for row in read(drop)] == ["慰问, 表演", '"小手"拉大手']
    usual = opened(tmp_path, "\n".join([*lines[:2], f'{ID},2021-05-02,3,"a, b"']))
    assert usual.header.quote == '"'
    assert [row[0] for row in read(usual)] == ["too_many", None]


@pytest.mark.parametrize(
    ("text", "width", "cells"),
    [
        ('a,"b "c" d, e",f', 3, ["a", 'b "c" d, e', "f"]),
        ('a,""b" c",f', 3, ["a", '"b" c', "f"]),
        ('a,"b"c"e","d"', 3, ["a", 'b"c"e', "d"]),
        ('a,"b"c","d"', 3, None),  # the last quote may open a cell that goes on in the next line
        ('a,"b","c","d",e', 3, None),  # as a list of five it is regular
        ('"a"x","b","c"', 2, None),  # a"x","b | c, or a"x | b","c
        ('a,"b,c', 2, None),
        ('a,b",c', 2, None),
    ],
)
def test_quotes_nobody_doubled_are_read_where_there_is_one_way_only(
    text: str, width: int, cells: list[str] | None
) -> None:
    found = split(text, Dialect(), width)
    assert found == cells or (cells is None and (found is None or len(found) != width))


@pytest.mark.parametrize("place", range(4))
def test_a_lone_quote_before_a_header_hides_no_column(tmp_path: Path, place: int) -> None:
    header = [*HEADER[:place], '"' + HEADER[place], *HEADER[place + 1 :]]
    rows = "\n".join(f'{ID},2021-05-0{n},2,"a, b"' for n in range(1, 10))
    drop = opened(tmp_path, ",".join(header) + "\n" + rows)
    assert drop.header.positions == {"id_number": 0, "service_date": 1, "service_hours": 2}
    assert {row[0] for row in read(drop)} == {None}


def test_a_lone_quote_that_may_hide_a_delimiter_is_refused(tmp_path: Path) -> None:
    header = '"姓名,别名",' + ",".join(HEADER)
    content = header.replace('",', ",") + "\n" + f"甲,{ID},2021-05-01,2,x\n" * 3
    with pytest.raises(Refusal):
        opened(tmp_path, content)


@pytest.mark.parametrize("mark", [":", "#", "$", "/", "@", "!", "："])
def test_a_mark_that_also_stands_within_cells_is_named(tmp_path: Path, mark: str) -> None:
    with pytest.raises(Refusal) as caught:
        opened(tmp_path, "".join(mark.join(row) + "\n" for row in [HEADER, *ROWS]))
    assert f"列名之间用“{mark}”分隔" in caught.value.text.zh
    assert f"divided by '{mark}'" in caught.value.text.en
    assert ID not in str(caught.value.text)
