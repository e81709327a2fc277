"""Whether the pictures of a video file are cut off, by the lengths that its container gives."""

import io
import struct
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

_CLUSTER, _SEGMENT = 0x1F43B675, 0x18538067
_MOST_PARTS = 1_000_000


class Container(StrEnum):
    """How a video file is built."""

    AVI = "AVI"
    MP4 = "MP4"
    MATROSKA = "Matroska"

    @property
    def counts_pictures(self) -> bool:
        """Return whether it gives the number of its pictures, not only its duration."""
        return self is not Container.MATROSKA


def container_of(path: Path) -> Container | None:
    """Return the container by its first bytes; None if it is none of these, or cannot be read."""
    try:
        with path.open("rb") as file:
            beginning = file.read(12)
    except OSError:
        return None
    if beginning[:4] == b"RIFF":
        return Container.AVI
    if beginning[:4] == b"\x1aE\xdf\xa3":
        return Container.MATROSKA
    return Container.MP4 if beginning[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip") else None


def pictures_are_cut_off(path: Path, container: Container | None) -> bool:
    """Return whether the part of the file that holds the pictures ends behind the end of the file."""
    ends = {Container.AVI: _ends_of_avi, Container.MP4: _ends_of_mp4, Container.MATROSKA: _ends_of_matroska}
    if container is None:
        return False
    with path.open("rb") as file:
        length = file.seek(0, io.SEEK_END)
        try:
            return any(end > length for end in ends[container](file, length))
        except struct.error:
            return True


def _ends_of_avi(file: BinaryIO, length: int) -> Iterator[int]:
    """Yield the end of each list of pictures; a long file has several RIFF parts."""
    place = 0
    for _ in range(_MOST_PARTS):
        if place + 12 > length:
            return
        _, size, name = _unpack(file, place, "<4sI4s")
        inside = name in (b"AVI ", b"AVIX")
        if name == b"movi":
            yield place + 8 + size
        place += 12 if inside else 8 + size + (size & 1)


def _ends_of_mp4(file: BinaryIO, length: int) -> Iterator[int]:
    """Yield the end of each box with media data."""
    place = 0
    for _ in range(_MOST_PARTS):
        if place + 8 > length:
            return
        size, name = _unpack(file, place, ">I4s")
        if size == 1:
            (size,) = _unpack(file, place + 8, ">Q")
        if size == 0:
            return
        if name == b"mdat":
            yield place + size
        place += max(size, 8)


def _ends_of_matroska(file: BinaryIO, length: int) -> Iterator[int]:
    """Yield the end of each cluster; a recording that was not finished gives some of them no length."""
    place = 0
    for _ in range(_MOST_PARTS):
        if place >= length:
            return
        name, start = _number(file, place, keep_mark=True)
        size, start = _number(file, start, keep_mark=False)
        unknown = size == _all_ones(file, start)
        if (name == _CLUSTER and not unknown) or name in (0xA3, 0xA0, 0xE7):
            yield start + size
        place = start if unknown or name == _SEGMENT else start + size


def _all_ones(file: BinaryIO, end: int) -> int:
    """Return the number that means "not known", for a size that ends at this place."""
    for width in range(1, 9):
        file.seek(end - width)
        first = file.read(1)[0]
        if first >> (8 - width) == 1:
            return (1 << (7 * width)) - 1
    return -1


def _number(file: BinaryIO, place: int, *, keep_mark: bool) -> tuple[int, int]:
    """Return a number of variable length, and the place behind it."""
    (first,) = _unpack(file, place, "B")
    width = 9 - first.bit_length()
    file.seek(place)
    content = file.read(width)
    if len(content) != width or not first:
        raise struct.error("no number")
    value = int.from_bytes(content, "big")
    return value if keep_mark else value & ((1 << (7 * width)) - 1), place + width


def _unpack(file: BinaryIO, place: int, codes: str) -> tuple[Any, ...]:
    file.seek(place)
    return struct.unpack(codes, file.read(struct.calcsize(codes)))
