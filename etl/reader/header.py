"""Which encoding, delimiter and kind of drop: decided by the header, the one line we know by heart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.messages import Text
from etl.reader import encodings
from etl.reader.dialects import (
    NOT_TAKEN,
    agree,
    dialects,
    explains_more,
    has_stray_quote,
    is_quoted,
)
from etl.reader.fields import BLANK, PAIRS, RUN, Dialect
from etl.reader.head import GENERIC, Recognised, Record, Unclear, data_above, find_in, records_of
from etl.reader.stated import Stated, has_time, in_unit, stated_above, stated_at_the_side
from etl.reader.survey import Survey
from etl.reader.units import unit_place
from etl.source import Source, load_sources, normalise_header, source_named
from etl.values import INVISIBLE
from metrics.characters import simplified

HEAD_BYTES = 1 << 17
AMOUNTS = ("hours", "minutes", "count")


@dataclass(frozen=True)
class Header:
    """The header as read: positions of the columns that were recognised, and what was not."""

    source: Source
    encoding: str
    delimiter: str
    fields: tuple[str, ...]
    positions: dict[str, int]
    quote: str = '"'
    rows: tuple[tuple[str, ...], ...] = ()  # the records the header was read from
    row_no: int = 1  # of the (last) header row
    first_row_no: int = 2  # of the row after it
    skip: int = 1  # physical lines up to the end of the header
    surplus: int = 0  # empty fields that every row has beyond the header's
    titles: tuple[tuple[int, str], ...] = ()  # (row_no, 'title' or 'header') of what stands above
    title_texts: tuple[str, ...] = ()  # to know a title again on the next page; never kept
    stated: tuple[Stated, ...] = ()  # units of time that stand beside the table
    as_named: dict[str, int] | None = None  # positions as the header alone says, where a unit is stated
    remark: Text | None = None  # of the unit that was used

    def others(self, name: str) -> list[int]:
        """Further positions of a column under other of its names: a code and a name of the same area."""
        first = self.positions.get(name)
        return [
            place
            for place, text in enumerate(self.fields)
            if first is not None and place != first and name in self.source.recognise([text])
        ]

    @property
    def unknown_places(self) -> list[int]:
        """Positions of the columns that are neither recognised nor blank."""
        taken: set[int | None] = {*self.positions.values(), *self.others("area")}
        if has_time(self):
            taken |= {unit_place(self.fields)}
        return [index for index, text in enumerate(self.fields) if index not in taken and text.strip()]

    @property
    def doubled(self) -> list[tuple[int, int]]:
        """Pairs of positions of which nobody knows which is meant: the very same header twice, or two of an amount
        (服务时长, 认定时长).
        """
        names = [normalise_header(simplified(text)) for text in self.fields]
        first = {names[place]: place for place in self.positions.values()}
        again = [(first[text], place) for place, text in enumerate(names) if first.get(text, place) != place]
        for name, (one, *others) in self.source.places(names).items():
            if self.source.columns[name].type in AMOUNTS:
                again += [(one, place) for place in others if (one, place) not in again]
        return again


def spreadsheet_column(place: int) -> str:
    """The letter a spreadsheet gives a column: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def find_header(path: Path, survey: Survey, wanted: str | None) -> Header | None:
    """The header among the first rows, under the encoding and delimiter that give one; None if none do.

    `wanted` forces a source. Raises Unclear when two readings are equally good.
    """
    head = _head(path)
    if survey.is_utf8:
        return header_in(head, "utf-8", wanted)
    return header_in(head, require_encoding(path), wanted)


def require_encoding(path: Path) -> str:
    """The encoding of a text that is not UTF-8; Unclear when it cannot be decided."""
    encoding = detect(path)
    if encoding is None:
        raise Unclear(
            1,
            "编码无法判断，按 GBK 和 Big5 都能读出文字；请另存为 UTF-8 再报送",
            "the encoding is not known: the text reads as GBK and as Big5 alike; save it as UTF-8 and send it again",
        )
    return encoding


def detect(path: Path) -> str | None:
    """The encoding of a text that is not UTF-8 throughout; None when that cannot be decided.

    UTF-8 with broken bytes is UTF-8 when at least half of its lines beyond ASCII are valid, since Chinese
    text in GBK almost never is valid UTF-8 by accident.
    """
    text = encodings.sample(path)
    if encodings.share_of_lines(text, "utf-8") >= 0.5:
        return "utf-8"
    head = _head(path)
    possible = [one for one in ("gb18030", "big5") if encodings.share_of_lines(text, one) >= 0.5]
    if len(possible) < 2:
        return possible[0] if possible else "utf-8"
    columns = {one: _columns_found(head, one) for one in possible}
    first, second = sorted(possible, key=columns.__getitem__, reverse=True)
    if columns[first] >= columns[second] + 2:
        return first
    shares = {one: encodings.share_of_everyday(text, one) for one in possible}
    first, second = sorted(possible, key=shares.__getitem__, reverse=True)
    return first if shares[first] - shares[second] >= encodings.CLEARLY else None


def _columns_found(head: bytes, encoding: str) -> int:
    try:
        found = header_in(head, encoding, None)
    except Unclear:
        return 0
    return len(found.positions) if found else 0


