"""Converts the bytes of a camera to grey or RGB pixels, for the pixel formats of the PFNC.

Packed formats, shown with the 12-bit pixels 0x321 and 0x654 (two pixels in three bytes):

    Mono12p       21 43 65    A stream of bits, lowest bits first: byte 0 is the low byte of pixel 0; byte 1 holds the
                              high 4 bits of pixel 0 (0x3) below the low 4 bits of pixel 1 (0x4); byte 2 is the rest.
    Mono12Packed  32 41 65    GigE Vision: byte 0 holds the high 8 bits of pixel 0, byte 2 those of pixel 1, and byte 1
                              the low 4 bits of both: 0x1 of pixel 0 below, 0x4 of pixel 1 above.
    Mono12        21 03 54 06 Not packed: one little-endian 16-bit word per pixel.
"""

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
_SHARED_CHROMA = 2
_WORD = 16


class UnknownPixelFormatError(ValueError):
    """The station cannot read this pixel format."""

    def __init__(self, name: str) -> None:
        super().__init__(f"pixel format {name} is not supported; choose one of {', '.join(sorted(FORMATS))}")


class DamagedPictureError(ValueError):
    """The bytes are not a complete picture of this width, height and format."""


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """The memory layout of a pixel format and its conversion.

    Attributes:
        bits: Bits per pixel in memory.
        significant_bits: Bits of each sample that carry information, such as 12 of 16.
        unpack: Converts the bytes of a picture or line to the given number of samples.
        channels: Samples per pixel.
        arrange: Converts samples of shape (H, W) or (H, W, channels) to grey (H, W) or RGB (H, W, 3).
        conversion: What `arrange` changes, in words; empty for nothing.
    """

    bits: int
    significant_bits: int
    unpack: Callable[[Bytes, int], Samples]
    channels: int = 1
    arrange: Callable[[Samples], Image] = np.asarray
    conversion: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Pixels:
    """A picture as the station uses it.

    Attributes:
        image: (H, W) grey or (H, W, 3) RGB, uint8 or uint16; a copy, never a view of the input.
        significant_bits: Bits of each sample that carry information, such as 12 of 16.
        conversion: What was changed, in words; empty for nothing.
    """

    image: Image
    significant_bits: int
    conversion: str


def read_pixels(data: memoryview | bytes, name: str, width: int, height: int, padding_bytes: int = 0) -> Pixels:
    """Return the picture in `data`.

    Args:
        data: The camera's bytes, line after line.
        name: PFNC name of the pixel format.
        width: Pixels per line.
        height: Lines.
        padding_bytes: Bytes at the end of each line that are not pixels. Without padding, packed formats run on from
            line to line; with padding, each line begins at a byte.

    Raises:
        UnknownPixelFormatError: The format is not in `FORMATS`.
        DamagedPictureError: Bytes are missing, or the size is impossible.
    """
    form = FORMATS.get(name)
    if form is None:
        raise UnknownPixelFormatError(name)
    if width < 1 or height < 1:
        raise DamagedPictureError(f"a picture cannot have {width} x {height} pixels")
    if form.channels == _SHARED_CHROMA and width % 2:
        raise DamagedPictureError(f"{name} needs an even width, since two pixels share their colour; it is {width}")
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
    if len(data) == whole - padding_bytes:  # some producers omit the padding of the last line
        data = np.concatenate([data, np.zeros(padding_bytes, np.uint8)])
    lines = _first(data, whole).reshape(height, -1)[:, : line_bytes(width, form.bits)]
    if width * form.bits % 8 == 0:
        return form.unpack(np.ascontiguousarray(lines).ravel(), width * height * form.channels)
    return np.stack([form.unpack(line, width * form.channels) for line in lines])


def _first(data: Bytes, count: int) -> Bytes:
    if len(data) < count:
        raise DamagedPictureError(f"the picture has {len(data)} bytes instead of {count}")
    return data[:count]


def _bytes_are_samples(data: Bytes, count: int) -> Samples:
    return data[:count]


def _words(data: Bytes, count: int) -> Samples:
    return data[: 2 * count].view("<u2").astype(np.uint16, copy=False)


def _bit_stream(bits: int) -> Callable[[Bytes, int], Samples]:
    """Return the unpacker for PFNC "p": one stream of bits, the lowest bits of each pixel first.

    Pixels are read in the smallest groups that end at a byte: 2 pixels in 3 bytes for 12 bits, 4 in 5 for 10 bits, 4
    in 7 for 14 bits. Pixel `place` of a group begins at bit `place * bits`: for 12 bits, pixel 1 begins at bit 12, in
    byte 1 at bit 4. So the 16 bits from byte 1 on, shifted right by 4 and masked with 0xFFF, are the pixel. With 14
    bits, pixel 1 begins at bit 14 (byte 1, shift 6) and needs 20 bits, so the third byte supplies the rest.
    """
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
    """Return two adjacent bytes of each group as one little-endian number, without a copy and without alignment."""
    return np.ndarray((len(groups),), "<u2", groups, offset=first, strides=groups.strides[:1])


def _gige_packed(bits: int) -> Callable[[Bytes, int], Samples]:
    """Return the unpacker for GigE Vision "Packed": high byte, one byte with the low bits of both pixels, high byte.

    Example with 12 bits: 32 41 65 gives 0x32 << 4 | 0x1 = 0x321 and 0x65 << 4 | 0x4 = 0x654.
    """
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
    """Return the data as (count, size) bytes; an incomplete last group is filled with zeros."""
    if len(data) < count * size:
        data = np.concatenate([data, np.zeros(count * size - len(data), np.uint8)])
    return data[: count * size].reshape(count, size)


def _colour(code: int) -> Callable[[Samples], Image]:
    return lambda samples: np.asarray(cv2.cvtColor(samples, code))


def _full_range_rgb(luma: int) -> Callable[[Samples], Image]:
    """Return the conversion to RGB for pairs of pixels that share one Cb and one Cr, all 0..255 (BT.601).

    Example: the bytes Y0 Cb Y1 Cr (`luma` = 0) become the pixels (Y0, Cr, Cb) and (Y1, Cr, Cb). With `luma` = 1 the
    order is Cb Y0 Cr Y1.
    """

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
    conversion = f"colours interpolated from Bayer{order}{depth}"
    return replace(_mono(depth), arrange=_colour(_BAYER_ORDERS[order]), conversion=conversion)


def _interleaved(channels: int, code: int | None, conversion: str) -> PixelFormat:
    arrange = np.asarray if code is None else _colour(code)
    return PixelFormat(8 * channels, 8, _bytes_are_samples, channels, arrange, conversion)


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
"""All supported formats by PFNC name. YUV422 and YCbCr422 use all 256 levels, YCbCr601 the video range 16..235."""
