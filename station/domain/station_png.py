"""Notes in the PNG files that the station writes: who wrote the file, the depth of its pixels, and how they came.

The file stays one that every program reads: sBIT, Software and Source are chunks of the PNG standard. By the standard
the bits that sBIT counts are the upper ones; in a file that the station wrote they are the lower ones, as the camera
sent them.
"""

import zlib
from collections.abc import Iterator

from station.domain.picture_form import LOSSLESS

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER_END = 33
"""The signature and IHDR, which always comes first, as a chunk of 25 bytes."""
_OURS = b"Software\0Lineside"
_SOURCE = b"Source\0"
_MASK = b"Description\0mask: 0 is good, k is the k-th kind of defect"


def with_notes(png: bytes, depth: bytes, coding: str) -> bytes:
    """Return the same PNG file with notes.

    Args:
        png: The file.
        depth: Bits of each channel that carry light, one byte a channel; empty for none.
        coding: How the picture was compressed when it came; not noted if it is "" or "lossless".
    """
    came_as = coding.encode() if coding != LOSSLESS else b""
    if not depth and not came_as:
        return png
    notes = [_chunk(b"tEXt", _OURS)]
    if depth:
        notes.append(_chunk(b"sBIT", depth))
    if came_as:
        notes.append(_chunk(b"tEXt", _SOURCE + came_as))
    return b"".join((png[:_HEADER_END], *notes, png[_HEADER_END:]))


def noted_as_mask(png: bytes) -> bytes:
    """Return the same PNG file with the note that its numbers are kinds of defects: nobody has to guess its ground."""
    return b"".join((png[:_HEADER_END], _chunk(b"tEXt", _OURS), _chunk(b"tEXt", _MASK), png[_HEADER_END:]))


def is_mask(png: bytes) -> bool:
    """Return whether the station wrote the file as a mask; its first 200 bytes are enough."""
    return (b"tEXt", _MASK) in _chunks_of_station(png)


def noted_depth(png: bytes) -> int:
    """Return the depth that the station noted in a file; 0 if it noted none or did not write the file."""
    chunks = dict(_chunks_of_station(png))
    return chunks[b"sBIT"][0] if chunks.get(b"sBIT") else 0


def noted_coding(png: bytes) -> str | None:
    """Return how the picture came, if the station noted it; None if it did not."""
    texts = [data for name, data in _chunks_of_station(png) if name == b"tEXt" and data.startswith(_SOURCE)]
    return texts[0][len(_SOURCE) :].decode("latin-1") if texts else None


def _chunks_of_station(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the notes of a file that the station wrote; its own name is always the first."""
    place = _HEADER_END
    if png[:8] != _SIGNATURE or png[place + 4 : place + 8 + len(_OURS)] != b"tEXt" + _OURS:
        return
    while png[place + 4 : place + 8] in (b"tEXt", b"sBIT"):
        length = int.from_bytes(png[place : place + 4], "big")
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        place += 12 + length


def _chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")
