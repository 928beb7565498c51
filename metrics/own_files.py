"""Where a command may write what it was asked to write: over nothing, and among nothing, that others put there.

Every command that writes to a path a person gives asks here, before it does the work: files as they were received
exist once, and a slip of the shell (the same name twice) must not cost one.
"""

import csv
import gzip
import os
import re
import zipfile
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from metrics.refusals import Refused

MARK = "红马甲 Redvest"  # in the properties of every workbook written here
PARQUET_KEY = b"redvest"
# Columns that only tables written here have: of an export of figures, and of a list of rows set aside.
OWN_COLUMNS = ({"build_id"}, {"检查项", "原值（已打码）", "怎么改"})
CORE = "docProps/core.xml"
LONGEST_HEADER = 20_000  # characters; a file of one endless line is none of ours
MOMENT = re.compile(r"<dcterms:(created|modified)[^>]*>([^<]*)<")


def require_file(path: Path, home: Path, given: Iterable[Path] = (), shown: str | None = None) -> None:
    """Refuse a path that is read in this call, lies among drops, holds a file of others, or cannot be written.

    `given` are the files and folders the call reads; `shown` is what the path is called in the sentence.
    """
    name = path.name if shown is None else shown
    place = path.parent.resolve() / path.name
    given = list(given)
    if any(one.exists() and path.exists() and one.samefile(path) for one in given):
        raise Refused(
            f"{name}：这是要读的文件，不能写在它上面；请换一个文件名。",
            f"{name}: this file is to be read, and cannot be written over; give another name.",
        )
    _require_no_drops(place, home, [one for one in given if one.is_dir()], name)
    _require_writable(place.parent, name)
    if path.is_dir():
        raise Refused(f"{name}：无法写入（这是文件夹）。", f"{name}: cannot be written (it is a folder).")
    if os.path.lexists(path) and not is_own(path):
        raise Refused(
            f"{name}：已有这个文件，而且不是本程序导出的（或导出后改过），不会覆盖；请换一个文件名。",
            f"{name}: there is such a file, which was not exported by this program (or was edited since), and it is not "
            "written over; give another name.",
        )


def require_folder(folder: Path, home: Path, files: Iterable[str] = ()) -> None:
    """The same of the files that are to be written into a folder; whether it can be made shows when it is."""
    _require_no_drops(folder.resolve(), home, [], folder.name)
    if folder.is_dir():
        for file in files:
            require_file(folder / file, home)


def _require_no_drops(place: Path, home: Path, folders: list[Path], name: str) -> None:
    for folder in (home / "drops", *folders):
        if place.is_relative_to(folder.resolve()):
            raise Refused(
                f"{name}：在报送文件的文件夹里，写进去会被当作报送；请写到别处。",
                f"{name}: it would lie among the drops and be taken for one; write it elsewhere.",
            )


def _require_writable(folder: Path, name: str) -> None:
    said = None
    if not folder.exists():
        said = ("文件或文件夹不存在", "No such file or directory")
    elif not folder.is_dir():
        said = ("路径中有一处不是文件夹", "Not a directory")
    elif not os.access(folder, os.W_OK | os.X_OK):
        said = ("没有权限", "Permission denied")
    if said is not None:
        raise Refused(f"{name}：无法写入（{said[0]}）。", f"{name}: cannot be written ({said[1]}).")


def is_own(path: Path) -> bool:
    """Whether a file is an export of this program, told by what it holds; a link or what cannot be read is not."""
    if path.is_symlink() or not path.is_file():
        return False
    try:
        if path.suffix == ".parquet":
            return PARQUET_KEY in (pq.read_schema(path).metadata or {})
        return _is_own_workbook(path) if zipfile.is_zipfile(path) else _is_own_table(path)
    except (OSError, EOFError, ValueError, KeyError, csv.Error, zipfile.BadZipFile, pa.ArrowException):
        return False


def _is_own_workbook(path: Path) -> bool:
    """As it was written: whoever edits a workbook changes the moment it was modified, and not that of its making."""
    with zipfile.ZipFile(path) as archive, archive.open(CORE) as file:
        properties = file.read(LONGEST_HEADER).decode()
    moments = dict(MOMENT.findall(properties))
    return f">{MARK}<" in properties and moments.get("created") == moments.get("modified")


def _is_own_table(path: Path) -> bool:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        header: set[str] = set(*islice(csv.reader([file.readline(LONGEST_HEADER)]), 1))
    return any(columns <= header for columns in OWN_COLUMNS)
