"""One received file as the parts that are loaded as drops of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Part:
    """A text file to read, and what it is a part of."""

    label: str  # '' for a plain file, else the member's path or the sheet's name (masked when kept)
    path: Path  # the received file itself, or a UTF-8 copy in the staging folder
    sha256: str | None = None  # of the bytes to identify the drop by, where they are not those of `path`
    size: int | None = None  # bytes, likewise
    encoding: str | None = None  # as received, when `path` is a copy in UTF-8


@contextmanager
def open_parts(path: Path, staging: Path) -> Iterator[Iterator[Part]]:
    """The parts of a received file, one after the other; copies in `staging` are gone afterwards.

    Raises Refusal with a sentence for a file that cannot be taken apart.
    """
    yield iter([Part("", path)])
