"""BMP files."""

import struct

from station.camera.pictures.picture import (
    Decoded,
    UnreadableContentError,
    behind,
    check_claimed_size,
    cut_off,
    decoded_by_opencv,
)
from station.domain.formatting import counted, plain

_OLD_HEADER = 12
_PLAIN, _BIT_FIELDS, _ALPHA_BIT_FIELDS = 0, 3, 6


def decode(content: bytes) -> Decoded:
    """Return the pixels.

    The size of the file in its header is often wrong; the picture is whole if all its rows are there.

    Raises:
        UnreadableContentError: Rows are missing, or the pixel data is packed in a way that is not read.
    """
    if len(content) < 30:
        raise cut_off("BMP")
    claimed, first_row = struct.unpack_from("<I4xI", content, 2)
    rows_end = first_row + _bytes_of_rows(content)
    if rows_end > len(content):
        raise cut_off("BMP")
    return decoded_by_opencv(content, "BMP", _notes(len(content), claimed, rows_end))


def _notes(length: int, claimed: int, rows_end: int) -> tuple[str, ...]:
    if claimed > length:
        return (f"{plain(counted(claimed - length, 'byte'))} fewer than the header says, all pixels there",)
    return behind(length - max(claimed, rows_end)) if claimed else ()


def _bytes_of_rows(content: bytes) -> int:
    """Return the length of the pixel data; 0 if it is packed, because the decoder then sees a missing end."""
    if int.from_bytes(content[14:18], "little") == _OLD_HEADER:
        width, height, _, depth = struct.unpack_from("<HHHH", content, 18)
        packing = _PLAIN
    else:
        width, height, _, depth = struct.unpack_from("<iiHH", content, 18)
        packing = int.from_bytes(content[30:34], "little")
    check_claimed_size(width, abs(height))
    if packing in (_PLAIN, _BIT_FIELDS, _ALPHA_BIT_FIELDS):
        return int((width * depth + 31) // 32 * 4 * abs(height))
    if packing in (4, 5):
        raise UnreadableContentError("is a BMP file with a JPEG or PNG inside, which is not read")
    return 0
