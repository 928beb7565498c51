"""Uploaded files: kept in a private folder until somebody confirms them, then laid among the drops.

`<home>/.uploads/<process>-<random>/` (0700) holds one upload. It goes when the upload is confirmed, cancelled or
its session ends; what a killed process left is cleared by the next upload. It is on the same disk as the drops,
so that confirming moves a file and never copies one.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from etl.inbox import LEFT_BEHIND, SUFFIXES
from etl.messages import Refusal, Text, reason_of
from etl.privacy import mask_label
from metrics.areas import load_areas
from metrics.rounding import rounded_text

MOST_FILES = 20
MOST_MEGABYTES = 300  # of one file; held in the dashboard's memory while it arrives
LONGEST_NAME = 150  # bytes: room for a number, within the 255 a file system allows
NOT_IN_A_NAME = re.compile(r"[\\/:*?\"<>|\x00-\x1f\x7f]+")
BLOCK = 1 << 20
# A restarted dashboard may have the process number of the one before, so its own folders are known by name.
_own: set[Path] = set()


@dataclass(frozen=True)
class Upload:
    """Files that wait for a decision, in the order they came."""

    folder: Path
    files: tuple[Path, ...]

    @property
    def is_there(self) -> bool:
        return all(file.is_file() for file in self.files)

    def shown_names(self) -> list[str]:
        return [mask_label(file.name) for file in self.files]


def limits(megabytes: int = MOST_MEGABYTES) -> Text:
    """What may be uploaded, told before; `megabytes` where the server takes less."""
    kinds = " ".join(suffix.lstrip(".") for suffix in SUFFIXES)
    return Text(
        f"一次最多 {MOST_FILES} 个文件，每个不超过 {megabytes} MB；可读的类型：{kinds}。"
        "更大的文件请交系统管理员放入收件箱。",
        f"At most {MOST_FILES} files at a time, {megabytes} MB each; kinds: {kinds}. "
        "Larger files: ask the operator to put them into the inbox.",
    )


def objections(files: Iterable[tuple[str, int]]) -> list[Text]:
    """Why files, given by name and size, are not taken; nothing when they are."""
    told, chosen = [], list(files)
    for name, size in chosen:
        shown = mask_label(_base(name))
        if Path(name).suffix.lower() not in SUFFIXES:
            told.append(
                Text(
                    f"{shown}：不是可以读取的文件类型，请从所选文件中移除，或另存为 xlsx 或 csv。",
                    f"{shown}: not a kind of file that can be read; remove it or save it as xlsx or csv.",
                )
            )
        if size > MOST_MEGABYTES * 1024 * 1024:
            megabytes = rounded_text(size / 1024 / 1024, 0)
            told.append(
                Text(
                    f"{shown}：大小 {megabytes} MB，超过单个文件 {MOST_MEGABYTES} MB 的上限；"
                    "请分成几个文件，或交系统管理员放入收件箱。",
                    f"{shown}: {megabytes} MB, more than the {MOST_MEGABYTES} MB a file may have; "
                    "split it, or ask the operator to put it into the inbox.",
                )
            )
        if size == 0:
            told.append(Text(f"{shown}：文件是空的。", f"{shown}: the file is empty."))
    if len(chosen) > MOST_FILES:
        told.append(
            Text(
                f"选了 {len(chosen)} 个文件，一次最多 {MOST_FILES} 个；请分几次上传。",
                f"{len(chosen)} files, at most {MOST_FILES} at a time: please upload them in several turns.",
            )
        )
    return told


class NotStored(Refusal):
    """The disk does not take an upload."""


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = reason_of(error)
        raise NotStored(
            f"上传的文件无法保存（{reason.zh}）；没有载入任何一行，请告知系统管理员，稍后再试。",
            f"The uploaded files cannot be stored ({reason.en}). Not a row was loaded; please tell the operator and "
            "try again later.",
        ) from error


@_writing()
def receive(home: Path, files: Iterable[tuple[str, BinaryIO]]) -> Upload:
    """Keep uploaded files in a private folder of their own. Raises NotStored when the disk does not take them."""
    waiting = home / ".uploads"
    waiting.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(home)
    folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=waiting))  # 0700, as mkdtemp makes them
    _own.add(folder)
    kept: list[Path] = []
    try:
        for name, stream in files:
            path = _free(folder, safe_name(name))
            with path.open("xb") as target:
                shutil.copyfileobj(stream, target, BLOCK)
            kept.append(path)
    except BaseException:
        discard(folder)
        raise
    return Upload(folder, tuple(kept))


@_writing()
def keep(home: Path, upload: Upload, area: str | None, supplier: str | None) -> list[Path]:
    """Lay confirmed files among the drops, where their area and supplier are folders; never over another file.

    Raises NotStored when the disk does not take them.
    """
    target = home / "drops"
    for part in (area or "", safe_name(supplier) if supplier else ""):
        target = target / part
    target.mkdir(parents=True, exist_ok=True)
    kept: list[Path] = []
    for file in upload.files:
        place = _free(target, file.name)
        try:
            file.rename(place)
        except OSError:  # what nobody has confirmed must not lie among the drops
            for moved, came_from in zip(kept, upload.files, strict=False):
                moved.rename(came_from)
            raise
        kept.append(place)
    discard(upload.folder)
    return kept


def discard(folder: Path) -> None:
    """Remove an upload nobody wants any more; one that is gone already is no mistake."""
    shutil.rmtree(folder, ignore_errors=True)
    _own.discard(folder)


def sweep(home: Path) -> None:
    """Remove what processes that no longer live have left."""
    for folder in (home / ".uploads").glob("*-*"):
        owner = folder.name.split("-")[0]
        is_own = owner == str(os.getpid())
        if folder not in _own if is_own else not (owner.isdigit() and _lives(int(owner))):
            discard(folder)


def areas(lang: str) -> dict[str, str]:
    """Areas an upload may be about, by code: the cities, each followed by its districts."""
    known = load_areas()
    return {
        area.area_code: area.name(lang)
        for city in known.cities()
        for area in (city, *known.children(city.area_code))
        if area.level != "unknown"
    }


def safe_name(name: str) -> str:
    """A name that is only a name: no folder, not hidden, short enough, its ending kept."""
    base = NOT_IN_A_NAME.sub("_", _base(name)).strip()
    if base.startswith(LEFT_BEHIND):
        base = base.lstrip(".~$_")
    stem, suffix = Path(base).stem, Path(base).suffix
    room = max(1, LONGEST_NAME - len(suffix.encode()))
    return (stem.encode()[:room].decode("utf-8", "ignore").strip(" .") or "_") + suffix


def _base(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def _free(folder: Path, name: str) -> Path:
    """The name, numbered when there is a file of that name already."""
    stem, suffix, number = Path(name).stem, Path(name).suffix, 1
    path = folder / name
    while path.exists():
        number += 1
        path = folder / f"{stem} ({number}){suffix}"
    return path


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
