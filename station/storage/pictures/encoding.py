"""Between pixels in memory and the bytes of a picture file."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image
from station.domain.part_images import ViewResult
from station.domain.picture_form import depth_that_holds
from station.domain.station_png import noted_as_mask, noted_depth, with_notes
from station.storage.pictures.png import encode_png

THUMBNAIL_PX = 320
"""Longest side of a stored thumbnail."""

_MAP_STEPS = 65535


class PictureFormatError(ValueError):
    """A picture that its file format cannot hold, however large the disk is."""


class Role(StrEnum):
    """What a picture file is to its part; the value is stored."""

    ORIGINAL = "original"
    THUMBNAIL = "thumbnail"
    MAP = "map"

    def suffix(self, content: bytes) -> str:
        """Return the end of the name of a file with this content, with the dot. An original may be of several kinds."""
        return _suffix_of_original(content) if self is Role.ORIGINAL else _SUFFIXES[self]


_SUFFIXES = {Role.THUMBNAIL: "-thumbnail.jpg", Role.MAP: "-map.png"}
_SUFFIXES_OF_ORIGINALS = {
    b"\xff\xd8\xff": ".jpg",
    b"RIFF": ".webp",
    b"\0\0\0\x0cjP": ".jp2",
    b"\xff\x4f\xff\x51": ".j2k",
}


def _suffix_of_original(content: bytes) -> str:
    named = (suffix for start, suffix in _SUFFIXES_OF_ORIGINALS.items() if content.startswith(start))
    return next(named, ".png")


def encode_view(view: ViewResult, *, keep_picture: bool, compressed: bool = True) -> Mapping[Role, bytes]:
    """Return the files of one view: the thumbnail, and the original and the map if `keep_picture` says so.

    A picture that came as a file is kept as that file. What was encoded ahead is taken as it is. If not `compressed`,
    an original takes a tenth of the time and twice the bytes.

    Raises:
        PictureFormatError: A picture is too large for its format.
    """
    if view.encoded is not None:
        return {Role(role): content for role, content in view.encoded.items()}
    thumbnail = {Role.THUMBNAIL: encode_thumbnail(view.levels[-1])} if view.levels else {}
    return thumbnail | encode_whole(view, compressed=compressed) if keep_picture else thumbnail


def encode_whole(view: ViewResult, *, compressed: bool = True) -> dict[Role, bytes]:
    """Return the original and the map of one view, as `encode_view` does, without the thumbnail."""
    files = {}
    if view.original is not None:
        files[Role.ORIGINAL] = view.file or encode_original(
            view.original, view.significant_bits, view.coding, compressed=compressed
        )
    if view.anomaly_map is not None:
        files[Role.MAP] = encode_map(view.anomaly_map)
    return files


def encode_original(image: Image, significant_bits: int = 0, coding: str = "", *, compressed: bool = True) -> bytes:
    """Return the picture without any loss: PNG, with notes on its depth and on how it came.

    Args:
        image: uint8 or uint16, (H, W) grey or (H, W, 3) RGB.
        significant_bits: Bits of a uint16 pixel that carry light; 0 if that is not known.
        coding: How it was compressed when it came: "JPEG 4:2:0"; "" if that is not known.
        compressed: As for `encode_view`.

    Raises:
        PictureFormatError: PNG cannot hold it.
    """
    depth = bytes([significant_bits]) * (1 if image.ndim == 2 else 3) if image.dtype == np.uint16 else b""
    return with_notes(_png(image, compressed=compressed), depth if significant_bits else b"", coding)


def encode_mask(mask: NDArray[np.uint8]) -> bytes:
    """Return a mask of defects, (H, W), without any loss: PNG, with the note that it is a mask.

    Raises:
        PictureFormatError: PNG cannot hold it.
    """
    return noted_as_mask(_png(mask))


def encode_thumbnail(image: Image, longest_px: int = THUMBNAIL_PX) -> bytes:
    """Return a small JPEG, at most `longest_px` on its longer side.

    Args:
        image: uint8, (H, W) grey or (H, W, 3) RGB.
        longest_px: Pixels.

    Raises:
        PictureFormatError: JPEG cannot hold it.
    """
    longest = max(image.shape[:2])
    if longest > longest_px:
        height, width = (max(1, round(side * longest_px / longest)) for side in image.shape[:2])
        with _opencv_errors_named():
            image = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return _encoded(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 80])


def encode_map(anomaly_map: NDArray[np.float32]) -> bytes:
    """Return the map in steps of 1/65535 as a 16-bit PNG.

    Args:
        anomaly_map: (h, w) float32, normalised. NaN is kept as 1, the worst score, never as a good one.

    Raises:
        PictureFormatError: PNG cannot hold it.
    """
    levels = np.nan_to_num(anomaly_map, nan=1.0).clip(0, 1) * _MAP_STEPS
    return _png(np.rint(levels).astype(np.uint16))


def encode_preview(image: Image) -> bytes:
    """Return a JPEG at the picture's own size, good enough to look at; it stays in memory.

    Args:
        image: uint8, (H, W) grey or (H, W, 3) RGB.

    Raises:
        PictureFormatError: JPEG cannot hold it.
    """
    return _encoded(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 85])


def encode_float_tiff(values: NDArray[np.float32]) -> bytes:
    """Return the values, (H, W) float32, as a 32-bit float TIFF: the form that the MVTec evaluation tools read.

    Raises:
        PictureFormatError: TIFF cannot hold them.
    """
    return _encoded(".tiff", values, [])


def decode_picture(content: bytes) -> Image:
    """Return the pixels of a picture that was encoded here, (H, W) grey or (H, W, 3) RGB."""
    image = _decoded(content)
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def decode_original(content: bytes) -> tuple[Image, int] | None:
    """Return the pixels of an original that is a PNG, and how many of their bits carry light; None for another file.

    For a 16-bit file from before this was noted, the least depth that holds its values is returned.
    """
    if _suffix_of_original(content) != ".png":
        return None
    image = decode_picture(content)
    if image.dtype == np.uint8:
        return image, 8
    return image, noted_depth(content) or depth_that_holds(int(image.max()))


def decode_map(content: bytes) -> NDArray[np.float32]:
    """Return a map that was encoded here, (h, w) float32, normalised."""
    return _decoded(content).astype(np.float32) / np.float32(_MAP_STEPS)


@contextmanager
def _opencv_errors_named() -> Iterator[None]:
    try:
        yield
    except cv2.error as error:
        raise PictureFormatError(str(error)) from error


def _png(pixels: NDArray[Any], *, compressed: bool = True) -> bytes:
    try:
        return encode_png(pixels, compressed=compressed)
    except ValueError as error:
        raise PictureFormatError(str(error)) from error


def _encoded(kind: str, image: Image | NDArray[np.float32], options: list[int]) -> bytes:
    with _opencv_errors_named():
        in_file_order = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        encoded, content = cv2.imencode(kind, in_file_order, options)
    if not encoded:  # for example JPEG, which accepts 65,500 pixels on a side
        raise PictureFormatError(f"a picture of {image.shape[1]} x {image.shape[0]} pixels cannot be kept as {kind}")
    return content.tobytes()


def _decoded(content: bytes) -> Image:
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert image is not None, "the content's hash is that of a picture we wrote"
    return image
