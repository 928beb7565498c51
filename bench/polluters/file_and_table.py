"""File and table pollution: what surrounds the rows: line ends at the end, headers, preambles, further tables."""

from collections.abc import Iterator
from dataclasses import replace

from bench.polluters import Dirty, polluter
from bench.polluters.clean import (
    ACTIVITY,
    DAY,
    HEADER,
    HOURS,
    PERSON,
    Clean,
    joined,
    make_clean,
    written,
)

FAMILY = "file and table"
MORE_ROWS = 40  # rows of a second table


@polluter(family=FAMILY, about="an empty file of 0 bytes")
def file_no_payload(clean: Clean) -> Iterator[Dirty]:
    yield Dirty(b"", {})


@polluter(family=FAMILY, about="the last row ends without a line end")
def file_no_trailing_newline(clean: Clean) -> Iterator[Dirty]:
    yield Dirty(joined(clean.lines()).removesuffix(b"\r\n"), clean.truth())


@polluter(family=FAMILY, about="the last row ends with two line ends")
def file_double_trailing_newline(clean: Clean) -> Iterator[Dirty]:
    yield Dirty(joined(clean.lines()) + b"\r\n", clean.truth())


@polluter(family=FAMILY, about="a header and no row")
def file_header_only(clean: Clean) -> Iterator[Dirty]:
    yield Dirty(joined(clean.lines()[:1]), {})


@polluter(family=FAMILY, about="a header and one row")
def file_one_data_row(clean: Clean) -> Iterator[Dirty]:
    yield Dirty(joined(clean.lines()[:2]), clean.truth(count=1))


@polluter(family=FAMILY, about="more columns (260) or only the three required ones")
def file_number_columns(clean: Clean) -> Iterator[Dirty]:
    names = [f"指标{number}" for number in range(1, 251)]
    wide = [cells + (names if number == 0 else ["0"] * 250) for number, cells in enumerate(clean.table())]
    yield Dirty(written(wide), clean.truth())
    narrow = [[cells[place] for place in (PERSON, DAY, HOURS)] for cells in clean.table()]
    bare = {row: replace(record, activity=None, status="approved") for row, record in clean.truth().items()}
    yield Dirty(written(narrow), bare)


@polluter(family=FAMILY, about="no header row")
def file_no_header(clean: Clean) -> Iterator[Dirty]:
    yield Dirty(joined(clean.lines()[1:]), clean.truth(first=1))


@polluter(family=FAMILY, about="two header rows")
def file_header_multirow_2(clean: Clean) -> Iterator[Dirty]:
    yield from _several_headers(clean, 2)


@polluter(family=FAMILY, about="three header rows")
def file_header_multirow_3(clean: Clean) -> Iterator[Dirty]:
    yield from _several_headers(clean, 3)


def _several_headers(clean: Clean, count: int) -> Iterator[Dirty]:
    """The header repeated, and the header spread over the rows: the first without what the second says."""
    lines = clean.lines()
    yield Dirty(joined(lines[:1] * count + lines[1:]), clean.truth(first=count + 1))
    tiers = [["" for _ in HEADER] for _ in range(count - 1)]
    for tier in tiers:
        tier[PERSON], tier[ACTIVITY], tier[DAY] = "志愿者信息", "活动信息", "服务信息"
    yield Dirty(written([*tiers, *clean.table()]), clean.truth(first=count + 1))


@polluter(family=FAMILY, about="a preamble above the header, set off by an empty row")
def file_preamble(clean: Clean) -> Iterator[Dirty]:
    blank = "," * (len(HEADER) - 1)
    yield Dirty(joined(["PREAMBLE" + blank, blank, *clean.lines()]), clean.truth(first=4))
    yield Dirty(joined(["PREAMBLE", "", *clean.lines()]), clean.truth(first=4))
    yield Dirty(joined(["导出时间：2024-06-01", "导出人：管理员", "", *clean.lines()]), clean.truth(first=5))


@polluter(family=FAMILY, about="a footnote below the rows, set off by an empty row or not")
def file_footnote(clean: Clean) -> Iterator[Dirty]:
    blank = "," * (len(HEADER) - 1)
    yield Dirty(joined([*clean.lines(), blank, "FOOTNOTE" + blank]), clean.truth())
    yield Dirty(joined([*clean.lines(), "", "注：时长以平台记录为准"]), clean.truth())
    yield Dirty(joined([*clean.lines(), "FOOTNOTE"]), clean.truth())


@polluter(family=FAMILY, about="a column's header changed into one nobody knows")
def file_column_header(clean: Clean) -> Iterator[Dirty]:
    for place in (PERSON, DAY, HOURS):
        table = clean.table()
        table[0][place] = f"字段{place + 1}"
        yield Dirty(written(table), clean.truth())


@polluter(
    family=FAMILY,
    about="a second table with as many columns: the same ones, in another order, or of another kind",
)
def file_multitable_same(clean: Clean) -> Iterator[Dirty]:
    second = make_clean(MORE_ROWS, first=len(clean.rows))
    below = len(clean.rows) + 2
    truth = clean.truth() | second.truth(first=below + 1)
    yield Dirty(joined([*clean.lines(), *second.lines()]), truth)
    yield Dirty(joined([*clean.lines(), "", *second.lines()]), clean.truth() | second.truth(first=below + 2))
    order = [ACTIVITY, PERSON, 2, 0, 4, 5, 6, 7, 8, 9]  # the numbers of record and activity change places
    turned = [[cells[place] for place in order] for cells in second.table()]
    yield Dirty(joined(clean.lines()) + written(turned), truth)
    yield Dirty(joined(clean.lines()) + written(_registrations(len(HEADER))), clean.truth())


@polluter(family=FAMILY, about="a second table with fewer columns")
def file_multitable_less(clean: Clean) -> Iterator[Dirty]:
    second = make_clean(MORE_ROWS, first=len(clean.rows))
    below = len(clean.rows) + 2
    fewer = [[cells[place] for place in (PERSON, ACTIVITY, DAY, HOURS, 8)] for cells in second.table()]
    yield Dirty(joined(clean.lines()) + written(fewer), clean.truth() | second.truth(first=below + 1))
    summary = [["服务地区", "人数", "服务时长"], ["路南区", "120", "8"], ["路北区", "96", "6.5"]]
    yield Dirty(joined([*clean.lines(), ""]) + written(summary), clean.truth())


@polluter(family=FAMILY, about="a second table with more columns")
def file_multitable_more(clean: Clean) -> Iterator[Dirty]:
    second = make_clean(MORE_ROWS, first=len(clean.rows))
    more = [[*cells, "服务对象" if number == 0 else "居民"] for number, cells in enumerate(second.table())]
    truth = clean.truth() | second.truth(first=len(clean.rows) + 3)
    yield Dirty(joined(clean.lines()) + written(more), truth)
    yield Dirty(joined(clean.lines()) + written(_registrations(len(HEADER) + 2)), clean.truth())


def _registrations(width: int) -> list[list[str]]:
    """Rows of a register of volunteers, filled up to a width: no service record among them."""
    header = ["志愿者编号", "身份证号", "姓名", "性别", "所属区县", "注册日期"]
    rows = [
        [f"V{number:05d}", row[PERSON], row[2], "男", row[7], row[DAY]]
        for number, row in enumerate(make_clean(MORE_ROWS).rows)
    ]
    fill = [f"附加{number}" for number in range(width - len(header))]
    return [[*header, *fill], *([*row, *("1" for _ in fill)] for row in rows)]
