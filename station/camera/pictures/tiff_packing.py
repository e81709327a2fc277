"""Packed pixels of a TIFF file: OpenCV gives a picture of them even if its decoder reports damage."""

import struct
import zlib
from dataclasses import replace
from itertools import accumulate
from typing import Any

import numpy as np
import simplejpeg

from station.camera.pictures import tiff_directory as tags
from station.camera.pictures.picture import cut_off, damaged
from station.camera.pictures.tiff_directory import Directory
from station.domain.frame import Image

_PLAIN, _JPEG = 1, 7
_ADOBE_DEFLATE = 8
_DEFLATE = {_ADOBE_DEFLATE, 32946}
_TAKEN_TILE_BYTES = 1024
_PREDICTOR, _DIFFERENCES = 317, 2
_TILE_WIDTH, _TILE_HEIGHT, _JPEG_TABLES = 322, 323, 347


def is_checked(page: Directory) -> bool:
    """Return whether `checked` can find damage in pixels that are packed like this."""
    return page.value(tags.COMPRESSION, _PLAIN) == _JPEG or has_sums(page)


def has_sums(page: Directory) -> bool:
    """Return whether each strip ends with a checksum of its pixels."""
    return page.value(tags.COMPRESSION, _PLAIN) in _DEFLATE


def checked(page: Directory, tiles: list[bytes]) -> tuple[Directory, list[bytes]]:
    """Return the picture and its strips or tiles, unpacked if that was needed to check them.

    Raises:
        UnreadableContentError: A strip or tile is damaged, or not whole.
    """
    if page.value(tags.COMPRESSION, _PLAIN) == _JPEG:
        _check_jpegs(page.entries.get(_JPEG_TABLES, (0, 0, b""))[2], tiles)
        return page, tiles
    sizes = section_sizes(page, len(tiles))
    if len(sizes) != len(tiles) or 0 in sizes:
        raise damaged("TIFF")
    longest = max(sizes)
    inflated = [_inflated(tile, size, longest) for tile, size in zip(tiles, sizes, strict=True)]
    predictor = page.value(_PREDICTOR, _PLAIN)
    if page.value(tags.PLANAR, _PLAIN) != _PLAIN:
        return page, tiles
    if predictor == _PLAIN:
        return _with_packing(page, _PLAIN), inflated
    if predictor == _DIFFERENCES and page.value(tags.BITS, 1) in (8, 16):
        return _with_packing(page, _PLAIN), [_summed(page, tile) for tile in inflated]
    return page, tiles


def has_right_sums(page: Directory, pixels: Image, last_bytes: list[bytes]) -> bool:
    """Return whether decoded pixels have the checksums of their strips: a quick check, which not every layout allows.

    Args:
        page: The picture.
        pixels: Its pixels as they were decoded, grey or RGB.
        last_bytes: The last four bytes of each strip.
    """
    kind, sizes = _kind(page), section_sizes(page, len(last_bytes))
    if kind is None or len(sizes) != len(last_bytes) or not _is_stored_like(page, pixels, kind):
        return False
    predictor = page.value(_PREDICTOR, _PLAIN)
    stored = _differences(pixels) if predictor == _DIFFERENCES else np.ascontiguousarray(pixels)
    packed = memoryview(stored.astype(kind, copy=False).reshape(-1).view(np.uint8).data)
    ends = list(accumulate(sizes))
    return all(
        zlib.adler32(packed[end - size : end]) == int.from_bytes(last, "big")
        for end, size, last in zip(ends, sizes, last_bytes, strict=True)
    )


def are_refused_tiles(page: Directory) -> bool:
    """Return whether these are unpacked tiles of a length that OpenCV refuses, though they are valid."""
    if tags.TILE_OFFSETS not in page.entries or page.value(tags.COMPRESSION, _PLAIN) != _PLAIN:
        return False
    sizes = section_sizes(page, len(page.values(tags.TILE_OFFSETS)))
    return any(size % _TAKEN_TILE_BYTES for size in sizes)


def packed(page: Directory, tiles: list[bytes]) -> tuple[Directory, list[bytes]]:
    """Return the picture with tiles that OpenCV takes: packed, as it reads packed ones of any length."""
    return _with_packing(page, _ADOBE_DEFLATE), [zlib.compress(tile, 0) for tile in tiles]


