"""The careful path loses nothing: every line is a row, a blank line, or a row that says what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from etl.reader.fields import Dialect
from etl.reader.lines import MOST_LINES_IN_A_RECORD, Counts, Reading, read_batches
from etl.reader.stretches import read_at_once

HEADER = b"a,b,c\n"


def read(
    tmp_path: Path, content: bytes, encoding: str = "utf-8", delimiter: str = ","
) -> tuple[list[tuple[Any, ...]], Counts]:
    """(row_no, shape, shape_detail, c0, c1, c2) of every row, and the counts."""
    path = tmp_path / "drop.csv"
    path.write_bytes(content)
    counts = Counts()
    batches = read_batches(path, Reading(encoding, Dialect(delimiter), 3), counts)
    return [tuple(row.values()) for batch in batches for row in batch.to_pylist()], counts


def rows(tmp_path: Path, content: bytes, **options: str) -> list[tuple[Any, ...]]:
    return read(tmp_path, content, **options)[0]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "unended"])
def test_rows_are_the_same_whatever_the_line_end(tmp_path: Path, end: bytes, last: bool) -> None:
    content = end.join([b"a,b,c", b"1,2,3", b"4,,6"]) + end * last
    assert rows(tmp_path, content) == [(2, None, None, "1", "2", "3"), (3, None, None, "4", "", "6")]


def test_line_ends_may_be_mixed(tmp_path: Path) -> None:
    found = rows(tmp_path, b"a,b,c\r\n1,2,3\n4,5,6\r7,8,9\r\n")
    assert [row[0] for row in found] == [2, 3, 4]
    assert [row[3:] for row in found] == [("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9")]


def test_blank_lines_are_counted_and_keep_the_numbers_of_a_spreadsheet(tmp_path: Path) -> None:
    found, counts = read(tmp_path, HEADER + b"\n1,2,3\n\r\n   \n4,5,6\n\n\n")
    assert [(row[0], row[3]) for row in found] == [(3, "1"), (6, "4")]
    assert (counts.rows, counts.blank) == (2, 5)


def test_a_row_of_empty_cells_is_a_row(tmp_path: Path) -> None:
    """Also when the delimiter is itself a blank: both paths must count it alike."""
    assert rows(tmp_path, b"a\tb\tc\n\t\t\n", delimiter="\t") == [(2, None, None, "", "", "")]
    assert rows(tmp_path, HEADER + b",,\n") == [(2, None, None, "", "", "")]


def test_a_quoted_cell_may_hold_the_delimiter_a_quote_and_line_ends(tmp_path: Path) -> None:
    found = rows(tmp_path, HEADER + b'"1,1","2""2","3\n3"\n4,"5\r\n5",6\n7,8,9\n')
    assert found == [
        (2, None, None, "1,1", '2"2', "3\n3"),
        (3, None, None, "4", "5\n5", "6"),
        (4, None, None, "7", "8", "9"),
    ]


@pytest.mark.parametrize("line", [b'1, "2,2",3', b'1,"2,2" ,3', b'1 , "2,2"  ,"3" '])
def test_blanks_around_a_quoted_cell_are_skipped_as_on_the_fast_path(tmp_path: Path, line: bytes) -> None:
    ((*place, first, second, third),) = rows(tmp_path, HEADER + line + b"\n")
    assert (place, first.strip(), second, third) == ([2, None, None], "1", "2,2", "3")


def test_a_quote_inside_an_unquoted_cell_is_just_a_quote(tmp_path: Path) -> None:
    assert rows(tmp_path, HEADER + b'1,5" pipe,3\n') == [(2, None, None, "1", '5" pipe', "3")]


@pytest.mark.parametrize("odd", ["\v", "\f", "\x1c", "\x85", "\u2028"])
def test_characters_that_look_like_line_ends_to_python_end_nothing(tmp_path: Path, odd: str) -> None:
    content = HEADER + f'1{odd}1,"2",3\n4,5,6\n'.encode()
    assert rows(tmp_path, content) == [(2, None, None, f"1{odd}1", "2", "3"), (3, None, None, "4", "5", "6")]


def test_an_unclosed_quote_breaks_its_own_line_only(tmp_path: Path) -> None:
    found = rows(tmp_path, HEADER + b'1,"2,3\n4,5,6\n7,8,9\n')
    assert [row[:2] for row in found] == [(2, "broken_quotes"), (3, None), (4, None)]
    assert found[0][3:] == (None, None, None)
    assert found[1][3:] == ("4", "5", "6")


def test_an_unclosed_quote_survives_quotes_on_the_lines_that_follow(tmp_path: Path) -> None:
    found = rows(tmp_path, HEADER + b'1,"2,3\n"4",5,6\n7,"8",9\n')
    assert [row[:2] for row in found] == [(2, "broken_quotes"), (3, None), (4, None)]


def test_text_after_a_closing_quote_breaks_the_line(tmp_path: Path) -> None:
    found = rows(tmp_path, HEADER + b'1,"2"x,3\n4,5,6\n')
    assert [row[:2] for row in found] == [(2, "broken_quotes"), (3, None)]


@pytest.mark.parametrize(
    ("line_ends", "is_whole"),
    [(MOST_LINES_IN_A_RECORD - 1, True), (MOST_LINES_IN_A_RECORD, True), (MOST_LINES_IN_A_RECORD + 1, False)],
)
def test_a_quote_is_taken_for_unclosed_after_too_many_lines(
    tmp_path: Path, line_ends: int, is_whole: bool
) -> None:
    found = rows(tmp_path, HEADER + b'1,"' + b"x\n" * line_ends + b'x",3\n4,5,6\n')
    assert (found[0][1] is None) is is_whole
    assert found[-1][3:] == ("4", "5", "6")


def test_too_few_and_too_many_fields_are_counted(tmp_path: Path) -> None:
    found = rows(tmp_path, HEADER + b"1\n1,2\n1,2,3\n1,2,3,4\n1,2,3,4,5\n")
    assert [row[1:3] for row in found] == [
        *[("too_few", "1"), ("too_few", "2"), (None, None), ("too_many", "4"), ("too_many", "5")]
    ]


def test_trailing_delimiters_are_no_fields_when_all_rows_have_them(tmp_path: Path) -> None:
    """In a single row one delimiter more may have moved its cells to the right."""
    content = HEADER + b"1,2,3,\n1,2,3, \n1,2,3,x\n1,2,3,,\n1,2,3\n"
    assert [row[1:3] for row in rows(tmp_path, content)] == [
        *[("too_many", "4"), ("too_many", "4"), ("too_many", "4"), ("too_many", "5"), (None, None)]
    ]
    path = tmp_path / "drop.csv"
    batches = read_batches(path, Reading("utf-8", Dialect(), 3, surplus=1), Counts())
    shapes = [(row["shape"], row["shape_detail"]) for batch in batches for row in batch.to_pylist()]
    assert shapes == [(None, None), (None, None), ("too_many", "4"), ("too_many", "5"), ("too_few", "3")]


def test_quotes_that_may_have_hidden_a_delimiter_break_the_row(tmp_path: Path) -> None:
    found = rows(tmp_path, HEADER + b'1x"a, b",3\n1,5" pipe,3\n1,"5"" pipe",3\n')
    assert [row[1] for row in found] == ["broken_quotes", None, None]


def test_a_nul_character_is_no_text(tmp_path: Path) -> None:
    place = len(HEADER) + 2
    assert rows(tmp_path, HEADER + b"1\0,2\0\0,3\n") == [(2, "zero_byte", f"{place}", None, None, None)]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"], ids=["unmarked", "marked"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_an_undecodable_byte_is_told_by_its_place_in_the_file(
    tmp_path: Path, encoding: str, start: bytes, end: bytes
) -> None:
    """The place counts from 1, as the byte offset that a hex editor shows, plus one."""
    content = start + end.join(["列,列,列".encode(encoding), "张三,𠮷,3".encode(encoding), b""])
    bad = len(content) + 3
    content += b"4,\xff\xff,6" + end + "7,八,9".encode(encoding) + end
    assert content[bad - 1] == 0xFF
    found = rows(tmp_path, content, encoding=encoding)
    assert [row[:3] for row in found] == [(2, None, None), (3, "undecodable", f"{bad}:FF"), (4, None, None)]
    assert found[2][3:] == ("7", "八", "9")
    assert found[0][3:] == ("张三", "𠮷", "3")


def test_the_place_is_right_behind_line_ends_inside_a_cell(tmp_path: Path) -> None:
    content = b'a,b,c\r\n1,"x\r\ny\r\nz","'
    bad = len(content) + 1
    found = rows(tmp_path, content + b'\xff"\r\n4,5,6\r\n')
    assert [row[:3] for row in found] == [(2, "undecodable", f"{bad}:FF"), (3, None, None)]


def test_a_character_of_four_bytes_that_holds_digits_is_not_torn(tmp_path: Path) -> None:
    """In GB18030 the second and fourth byte of such a character are those of digits."""
    content = "a|b|c\n𠮷|亅丶|3\n".encode("gb18030")
    assert rows(tmp_path, content, encoding="gb18030", delimiter="|") == [(2, None, None, "𠮷", "亅丶", "3")]


def test_a_gbk_character_whose_second_byte_is_a_bar_is_not_torn(tmp_path: Path) -> None:
    torn = next(
        character.encode("gbk")
        for character in map(chr, range(0x4E00, 0x9FA5))
        if character.encode("gbk", "replace")[1:] == b"|"
    )
    content = b"a|b|c\n1|" + torn + b"|3\n"
    found = rows(tmp_path, content, encoding="gb18030", delimiter="|")
    assert found == [(2, None, None, "1", torn.decode("gbk"), "3")]


def test_a_file_of_many_batches_numbers_its_rows_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("etl.reader.lines.BATCH_ROWS", 3)
    found = rows(tmp_path, HEADER + b"1,2,3\n" * 10)
    assert [row[0] for row in found] == list(range(2, 12))


@pytest.mark.parametrize(
    ("stretch", "rows", "places"),
    [
        (b"a,b\n\n1,2\n", [("a", "b"), ("1", "2")], [0, 2]),
        (b"a,b\r\n\r\n1,2\r\n", [("a", "b"), ("1", "2")], [0, 2]),
        (b'"a","b,c"\n"","d"', [("a", "b,c"), ("", "d")], [0, 1]),
        (b"\n\n", [], []),
    ],
)
def test_regular_lines_are_read_at_once(
    stretch: bytes, rows: list[tuple[str, str]], places: list[int]
) -> None:
    found = read_at_once(stretch, Dialect(), 2)
    assert found is not None
    assert list(zip(*(column.to_pylist() for column in found.columns), strict=True)) == rows
    assert list(found.places) == places


@pytest.mark.parametrize(
    "stretch",
    [
        *(
            b'"a,"b\n',
            b'1,"\n"\n',
            b'"a""b",2\n',
            b'"x" ,2\n',
            b'a,b\nc,d\n,"\n',
            b'a,5"x\n',
            b'"a,b\n',
            b'"a"b,c\n',
        ),
        *(b"a,b\rc,d\n", b"a\n", b"a,b,c\n", b"a,\xff\n", b"a,\0\n", b"  \na,b\n", b""),
    ],
)
def test_what_is_not_regular_is_looked_at_line_by_line(stretch: bytes) -> None:
    assert read_at_once(stretch, Dialect(), 2) is None
