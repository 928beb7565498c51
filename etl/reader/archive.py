"""Packed files: each member of a .zip and the content of a .gz is read as if it had come alone.

What is packed comes from outside: names that leave the folder, links, passwords, archives in archives and
files that unpack to far more than they are packed into are refused, with the numbers.
"""

import gzip
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Protocol

from etl.messages import Refusal, Text
from etl.privacy import mask_label
from etl.reader.head import ID_NUMBER, Unclear
from etl.reader.header import find_header
from etl.reader.parts import Part, Staging, kind_of, parts_of
from etl.reader.survey import survey
from etl.reader.unlike_its_name import no_table

MOST_MEMBERS = 1_000
MOST_BYTES = 20 << 30  # unpacked, of all members
MOST_RATIO = 200  # unpacked over packed; text of one repeated row is packed to a hundredth
FREE_OF_RATIO = 50 << 20  # small files may be packed as tightly as they like
BLOCK = 1 << 20
UTF8_NAME = 0x800
ENCRYPTED = 0x1
TABLES = {".csv", ".txt", ".tsv", ".xlsx", ".xlsb", ".xls", ".ods", ".zip", ".gz"}

TEXTS = {".csv", ".txt", ".tsv"}
LONGEST_REMARK = 64 << 10  # bytes; what people write for people is short
CELL_MARKS = (b",", b"\t", b";", b"|")


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def members(path: Path, staging: Staging, name: str) -> Iterator[Part]:
    """The parts of every member of a zip file that may be a table."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, RuntimeError, OSError):
        raise Refusal(
            f"{name}：压缩包已损坏，无法打开；请重新压缩再报送。",
            f"{name}: the archive is damaged and cannot be opened; pack it again.",
        ) from None
    with archive:
        listed = [(one, _name_of(one)) for one in archive.infolist() if not one.is_dir()]
        _require_harmless(listed, name)
        require_modest(path, name)
        notes: list[Text] = []
        tables: list[tuple[zipfile.ZipInfo, str]] = []
        for member, inner in listed:
            place = PurePosixPath(inner)
            if any(part.startswith((".", "__MACOSX", "~$")) for part in place.parts):
                continue  # what systems and spreadsheets leave behind
            if place.suffix.lower() in TABLES:
                tables.append((member, inner))
            else:
                shown = mask_label(inner)
                notes.append(
                    Text(
                        f"{name}：“{shown}”不是数据表，已跳过。",
                        f"{name}: '{shown}' is no table and was left out.",
                    )
                )
        if not tables:
            raise no_table([inner for _, inner in listed], name)
        remarks = [one for one in tables if _is_remark(archive, *one, staging)]
        if len(remarks) < len(tables):
            for remark in remarks:
                tables.remove(remark)
                shown = mask_label(remark[1])
                notes.append(
                    Text(
                        f"{name}：“{shown}”没有可识别的列名，是说明文字，已跳过。",
                        f"{name}: '{shown}' has no known column names and is a remark; it was left out.",
                    )
                )
        for member, inner in tables:
            shown = f"{name}/{mask_label(inner)}"
            with staging.copy() as copy:
                try:
                    _unpack_member(archive, member, copy, shown)
                    parts = parts_of(copy, inner, staging, shown, is_inside=True)
                    for part in parts:
                        yield _with_notes(part, notes)
                        notes = []
                except Refusal as refusal:  # of this member alone
                    yield Part(inner, copy, name=shown, refusal=refusal.text, notes=tuple(notes))
                    notes = []


def _is_remark(archive: zipfile.ZipFile, member: zipfile.ZipInfo, inner: str, staging: Staging) -> bool:
    """Whether a member is a text for people (说明.txt), as a sheet without known column names is.

    Rows that lost their header are none: they have many cells, or ID numbers, and somebody must be told.
    """
    from etl.reader.text import text_part  # it asks for what a part is

    if PurePosixPath(inner).suffix.lower() not in TEXTS or member.file_size > LONGEST_REMARK:
        return False
    with staging.copy() as copy:
        try:
            _unpack_member(archive, member, copy, inner)
            if kind_of(copy) != "text":
                return False
            with text_part(copy, inner, staging, inner) as part:
                seen = part.survey or survey(part.path)
                if part.refusal is not None or seen.signature is not None or not seen.line_count:
                    return False
                header = find_header(part.path, seen, None)
                lines = [one for one in part.path.read_bytes().splitlines() if one.strip()]
        except (Refusal, Unclear):
            return False
    text = b"\n".join(lines).decode("utf-8", "replace")
    cells = [max(line.count(mark) for mark in CELL_MARKS) for line in lines]
    is_table = sum(count > 1 for count in cells) * 2 > len(cells)
    few = header is None or len(header.positions) < 2
    return few and bool(lines) and not is_table and ID_NUMBER.search(text) is None


def unpacked(path: Path, staging: Staging, name: str) -> Iterator[Part]:
    """The parts of what a gzip file holds; it is named like the file, without .gz."""
    inner = path.name.removesuffix(".gz") if path.suffix.lower() == ".gz" else path.name
    with staging.copy() as copy:
        try:
            with gzip.open(path, "rb") as packed:
                _copy(packed, copy, path.stat().st_size, name)
        except (OSError, EOFError, zlib.error):
            raise _damaged(name) from None
        yield from parts_of(copy, inner, staging, name, is_inside=True)


def require_modest(path: Path, name: str) -> None:
    """Refuse a zip file (a workbook is one) with too many members, or that says it unpacks to too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            listed = archive.infolist()
    except (zipfile.BadZipFile, RuntimeError):
        return  # whoever opens it says that it is damaged
    if len(listed) > MOST_MEMBERS:
        raise Refusal(
            f"{name}：压缩包里有 {len(listed):,} 个文件，最多 {MOST_MEMBERS:,} 个。",
            f"{name}: the archive has {len(listed):,} members, at most {MOST_MEMBERS:,} are read.",
        )
    require_ratio(sum(one.file_size for one in listed), path.stat().st_size, name)