def section_sizes(page: Directory, count: int) -> list[int]:
    """Return the length of each strip or tile once it is unpacked; empty if the picture needs more than `count`."""
    samples, bits = page.value(tags.SAMPLES, 1), page.value(tags.BITS, 1)
    width, height = page.value(tags.WIDTH, 0), page.value(tags.HEIGHT, 0)
    planes = samples if page.value(tags.PLANAR, 1) == 2 else 1
    row = (_row_pixels(page) * bits * (samples // planes) + 7) // 8
    if tags.TILE_OFFSETS in page.entries:
        across, down = (max(1, page.value(tag, 0)) for tag in (_TILE_WIDTH, _TILE_HEIGHT))
        needed = -(-width // across) * -(-height // down) * planes
        return [row * down] * needed if needed <= count else []
    rows = min(max(1, page.value(tags.ROWS_PER_STRIP, height)), max(1, height))
    strips = -(-height // rows)
    if strips * planes > count:
        return []
    return ([row * rows] * (strips - 1) + [row * (height - rows * (strips - 1))]) * planes


def _row_pixels(page: Directory) -> int:
    return page.value(_TILE_WIDTH if tags.TILE_OFFSETS in page.entries else tags.WIDTH, 0)


def _inflated(tile: bytes, size: int, longest: int) -> bytes:
    """Return unpacked pixels, whose checksum is right; the last strip may be filled up to the length of the others."""
    unpacking = zlib.decompressobj()
    try:
        pixels = unpacking.decompress(tile, longest + 1)
    except zlib.error as error:
        raise damaged("TIFF") from error
    if not unpacking.eof or len(pixels) < size:
        raise cut_off("TIFF") if len(pixels) < size else damaged("TIFF")
    return pixels[:size]


def _is_stored_like(page: Directory, pixels: Image, kind: "np.dtype[Any]") -> bool:
    """Return whether the file holds the pixels row by row in this order, as they are or as differences."""
    samples = page.value(tags.SAMPLES, 1)
    return (
        page.value(tags.PLANAR, _PLAIN) == _PLAIN
        and page.value(tags.PHOTOMETRIC, 0) in (1, 2)
        and page.value(_PREDICTOR, _PLAIN) in (_PLAIN, _DIFFERENCES)
        and tags.TILE_OFFSETS not in page.entries
        and pixels.shape[2:] == (() if samples == 1 else (samples,))
        and pixels.dtype == kind.newbyteorder("=")
    )


def _kind(page: Directory) -> "np.dtype[Any] | None":
    """Return the type of the stored pixels; None if they are not whole bytes."""
    bits = page.value(tags.BITS, 1)
    return np.dtype(f"{page.layout.order}u{bits // 8}") if bits in (8, 16) else None


def _differences(pixels: Image) -> Image:
    """Return the difference of each pixel to the one on its left; the first of a row stays."""
    stored = np.empty_like(pixels)
    stored[:, 0] = pixels[:, 0]
    np.subtract(pixels[:, 1:], pixels[:, :-1], out=stored[:, 1:])
    return stored


def _summed(page: Directory, tile: bytes) -> bytes:
    """Return the pixels of a tile that holds the difference of each to the one on its left."""
    kind = np.dtype(f"{page.layout.order}u{page.value(tags.BITS, 1) // 8}")
    native = kind.newbyteorder("=")
    rows = np.frombuffer(tile, kind).reshape(-1, _row_pixels(page), page.value(tags.SAMPLES, 1))
    return np.add.accumulate(rows, axis=1, dtype=native).astype(kind, copy=False).tobytes()


def _with_packing(page: Directory, packing: int) -> Directory:
    entries = {tag: entry for tag, entry in page.entries.items() if tag != _PREDICTOR}
    entries[tags.COMPRESSION] = (3, 1, struct.pack(page.layout.order + "H", packing))
    return replace(page, entries=entries)


def _check_jpegs(tables: bytes, tiles: list[bytes]) -> None:
    """Decode each strip strictly: the decoder inside of OpenCV invents what is missing."""
    for tile in tiles:
        content = tables.removesuffix(b"\xff\xd9") + tile[2:] if tables else tile
        try:
            _, _, colours, _ = simplejpeg.decode_jpeg_header(content)
            simplejpeg.decode_jpeg(content, "GRAY" if colours == "Gray" else "RGB", strict=True)
        except ValueError as error:
            raise damaged("TIFF") from error
