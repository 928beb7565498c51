"""Structural characters changed: field delimiter, quotation, escape and record delimiter, in a file or in a row."""

from collections.abc import Iterator

from bench.polluters import Dirty, polluter
from bench.polluters.clean import (
    CONTENT,
    HEADER,
    STANDARD,
    STATUS,
    Clean,
    Dialect,
    joined,
    written,
)

FAMILY = "structural characters"


def _in_dialect(clean: Clean, dialect: Dialect) -> Dirty:
    return Dirty(written(clean.table(), dialect), clean.truth())


@polluter(family=FAMILY, about="fields delimited with spaces")
def file_field_delimiter_space(clean: Clean) -> Iterator[Dirty]:
    yield _in_dialect(clean, Dialect(delimiter=" "))


@polluter(family=FAMILY, about="fields delimited with a comma and a space")
def file_field_delimiter_comma_space(clean: Clean) -> Iterator[Dirty]:
    yield _in_dialect(clean, Dialect(delimiter=", "))
    # Every cell quoted: a blank then stands before each quote.
    yield _in_dialect(clean, Dialect(delimiter=", ", quote_all=True))


@polluter(family=FAMILY, about="fields delimited with semicolons")
def file_field_delimiter_semicolon(clean: Clean) -> Iterator[Dirty]:
    yield _in_dialect(clean, Dialect(delimiter=";"))


@polluter(family=FAMILY, about="fields delimited with tabs")
def file_field_delimiter_tab(clean: Clean) -> Iterator[Dirty]:
    yield _in_dialect(clean, Dialect(delimiter="\t"))


@polluter(family=FAMILY, about="fields delimited with vertical bars")
def file_field_delimiter_bar(clean: Clean) -> Iterator[Dirty]:
    yield _in_dialect(clean, Dialect(delimiter="|"))


@polluter(family=FAMILY, about="the quotation character is the apostrophe")
def file_quotation_char_apostrophe(clean: Clean) -> Iterator[Dirty]:
    yield _in_dialect(clean, Dialect(quote="'", escape="'"))
    yield _in_dialect(clean, Dialect(quote="'", escape="'", quote_all=True))


@polluter(family=FAMILY, about="every cell is quoted")
def file_quotation_all(clean: Clean) -> Iterator[Dirty]:
    yield _in_dialect(clean, Dialect(quote_all=True))


@polluter(family=FAMILY, about="quotes are escaped with a backslash")
def file_escape_char_backslash(clean: Clean) -> Iterator[Dirty]:
    yield _in_dialect(clean, Dialect(escape="\\"))


@polluter(family=FAMILY, about="quotes are not escaped at all")
def file_escape_char_none(clean: Clean) -> Iterator[Dirty]:
    yield _in_dialect(clean, Dialect(escape=""))


@polluter(family=FAMILY, about="rows end with LF")
def file_record_delimiter_lf(clean: Clean) -> Iterator[Dirty]:
    yield _in_dialect(clean, Dialect(newline="\n"))


@polluter(family=FAMILY, about="rows end with CR")
def file_record_delimiter_cr(clean: Clean) -> Iterator[Dirty]:
    yield _in_dialect(clean, Dialect(newline="\r"))


@polluter(family=FAMILY, about="one row ends with LF, CR or two line ends, the others with CRLF")
def row_record_delimiter(clean: Clean) -> Iterator[Dirty]:
    for newline in ("\n", "\r", "\r\n\r\n", "\n\r"):
        lines = [line + "\r\n" for line in clean.lines()]
        lines[90] = lines[90].removesuffix("\r\n") + newline
        blank = newline in ("\r\n\r\n", "\n\r")
        truth = {row + (blank and row > 91): record for row, record in clean.truth().items()}
        yield Dirty("".join(lines).encode(), truth)


@polluter(family=FAMILY, about="a cell of one row has one more, unescaped quotation character")
def row_extra_quote(clean: Clean) -> Iterator[Dirty]:
    for place in range(len(HEADER)):
        row_no = 3 + 17 * place
        yield Dirty(_with_extra_quote(clean, row_no, place, at_start=True), clean.truth())
    for place in (1, CONTENT, 6, 8):
        yield Dirty(_with_extra_quote(clean, 12 + 10 * place, place, at_start=False), clean.truth())


@polluter(family=FAMILY, about="a cell of the header has one more, unescaped quotation character")
def header_extra_quote(clean: Clean) -> Iterator[Dirty]:
    for place in (STATUS, *(place for place in range(len(HEADER)) if place != STATUS)):
        yield Dirty(_with_extra_quote(clean, 1, place, at_start=True), clean.truth())


def _with_extra_quote(clean: Clean, row_no: int, place: int, at_start: bool) -> bytes:
    """The quote goes before the text of the cell (inside the quotes of a quoted cell) or into its middle."""
    lines = clean.lines()
    cells = [STANDARD.cell(text) for text in clean.table()[row_no - 1]]
    at = len(cells[place]) // 2 if not at_start else int(cells[place].startswith('"'))
    cells[place] = cells[place][:at] + '"' + cells[place][at:]
    lines[row_no - 1] = ",".join(cells)
    return joined(lines)


@polluter(family=FAMILY, about="one row is quoted with apostrophes or with typographic quotes")
def row_quotation_char(clean: Clean) -> Iterator[Dirty]:
    for opening, closing in (("'", "'"), ("“", "”")):
        lines = clean.lines()
        plain = [text for text in clean.table()[40] if "," not in text]
        assert len(plain) == len(HEADER), "a row without commas, or its quotes would matter in two ways"
        lines[40] = ",".join(opening + text + closing for text in plain)
        yield Dirty(joined(lines), clean.truth())


@polluter(family=FAMILY, about="quoted cells hold line ends (legal; the rows span lines)")
def row_multiline_cells(clean: Clean) -> Iterator[Dirty]:
    for newline in ("\n", "\r\n"):
        table = clean.table()
        for row_no in (5, 6, 77, len(table)):
            table[row_no - 1][CONTENT] = f"上午：清洁家园{newline}下午：敬老, 助残"
        yield Dirty(written(table), clean.truth())


@polluter(
    family=FAMILY, about="apostrophes and backslashes in text, where they quote and escape nothing (legal)"
)
def row_marks_in_text(clean: Clean) -> Iterator[Dirty]:
    for texts in (
        ("'早安, 唐山'活动", "'早安'活动", "'", "it's"),
        ("敬老院, 慰问\\", "资料\\", "\\", '引号\\"在此'),
    ):
        table = clean.table()
        for row_no in range(4, len(table), 9):
            table[row_no - 1][CONTENT] = texts[row_no % len(texts)]
        yield Dirty(written(table), clean.truth())


@polluter(family=FAMILY, about="blanks around quoted and unquoted cells")
def row_blanks_around_cells(clean: Clean) -> Iterator[Dirty]:
    lines = clean.lines()
    for row_no in (9, 10, 11, 100):
        lines[row_no - 1] = " , ".join(STANDARD.cell(text) for text in clean.table()[row_no - 1])
    yield Dirty(joined(lines), clean.truth())


@polluter(family=FAMILY, about="trailing delimiters after every row, or after some")
def row_trailing_delimiters(clean: Clean) -> Iterator[Dirty]:
    lines = clean.lines()
    yield Dirty(joined([line + ",,," for line in lines]), clean.truth())
    yield Dirty(joined([lines[0], *(line + ",," for line in lines[1:])]), clean.truth())
