"""What our suppliers put around and between the rows: titles, totals, signatures, page headers, merged cells."""

import codecs
from collections.abc import Iterator

from bench.polluters import Dirty, Truth, polluter
from bench.polluters.clean import (
    ACTIVITY,
    HEADER,
    HOURS,
    NAME,
    PERSON,
    Clean,
    Record,
    joined,
    make_clean,
    written,
)

FAMILY = "suppliers: rows"
WIDTH = len(HEADER)
PAGE = 50


def _row(**cells: str) -> list[str]:
    """A row with a few cells filled: c0='合计', c6='512.5'."""
    return [cells.get(f"c{place}", "") for place in range(WIDTH)]


@polluter(family=FAMILY, about="title lines above the header: one cell, merged cells, several lines")
def supplier_title_lines(clean: Clean) -> Iterator[Dirty]:
    title = "唐山市志愿服务时长明细表（2024年上半年）"
    yield Dirty(joined([title, *clean.lines()]), clean.truth(first=3))
    yield Dirty(written([_row(c0=title), *clean.table()]), clean.truth(first=3))
    lines = [_row(c0=title), _row(c0="填报单位：", c1="某区文明办", c5="填报日期：", c6="2024-06-20"), _row()]
    yield Dirty(written([*lines, *clean.table()]), clean.truth(first=5))


@polluter(family=FAMILY, about="rows of totals, below or between the rows")
def supplier_totals(clean: Clean) -> Iterator[Dirty]:
    total = f"{sum(float(row[HOURS]) for row in clean.rows):g}"
    yield Dirty(written([*clean.table(), _row(c0="合计", c6=total)]), clean.truth())
    yield Dirty(written([*clean.table(), _row(c2="总计", c6="12.5", c9="共23人")]), clean.truth())
    # Of one person: with the ID number in its place, it looks much like a record.
    one = clean.rows[-1]
    subtotal = _row(c0="小计", c1=one[PERSON], c2=one[NAME], c6="21.5")
    yield Dirty(written([*clean.table(), subtotal]), clean.truth())
    pages, truth = _between(clean, [_row(c0="本页合计", c6="8")])
    yield Dirty(written(pages), truth)
    # And with the last day of the month besides, nothing is missing that a record has.
    subtotal[5] = "2024-05-31"
    yield Dirty(written([*clean.table(), subtotal]), clean.truth())


@polluter(family=FAMILY, about="the header again on every page, with or without a line of the page")
def supplier_page_headers(clean: Clean) -> Iterator[Dirty]:
    pages, truth = _between(clean, [list(HEADER)])
    yield Dirty(written(pages), truth)
    pages, truth = _between(clean, [_row(), _row(c4="第 2 页 共 4 页"), list(HEADER)])
    yield Dirty(written(pages), truth)


def _between(clean: Clean, rows: list[list[str]]) -> tuple[list[list[str]], Truth]:
    """The table with these rows after every page of records, and the truth of it."""
    table: list[list[str]] = [list(HEADER)]
    truth: dict[int, Record] = {}
    for number, (cells, record) in enumerate(zip(clean.rows, clean.records, strict=True)):
        if number and number % PAGE == 0:
            table += rows
        table.append(list(cells))
        truth[len(table)] = record
    return table, truth


@polluter(family=FAMILY, about="signatures and notes below the rows")
def supplier_signatures(clean: Clean) -> Iterator[Dirty]:
    signed = _row(c0="制表人：", c1="示例甲", c4="审核人：", c6="示例乙")
    yield Dirty(written([*clean.table(), signed]), clean.truth())
    note = "说明：以上时长已由各区县核对, 如有疑问请联系市志愿服务联合会"
    yield Dirty(written([*clean.table(), _row(), _row(c0=note), _row(c8="（盖章）")]), clean.truth())


@polluter(family=FAMILY, about="blank rows between the rows: empty lines, delimiters only, blanks only")
def supplier_blank_rows(clean: Clean) -> Iterator[Dirty]:
    for blank in ("", "," * (WIDTH - 1), "　" + ", " * (WIDTH - 1)):
        lines = clean.lines()
        lines[70:70] = [blank, blank]
        truth = {row + 2 * (row > 70): record for row, record in clean.truth().items()}
        yield Dirty(joined(lines), truth)


@polluter(family=FAMILY, about="merged cells: a person stands only in the first of their rows")
def supplier_merged_cells(clean: Clean) -> Iterator[Dirty]:
    order = sorted(range(len(clean.rows)), key=lambda number: clean.rows[number][PERSON])
    table = [list(HEADER)]
    for before, number in zip([None, *order], order, strict=False):
        cells = list(clean.rows[number])
        if before is not None and clean.rows[before][PERSON] == cells[PERSON]:
            cells[PERSON] = cells[NAME] = ""
        table.append(cells)
    yield Dirty(written(table), dict(enumerate((clean.records[number] for number in order), 2)))


