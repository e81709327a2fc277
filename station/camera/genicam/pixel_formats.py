"""Pixel formats of the PFNC, from a camera's bytes to grey or RGB pixels."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image

Bytes = NDArray[np.uint8]
Samples = NDArray[Any]


class UnknownPixelFormatError(ValueError):
    """No way is known to read this format."""

    def __init__(self, name: str) -> None:
        super().__init__(f"pixel format {name} cannot be read; choose one of {', '.join(sorted(FORMATS))}")


class TooFewBytesError(ValueError):
    """The picture is shorter than its width, height and format say."""


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
        TooFewBytesError: The picture is shorter than it should be.
    """
    form = FORMATS.get(name)
    if form is None:
        raise UnknownPixelFormatError(name)
    samples = _samples(np.frombuffer(data, np.uint8), form, width, height, padding_bytes)
    shape = (height, width) if form.channels == 1 else (height, width, form.channels)
    image = np.ascontiguousarray(form.arrange(samples.reshape(shape)))
    if np.may_share_memory(image, np.frombuffer(data, np.uint8)):
        image = image.copy()
    return Pixels(image, form.significant_bits, form.conversion)


def _samples(data: Bytes, form: PixelFormat, width: int, height: int, padding_bytes: int) -> Samples:
    if not padding_bytes:
        return form.unpack(_first(data, -(-width * height * form.bits // 8)), width * height * form.channels)
    line_bytes = -(-width * form.bits // 8)
    whole = (line_bytes + padding_bytes) * height
    if len(data) == whole - padding_bytes:  # some producers leave out the padding of the last line
        data = np.concatenate([data, np.zeros(padding_bytes, np.uint8)])
    lines = _first(data, whole).reshape(height, -1)[:, :line_bytes]
    if width * form.bits % 8 == 0:
        return form.unpack(np.ascontiguousarray(lines).ravel(), width * height * form.channels)
    return np.stack([form.unpack(line, width * form.channels) for line in lines])


def _first(data: Bytes, count: int) -> Bytes:
    if len(data) < count:
        raise TooFewBytesError(f"{len(data)} bytes came where {count} belong")
    return data[:count]


def _bytes_are_samples(data: Bytes, count: int) -> Samples:
    return data[:count]


def _words(data: Bytes, count: int) -> Samples:
    return data[: 2 * count].view("<u2").astype(np.uint16, copy=False)


def _unpack_12p(data: Bytes, count: int) -> Samples:
    """PFNC "p": two pixels in three bytes, lowest bits first."""
    first, middle, last = _threes(data, count)
    pixels = np.empty((len(first), 2), np.uint16)
    np.bitwise_or(first, (middle & 0x0F) << 8, out=pixels[:, 0])
    np.bitwise_or(middle >> 4, last << 4, out=pixels[:, 1])
    return pixels.ravel()[:count]


def _unpack_12_packed(data: Bytes, count: int) -> Samples:
    """GigE Vision "Packed": two pixels in three bytes, their high bytes outside, their low nibbles in the middle."""
    first, middle, last = _threes(data, count)
    pixels = np.empty((len(first), 2), np.uint16)
    np.bitwise_or(first << 4, middle & 0x0F, out=pixels[:, 0])
    np.bitwise_or(last << 4, middle >> 4, out=pixels[:, 1])
    return pixels.ravel()[:count]


def _unpack_10_packed(data: Bytes, count: int) -> Samples:
    """GigE Vision "Packed" with 10 bits: as with 12, but the middle byte carries two bits of each pixel."""
    first, middle, last = _threes(data, count)
    pixels = np.empty((len(first), 2), np.uint16)
    np.bitwise_or(first << 2, middle & 0x03, out=pixels[:, 0])
    np.bitwise_or(last << 2, (middle >> 4) & 0x03, out=pixels[:, 1])
    return pixels.ravel()[:count]


def _threes(data: Bytes, count: int) -> tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint16]]:
    groups = _groups(data, -(-count // 2), 3).astype(np.uint16)
    return groups[:, 0], groups[:, 1], groups[:, 2]


def _unpack_10p(data: Bytes, count: int) -> Samples:
    """PFNC "p": four pixels in five bytes, lowest bits first."""
    groups = _groups(data, -(-count // 4), 5).astype(np.uint16)
    pixels = np.empty((len(groups), 4), np.uint16)
    for i in range(4):
        low, high = groups[:, i] >> (2 * i), groups[:, i + 1] << (8 - 2 * i)
        np.bitwise_and(low | high, 0x3FF, out=pixels[:, i])
    return pixels.ravel()[:count]


def _unpack_14p(data: Bytes, count: int) -> Samples:
    """PFNC "p": four pixels in seven bytes, lowest bits first."""
    groups = np.zeros((-(-count // 4), 8), np.uint8)
    groups[:, :7] = _groups(data, len(groups), 7)
    bits = groups.view("<u8").ravel()
    pixels = np.stack([(bits >> np.uint64(14 * i)) & np.uint64(0x3FFF) for i in range(4)], axis=1)
    return pixels.astype(np.uint16).ravel()[:count]


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
    "10p": (10, _unpack_10p),
    "12p": (12, _unpack_12p),
    "14p": (14, _unpack_14p),
    "10Packed": (12, _unpack_10_packed),
    "12Packed": (12, _unpack_12_packed),
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