def header_in(head: bytes, encoding: str, wanted: str | None) -> Header | None:
    """The header in the first bytes of a text, under the delimiter that finds most of it."""
    text = head.decode(encodings.codec(encoding), "replace")
    sources = [source_named(wanted)] if wanted else list(load_sources().values())
    best: tuple[Recognised, Dialect, list[Record]] | None = None
    rival: tuple[int, int, int] | None = None
    for dialect in dialects(text):
        records = records_of(text, dialect)
        found = find_in(records, sources, wanted is not None)
        if found is None or "\ufffd" in "".join(text for one in found.records for text in one.fields):
            continue
        if (dialect.delimiter == BLANK or has_stray_quote(found, dialect)) and not agree(records, found):
            continue
        is_of_blanks = dialect.delimiter in (RUN, BLANK)
        if best is not None and found.score == best[0].score and not is_of_blanks and dialect.quote == '"':
            rival = found.score
        if best is None or found.score > best[0].score:
            best = (found, dialect, records)
    if best is None:
        return None
    found, dialect, records = best
    if rival == found.score and not found.missing:
        raise Unclear(
            found.records[0].row_no,
            "两种分隔符都能读出列名，无法判断用哪一种",
            "two delimiters give a header, so which one is meant is not known",
        )
    for quote in ("'", "`", *PAIRS) if not found.missing and dialect.quote == '"' else ():
        quoted = Dialect(dialect.delimiter, quote)
        again = records_of(text, quoted)
        unquoted = find_in(again, sources, wanted is not None)
        if unquoted is None or unquoted.positions != found.positions:
            continue
        if is_quoted(records, found, quote) or explains_more(records, found, again, unquoted):
            found, dialect, records = unquoted, quoted, again
            break
    return _header(found, dialect, records, sources, encoding)


def mark_not_taken(path: Path, survey: Survey, wanted: str | None) -> str | None:
    """A mark that would give a whole header if it were taken for a delimiter, of a file in which none else does."""
    sources = [source_named(wanted)] if wanted else list(load_sources().values())
    encoding = "utf-8" if survey.is_utf8 else require_encoding(path)
    text = _head(path).decode(encodings.codec(encoding), "replace")
    for mark in NOT_TAKEN:
        if mark not in text:
            continue
        try:
            found = find_in(records_of(text, Dialect(mark)), sources, wanted is not None)
        except Unclear:
            return mark
        if found is not None and not found.missing:
            return mark
    return None


def _header(
    found: Recognised, dialect: Dialect, records: list[Record], sources: Sequence[Source], encoding: str
) -> Header:
    above = data_above(records, found, sources)
    if above is not None and not found.missing:
        raise Unclear(
            above,
            f"列名在第 {found.records[0].row_no} 行，而此行已像数据；请把列名移到数据之上，或分为两个文件",
            f"the header is in row {found.records[0].row_no}, yet this row looks like data; put the header above "
            "the data, or make two files of it",
        )
    last = found.records[-1]
    surplus = _surplus([one for one in records if one.row_no > last.row_no and one.filled], len(found.fields))
    if surplus and not found.missing and _may_lack_a_delimiter(found):
        raise Unclear(
            last.row_no,
            f"列名有 {len(found.fields)} 个，而各行有 {len(found.fields) + surplus} 个字段，像是有两个列名连在一起；请补上分隔符",
            f"the header has {len(found.fields)} names and the rows have {len(found.fields) + surplus} fields; two names "
            "seem to have run together: put the delimiter between them",
        )
    titles = [one for one in records if one.row_no < found.records[0].row_no and one.filled]
    header = Header(
        source=found.source,
        encoding=encoding,
        delimiter=dialect.delimiter,
        fields=found.fields,
        positions=found.positions,
        quote=dialect.quote,
        rows=tuple(one.fields for one in found.records),
        row_no=last.row_no,
        first_row_no=last.row_no + 1,
        skip=last.end_line,
        surplus=surplus,
        titles=(
            *((one.row_no, "title") for one in titles),
            *((one.row_no, "header") for one in found.records[:-1]),
        ),
        title_texts=tuple(one.filled[0] for one in titles if len(one.filled) == 1),
    )
    if found.missing:
        return header
    return in_unit(header, (*stated_above(found, records), *stated_at_the_side(found, records)))


def _surplus(rows: list[Record], width: int) -> int:
    """How many empty fields most rows have beyond the header's: some programs end each row with a delimiter.

    Only what all do is no information; in a single row one delimiter more may have moved its cells.
    """
    counts = Counter(len(row.fields) for row in rows)
    most = max(counts, key=counts.__getitem__, default=width)
    alike = [row for row in rows if len(row.fields) == most]
    is_empty = all(not field.strip(INVISIBLE) for row in alike for field in row.fields[width:])
    return most - width if most > width and counts[most] * 2 > len(rows) and is_empty else 0


def _may_lack_a_delimiter(found: Recognised) -> bool:
    """Whether a column that is not known has a name that begins or ends with a known one."""
    aliases = [normalise_header(one) for column in found.source.columns.values() for one in column.aliases]
    known = tuple(alias for alias in aliases if len(alias) > 1 and alias not in GENERIC)
    names = [
        normalise_header(simplified(text))
        for place, text in enumerate(found.fields)
        if place not in found.positions.values()
    ]
    return any(name.startswith(known) or name.endswith(known) for name in names)


def _head(path: Path) -> bytes:
    """The beginning of a file, cut at a line end where that is possible."""
    with path.open("rb") as file:
        start = file.read(HEAD_BYTES)
    if len(start) < HEAD_BYTES:
        return start.removeprefix(b"\xef\xbb\xbf")
    end = max(start.rfind(b"\n"), start.rfind(b"\r"))
    return start[: end + 1 or None].removeprefix(b"\xef\xbb\xbf")
