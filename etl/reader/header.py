"""Which encoding, delimiter and kind of drop: decided by the header, the one line we know by heart."""

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

from etl.reader.survey import Survey
from etl.source import Source, load_sources, normalise_header, source_named

DELIMITERS = (",", "\t", ";", "|")
HEADER_BYTES = 1 << 16
MOST_HEADER_LINES = 20  # a wrapped header cell holds line ends; more lines than this are an unclosed quote


@dataclass(frozen=True)
class Header:
    """The header as read: positions of the columns that were recognised, and what was not."""

    source: Source
    encoding: str
    delimiter: str
    fields: tuple[str, ...]
    positions: dict[str, int]
    quote: str = '"'
    rows: tuple[tuple[str, ...], ...] = ()  # the records the header was read from, when not just `fields`
    first_row_no: int = 2  # the number of the row after the header
    skip: int = 1  # physical lines up to the end of the header
    titles: tuple[tuple[int, str], ...] = ()  # (row_no, 'title' or 'header') of what stands above
    title_texts: tuple[str, ...] = ()  # to know a title again on the next page; never kept

    @property
    def unknown_places(self) -> list[int]:
        """Positions of the columns that are neither recognised nor blank."""
        taken = set(self.positions.values())
        return [index for index, text in enumerate(self.fields) if index not in taken and text.strip()]

    @property
    def doubled(self) -> list[tuple[int, int]]:
        """Pairs of positions with the very same recognised header: which of the two is meant is not known."""
        first = {normalise_header(self.fields[place]): place for place in self.positions.values()}
        return [
            (first[normalise_header(text)], place)
            for place, text in enumerate(self.fields)
            if first.get(normalise_header(text), place) != place
        ]


def spreadsheet_column(place: int) -> str:
    """The letter a spreadsheet gives a column: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def candidate_encodings(path: Path, survey: Survey) -> tuple[str, ...]:
    """Encodings worth trying, likeliest first. GB18030 contains GBK and GB2312.

    Valid UTF-8 is never anything else. In a file that is not valid throughout, lines that are valid UTF-8
    beyond ASCII are strong evidence for it, since Chinese text in GBK almost never is by accident: such a
    file is UTF-8 with a few broken bytes when they are at least half of its lines beyond ASCII.
    """
    if survey.is_utf8:
        return ("utf-8",)
    valid = beyond_ascii = 0
    with path.open("rb") as file:
        for line in file:
            if line.isascii():
                continue
            beyond_ascii += 1
            try:
                line.decode("utf-8")
                valid += 1
            except UnicodeDecodeError:
                continue
    return ("utf-8", "gb18030") if valid * 2 >= beyond_ascii else ("gb18030", "utf-8")


def find_header(path: Path, survey: Survey, wanted: str | None) -> Header | None:
    """The reading of the first line under which most columns are recognised; None if none are.

    `wanted` forces a source. Ties go to the reading with all required columns, then to the sheet order.
    """
    line = _first_record(path)
    sources = [source_named(wanted)] if wanted else list(load_sources().values())
    best: tuple[tuple[int, int, int], Header] | None = None
    for encoding in candidate_encodings(path, survey):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        for delimiter in DELIMITERS:
            fields = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
            readings = [(source, source.recognise(fields)) for source in sources]
            is_of_persons = any(source.identifies_persons(positions) for source, positions in readings)
            for source, positions in readings:
                # A list of people whose hours go by an unknown name has all an activity needs: taken for one, its
                # rows would supersede each other until one per activity was left.
                if is_of_persons and not (wanted or source.identifies_persons(positions)):
                    continue
                missing = len(source.missing(positions))
                distinctive = sum(1 for group in source.require_one_of if any(n in positions for n in group))
                score = (-missing, len(positions), distinctive)
                if positions and (best is None or score > best[0]):
                    best = (score, Header(source, encoding, delimiter, tuple(fields), positions))
    return best[1] if best else None


def _first_record(path: Path) -> bytes:
    """The bytes of the header: the first line, or several when a quoted header cell holds line ends."""
    with path.open("rb") as file:
        start = file.read(HEADER_BYTES).removeprefix(codecs.BOM_UTF8)
    lines = start.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    for count in range(1, MOST_HEADER_LINES + 1):
        record = b"\n".join(lines[:count])
        if record.count(b'"') % 2 == 0:
            return record
    return lines[0]
