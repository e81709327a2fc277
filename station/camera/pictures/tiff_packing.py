"""Packed pixels of a TIFF file: OpenCV gives a picture of them even if its decoder reports damage."""

import struct
import zlib
from dataclasses import replace

import numpy as np
import simplejpeg

from station.camera.pictures import tiff_directory as tags
from station.camera.pictures.picture import cut_off, damaged
from station.camera.pictures.tiff_directory import Directory

_PLAIN, _JPEG = 1, 7
_DEFLATE = {8, 32946}
_PREDICTOR, _DIFFERENCES = 317, 2
_TILE_WIDTH, _TILE_HEIGHT, _JPEG_TABLES = 322, 323, 347


def is_checked(page: Directory) -> bool:
    """Return whether `checked` can find damage in pixels that are packed like this."""
    return page.value(tags.COMPRESSION, _PLAIN) in _DEFLATE | {_JPEG}


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
    inflated = [_inflated(tile, size, max(sizes)) for tile, size in zip(tiles, sizes, strict=True)]
    predictor = page.value(_PREDICTOR, _PLAIN)
    if page.value(tags.PLANAR, _PLAIN) != _PLAIN:
        return page, tiles
    if predictor == _PLAIN:
        return _plain(page), inflated
    if predictor == _DIFFERENCES and page.value(tags.BITS, 1) in (8, 16):
        return _plain(page), [_summed(page, tile) for tile in inflated]
    return page, tiles


def section_sizes(page: Directory, count: int) -> list[int]:
    """Return the length of each strip or tile once it is unpacked; fewer than `count` if the header is damaged."""
    samples, bits = page.value(tags.SAMPLES, 1), page.value(tags.BITS, 1)
    planes = samples if page.value(tags.PLANAR, 1) == 2 else 1
    row = (_row_pixels(page) * bits * (samples // planes) + 7) // 8
    if tags.TILE_OFFSETS in page.entries:
        return [row * page.value(_TILE_HEIGHT, 0)] * count
    height = page.value(tags.HEIGHT, 0)
    rows = min(max(1, page.value(tags.ROWS_PER_STRIP, height)), max(1, height))
    strips = -(-height // rows)
    each = [row * min(rows, height - rows * strip) for strip in range(strips)] * planes
    return each[:count] if len(each) >= count else []


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


def _summed(page: Directory, tile: bytes) -> bytes:
    """Return the pixels of a tile that holds the difference of each to the one on its left."""
    kind = np.dtype(f"{page.layout.order}u{page.value(tags.BITS, 1) // 8}")
    native = kind.newbyteorder("=")
    rows = np.frombuffer(tile, kind).reshape(-1, _row_pixels(page), page.value(tags.SAMPLES, 1))
    return np.add.accumulate(rows, axis=1, dtype=native).astype(kind, copy=False).tobytes()


def _plain(page: Directory) -> Directory:
    entries = {tag: entry for tag, entry in page.entries.items() if tag != _PREDICTOR}
    entries[tags.COMPRESSION] = (3, 1, struct.pack(page.layout.order + "H", _PLAIN))
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
