"""JPEG 2000 files: JP2 and raw codestreams."""

import struct
from collections.abc import Iterator

from station.camera.pictures.picture import (
    Decoded,
    FurtherPicturesError,
    UnreadableContentError,
    check_claimed_size,
    cut_off,
    damaged,
    decoded_by_opencv,
)

_START = b"\xff\x4f\xff\x51"
_START_OF_TILE = 0xFF90
_BITS = (8, 10, 12, 14, 16)


def decode(content: bytes) -> Decoded:
    """Return the pixels.

    Raises:
        UnreadableContentError: The end is missing, the data is damaged, or there is more than one picture inside.
    """
    start, end = _codestream(content)
    header = content[start : start + 45]
    if len(header) < 45 or not header.startswith(_START):
        raise damaged("JPEG 2000")
    right, lower, left, upper = struct.unpack_from(">IIII", header, 8)
    check_claimed_size(right - left, lower - upper)
    if not content.endswith(b"\xff\xd9", start, end) or not _has_all_tiles(content, start, end):
        raise cut_off("JPEG 2000")
    return _with_bits(decoded_by_opencv(content, "JPEG 2000"), header[42])


def _with_bits(decoded: Decoded, precision: int) -> Decoded:
    bits = (precision & 0x7F) + 1
    kept = next((each for each in _BITS if bits <= each), None)
    if precision & 0x80 or bits < _BITS[0] or kept is None:
        raise UnreadableContentError(f"has unsupported pixels ({'signed, ' if precision & 0x80 else ''}{bits} bits)")
    return Decoded(decoded.pixels, kept, decoded.notes)


def _codestream(content: bytes) -> tuple[int, int]:
    """Return begin and end of the only codestream; in a file without boxes it is all of it."""
    if content.startswith(_START):
        return 0, len(content)
    streams = [(start, end) for name, start, end in _boxes(content) if name == b"jp2c"]
    if len(streams) > 1:
        raise FurtherPicturesError(f"holds {len(streams)} pictures")
    if not streams:
        raise cut_off("JPEG 2000")
    return streams[0]


def _has_all_tiles(content: bytes, start: int, end: int) -> bool:
    """Return whether each tile has a part that is whole; the decoder leaves the others black."""
    right, lower, _, _, across, down, left, upper = struct.unpack_from(">8I", content, start + 8)
    if not across or not down:
        return False
    needed = -(-(right - left) // across) * -(-(lower - upper) // down)
    found: set[int] = set()
    for tile, part_end in _tile_parts(content, start, end):
        if part_end > end:
            return False
        found.add(tile)
    return len(found) >= int(needed)


def _tile_parts(content: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield number and end of each part of a tile."""
    place = start + 2
    while place + 12 <= end:
        marker, length = struct.unpack_from(">HH", content, place)
        if marker != _START_OF_TILE:
            place += 2 + length
            continue
        tile, size = struct.unpack_from(">HI", content, place + 4)
        place = place + size if size else end - 2
        if size and size < 14:
            return
        yield tile, place


def _boxes(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, begin and end of each box.

    Raises:
        UnreadableContentError: A box ends behind the file.
    """
    place = 0
    while place + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, place)
        start = place + 8
        if length == 1:
            length, start = int.from_bytes(content[start : start + 8], "big"), start + 8
        end = place + length if length else len(content)
        if end > len(content) or end < start:
            raise cut_off("JPEG 2000")
        yield name, start, end
        place = end
