"""Write PNG files at the pace of a camera: the pixels are the same, in less than half the time that OpenCV takes.

Each pixel is stored as its difference to the one on the left (PNG filter 1), which the Intelligent Storage Acceleration
Library compresses.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB = 0, 2
_LEFT = 1
_LEVEL = 1
_LONGEST_CHUNK = 1 << 30
LONGEST_SIDE_PX = 1_000_000
"""More than this no reader of PNG accepts by default."""


def encode_png(pixels: NDArray[Any]) -> bytes:
    """Return the file.

    Args:
        pixels: uint8 or uint16, (H, W) grey or (H, W, 3) RGB.

    Raises:
        ValueError: They are not such pixels, or none, or a side is too long.
    """
    if pixels.dtype not in (np.uint8, np.uint16) or pixels.shape[2:] not in ((), (3,)) or pixels.ndim < 2:
        raise ValueError(f"PNG cannot hold {pixels.dtype} pixels of shape {pixels.shape}")
    height, width = pixels.shape[:2]
    if not (0 < height <= LONGEST_SIDE_PX and 0 < width <= LONGEST_SIDE_PX):
        raise ValueError(f"a picture of {width} x {height} pixels cannot be kept as PNG")
    colour = _GREY if pixels.ndim == 2 else _RGB
    sizes = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    header = _chunk(b"IHDR", sizes + bytes((8 * pixels.itemsize, colour, 0, 0, 0)))
    data = isal_zlib.compress(_differences(pixels), _LEVEL)
    return b"".join((_SIGNATURE, header, *_data_chunks(data), _chunk(b"IEND", b"")))


def _differences(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Return the rows of the file, (H, 1 + bytes of a row): the filter's number, then each byte less the one before."""
    big_endian = np.ascontiguousarray(pixels, pixels.dtype.newbyteorder(">"))
    height, bytes_of_pixel = len(pixels), pixels.itemsize * (1 if pixels.ndim == 2 else 3)
    rows = big_endian.view(np.uint8).reshape(height, -1)
    filtered = np.empty((height, rows.shape[1] + 1), np.uint8)
    filtered[:, 0] = _LEFT
    filtered[:, 1 : 1 + bytes_of_pixel] = rows[:, :bytes_of_pixel]
    np.subtract(rows[:, bytes_of_pixel:], rows[:, :-bytes_of_pixel], out=filtered[:, 1 + bytes_of_pixel :])
    return filtered


def _data_chunks(data: bytes) -> Iterator[bytes]:
    for begin in range(0, len(data), _LONGEST_CHUNK):
        yield _chunk(b"IDAT", data[begin : begin + _LONGEST_CHUNK])


def _chunk(name: bytes, data: bytes) -> bytes:
    checksum = isal_zlib.crc32(data, isal_zlib.crc32(name))
    return b"".join((len(data).to_bytes(4, "big"), name, data, checksum.to_bytes(4, "big")))
