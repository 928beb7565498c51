"""What pages show of the warehouse beside the build: quarantined rows, receipts, corrections, names of checks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.advice import advice
from etl.frontdesk.jobs import Answer, ask
from etl.messages import Text
from etl.source import load_sources
from etl.warehouse import warehouse_path

MOST_ROWS_SHOWN = 200
RECEIPTS = (".xlsx", ".txt")


@dataclass(frozen=True)
class SetAside:
    """One reason of one quarantined row; the value is masked."""

    drop_id: int
    row_no: int
    check: str
    column: str
    masked_value: str
    reason: Text


class NotDone(Exception):
    """A command said why it could not answer."""

    def __init__(self, told: list[Text]) -> None:
        super().__init__("; ".join(text.en for text in told))
        self.told = told


def quarantined(home: Path, drop_id: int, source: str, check: str | None) -> list[SetAside]:
    """The first rows of a drop in quarantine, of one check or of all. Raises Busy and NotDone."""
    chosen = [] if check is None else ["--check", check]
    answer = _good(ask(home, "quarantine", drop_id, *chosen, "--json", "--first", MOST_ROWS_SHOWN))
    return [
        SetAside(
            line["drop_id"],
            line["row_no"],
            line["check_name"],
            column_title(source, line["column_name"]),
            line["masked_value"] or "",
            Text(line["message_zh"], line["message_en"]),
        )
        for line in answer.json()["quarantine"]
    ]


def rows_by_check(home: Path, drop_id: int) -> dict[str, int]:
    """How many rows of a drop each check has set aside: a public build withholds them. Raises Busy and NotDone."""
    answer = _good(ask(home, "quarantine", drop_id, "--json", "--first", 1))
    return {line["check_name"]: line["rows"] for line in answer.json()["counts"]}


def export(home: Path, drop_id: int, check: str | None, path: Path) -> bytes:
    """All rows of a drop in quarantine as a file, .csv or .xlsx by the path's ending. Raises Busy and NotDone."""
    chosen = [] if check is None else ["--check", check]
    _good(ask(home, "quarantine", drop_id, *chosen, "--export", path, seconds=120))
    return path.read_bytes()


def corrections(home: Path) -> list[dict[str, Any]]:
    """Declared corrections with the drops they were applied to. Raises Busy and NotDone."""
    answer = _good(ask(home, "corrections", "--json"))
    found: list[dict[str, Any]] = answer.json()["corrections"]
    return found


def held_notes(home: Path) -> dict[int, Text]:
    """Why drops are held, in full: a public build withholds the numbers. Raises Busy and NotDone."""
    drops = _good(ask(home, "status", "--json")).json()["drops"]
    return {one["drop_id"]: Text(one["note_zh"], one["note_en"]) for one in drops if one["status"] == "held"}


def mended_since(home: Path, drop_id: int) -> int | None:
    """The drop that a withdrawn one was before a mended file took its place; None for any other.

    Raises Busy and NotDone.
    """
    place: int | None = _good(ask(home, "status", "--json")).json()["formers"].get(str(drop_id))
    return place


def has_warehouse(home: Path) -> bool:
    """Whether rows can be traced here; where only builds are, the trace ends at the drops."""
    return warehouse_path(home).exists()


def receipts(home: Path, drop_id: int) -> dict[str, Path]:
    """The files of a drop's receipt by ending; those that are there."""
    found = {}
    for ending in RECEIPTS:
        files = list((home / "receipts").glob(f"{drop_id}-*{ending}"))
        if files:
            found[ending] = max(files, key=lambda path: path.stat().st_mtime_ns)
    return found


def check_title(check: str) -> Text:
    """What a check is called for people."""
    return advice(check).title


def check_fix(check: str) -> Text:
    """How a row that failed a check is mended."""
    return advice(check).fix


def column_title(source: str, column: str | None) -> str:
    """A column as the source sheet calls it; its own name where the sheet does not know it."""
    sheet = load_sources().get(source)
    if not column or sheet is None or column not in sheet.columns:
        return column or ""
    return sheet.columns[column].title


def _good(answer: Answer) -> Answer:
    if not answer.is_good:
        raise NotDone(answer.told)
    return answer
