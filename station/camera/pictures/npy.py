"""NPY files: arrays that numpy wrote, one picture or several."""

import io
from tokenize import TokenError
from typing import Any, BinaryIO

import numpy as np

from station.camera.pictures.picture import (
    Decoded,
    FurtherPicturesError,
    UnreadableContentError,
    check_claimed_size,
    cut_off,
    without_alpha,
)
from station.domain.frame import Image

_BEGIN = b"\x93NUMPY"
_COLOURS = (1, 2, 3, 4)
_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


def count_pages(file: BinaryIO) -> int:
    """Return the number of pictures: those along the leading axis of (N, H, W) or (N, H, W, 3), for each array."""
    try:
        return max(1, sum(_pictures(shape) for shape, *_ in _arrays(file)))
    except UnreadableContentError:
        return 1


def page_content(file: BinaryIO, page: int) -> bytes:
    """Return one picture as an NPY file of its own; page 1 is the first."""
    before = 0
    for shape, _, kind, place in _arrays(file):
        count = _pictures(shape)
        if page <= before + count:
            single = shape[1:] if _is_stack(shape) else shape
            size = kind.itemsize * int(np.prod(single))
            file.seek(place + (page - before - 1) * size)
            return _as_npy(np.frombuffer(_exactly(file, size), kind).reshape(single))
        before += count
    raise UnreadableContentError(f"has no page {page}")


def decode(content: bytes) -> Decoded:
    """Return the pixels.

    Raises:
        UnreadableContentError: The array is not a picture of uint8 or uint16, or is not whole.
    """
    arrays = list(_arrays(io.BytesIO(content)))
    pages = sum(_pictures(shape) for shape, *_ in arrays)
    if pages != 1:
        raise FurtherPicturesError(f"holds {pages} pictures")
    ((shape, fortran, kind, place),) = arrays
    array: Image = np.frombuffer(content, kind, int(np.prod(shape)), place).reshape(
        shape, order="F" if fortran else "C"
    )
    single = array[0] if _is_stack(array.shape) else array
    pixels, dropped = without_alpha(single)
    native = pixels.astype(pixels.dtype.newbyteorder("="), copy=False)
    sides = " x ".join(str(side) for side in array.shape)
    return Decoded(native, None, (*dropped, f"array of {sides} taken for {_as_what(native)}"))


def _as_what(pixels: Image) -> str:
    height, width = pixels.shape[:2]
    return f"{'grey' if pixels.ndim == 2 else 'RGB'}, {width} x {height} px"


def _arrays(file: BinaryIO) -> list[tuple[tuple[int, ...], bool, "np.dtype[Any]", int]]:
    """Return shape, order, type and place of the pixels of each array; `numpy.save` may have appended several.

    Raises:
        UnreadableContentError: An array is cut off, or is not a picture.
    """
    arrays = []
    end = file.seek(0, io.SEEK_END)
    place = 0
    while place < end:
        file.seek(place)
        shape, fortran, kind = _header(file)
        begin = file.tell()
        place = begin + kind.itemsize * int(np.prod([int(side) for side in shape], dtype=object))
        _check(shape, kind, fortran)
        if place > end:
            raise cut_off("NPY")
        arrays.append((shape, fortran, kind, begin))
    return arrays


def _header(file: BinaryIO) -> tuple[tuple[int, ...], bool, "np.dtype[Any]"]:
    try:
        return _HEADERS[np.lib.format.read_magic(file)](file)
    except (ValueError, KeyError, SyntaxError, TypeError, TokenError) as error:
        raise UnreadableContentError("is damaged: its NPY header cannot be read") from error


def _check(shape: tuple[int, ...], kind: "np.dtype[Any]", fortran: bool) -> None:
    sides = "(" + ", ".join(map(str, shape)) + ")"
    if kind.kind != "u" or kind.itemsize not in (1, 2):
        raise UnreadableContentError(f"is an array of {kind}, shape {sides}; uint8 and uint16 are read")
    if len(shape) == 3 and shape[0] in _COLOURS[2:] and shape[-1] not in _COLOURS:
        raise UnreadableContentError(
            f"has the shape {sides}: {shape[0]} grey pictures, or one in colour; save it as (H, W, {shape[0]}), "
            "or each picture as a file of its own"
        )
    if not _is_picture(shape) and not _is_stack(shape):
        raise UnreadableContentError(f"has the shape {sides}; (H, W), (H, W, 3) and (N, H, W) are read")
    if fortran and _is_stack(shape) and shape[0] > 1:
        raise FurtherPicturesError(f"holds {shape[0]} pictures in Fortran order; save it in C order")
    height, width = (shape[1:] if _is_stack(shape) else shape)[:2]
    check_claimed_size(width, height)


def _is_picture(shape: tuple[int, ...]) -> bool:
    return len(shape) == 2 or (len(shape) == 3 and shape[2] in _COLOURS)


def _is_stack(shape: tuple[int, ...]) -> bool:
    return len(shape) in (3, 4) and not _is_picture(shape) and _is_picture(shape[1:])


def _pictures(shape: tuple[int, ...]) -> int:
    return shape[0] if _is_stack(shape) else 1


def _as_npy(array: Image) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()


def _exactly(file: BinaryIO, size: int) -> bytes:
    content = file.read(size)
    if len(content) != size:
        raise cut_off("NPY")
    return content
