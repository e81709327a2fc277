"""Between pixels in memory and the bytes of a picture file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image

THUMBNAIL_PX = 320
"""Longest side of a stored thumbnail."""

_MAP_STEPS = 65535
# The difference to the pixel on the left, then run lengths: on camera pictures this takes less than half the time of
# OpenCV's own choice at its quickest, and gives smaller files.
_QUICK_PNG = [
    *(cv2.IMWRITE_PNG_COMPRESSION, 1),
    *(cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE),
    *(cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_SUB),
]


class PictureFormatError(ValueError):
    """A picture that its file format cannot hold, however large the disk is."""


class Role(StrEnum):
    """What a picture file is to its part; the value is stored."""

    ORIGINAL = "original"
    THUMBNAIL = "thumbnail"
    MAP = "map"


@dataclass(frozen=True, slots=True, eq=False)
class ViewImages:
    """The arrays of one view of a part that become picture files.

    Attributes:
        original: As it came from the camera, uint8 or uint16, (H, W) grey or (H, W, 3) RGB; None if no picture came.
        thumbnail: uint8, (h, w) grey or (h, w, 3) RGB; always kept.
        anomaly_map: (h, w) float32, normalised; kept with the original.
    """

    original: Image | None = None
    thumbnail: Image | None = None
    anomaly_map: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """A picture ready to be written.

    Attributes:
        suffix: The end of the file's name, with the dot.
        content: The bytes of the file.
    """

    suffix: str
    content: bytes


def encode_view(images: ViewImages, *, keep_picture: bool) -> dict[Role, EncodedPicture]:
    """Return the pictures of one view that are kept; the original and the map only if `keep_picture` says so.

    Raises:
        PictureFormatError: One of them is too large for its format.
    """
    pictures = {}
    if images.thumbnail is not None:
        pictures[Role.THUMBNAIL] = encode_thumbnail(images.thumbnail)
    if keep_picture and images.original is not None:
        pictures[Role.ORIGINAL] = encode_original(images.original)
    if keep_picture and images.anomaly_map is not None:
        pictures[Role.MAP] = encode_map(images.anomaly_map)
    return pictures


def encode_original(image: Image) -> EncodedPicture:
    """Return the picture without any loss: PNG.

    Args:
        image: uint8 or uint16, (H, W) grey or (H, W, 3) RGB.

    Raises:
        PictureFormatError: PNG cannot hold it.
    """
    return EncodedPicture(".png", _encoded(".png", image, _QUICK_PNG))


def encode_thumbnail(image: Image) -> EncodedPicture:
    """Return a small JPEG, at most THUMBNAIL_PX on its longer side.

    Args:
        image: uint8, (H, W) grey or (H, W, 3) RGB.

    Raises:
        PictureFormatError: JPEG cannot hold it.
    """
    longest = max(image.shape[:2])
    if longest > THUMBNAIL_PX:
        height, width = (max(1, round(side * THUMBNAIL_PX / longest)) for side in image.shape[:2])
        with _opencv_errors_named():
            image = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return EncodedPicture("-thumbnail.jpg", _encoded(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 80]))


def encode_map(anomaly_map: NDArray[np.float32]) -> EncodedPicture:
    """Return the map in steps of 1/65535 as a 16-bit PNG.

    Args:
        anomaly_map: (h, w) float32, normalised. NaN is kept as 1, the worst score, never as a good one.

    Raises:
        PictureFormatError: PNG cannot hold it.
    """
    levels = np.nan_to_num(anomaly_map, nan=1.0).clip(0, 1) * _MAP_STEPS
    return EncodedPicture("-map.png", _encoded(".png", np.rint(levels).astype(np.uint16), _QUICK_PNG))


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


def decode_map(content: bytes) -> NDArray[np.float32]:
    """Return a map that was encoded here, (h, w) float32, normalised."""
    return _decoded(content).astype(np.float32) / np.float32(_MAP_STEPS)


@contextmanager
def _opencv_errors_named() -> Iterator[None]:
    try:
        yield
    except cv2.error as error:
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
