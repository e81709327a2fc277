"""WebP files."""

import struct
from collections.abc import Iterator

from station.camera.pictures.picture import (
    Decoded,
    FurtherPicturesError,
    behind,
    cut_off,
    decoded_by_opencv,
)


def decode(content: bytes) -> Decoded:
    """Return the pixels.

    Raises:
        UnreadableContentError: The end is missing, the data is damaged, or the file is an animation.
    """
    chunks = list(_chunks(content))
    frames = sum(name == b"ANMF" for name, _ in chunks)
    if frames > 1:
        raise FurtherPicturesError(f"is an animation of {frames} pictures")
    end = max((end for name, end in chunks if name in (b"VP8 ", b"VP8L", b"ANMF")), default=len(content) + 1)
    if end > len(content):
        raise cut_off("WebP")
    claimed = 8 + int.from_bytes(content[4:8], "little")
    return decoded_by_opencv(content, "WebP", behind(len(content) - max(claimed, end + (end & 1))))


def _chunks(content: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield name and end of each chunk, the last of which may lie behind the file."""
    place = 12
    while place + 8 <= len(content):
        name, length = struct.unpack_from("<4sI", content, place)
        yield name, place + 8 + length
        place += 8 + length + (length & 1)
