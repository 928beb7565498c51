"""The start of a stream of a compound file, which is what an .xls is: sectors, chained by a table of their successors."""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

SIZES = {9: 512, 12: 4096}  # bytes of a sector
LAST_SECTOR = 0xFFFFFFFA  # above are marks, no sectors
IN_HEADER = 109  # sectors of the table that the header lists itself
ENTRY, SMALL = 128, 64  # bytes of an entry of the directory, and of a sector of the small streams
MOST_OF_A_LIST = 1 << 24  # bytes: no honest one comes near
Sector = Callable[[int], bytes]


class NotReadable(Exception):
    """It is no such file, or a damaged one."""


def start_of_stream(path: Path, names: Sequence[str], most: int) -> bytes:
    """At most so many bytes of the first stream of one of these names. Raises NotReadable."""
    try:
        with path.open("rb") as file:
            header = file.read(512)
            size = SIZES[struct.unpack_from("<H", header, 30)[0]]

            def sector(number: int) -> bytes:
                file.seek((number + 1) * size)
                return file.read(size)

            return _stream(header, sector, size, names, most)
    except (OSError, ValueError, struct.error, LookupError):
        raise NotReadable from None


def _stream(header: bytes, sector: Sector, size: int, names: Sequence[str], most: int) -> bytes:
    directory_at, _, small_below, small_table_at = struct.unpack_from("<IIII", header, 48)
    successors = _numbers(map(sector, _sectors_of_table(header, sector)))

    def chained(first: int, length: int) -> bytes:
        return b"".join(map(sector, _chain(first, successors, -(-length // size))))

    directory = chained(directory_at, MOST_OF_A_LIST)
    entries = [directory[at : at + ENTRY] for at in range(0, len(directory) - ENTRY + 1, ENTRY)]
    wanted = next((one for one in entries if _name(one) in names), None)
    if wanted is None:
        raise NotReadable
    first, length = struct.unpack_from("<II", wanted, 116)
    if length >= small_below:
        return chained(first, min(most, length))[: min(most, length)]
    small = chained(*struct.unpack_from("<II", entries[0], 116))  # the first entry has all small streams
    after = _numbers([chained(small_table_at, MOST_OF_A_LIST)])
    places = _chain(first, after, -(-length // SMALL))
    return b"".join(small[place * SMALL : (place + 1) * SMALL] for place in places)[: min(most, length)]


def _sectors_of_table(header: bytes, sector: Sector) -> Iterator[int]:
    """The sectors that hold the table of successors: some the header lists, more a chain of sectors lists."""
    following, count = struct.unpack_from("<II", header, 68)
    yield from (one for one in struct.unpack_from(f"<{IN_HEADER}I", header, 76) if one < LAST_SECTOR)
    for _ in range(min(count, MOST_OF_A_LIST)):
        *listed, following = _numbers([sector(following)])
        yield from (one for one in listed if one < LAST_SECTOR)


def _chain(first: int, successors: Sequence[int], most: int) -> Iterator[int]:
    """At most so many sectors from the first on; a damaged table may lead in circles."""
    number = first
    for _ in range(min(most, len(successors))):
        if number >= LAST_SECTOR:
            return
        yield number
        number = successors[number]


def _numbers(blocks: Iterable[bytes]) -> list[int]:
    return [number for block in blocks for (number,) in struct.iter_unpack("<I", block)]


def _name(entry: bytes) -> str:
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(length - 2, 0)].decode("utf-16-le", "replace")