@polluter(family=FAMILY, about="a header of two tiers: merged group titles above the columns' own")
def supplier_two_tier_header(clean: Clean) -> Iterator[Dirty]:
    upper = _row(c0="记录", c1="志愿者", c3="活动", c5="服务情况", c8="审核")
    yield Dirty(written([upper, *clean.table()]), clean.truth(first=3))
    # Columns that stand alone are merged downwards: their names are in the upper tier only.
    upper, lower = list(HEADER), ["" for _ in HEADER]
    for place, group, name in (
        (1, "志愿者", "身份证号"),
        (2, "", "姓名"),
        (5, "服务", "服务日期"),
        (6, "", "服务时长"),
    ):
        upper[place], lower[place] = group, name
    yield Dirty(written([upper, lower, *clean.table()[1:]]), clean.truth(first=3))


@polluter(
    family=FAMILY,
    about="two groups of the same columns, planned and actual, told apart by the tier above only",
)
def supplier_two_groups(clean: Clean) -> Iterator[Dirty]:
    upper = ["", "", "", "计划", "", "实际", "", ""]
    lower = ["记录编号", "身份证号", "活动编号", "服务日期", "服务时长", "服务日期", "服务时长", "审核状态"]
    rows = [[*row[:2], row[3], "2023-06-30", "8", row[5], row[6], row[8]] for row in clean.rows]
    yield Dirty(written([upper, lower, *rows]), clean.truth(first=3))


@polluter(family=FAMILY, about="a row of units, of column numbers or of examples under the header")
def supplier_units_row(clean: Clean) -> Iterator[Dirty]:
    numbers = [str(place + 1) for place in range(WIDTH)]
    for under in (_row(c5="年-月-日", c6="小时"), numbers, _row(c0="必填", c1="必填", c6="必填, 小时")):
        table = clean.table()
        table.insert(1, under)
        yield Dirty(written(table), clean.truth(first=3))


@polluter(family=FAMILY, about="headers with stars, units, notes or line ends in them, in another order")
def supplier_decorated_headers(clean: Clean) -> Iterator[Dirty]:
    table = clean.table()
    table[0] = [
        "记录编号", "*身份证号", "姓 名", "活动编号 ", "活动内容", "服务日期", "服务时长（小时）",
        "服务地区", "审核状态", "备注",
    ]  # fmt: skip
    yield Dirty(written(table), clean.truth())
    table = clean.table()
    table[0][HOURS], table[0][PERSON] = "服务\n时长", "身份\n证号"
    yield Dirty(written(table), clean.truth())
    turned = [["序号" if row == 0 else str(row), *cells[::-1]] for row, cells in enumerate(clean.table())]
    yield Dirty(written(turned), clean.truth())


@polluter(family=FAMILY, about="two columns with the same header, of which one means something else")
def supplier_doubled_header(clean: Clean) -> Iterator[Dirty]:
    table = [[*cells, "服务时长" if row == 0 else "8"] for row, cells in enumerate(clean.table())]
    yield Dirty(written(table), clean.truth())
    table = [["活动编号" if row == 0 else "X1", *cells] for row, cells in enumerate(clean.table())]
    yield Dirty(written(table), clean.truth())


@polluter(
    family=FAMILY, about="full-width commas or the ideographic comma as delimiter, in the file or in a row"
)
def supplier_full_width_commas(clean: Clean) -> Iterator[Dirty]:
    for comma in ("，", "、"):
        yield Dirty(joined(comma.join(cells) for cells in clean.table()), clean.truth())
        lines = clean.lines()
        lines[33] = comma.join(clean.rows[32])
        yield Dirty(joined(lines), clean.truth())
    lines = clean.lines()
    lines[0] = "，".join(HEADER)
    yield Dirty(joined(lines), clean.truth())


@polluter(
    family=FAMILY, about="two files put one after the other: a byte-order mark and a header in the middle"
)
def supplier_files_joined(clean: Clean) -> Iterator[Dirty]:
    second = make_clean(PAGE, first=len(clean.rows))
    both = clean.truth() | second.truth(first=len(clean.rows) + 3)
    first = codecs.BOM_UTF8 + joined(clean.lines())
    yield Dirty(first + codecs.BOM_UTF8 + joined(second.lines()), both)
    # The first one's last line has no end, and goes on with the second one's header.
    grown = clean.truth() | second.truth(first=len(clean.rows) + 2)
    yield Dirty(first.removesuffix(b"\r\n") + codecs.BOM_UTF8 + joined(second.lines()), grown)


@polluter(family=FAMILY, about="rows moved by one cell: a cell was deleted or inserted in a spreadsheet")
def supplier_moved_cells(clean: Clean) -> Iterator[Dirty]:
    """As wide as all others, so only what the cells hold can tell; the deleted cell's text is gone for good.

    The status is left alone: next to a remark that is mostly empty, a moved status is an empty one.
    """
    for place in (PERSON, NAME, ACTIVITY, HOURS):
        for row_no in (25, 44):
            table = clean.table()
            table[row_no - 1] = [*table[row_no - 1][:place], *table[row_no - 1][place + 1 :], ""]
            yield Dirty(written(table), clean.truth())
            table = clean.table()
            table[row_no - 1] = [*table[row_no - 1][:place], "", *table[row_no - 1][place:-1]]
            yield Dirty(written(table), clean.truth())
