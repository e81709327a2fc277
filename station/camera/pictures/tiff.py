"""TIFF files, with one picture or several."""

import io
import json
import re
import struct
from operator import add
from typing import BinaryIO

import numpy as np

from station.camera.pictures import tiff_directory as tags
from station.camera.pictures.picture import (
    Decoded,
    FurtherPicturesError,
    UnreadableContentError,
    check_claimed_size,
    cut_off,
    damaged,
    decoded_by_opencv,
)
from station.camera.pictures.tiff_alpha import decode_deep_grey, is_deep_grey_with_alpha, with_colours_as_stored
from station.camera.pictures.tiff_directory import Directory, as_file, read_at, read_pages, refuse_unread
from station.camera.pictures.tiff_packing import (
    are_refused_tiles,
    checked,
    has_right_sums,
    has_sums,
    is_checked,
    packed,
    section_sizes,
)
from station.camera.pictures.tiff_planes import decode_planes, in_planes

_PLAIN, _OLD_JPEG, _SUBSAMPLED = 1, 6, 6
_BETWEEN = {10: 6, 12: 4, 14: 2}
"""Bits of a pixel, and by how many bits OpenCV shifts it up to fill 16."""
_STACK = re.compile(r"^images=(\d+)", re.MULTILINE)


def count_pages(file: BinaryIO) -> int:
    """Return the number of pictures, without smaller copies and masks; 1 if the file is damaged."""
    try:
        return len(read_pages(file)[0])
    except UnreadableContentError:
        return 1


def page_content(file: BinaryIO, page: int) -> bytes:
    """Return one picture as a TIFF file of its own; page 1 is the first.

    Raises:
        UnreadableContentError: Part of this page lies behind the end of the file.
    """
    return _alone(file, read_pages(file)[0][page - 1])


def decode(content: bytes) -> Decoded:
    """Return the pixels.

    Raises:
        UnreadableContentError: Pixels are missing, damaged or not read, or there are several pictures inside.
    """
    file = io.BytesIO(content)
    pages, aids = read_pages(file)
    if len(pages) > 1:
        raise FurtherPicturesError(f"holds {len(pages)} pictures")
    page = with_colours_as_stored(pages[0])
    check_claimed_size(page.value(tags.WIDTH, 0), page.value(tags.HEIGHT, 0))
    refuse_unread(page)
    _refuse_hidden_stack(page)
    notes = (f"{aids} smaller {'copy' if aids == 1 else 'copies'} or masks inside ignored",) if aids else ()
    by_sections = in_planes(page) or is_deep_grey_with_alpha(page) or page is not pages[0]
    if not by_sections and has_sums(page) and not aids and (quickly := _quickly(page, content, notes)):
        return quickly
    if by_sections or is_checked(page) or are_refused_tiles(page):
        return _with_bits(_decoded_sections(page, _tiles(file, page), notes), page)
    whole, repaired = _whole(file, content, page, aids)
    return _with_bits(decoded_by_opencv(whole, "TIFF", (*repaired, *notes)), page)


def _quickly(page: Directory, content: bytes, notes: tuple[str, ...]) -> Decoded | None:
    """Return the pixels if OpenCV finds those that the checksums in the file are of; None if that is not known."""
    sections = _sections(page)
    if sections is None:
        return None
    try:
        decoded = decoded_by_opencv(content, "TIFF", notes)
    except UnreadableContentError:
        return None
    last_bytes = [content[place + size - 4 : place + size] for place, size in sections]
    return decoded if has_right_sums(page, decoded.pixels, last_bytes) else None


def _decoded_sections(page: Directory, tiles: list[bytes], notes: tuple[str, ...]) -> Decoded:
    """Return the pixels of strips or tiles that are read from the file one by one."""
    if is_checked(page):
        page, tiles = checked(page, tiles)
    if are_refused_tiles(page):
        page, tiles = packed(page, tiles)
    if in_planes(page):
        return decode_planes(page, tiles, notes)
    if is_deep_grey_with_alpha(page):
        return decode_deep_grey(page, tiles, notes)
    return decoded_by_opencv(as_file(page, tiles), "TIFF", notes)


