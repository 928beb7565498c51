"""Finding drops: files and folders as given, with what their folders say about area and supplier."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from etl.messages import Text, WrongCall
from etl.privacy import mask_digits, mask_label
from metrics.areas import AreaNotKnown, load_areas

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsb", ".xls", ".ods", ".zip", ".gz")
LEFT_BEHIND = (".", "~$", "__MACOSX")  # hidden, the lock of an open workbook, what a Mac packs besides


@dataclass(frozen=True)
class Found:
    """A file that may be a drop, and what its place says about it. `within`: the folder no link may lead out of."""

    path: Path
    area: str | None
    supplier: str | None
    received_at: datetime
    within: Path | None = None

    @property
    def is_foreign(self) -> bool:
        """Whether it is a link that leads out: asked when its turn comes, as it may have been put there meanwhile."""
        return self.within is not None and _leads_out(self.path, self.within)


def find_drops(
    paths: list[Path], area: str | None, supplier: str | None = None, inbox: Path | None = None
) -> list[Found]:
    """Every drop under the paths, in path order. A file named on the command line is always taken.

    A link to nothing, a folder named like a file and links that must not be followed are found too: opening them
    says what they are, while passing over them would look as if they had been loaded.

    A folder named after an area code says which area its drops are about; the innermost other folder is the
    supplier. `area` given on the command line wins. What lies in the `inbox` has all the inbox's folders, also
    when a file or a folder in it is named.
    """
    if area is not None:
        area = _area_named(area)
    found = []
    for given in paths:
        path = given.absolute()  # '.' has no name, but the folder it stands for may be an area's
        if not path.exists() and not path.is_symlink():
            named = mask_label(str(path))
            raise WrongCall(f"{named}：没有这个文件或文件夹。", f"{named}: there is no such file or folder.")
        if _is_special(path):
            named = mask_label(path.name)
            raise WrongCall(
                f"{named} 不是普通文件，不能读。", f"{named} is no ordinary file and cannot be read."
            )
        files = [path] if not path.is_dir() else sorted(p for p in path.rglob("*") if _may_be_drop(p, path))
        for file in files:
            try:
                received = file.stat(follow_symlinks=file.exists()).st_mtime
            except FileNotFoundError:
                continue  # it went away between listing and looking
            top = inbox.absolute() if inbox is not None and file.is_relative_to(inbox.absolute()) else None
            if top is None and path.is_dir():
                top = path
            folders = [top.name, *file.relative_to(top).parent.parts] if top else [file.parent.name]
            areas = [folder for folder in folders if folder in load_areas()]
            others = [f for f in folders[1:] if f not in load_areas()] if top else []
            found.append(
                Found(
                    path=file,
                    area=area or (areas[-1] if areas else None),
                    supplier=supplier or (others[-1] if others else None),
                    received_at=datetime.fromtimestamp(received).replace(microsecond=0),
                    within=(top or path) if path.is_dir() else None,
                )
            )
    return found


def passed_over(paths: list[Path]) -> list[Path]:
    """Files in the folders that are not taken for drops, by what they are called or are; hidden ones are none."""
    return sorted(
        file
        for path in paths
        if path.is_dir()
        for file in path.absolute().rglob("*")
        if not file.is_dir()
        and not _is_hidden(file, path.absolute())
        and not _may_be_drop(file, path.absolute())
    )


def passed_over_sentence(files: Sequence[Path]) -> Text:
    """What was not even looked at, so that nobody takes it for loaded."""
    names = [mask_label(file.name) for file in files[:5]]
    more = len(files) - len(names)
    of_zh, of_en = (f" 等 {len(files)} 个", f" and {more} more") if more else ("", "")
    return Text(
        f"没有读 {'、'.join(names)}{of_zh}：只读 {' '.join(SUFFIXES)}；压缩包请用 zip，其他表格请另存为 xlsx 或 csv。",
        f"Not read: {', '.join(names)}{of_en}; only {' '.join(SUFFIXES)} are. Pack as zip, save tables as xlsx or csv.",
    )


def foreign_sentence(found: Found) -> Text:
    """Why a link is not followed: who may put files into an inbox may not therefore read all others."""
    name = mask_label(found.path.name)
    if found.path.is_dir():
        return Text(
            f"{name}：这是指向文件夹的链接，没有进入；请放入文件本身，或在命令里写出那个文件夹。",
            f"{name}: this is a link to a folder, which was not entered; put the files themselves here, or name that folder "
            "in the command.",
        )
    return Text(
        f"{name}：这是链接，指向这个文件夹以外，没有读取；请放入文件本身，或在命令里写出那个文件。",
        f"{name}: this is a link that leads out of the folder, so it was not read; put the file itself here, or name it in "
        "the command.",
    )


def _leads_out(file: Path, top: Path) -> bool:
    """Whether a file found in a folder is a link to something outside it, or to any folder (none is entered)."""
    if not file.is_symlink() or not file.exists():
        return False
    return file.is_dir() or not file.resolve().is_relative_to(top.resolve())


def _may_be_drop(file: Path, top: Path) -> bool:
    is_table = file.suffix.lower() in SUFFIXES or (file.is_symlink() and file.is_dir())
    return is_table and not _is_hidden(file, top) and not _is_special(file)


def _is_hidden(file: Path, top: Path) -> bool:
    return any(part.startswith(LEFT_BEHIND) for part in file.relative_to(top).parts)


def _is_special(file: Path) -> bool:
    """A pipe, a socket or a device: opening one may wait for ever."""
    try:
        mode = file.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def real_path(path: Path) -> Path:
    """Where a path leads; a link to itself leads to itself (Path.resolve fails on it)."""
    return Path(os.path.realpath(path))


def kept_path(home: Path, path: Path) -> str:
    """Where a drop lies, for replay: relative to the data home when it is inside, long digit runs starred.

    A path may hold what no table may: a file named after a person's ID number.
    """
    full, top = real_path(path), real_path(home)
    kept = full.relative_to(top) if full.is_relative_to(top) else full
    return str(Path(*(mask_digits(part) for part in kept.parts)))


def find_kept(home: Path, kept: str) -> list[Path]:
    """The files a kept path may stand for: one, none when it is gone, several when stars hide a difference."""
    path = home / kept  # an absolute path stays what it is
    found = [Path(path.anchor)]
    for part in path.parts[1:] if path.anchor else path.parts:
        found = [match for folder in found for match in _named(folder, part)]
    return [match for match in found if match.is_file()]


def _named(folder: Path, part: str) -> list[Path]:
    if (folder / part).exists():
        return [folder / part]
    children = sorted(folder.iterdir()) if folder.is_dir() else []
    return [child for child in children if mask_digits(child.name) == part]


def _area_named(text: str) -> str:
    areas = load_areas()
    code = areas.resolve(text)
    if code is None:
        try:
            areas.get(text)
        except AreaNotKnown as unknown:
            raise WrongCall(f"没有区划代码或名称为“{text}”的地区。", str(unknown)) from None
    return code or text