def require_ratio(unpacked_bytes: int, packed_bytes: int, name: str) -> None:
    """Refuse what unpacks to too much, or to too many times its size."""
    if unpacked_bytes > MOST_BYTES:
        raise Refusal(
            f"{name}：解压后超过 {MOST_BYTES >> 30} GB，不予读取。",
            f"{name}: unpacks to more than {MOST_BYTES >> 30} GB and is not read.",
        )
    if unpacked_bytes > FREE_OF_RATIO and unpacked_bytes > MOST_RATIO * packed_bytes:
        ratio = unpacked_bytes // max(packed_bytes, 1)
        raise Refusal(
            f"{name}：解压后是原来的 {ratio:,} 倍（{unpacked_bytes >> 20:,} MB），最多 {MOST_RATIO} 倍，疑为压缩炸弹。",
            f"{name}: unpacks to {ratio:,} times its size ({unpacked_bytes >> 20:,} MB), at most {MOST_RATIO} times is "
            "read; this looks like a zip bomb.",
        )


def _require_harmless(listed: list[tuple[zipfile.ZipInfo, str]], name: str) -> None:
    """Refuse the whole archive for a member no honest program packs."""
    for member, inner in listed:
        shown = mask_label(inner)
        place = PurePosixPath(inner.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts or inner[1:2] == ":":
            raise Refusal(
                f"{name}：成员“{shown}”的路径指向压缩包之外，整个压缩包未读取。",
                f"{name}: the path of member '{shown}' leads out of the archive; nothing of it was read.",
            )
        if stat.S_ISLNK(member.external_attr >> 16):
            raise Refusal(
                f"{name}：成员“{shown}”是链接，整个压缩包未读取。",
                f"{name}: member '{shown}' is a link; nothing of the archive was read.",
            )
        if member.flag_bits & ENCRYPTED:
            raise Refusal(
                f"{name}：成员“{shown}”设有密码；请去掉密码后再报送。",
                f"{name}: member '{shown}' needs a password; pack it without one and send it again.",
            )


def _name_of(member: zipfile.ZipInfo) -> str:
    """A member's path; one that is not marked as UTF-8 was written by a Chinese Windows in GBK."""
    if member.flag_bits & UTF8_NAME or member.filename.isascii():
        return member.filename
    raw = member.filename.encode("cp437")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _unpack_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, name: str) -> None:
    try:
        with archive.open(member) as packed:
            _copy(packed, target, member.compress_size, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError):
        raise _damaged(name) from None


def _copy(packed: "_Readable", target: Path, packed_bytes: int, name: str) -> None:
    """Unpack in blocks; what the directory of an archive says of sizes is not believed."""
    count = 0
    with target.open("wb") as file:
        while block := packed.read(BLOCK):
            count += len(block)
            require_ratio(count, packed_bytes, name)
            file.write(block)


def _with_notes(part: Part, notes: list[Text]) -> Part:
    return replace(part, notes=(*notes, *part.notes)) if notes else part


def _damaged(name: str) -> Refusal:
    return Refusal(
        f"{name}：压缩内容已损坏，无法解压；请重新压缩再报送。",
        f"{name}: what is packed is damaged and cannot be unpacked; pack it again.",
    )