def _with_bits(decoded: Decoded, page: Directory) -> Decoded:
    bits = page.value(tags.BITS, 1)
    if bits not in _BETWEEN or decoded.pixels.dtype != np.uint16:
        return decoded
    return Decoded(decoded.pixels >> _BETWEEN[bits], bits, decoded.notes)


def _whole(file: BinaryIO, content: bytes, page: Directory, aids: int) -> tuple[bytes, tuple[str, ...]]:
    """Return a file that OpenCV reads the page from: the file itself, unless its lengths are wrong or others are first.

    Raises:
        UnreadableContentError: Part of the pixels lies behind the end of the file.
    """
    if page.value(tags.COMPRESSION, 1) == _OLD_JPEG:
        return content, ()
    if not aids and _has_right_lengths(page, len(content)):
        return content, ()
    repaired = ("wrong lengths in the header ignored, all pixels there",) if not aids else ()
    return _alone(file, page), repaired


def _has_right_lengths(page: Directory, length: int) -> bool:
    sections = _sections(page)
    said = page.values(tags.TILE_COUNTS if tags.TILE_OFFSETS in page.entries else tags.STRIP_COUNTS)
    if sections is None:
        return False
    places, sizes = zip(*sections, strict=True)
    return said == sizes and max(map(add, places, sizes)) <= length


def _alone(file: BinaryIO, page: Directory) -> bytes:
    """Return the picture as a file of its own."""
    if page.value(tags.COMPRESSION, 1) == _OLD_JPEG:
        return _with_first(file, page)
    return as_file(page, _tiles(file, page))


def _tiles(file: BinaryIO, page: Directory) -> list[bytes]:
    """Return the packed content of each strip or tile."""
    sections = _sections(page)
    if sections is None:
        raise damaged("TIFF")
    tiles = []
    for place, size in sections:
        tiles.append(read_at(file, place, size))
        if len(tiles[-1]) != size and not is_checked(page):
            raise cut_off("TIFF")
    return tiles


def _sections(page: Directory) -> list[tuple[int, int]] | None:
    """Return place and length of each strip or tile; None if their tables are missing or too short.

    The length of a strip of unpacked pixels follows from the size of the picture, whatever the table of lengths says.
    """
    tiled = tags.TILE_OFFSETS in page.entries
    places = page.values(tags.TILE_OFFSETS if tiled else tags.STRIP_OFFSETS)
    sizes = page.values(tags.TILE_COUNTS if tiled else tags.STRIP_COUNTS)
    needed = section_sizes(page, len(places))
    subsampled = page.value(tags.PHOTOMETRIC, 1) == _SUBSAMPLED
    if not needed:
        return None
    if page.value(tags.COMPRESSION, 1) == _PLAIN and not tiled and not subsampled:
        sizes = tuple(needed)
    if not places or len(places) != len(sizes):
        return None
    return list(zip(places, sizes, strict=True))


def _with_first(file: BinaryIO, page: Directory) -> bytes:
    """Return the whole file with this page as its first: old JPEG pixels have places that are not in a table."""
    file.seek(0)
    content = bytearray(file.read())
    struct.pack_into(page.layout.place, content, 8 if page.layout.big else 4, page.place)
    return bytes(content)


def _refuse_hidden_stack(page: Directory) -> None:
    """Refuse a stack whose pictures share one directory, as ImageJ and tifffile write them.

    Raises:
        UnreadableContentError: The description names more pictures than the directory shows.
    """
    text = page.text(tags.DESCRIPTION)
    stack = _STACK.search(text) if text.startswith("ImageJ=") else None
    count = int(stack[1]) if stack else _pictures_of_shape(text, page)
    if count > 1:
        raise FurtherPicturesError(f"holds {count} pictures of which only the first has an entry")


def _pictures_of_shape(text: str, page: Directory) -> int:
    """Return how many pictures of this size the shape in tifffile's description has."""
    try:
        shape = json.loads(text)["shape"] if text.startswith('{"shape"') else ()
        values = int(np.prod([int(side) for side in shape], dtype=object))
    except (ValueError, TypeError, KeyError):
        return 1
    each = page.value(tags.WIDTH, 1) * page.value(tags.HEIGHT, 1) * page.value(tags.SAMPLES, 1)
    return values // max(1, each)
