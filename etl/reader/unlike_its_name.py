"""What a file is that its name calls a workbook and that holds none; what its sender can do about it."""

import re
import zipfile
from collections.abc import Collection, Sequence
from pathlib import Path

from etl.messages import Refusal, Text
from etl.reader import encodings
from etl.reader.survey import SIGNATURES

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
HEAD = 1 << 12
# Bytes no text has in any encoding that is read, UTF-16 apart. A table may hold a stray one; of bytes that are no text
# one in ten is.
CONTROLS = bytes({*range(9), *range(14, 26), *range(28, 32)})
RUBBLE_SHARE = 0.02
# An ending that names a kind of file. Any other text after a dot may be a name or a number: it is not repeated.
A_KIND = re.compile(r"\.(?!\w*\d{3})[a-z0-9]{1,5}", re.ASCII)
# By a part every file of the kind holds (a folder of such a name may be anybody's); the first that fits.
KINDS = (
    (r"word/document\w*\.xml", Text("一份 Word 文档", "a Word document")),
    (r"ppt/presentation\.xml", Text("一份 PowerPoint 演示文稿", "a presentation")),
    (
        r"Index/.*\.iwa",
        Text("一个苹果 Numbers（或 Pages、Keynote）的文件", "a file of Apple Numbers (Pages, Keynote)"),
    ),
    (r"visio/document\.xml", Text("一张 Visio 图", "a Visio drawing")),
    (
        r"xl/.*\.(xml|bin)",
        Text(
            "一个不完整的工作簿（缺少 xl/workbook.xml）", "an incomplete workbook (without xl/workbook.xml)"
        ),
    ),
)
OPEN_DOCUMENTS = {
    "text": Text("一份文字文档（ODF）", "an ODF text"),
    "presentation": Text("一份演示文稿（ODF）", "an ODF presentation"),
    "graphics": Text("一张绘图（ODF）", "an ODF drawing"),
    "formula": Text("一个公式（ODF）", "an ODF formula"),
}
ODF_TYPE = "application/vnd.oasis.opendocument."


def is_called_workbook(name: str) -> bool:
    return name.lower().endswith(ENDINGS)


def is_no_text(path: Path) -> bool:
    """Whether a file is neither text nor anything known by its first bytes (those are told by what they are)."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    stray = len(head) - len(head.translate(None, CONTROLS))
    if any(head.startswith(mark) for mark in SIGNATURES) or stray <= RUBBLE_SHARE * len(head):
        return False
    return (encodings.utf16_by_mark(head) or encodings.utf16_by_zeros(head)) is None


def no_table(names: Sequence[str], name: str) -> Refusal:
    """A zip file without a table in it: what it is, and what was expected of one of its name."""
    held = _document(names) or _members(names)
    if is_called_workbook(name):
        return Refusal(
            f"{name}：文件名是工作簿，内容却是{held.zh}，里面没有工作表；请用 Excel 或 WPS 打开原来的表格，"
            "另存为 .xlsx 再报送，不要只改文件名。",
            f"{name}: called a workbook, but it is {held.en} and holds no sheet; open the table itself in a spreadsheet, "
            "save it as .xlsx and send that (another name alone does not make it one).",
        )
    return Refusal(
        f"{name}：里面没有数据表（.csv、.xlsx 等）：这是{held.zh}。",
        f"{name}: it holds no table (.csv, .xlsx …): it is {held.en}.",
    )


def other_document(path: Path, name: str) -> Refusal | None:
    """Why an ODF file that is no spreadsheet cannot be read; None for a spreadsheet and for what cannot be told."""
    try:
        with zipfile.ZipFile(path) as archive:
            if "mimetype" not in archive.namelist() or archive.getinfo("mimetype").file_size > HEAD:
                return None
            kind = archive.read("mimetype").decode("ascii", "replace").strip().removeprefix(ODF_TYPE)
    except (zipfile.BadZipFile, RuntimeError, OSError):
        return None
    held = OPEN_DOCUMENTS.get(kind.split("-")[0])
    if held is None:
        return None
    return Refusal(
        f"{name}：这是{held.zh}，不是电子表格；请在电子表格里打开数据，另存为 .xlsx 或 .ods 再报送。",
        f"{name}: this is {held.en}, no spreadsheet; open the data in a spreadsheet, save it as .xlsx or .ods and send that.",
    )


def damaged_workbook(name: str) -> Refusal:
    """Saving again helps only where the file still opens; else what was sent is lost on the way, or was never whole."""
    return Refusal(
        f"{name}：无法作为工作簿打开，文件可能损坏或不是 Excel/WPS 表格；请先在自己的电脑上打开它：打得开，另存为 .xlsx "
        "再报送；打不开，请从平台重新导出，或把原来的文件重新发送一次。",
        f"{name}: cannot be opened as a workbook; it may be damaged or no spreadsheet. Open it on your own computer: if it "
        "opens, save it as .xlsx and send that; if not, export it anew or send the original once more.",
    )


def _kind(name: str) -> str:
    ending = Path(name).suffix.lower()
    return ending if A_KIND.fullmatch(ending) else "—"


def _document(names: Collection[str]) -> Text | None:
    return next((text for part, text in KINDS if any(re.match(part, one) for one in names)), None)


def _members(names: Sequence[str]) -> Text:
    if not names:
        return Text("一个空的压缩包", "an empty archive")
    endings = sorted({_kind(one) for one in names})[:5]
    return Text(
        f"一个装着 {len(names):,} 个别的文件（{'、'.join(endings)}）的压缩包",
        f"an archive of {len(names):,} other file{'s' if len(names) > 1 else ''} ({', '.join(endings)})",
    )
