"""The error cells of an .xlsx sheet (#REF!, #DIV/0! …), which the workbook reader gives as empty cells.

An empty cell may mean "nothing", an error never does: it is shown as the text a person sees, so that a check
refuses it. Only .xlsx is looked at; in the other formats an error stays an empty cell.
"""

import re
import zipfile
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

BLOCK = 1 << 20
LONGEST_CELL = 1 << 16
MOST_OF_THE_LIST = 1 << 24  # bytes of the list of sheets: no honest one comes near
CELL = re.compile(rb"<(?:\w+:)?c\b((?:[^>/]|/(?!>))*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
VALUE = re.compile(rb"<(?:\w+:)?v>(#[^<]{1,20})</")
IS_ERROR = b't="e"'

Errors = dict[tuple[int, int], str]  # (row, column), both from 0


def errors_in(path: Path, place: int) -> Errors:
    """The error cells of the sheet at a place (from 0) in the workbook's list."""
    found: Errors = {}
    try:
        with zipfile.ZipFile(path) as archive:
            name = _file_of(archive, place)
            if name is None:
                return found
            with archive.open(name) as sheet:
                rest = b""
                while block := sheet.read(BLOCK):
                    text = rest + block
                    if IS_ERROR in text:
                        _note(text, found)
                    rest = text[-LONGEST_CELL:]
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return found  # another format, or one whose cells are read all the same
    return found


def _note(text: bytes, found: Errors) -> None:
    for cell in CELL.finditer(text):
        about, content = cell.groups()
        at, value = PLACE.search(about), VALUE.search(content)
        if IS_ERROR in about and at and value:
            found[int(at[2]) - 1, _column(at[1].decode())] = value[1].decode("utf-8", "replace")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _file_of(archive: zipfile.ZipFile, place: int) -> str | None:
    """The member that holds a sheet: the list names a relation, the relation names the member."""
    targets = {
        one.get("Id"): one.get("Target", "") for one in elements(archive, "xl/_rels/workbook.xml.rels")
    }
    listed = [one for one in elements(archive, "xl/workbook.xml") if one.tag.endswith("}sheet")]
    if place >= len(listed):
        return None
    relation = next((value for key, value in listed[place].items() if key.endswith("}id")), "")
    target = targets.get(relation, "")
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)


def elements(archive: zipfile.ZipFile, name: str) -> list[ElementTree.Element]:
    """All elements of a small member; KeyError for one that is not there, or is not small."""
    if archive.getinfo(name).file_size > MOST_OF_THE_LIST:
        raise KeyError(name)
    return list(ElementTree.fromstring(archive.read(name)).iter())
