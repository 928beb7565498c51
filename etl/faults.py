"""Why rows of a drop were set aside: one sentence for each reason, with the value masked."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from etl.messages import Text
from etl.privacy import looks_like_id, mask
from etl.reader import Drop
from etl.screen import Screened
from etl.screening import Rule
from etl.values import expected as expected_of

# What people call the encodings that texts are read in.
ENCODINGS = {"utf-8": "UTF-8", "gb18030": "GBK", "big5": "Big5", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}


@dataclass(frozen=True)
class Fault:
    """One reason why one row was set aside; the value is masked before it gets here."""

    row_no: int
    check: str
    column: str | None
    masked_value: str
    message: Text


def faults_of(
    connection: duckdb.DuckDBPyConnection, drop: Drop, screened: Screened, where: str = "true"
) -> Iterator[Fault]:
    """Every reason of every faulty row of `screened` (of those a condition picks), in file order."""
    if screened.nothing_failed:
        return
    furniture = f"{screened.row_no} NOT IN (SELECT row_no FROM furniture)"
    found = connection.execute(f"""
        SELECT {screened.row_no}, faults, shape_detail, cells FROM screened
        WHERE faults <> 0 AND {furniture} AND {where} ORDER BY 1""")
    while rows := found.fetchmany(10_000):
        for row_no, bits, detail, texts in rows:
            for index, rule in enumerate(screened.rules):
                if bits >> index & 1:
                    column = rule.failure.column
                    cell = texts[drop.header.positions[column]] if column else None
                    value = mask(cell) if column else (detail or "")
                    yield fault(drop, rule, row_no, value, cell)


# Columns where an ID number is nothing strange: their checks say what is wrong with it.
OF_IDS = ("id_number", "volunteer_number")
MISPLACED = Text(
    "“{found}”像是身份证号，放错了列；这一列应为{expected}。",
    "'{found}' looks like an ID number in the wrong column; expected {expected} here.",
)


def fault(drop: Drop, rule: Rule, row_no: int, value: str, cell: str | None = None) -> Fault:
    """The sentence of a failed rule; what was expected of a whole row depends on the drop.

    `cell` is what stands there, to see what it is; only `value`, which is masked, is told.
    """
    expected = rule.failure.expected
    if rule.failure.column is None:
        encoding = ENCODINGS.get(drop.header.encoding, drop.header.encoding)
        about = encoding if rule.check.name == "bytes_decodable" else str(drop.width)
        expected = Text(about, about)
    column = rule.failure.column
    title = drop.header.source.columns[column].title if column else ""
    header = (
        drop.header.fields[drop.header.positions[column]].strip()
        if column in drop.header.positions
        else title
    )
    place, _, byte = value.partition(":")
    sentence = rule.check.sentence
    if column is not None and column not in OF_IDS and looks_like_id(cell):
        sentence, known = MISPLACED, expected_of(drop.header.source.columns[column])
        expected = expected if expected.zh else known
    message = Text(
        sentence.zh.format(found=value, expected=expected.zh, column=header, place=place, byte=byte),
        sentence.en.format(found=value, expected=expected.en, column=column or "", place=place, byte=byte),
    )
    return Fault(row_no, rule.check.name, column, value, message)
