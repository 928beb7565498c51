"""Whether a file has finished arriving: how it stands, and what programs call what they are still writing."""

from pathlib import Path

Stamp = tuple[
    int, int, int
]  # size, modification time in nanoseconds, inode (another file may be renamed into place)

# How programs name what they are still writing, and the locks of spreadsheets that have a file open.
ARRIVING_SUFFIXES = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".download", ".swp")
ARRIVING_PREFIXES = (".", "~")


def stamp_of(path: Path) -> Stamp | None:
    """What changes when a file does; None when there is no such file (any more)."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def is_arriving(path: Path) -> bool:
    """Whether a file's name says that it is still being written, or is a spreadsheet's lock."""
    return path.name.startswith(ARRIVING_PREFIXES) or any(
        suffix.lower() in ARRIVING_SUFFIXES for suffix in path.suffixes
    )
