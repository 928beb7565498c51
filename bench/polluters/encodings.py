"""Encodings: the whole file in another one, or bytes of two in the same file."""

import codecs
from collections.abc import Iterator

from bench.polluters import Dirty, polluter
from bench.polluters.clean import CONTENT, Clean, Dialect, joined, written

FAMILY = "encodings"

# Big5 has no simplified characters: what a platform with traditional headers writes.
TRADITIONAL = str.maketrans(
    "证号记录编动内务期时长区审状态备驳补经济开发县满听义术环设爱",
    "證號記錄編動內務期時長區審狀態備駁補經濟開發縣滿聽義術環設愛",
)


@polluter(family=FAMILY, about="UTF-8 with a byte-order mark")
def file_encoding_utf_8_sig(clean: Clean) -> Iterator[Dirty]:
    yield Dirty(codecs.BOM_UTF8 + joined(clean.lines()), clean.truth())


@polluter(family=FAMILY, about="GBK, as spreadsheets on a Chinese Windows save CSV")
def file_encoding_gbk(clean: Clean) -> Iterator[Dirty]:
    yield Dirty(written(clean.table(), Dialect(encoding="gbk")), clean.truth())


@polluter(family=FAMILY, about="GB18030 with characters GBK lacks")
def file_encoding_gb18030(clean: Clean) -> Iterator[Dirty]:
    table = clean.table()
    for cells in table[1::7]:
        cells[2] = "示例㐂𠮷"
    yield Dirty(written(table, Dialect(encoding="gb18030")), clean.truth())


@polluter(family=FAMILY, about="Big5 (traditional headers and texts)")
def file_encoding_big5(clean: Clean) -> Iterator[Dirty]:
    table = [[text.translate(TRADITIONAL) for text in cells] for cells in clean.table()]
    content = "\r\n".join(",".join(f'"{text.replace(chr(34), "")}"' for text in cells) for cells in table)
    yield Dirty((content + "\r\n").encode("big5", "replace"), clean.truth())


@polluter(family=FAMILY, about="an English header, so that only the rows can tell: GBK, Big5")
def file_encoding_seen_late(clean: Clean) -> Iterator[Dirty]:
    english = "record_id,id_number,name,activity_id,content,service_date,service_hours,area,status,remark"
    table = [english.split(","), *clean.table()[1:]]
    yield Dirty(written(table, Dialect(encoding="gbk")), clean.truth())
    traditional = [[text.translate(TRADITIONAL) for text in cells] for cells in table]
    yield Dirty(written(traditional).decode().encode("big5", "replace"), clean.truth())


@polluter(
    family=FAMILY,
    about='UTF-16 with a byte-order mark (a spreadsheet\'s "Unicode text"), little or big endian',
)
def file_encoding_utf_16(clean: Clean) -> Iterator[Dirty]:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        yield Dirty(mark + written(clean.table(), Dialect(encoding=encoding)), clean.truth())
    tabs = Dialect(encoding="utf-16-le", delimiter="\t")
    yield Dirty(codecs.BOM_UTF16_LE + written(clean.table(), tabs), clean.truth())


@polluter(family=FAMILY, about="UTF-16 without a byte-order mark")
def file_encoding_utf_16_bare(clean: Clean) -> Iterator[Dirty]:
    yield Dirty(written(clean.table(), Dialect(encoding="utf-16-le")), clean.truth())


@polluter(family=FAMILY, about="UTF-8 taken for Latin-1 and written as UTF-8 once more")
def file_encoding_twice(clean: Clean) -> Iterator[Dirty]:
    yield Dirty(joined(clean.lines()).decode("latin-1").encode(), clean.truth())


@polluter(family=FAMILY, about="some rows in GBK in a UTF-8 file, or the other way round")
def row_encoding_mixed(clean: Clean) -> Iterator[Dirty]:
    for most, some in (("utf-8", "gbk"), ("gbk", "utf-8")):
        yield Dirty(_mixed(clean, most, some, range(60, 66)), clean.truth())
        yield Dirty(_mixed(clean, most, some, range(101, len(clean.rows) + 1)), clean.truth())


def _mixed(clean: Clean, most: str, some: str, rows: range) -> bytes:
    """Lines at these places (0: the header) in one encoding, all others in the other."""
    lines = enumerate(clean.lines())
    return b"".join((line + "\r\n").encode(some if place in rows else most) for place, line in lines)


@polluter(family=FAMILY, about="a row is cut within a character, or bytes that are no text stand in a row")
def row_broken_bytes(clean: Clean) -> Iterator[Dirty]:
    for broken in (b"\xe6\xb8", b"\xff\xfe", b"\x00"):
        lines = [(line + "\r\n").encode() for line in clean.lines()]
        lines[49] = lines[49].replace(clean.rows[48][CONTENT][:1].encode(), broken, 1)
        yield Dirty(b"".join(lines), clean.truth())
    cut = joined(clean.lines())
    last_character = cut.rindex(clean.rows[-1][8].encode()) + 1
    yield Dirty(cut[:last_character], clean.truth())
