"""The index of a JPEG file that holds several pictures (CIPA DC-007, Multi-Picture Format)."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

_MP_ENTRY = 0xB002
_PREVIEWS = {0x010001, 0x010002}
_UNDEFINED = 0
_GAIN_MAP_WORDS = (b"hdrgm", b"hdr-gain-map", b"urn:iso:std:iso:ts:21496")
_MOST_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class FurtherPictures:
    """Where the further pictures of a JPEG file lie.

    Attributes:
        pages: Place and length of each further picture. A preview or a gain map of the first is not among them.
        first_length: Length of the first picture; 0 for the whole file.
    """

    pages: tuple[tuple[int, int], ...] = ()
    first_length: int = 0


def further_pictures(file: BinaryIO) -> FurtherPictures:
    """Return the further pictures that the index names; none without an index, or with one that is damaged."""
    try:
        return _of_index(file)
    except (struct.error, IndexError):
        return FurtherPictures()


def _of_index(file: BinaryIO) -> FurtherPictures:
    index, origin = _index(file)
    if not index:
        return FurtherPictures()
    entries = _entries(index)
    pages = [
        (origin + offset, length)
        for attributes, length, offset in entries[1:]
        if offset and _is_part(file, attributes & 0xFFFFFF, origin + offset, length)
    ]
    return FurtherPictures(tuple(pages), entries[0][1] if pages else 0)


def _index(file: BinaryIO) -> tuple[bytes, int]:
    """Return the content of the index and its place, to which its offsets relate; nothing if there is none."""
    place = 2
    while True:
        file.seek(place)
        header = file.read(8)
        if len(header) < 8 or header[0] != 0xFF or header[1] in (0xDA, 0xD9):
            return b"", 0
        length = int.from_bytes(header[2:4], "big")
        if header[1] == 0xE2 and header[4:8] == b"MPF\0":
            return file.read(length - 6), place + 8
        place += 2 + length


def _entries(index: bytes) -> list[tuple[int, int, int]]:
    """Return attributes, length and offset of each picture."""
    order = "<" if index[:2] == b"II" else ">"
    (place,) = struct.unpack_from(order + "I", index, 4)
    (count,) = struct.unpack_from(order + "H", index, place)
    for entry in range(min(count, _MOST_ENTRIES)):
        tag, _, size, offset = struct.unpack_from(order + "HHII", index, place + 2 + 12 * entry)
        if tag == _MP_ENTRY:
            pictures = min(size // 16, _MOST_ENTRIES)
            return [struct.unpack_from(order + "III", index, offset + 16 * picture) for picture in range(pictures)]
    return [(0, 0, 0)]


def _is_part(file: BinaryIO, kind: int, offset: int, length: int) -> bool:
    """Return whether an entry is a picture of its own: neither a preview nor the gain map of a phone's HDR picture."""
    if kind in _PREVIEWS:
        return False
    file.seek(offset)
    beginning = file.read(min(length, 65536))
    if not beginning.startswith(b"\xff\xd8\xff"):
        return False
    return kind != _UNDEFINED or not any(word in beginning for word in _GAIN_MAP_WORDS)
