"""One received file as the parts that are loaded as drops of their own.

What a file is, its first bytes say, not its name: a workbook renamed to .csv is a workbook. Copies (unpacked
members, sheets, transcoded text) lie in the staging folder with mode 0600, one at a time.
"""

import contextlib
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from etl.messages import Refusal, Text
from etl.privacy import mask_label
from etl.reader.stated import Stated
from etl.reader.survey import Survey
from etl.reader.unlike_its_name import is_called_workbook, is_no_text

HEAD = 1 << 12
OF_WORKBOOKS = (b"[Content_Types].xml", b"xl/workbook", b"xl/worksheets/", b"opendocument.spreadsheet")


@dataclass(frozen=True)
class Part:
    """A text file to read, and what it is a part of."""

    label: str  # '' for a plain file, else the member's path or the sheet's name (masked when kept)
    path: Path  # the received file itself, or a UTF-8 copy in the staging folder
    sha256: str | None = None  # of the bytes to identify the drop by, where they are not those of `path`
    size: int | None = None  # bytes, likewise
    encoding: str | None = None  # as received, when `path` is a copy in UTF-8
    name: str = ""  # what sentences call it, masked; '' for the name of `path`
    survey: Survey | None = None  # of `path`, when it was already made
    broken: Mapping[int, str] = field(default_factory=dict)  # lines of a copy that could not be transcoded
    refusal: Text | None = None  # why this part cannot be read: opening it raises this
    notes: tuple[Text, ...] = ()  # what else is to be told: sheets and members that hold no table
    workbook: str = ""  # 'xlsx', 'xls' …: a sheet of one, which has no encoding or delimiter of its own
    remark: Text | None = None  # what the ledger keeps of how it was read
    stated: tuple[Stated, ...] = ()  # what another part of the file states of the unit of time

    @property
    def names_given(self) -> list[str]:
        """The names a sender gave: of the file, of the archive's member, of the sheet; not that of our copy."""
        names = f"{self.name}/{self.label}" if self.name or self.label else self.path.name
        return [re.sub(r"\.[A-Za-z]{2,4}$", "", one) for one in names.split("/")]


class Staging:
    """A folder for copies that nobody else may open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def new_copy(self) -> Path:
        handle, name = tempfile.mkstemp(prefix="part-", dir=self.folder)  # mkstemp makes it 0600
        os.close(handle)
        return Path(name)

    @contextmanager
    def copy(self) -> Iterator[Path]:
        """A new empty file that is gone afterwards."""
        path = self.new_copy()
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)


@contextmanager
def open_parts(path: Path, staging: Path) -> Iterator[Iterator[Part]]:
    """The parts of a received file, one after the other; copies in `staging` are gone afterwards.

    Raises Refusal with a sentence for a file that cannot be taken apart. A part that alone cannot be read has
    a `refusal`, so that the others are loaded.
    """
    staging.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="parts-", dir=staging))
    parts: Iterator[Part] = iter(())
    try:
        parts = parts_of(path, "", Staging(folder), mask_label(path.name), is_inside=False)
        yield parts
    finally:
        with contextlib.suppress(ValueError, AttributeError):
            parts.close()  # type: ignore[attr-defined]
        shutil.rmtree(folder, ignore_errors=True)


def parts_of(path: Path, label: str, staging: Staging, name: str, is_inside: bool) -> Iterator[Part]:
    """The parts of a file, or of a file unpacked from another (`is_inside`): then no archive may be in it."""
    from etl.reader.archive import members, unpacked  # these ask for the parts of what they unpack
    from etl.reader.text import text_part
    from etl.reader.workbook import sheets

    try:
        kind = kind_of(path)
    except OSError:
        kind = "text"  # opening it will say why it cannot be read
    if is_called_workbook(name) and (
        (kind == "zip" and not zipfile.is_zipfile(path))
        or (kind == "text" and path.is_file() and is_no_text(path))
    ):
        kind = "workbook"  # too damaged to be told by what it holds: its sender saved a workbook and packed nothing
    if kind == "workbook":
        yield from sheets(path, label, staging, name)
    elif kind in ("zip", "gzip") and is_inside:
        raise Refusal(
            f"{name}：压缩包里还有压缩包；请解压后再报送。",
            f"{name}: an archive inside an archive; unpack it and send what is in it.",
        )
    elif kind == "zip":
        yield from members(path, staging, name)
    elif kind == "gzip":
        yield from unpacked(path, staging, name)
    else:
        with text_part(path, label, staging, name) as part:
            yield part


def workbook_format(path: Path) -> str:
    """'xlsx', 'xlsb', 'ods' or 'xls': what a workbook is, whatever it is named."""
    if not zipfile.is_zipfile(path):
        return "xls"
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    return "xlsb" if "xl/workbook.bin" in names else "xlsx" if "xl/workbook.xml" in names else "ods"


def kind_of(path: Path) -> str:
    """'workbook', 'zip', 'gzip' or 'text' (which includes what is no text either: opening it says so)."""
    with path.open("rb") as file:
        start = file.read(HEAD)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "workbook"
    if start.startswith(b"\x1f\x8b"):
        return "gzip"
    if not start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "text"
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, RuntimeError):
        # Damaged: what it was is told by the names of the first members, which stand before their contents.
        return "workbook" if any(mark in start for mark in OF_WORKBOOKS) else "zip"
    is_workbook = "xl/workbook.xml" in names or "xl/workbook.bin" in names
    return "workbook" if is_workbook or {"mimetype", "content.xml"} <= names else "zip"
