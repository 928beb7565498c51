"""A subtotal with a person and a day in it: a record by its looks, counted besides the records it sums up."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check

WORDS = ("合计", "总计", "小计", "共计", "累计")  # what such a cell ends in: 本页合计, 个人小计


@check(
    stage="read",
    zh="“{found}”像是合计行，不是一条记录。",
    en="'{found}' looks like a row of totals, not a record.",
)
def check_total_as_record(columns: Columns) -> Iterator[Failure]:
    """Totals with nothing but figures are told from data without a check (etl.reader.layout)."""
    whens = " ".join(f"WHEN '{word}' THEN true" for word in WORDS)
    for name, column in columns.source.columns.items():
        if column.type in ("text", "number", "reference") and columns.has(name):
            cell = columns.raw(name)
            # The last character is asked first: comparing it is ten times as fast as cutting two off.
            yield Failure(
                f"CASE WHEN suffix({cell}, '计') THEN CASE right({cell}, 2) {whens} ELSE false END ELSE false END",
                name,
            )
