"""PNG files."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from station.camera.pictures.picture import (
    Decoded,
    FurtherPicturesError,
    behind,
    check_claimed_size,
    cut_off,
    damaged,
    decoded_by_opencv,
    refuse_another,
)

_SIGNATURE = 8
_UP_TO_SIZE = 24
_AROUND = 12
"""Length, type and checksum of a chunk."""
_COLOURS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


@dataclass(frozen=True, slots=True)
class _Chunk:
    """One chunk: its type, and the places of its data."""

    type: bytes
    start: int
    end: int


def decode(content: bytes) -> Decoded:
    """Return the pixels.

    Raises:
        UnreadableContentError: The end is missing, the pixel data is damaged, or there is more than one picture.
    """
    chunks = list(_chunks(content))
    if not chunks or chunks[-1].type != b"IEND":
        raise cut_off("PNG")
    check_claimed_size(*_size(content, chunks[0]))
    _refuse_animation(content, chunks)
    refuse_another(content[chunks[-1].end + 4 :], content[:_UP_TO_SIZE])
    notes = behind(len(content) - chunks[-1].end - 4)
    if all(_is_whole(content, chunk) for chunk in chunks):
        return decoded_by_opencv(content, "PNG", notes)
    repaired = _with_new_checksums(content, chunks)  # libpng would write about each wrong one to stderr
    return decoded_by_opencv(repaired, "PNG", ("wrong checksum ignored, all pixels there", *notes))


def _chunks(content: bytes) -> Iterator[_Chunk]:
    """Yield the chunks up to IEND, as far as they are whole. IEND counts even without its checksum."""
    place = _SIGNATURE
    while place + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, place)
        chunk = _Chunk(name, place + 8, place + 8 + length)
        if name != b"IEND" and chunk.end + 4 > len(content):
            return
        yield chunk
        if name == b"IEND":
            return
        place += _AROUND + length


def _size(content: bytes, first: _Chunk) -> tuple[int, int]:
    if first.type != b"IHDR" or first.end - first.start != 13:
        raise damaged("PNG")
    width, height = struct.unpack_from(">II", content, first.start)
    return width, height


def _refuse_animation(content: bytes, chunks: list[_Chunk]) -> None:
    for chunk in chunks:
        if chunk.type == b"acTL" and chunk.end - chunk.start >= 4:
            count = int.from_bytes(content[chunk.start : chunk.start + 4], "big")
            if count > 1:
                raise FurtherPicturesError(f"is an animation of {count} pictures")


def _with_new_checksums(content: bytes, chunks: list[_Chunk]) -> bytes:
    """Return the picture alone, with right checksums.

    Only a checksum that protects no pixel may be wrong. The pixel data has a second one inside, which has to be right.

    Raises:
        UnreadableContentError: The pixels, their size or their colours are damaged.
    """
    kept = [chunk for chunk in chunks if chunk.type in (b"IHDR", b"PLTE", b"tRNS", b"sBIT", b"IDAT")]
    if not all(_is_whole(content, chunk) for chunk in kept if chunk.type != b"IDAT"):
        raise damaged("PNG")
    packed = b"".join(content[chunk.start : chunk.end] for chunk in kept if chunk.type == b"IDAT")
    if not _holds_all_rows(content[chunks[0].start : chunks[0].end], packed):
        raise damaged("PNG")
    before = [(chunk.type, content[chunk.start : chunk.end]) for chunk in kept if chunk.type != b"IDAT"]
    parts = (_chunk_bytes(name, data) for name, data in (*before, (b"IDAT", packed), (b"IEND", b"")))
    return content[:_SIGNATURE] + b"".join(parts)


def _is_whole(content: bytes, chunk: _Chunk) -> bool:
    checksum = int.from_bytes(content[chunk.end : chunk.end + 4], "big")
    return zlib.crc32(content[chunk.start - 4 : chunk.end]) == checksum


def _holds_all_rows(header: bytes, packed: bytes) -> bool:
    """Return whether the pixel data is right by its own checksum, and as long as the size asks for."""
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    expected = height * (1 + (width * depth * _COLOURS.get(colour, 0) + 7) // 8)
    unpacking = zlib.decompressobj()
    try:
        rows = len(unpacking.decompress(packed, 2 * expected + 1))
    except zlib.error:
        return False
    return unpacking.eof and (rows == expected or bool(interlaced))


def _chunk_bytes(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
