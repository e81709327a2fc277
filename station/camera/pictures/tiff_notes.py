"""What a TIFF file says of its pixels."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from station.camera.pictures import tiff_directory as tags
from station.camera.pictures.noted import CMYK, PALETTE, PROFILE, WHITE_IS_ZERO, Noted
from station.camera.pictures.orientation import turn_note
from station.camera.pictures.picture import UnreadableContentError
from station.camera.pictures.tiff_directory import Directory, read_pages
from station.domain.picture_form import LOSSLESS

_ORIENTATION, _MAX_SAMPLE, _PROFILE, _SUBSAMPLING = 274, 281, 34675, 530
_WHITE_IS_ZERO, _PALETTE, _CMYK, _YCBCR = 0, 3, 5, 6
_LAB = {8, 9, 10}
_JPEG = {6, 7}
_LOSSY = {34712, 50001, 52546, 34892}
_ALL_BITS = 16


def read(content: bytes) -> Noted:
    """Return what the first picture of the file says; the decoder turns it and reads its colours by itself."""
    try:
        page = read_pages(io.BytesIO(content))[0][0]
    except UnreadableContentError:
        return Noted()
    bits = page.value(tags.BITS, 1)
    negative = page.value(tags.PHOTOMETRIC, 1) == _WHITE_IS_ZERO
    return Noted(
        bits=_noted_depth(page) if bits == _ALL_BITS else None,
        file_bits=bits,
        white_is_zero=negative and bits > 8,
        coding=_coding(page),
        notes=(*turn_note(page.value(_ORIENTATION, 1)), *_converted(page, bits)),
    )


def coding_in(file: BinaryIO) -> str:
    """Return how the first picture of the file is compressed; "" if that is not known."""
    try:
        return _coding(read_pages(file)[0][0])
    except UnreadableContentError:
        return ""


def _converted(page: Directory, bits: int) -> Iterator[str]:
    colours = page.value(tags.PHOTOMETRIC, 1)
    if colours == _PALETTE:
        yield PALETTE
    elif colours == _CMYK:
        yield CMYK
    elif colours in _LAB:
        yield "CIELab converted to RGB"
    elif bits < 8:
        yield f"{bits} {'bit' if bits == 1 else 'bits'} spread over 8"
    if colours == _WHITE_IS_ZERO:
        yield WHITE_IS_ZERO
    if bits > 8 and _PROFILE in page.entries:
        yield PROFILE


def _noted_depth(page: Directory) -> int | None:
    """Return the bits of the largest value that a pixel may have; None if that is not the end of a depth.

    Some programs note the largest value that this picture has, which says nothing about white.
    """
    largest = max(page.values(_MAX_SAMPLE), default=0)
    bits = largest.bit_length()
    return bits if largest == (1 << bits) - 1 and 8 <= bits < _ALL_BITS else None


def _coding(page: Directory) -> str:
    compression = page.value(tags.COMPRESSION, 1)
    if compression in _LOSSY:
        return ""
    if compression not in _JPEG:
        return LOSSLESS
    if page.value(tags.PHOTOMETRIC, 1) != _YCBCR:
        return "JPEG grey" if page.value(tags.SAMPLES, 1) == 1 else "JPEG 4:4:4"
    across, down, *_ = (*page.values(_SUBSAMPLING), 2, 2)
    return {(1, 1): "JPEG 4:4:4", (2, 1): "JPEG 4:2:2", (2, 2): "JPEG 4:2:0"}.get((across, down), "JPEG")
