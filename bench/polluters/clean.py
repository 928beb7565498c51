"""The clean drop all polluters start from: service records as a well-behaved platform exports them.

Shaped like the source file of Pollock: RFC 4180 (comma, double quote, CRLF), one row of header, text with
commas and quotes in it, and a last column that is nearly always empty. Deterministic. Every record differs
from every other in (person, activity, day, minutes, status), so a loaded row can be told by what it says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from etl.sample.identity_numbers import check_character

CITY = "130200"
ROWS = 200
PERSONS, ACTIVITIES = 23, 11

HEADER = (
    "记录编号",
    "身份证号",
    "姓名",
    "活动编号",
    "活动内容",
    "服务日期",
    "服务时长",
    "服务地区",
    "审核状态",
    "备注",
)
RECORD, PERSON, NAME, ACTIVITY, CONTENT, DAY, HOURS, AREA, STATUS, REMARK = range(len(HEADER))

CONTENTS = (
    "清洁家园",
    "敬老院慰问, 表演节目",
    '"小手拉大手"文明实践',
    "交通引导(早高峰)",
    '义诊, 发放"健康手册"',
    "It's never too late 支教",
)
AREAS = ("路南区", "路北区", "丰南区", "滦州市")
STATUSES = {"通过": "approved", "待审": "pending", "驳回": "rejected"}
FIRST_DAY = date(2023, 1, 3)


@dataclass(frozen=True)
class Record:
    """What a row says, typed: who, doing what, when, for how many minutes, and how it was judged."""

    person: str
    activity: str | None
    day: date
    minutes: Decimal
    status: str


@dataclass(frozen=True)
class Dialect:
    """How cells become bytes."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'
    newline: str = "\r\n"
    encoding: str = "utf-8"
    quote_all: bool = False

    def cell(self, text: str) -> str:
        special = (self.delimiter, self.quote, "\r", "\n")
        if self.quote_all or any(mark in text for mark in special):
            return self.quote + text.replace(self.quote, self.escape + self.quote) + self.quote
        return text

    def line(self, cells: Iterable[str]) -> str:
        return self.delimiter.join(self.cell(text) for text in cells)


STANDARD = Dialect()


@dataclass(frozen=True)
class Clean:
    """The clean drop as cells, and what each row says."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    records: tuple[Record, ...]

    def table(self) -> list[list[str]]:
        """Header and rows as lists that a polluter may change."""
        return [list(self.header), *(list(row) for row in self.rows)]

    def lines(self, dialect: Dialect = STANDARD) -> list[str]:
        """Header and rows as lines without line ends."""
        return [dialect.line(cells) for cells in (self.header, *self.rows)]

    def truth(self, first: int = 2, count: int | None = None) -> dict[int, Record]:
        """The records by row number, the first of them in row `first`."""
        return dict(enumerate(self.records[:count], first))

    def column(self, place: int, texts: Sequence[str]) -> list[list[str]]:
        """The table with the cells of one column replaced."""
        table = self.table()
        for cells, text in zip(table[1:], texts, strict=True):
            cells[place] = text
        return table

    def rows_with(self, place: int, text: str) -> list[int]:
        """Numbers of the rows whose cell has this text."""
        return [number for number, row in enumerate(self.rows, 2) if row[place] == text]


def joined(lines: Iterable[str], dialect: Dialect = STANDARD) -> bytes:
    """Lines to bytes; the last one is ended too."""
    return "".join(line + dialect.newline for line in lines).encode(dialect.encoding)


def written(table: Iterable[Iterable[str]], dialect: Dialect = STANDARD) -> bytes:
    """A table of cells to bytes."""
    return joined((dialect.line(cells) for cells in table), dialect)


def make_clean(rows: int = ROWS, first: int = 0) -> Clean:
    """`rows` service records beginning with number `first`."""
    made = [_row(number) for number in range(first, first + rows)]
    records = tuple(record_of(row) for row in made)
    assert len(set(records)) == rows, "two records say the same thing"
    return Clean(HEADER, tuple(made), records)


def record_of(row: Sequence[str]) -> Record:
    """What a clean row says."""
    return Record(
        person=row[PERSON],
        activity=row[ACTIVITY],
        day=date.fromisoformat(row[DAY]),
        minutes=Decimal(row[HOURS]) * 60,
        status=STATUSES[row[STATUS]],
    )


def _row(number: int) -> tuple[str, ...]:
    day = FIRST_DAY + timedelta(days=number * 2 % 480)
    hours = Decimal(1 + (number * 7 + number // 240) % 15) / 2
    return (
        f"J{number + 1:06d}",
        id_number(number * 5 % PERSONS),
        f"示例{'甲乙丙丁戊己庚辛'[number % 8]}",
        f"A{number % ACTIVITIES + 1:04d}",
        CONTENTS[number % len(CONTENTS)],
        day.isoformat(),
        f"{hours:f}",
        AREAS[number % len(AREAS)],
        ("通过", "通过", "待审", "通过", "驳回")[number % 5],
        "补录" if number % 40 == 7 else "",
    )


def id_number(number: int) -> str:
    """An ID number of the never-issued region 900000; among the first few some end in X."""
    born = date(1950, 2, 1) + timedelta(days=number * 911)
    stem = f"900000{born:%Y%m%d}{2 * number + 1:03d}"
    return stem + check_character(stem)
