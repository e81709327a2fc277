"""Pixel formats of the PFNC, from a camera's bytes to grey or RGB pixels."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from station.camera.genicam.payload_size import line_bytes, payload_size
from station.domain.frame import Image

Bytes = NDArray[np.uint8]
Samples = NDArray[Any]
_SHARED_COLOUR = 2
_WORD = 16


class UnknownPixelFormatError(ValueError):
    """No way is known to read this format."""

    def __init__(self, name: str) -> None:
        super().__init__(f"pixel format {name} cannot be read; choose one of {', '.join(sorted(FORMATS))}")


class DamagedPictureError(ValueError):
    """The bytes are no whole picture of this width, height and format."""


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """How pixels lie in memory and what they mean.

    Attributes:
        bits: Bits that one pixel takes, so that a line's length follows.
        significant_bits: Bits of each sample that carry light.
        unpack: From the bytes of a picture, or of a line, to samples.
        channels: Samples per pixel.
        arrange: From samples, shaped (H, W) or (H, W, channels), to grey or RGB.
        conversion: What that changes, in words; empty for nothing.
    """

    bits: int
    significant_bits: int
    unpack: Callable[[Bytes, int], Samples]
    channels: int = 1
    arrange: Callable[[Samples], Image] = np.asarray
    conversion: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Pixels:
    """A picture in the station's own form.

    Attributes:
        image: (H, W) grey or (H, W, 3) RGB, uint8 or uint16; a copy, never a view of what it was read from.
        significant_bits: Bits of each sample that carry light.
        conversion: What was changed, in words.
    """

    image: Image
    significant_bits: int
    conversion: str


def read_pixels(data: memoryview | bytes, name: str, width: int, height: int, padding_bytes: int = 0) -> Pixels:
    """The picture in `data`.

    Args:
        data: The camera's bytes, line after line.
        name: PFNC name of their format.
        width: Pixels of a line.
        height: Lines.
        padding_bytes: Bytes at the end of each line that are no pixels. Without any, packed formats run on from
            line to line; with some, each line begins at a byte.

    Raises:
        UnknownPixelFormatError: No way is known to read this format.
        DamagedPictureError: The bytes are no whole picture.
    """
    form = FORMATS.get(name)
    if form is None:
        raise UnknownPixelFormatError(name)
    if width < 1 or height < 1:
        raise DamagedPictureError(f"{width} x {height} pixels are no picture")
    if form.channels == _SHARED_COLOUR and width % 2:
        raise DamagedPictureError(f"{name} has its colours in pairs, which a width of {width} cannot have")
    samples = _samples(np.frombuffer(data, np.uint8), form, width, height, padding_bytes)
    shape = (height, width) if form.channels == 1 else (height, width, form.channels)
    image = np.ascontiguousarray(form.arrange(samples.reshape(shape)))
    if np.may_share_memory(image, np.frombuffer(data, np.uint8)):
        image = image.copy()
    return Pixels(image, form.significant_bits, form.conversion)


def _samples(data: Bytes, form: PixelFormat, width: int, height: int, padding_bytes: int) -> Samples:
    whole = payload_size(width, height, form.bits, padding_bytes)
    if not padding_bytes:
        return form.unpack(_first(data, whole), width * height * form.channels)
    if len(data) == whole - padding_bytes:  # some producers leave out the padding of the last line
        data = np.concatenate([data, np.zeros(padding_bytes, np.uint8)])
    lines = _first(data, whole).reshape(height, -1)[:, : line_bytes(width, form.bits)]
    if width * form.bits % 8 == 0:
        return form.unpack(np.ascontiguousarray(lines).ravel(), width * height * form.channels)
    return np.stack([form.unpack(line, width * form.channels) for line in lines])


def _first(data: Bytes, count: int) -> Bytes:
    if len(data) < count:
        raise DamagedPictureError(f"{len(data)} bytes came where {count} belong")
    return data[:count]


def _bytes_are_samples(data: Bytes, count: int) -> Samples:
    return data[:count]


def _words(data: Bytes, count: int) -> Samples:
    return data[: 2 * count].view("<u2").astype(np.uint16, copy=False)


def _bit_stream(bits: int) -> Callable[[Bytes, int], Samples]:
    """PFNC "p": one stream of bits, the lowest of each pixel first."""
    together = math.lcm(bits, 8)
    pixels_together, bytes_together = together // bits, together // 8
    mask = np.uint16((1 << bits) - 1)

    def unpack(data: Bytes, count: int) -> Samples:
        groups = _groups(data, -(-count // pixels_together), bytes_together)
        pixels = np.empty((len(groups), pixels_together), np.uint16)
        for place in range(pixels_together):
            first, shift = divmod(place * bits, 8)
            pixel = pixels[:, place]
            np.right_shift(_words_at(groups, first), shift, out=pixel)
            if shift + bits > _WORD:
                pixel |= groups[:, first + 2].astype(np.uint16) << (_WORD - shift)
            pixel &= mask
        return pixels.ravel()[:count]

    return unpack


def _words_at(groups: Bytes, first: int) -> Samples:
    """Two bytes of each group as one number, read where they lie: they need not lie at an even place."""
    return np.ndarray((len(groups),), "<u2", groups, offset=first, strides=groups.strides[:1])


def _gige_packed(bits: int) -> Callable[[Bytes, int], Samples]:
    """GigE Vision "Packed": the high bytes of two pixels around one byte with the low bits of both."""
    low = bits - 8
    mask = np.uint8((1 << low) - 1)

    def unpack(data: Bytes, count: int) -> Samples:
        groups = _groups(data, -(-count // 2), 3)
        middle = groups[:, 1]
        pixels = np.empty((len(groups), 2), np.uint16)
        np.left_shift(groups[:, 0], low, out=pixels[:, 0], dtype=np.uint16)
        np.left_shift(groups[:, 2], low, out=pixels[:, 1], dtype=np.uint16)
        pixels[:, 0] |= middle & mask
        pixels[:, 1] |= (middle >> 4) & mask
        return pixels.ravel()[:count]

    return unpack


def _groups(data: Bytes, count: int, size: int) -> Bytes:
    """Groups of bytes; a last one that is cut short is filled up with zeros."""
    if len(data) < count * size:
        data = np.concatenate([data, np.zeros(count * size - len(data), np.uint8)])
    return data[: count * size].reshape(count, size)


def _colour(code: int) -> Callable[[Samples], Image]:
    return lambda samples: np.asarray(cv2.cvtColor(samples, code))


def _full_range_rgb(luma: int) -> Callable[[Samples], Image]:
    """RGB of pixels with two luma samples to one Cb and one Cr, all 0..255 (BT.601); `luma` is where Y stands."""

    def arrange(samples: Samples) -> Image:
        planes = np.empty((*samples.shape[:2], 3), np.uint8)
        planes[..., 0] = samples[..., luma]
        chroma = samples[..., 1 - luma]
        planes[:, 0::2, 1] = planes[:, 1::2, 1] = chroma[:, 1::2]
        planes[:, 0::2, 2] = planes[:, 1::2, 2] = chroma[:, 0::2]
        return np.asarray(cv2.cvtColor(planes, cv2.COLOR_YCrCb2RGB))

    return arrange


_UNPACKERS: dict[str, tuple[int, Callable[[Bytes, int], Samples]]] = {
    "8": (8, _bytes_are_samples),
    "10": (16, _words),
    "12": (16, _words),
    "14": (16, _words),
    "16": (16, _words),
    "10p": (10, _bit_stream(10)),
    "12p": (12, _bit_stream(12)),
    "14p": (14, _bit_stream(14)),
    "10Packed": (12, _gige_packed(10)),
    "12Packed": (12, _gige_packed(12)),
}
_BAYER_ORDERS = {
    "RG": cv2.COLOR_BayerRGGB2RGB,
    "GR": cv2.COLOR_BayerGRBG2RGB,
    "GB": cv2.COLOR_BayerGBRG2RGB,
    "BG": cv2.COLOR_BayerBGGR2RGB,
}
_BAYER_DEPTHS = ("8", "10", "12", "10p", "12p", "10Packed", "12Packed")


def _mono(depth: str) -> PixelFormat:
    bits, unpack = _UNPACKERS[depth]
    return PixelFormat(bits, int(depth.rstrip("pPacked")), unpack)


def _bayer(order: str, depth: str) -> PixelFormat:
    said = f"colours interpolated from Bayer{order}{depth}"
    return replace(_mono(depth), arrange=_colour(_BAYER_ORDERS[order]), conversion=said)


def _interleaved(channels: int, code: int | None, said: str) -> PixelFormat:
    arrange = np.asarray if code is None else _colour(code)
    return PixelFormat(8 * channels, 8, _bytes_are_samples, channels, arrange, said)


def _subsampled(arrange: Callable[[Samples], Image], name: str) -> PixelFormat:
    return PixelFormat(16, 8, _bytes_are_samples, 2, arrange, f"RGB from {name}")


FORMATS: dict[str, PixelFormat] = {
    **{f"Mono{depth}": _mono(depth) for depth in _UNPACKERS},
    **{f"Bayer{order}{depth}": _bayer(order, depth) for order in _BAYER_ORDERS for depth in _BAYER_DEPTHS},
    "RGB8": _interleaved(3, None, ""),
    "BGR8": _interleaved(3, cv2.COLOR_BGR2RGB, ""),
    "RGBa8": _interleaved(4, cv2.COLOR_RGBA2RGB, "alpha dropped"),
    "BGRa8": _interleaved(4, cv2.COLOR_BGRA2RGB, "alpha dropped"),
    "YUV422_8": _subsampled(_full_range_rgb(0), "YUV422_8"),
    "YUV422_8_UYVY": _subsampled(_full_range_rgb(1), "YUV422_8_UYVY"),
    "YCbCr422_8": _subsampled(_full_range_rgb(0), "YCbCr422_8"),
    "YCbCr422_8_CbYCrY": _subsampled(_full_range_rgb(1), "YCbCr422_8_CbYCrY"),
    "YCbCr601_422_8": _subsampled(_colour(cv2.COLOR_YUV2RGB_YUY2), "YCbCr601_422_8"),
    "YCbCr601_422_8_CbYCrY": _subsampled(_colour(cv2.COLOR_YUV2RGB_UYVY), "YCbCr601_422_8_CbYCrY"),
}
"""Every format that can be read, by its PFNC name. YUV422 and YCbCr422 use all 256 levels, YCbCr601 the video range."""
