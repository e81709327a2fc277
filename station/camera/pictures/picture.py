"""A picture that was read from a file, and why one cannot be read."""

from dataclasses import dataclass

import cv2
import numpy as np

from station.domain.errors import BadInputError
from station.domain.formatting import counted, plain
from station.domain.frame import Image
from station.domain.picture_form import DepthFrom

MOST_PIXELS = 2**29
"""16384 x 32768 px, more than any camera delivers at once. A few bytes can claim far more, and fill the memory."""


class UnreadablePictureError(BadInputError):
    """The file is not a picture, is damaged, or has a format that cannot be inspected."""

    advice = "Replace the file, or remove it from the folder."


class PicturesLeftOutError(UnreadablePictureError):
    """The file holds more pictures than can be read, or names pictures that are missing."""

    advice = "Save each picture as a file of its own."


class UnreadableContentError(Exception):
    """Why the content of a file gives no picture: the end of a sentence that begins with the file's name."""


class FurtherPicturesError(UnreadableContentError):
    """The content holds more pictures than the one that would be read."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture that was read from a file.

    Attributes:
        image: (H, W) grey or (H, W, 3) RGB, uint8 or uint16, C-contiguous.
        significant_bits: 8, 10, 12, 14 or 16.
        conversion: What was changed or ignored on reading, in words; empty if nothing was.
        depth_from: Who says how many bits carry light.
        coding: How the file is compressed: "lossless", "JPEG 4:2:0"; "" if that is not known.
        file: The content of the file, if it is worth keeping instead of the pixels; else empty.
    """

    image: Image
    significant_bits: int
    conversion: str
    depth_from: DepthFrom = DepthFrom.KNOWN
    coding: str = ""
    file: bytes = b""


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """The pixels of one picture as its format holds them.

    Attributes:
        pixels: (H, W) grey, (H, W, 3) RGB; any type, checked later.
        bits: Significant bits as the file says; None for all bits of the type.
        notes: What was changed or ignored, in words.
    """

    pixels: Image
    bits: int | None = None
    notes: tuple[str, ...] = ()


def check_claimed_size(width: int, height: int) -> None:
    """Raise `UnreadableContentError` if a header claims more than `MOST_PIXELS`, or nothing."""
    if width <= 0 or height <= 0:
        raise UnreadableContentError("is damaged: its header gives no size")
    if width * height > MOST_PIXELS:
        raise UnreadableContentError(
            f"claims to be {width} x {height} px: damaged, or more than can be inspected ({MOST_PIXELS} px)"
        )


def cut_off(kind: str) -> UnreadableContentError:
    """Return the error for a file whose end is missing."""
    return UnreadableContentError(f"is cut off: the end of the {kind} file is missing")


def damaged(kind: str) -> UnreadableContentError:
    """Return the error for pixel data that cannot be decoded."""
    return UnreadableContentError(f"is damaged: its {kind} data cannot be decoded")


def decoded_by_opencv(content: bytes, kind: str, notes: tuple[str, ...] = ()) -> Decoded:
    """Return the pixels in RGB order, without transparency.

    Raises:
        UnreadableContentError: OpenCV cannot decode the content.
    """
    stored = _stored(content)
    if stored is None:
        raise damaged(kind)
    if stored.ndim == 3 and stored.shape[2] == 4:
        return Decoded(_converted(stored, cv2.COLOR_BGRA2RGB), None, ("transparency dropped", *notes))
    if stored.ndim == 3 and stored.shape[2] == 3:
        return Decoded(_converted(stored, cv2.COLOR_BGR2RGB), None, notes)
    return Decoded(stored, None, notes)


def without_alpha(pixels: Image) -> tuple[Image, tuple[str, ...]]:
    """Return (H, W), (H, W, 1), (H, W, 2), (H, W, 3) or (H, W, 4) pixels without transparency, and what was changed."""
    if pixels.ndim == 2:
        return pixels, ()
    colours = pixels.shape[2]
    if colours in (1, 2):
        return pixels[..., 0], ("transparency dropped",) if colours == 2 else ()
    return pixels[..., :3], ("transparency dropped",) if colours == 4 else ()


def behind(count: int) -> tuple[str, ...]:
    """Return the note about bytes behind the picture; empty if there are none."""
    return (f"{plain(counted(count, 'byte'))} behind the picture ignored",) if count > 0 else ()


def refuse_another(rest: bytes, beginning: bytes) -> None:
    """Raise `FurtherPicturesError` if another picture follows the first, as in a file that was appended to.

    Args:
        rest: The bytes behind the picture.
        beginning: How another picture of the same kind and size begins.
    """
    if rest.lstrip(b"\0").startswith(beginning):
        raise FurtherPicturesError("holds a second picture behind the first")


def _stored(content: bytes) -> Image | None:
    try:
        return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None


def _converted(stored: Image, code: int) -> Image:
    try:
        return cv2.cvtColor(stored, code)
    except cv2.error as error:  # for example 64-bit pixels
        raise UnreadableContentError(f"has unsupported pixels ({stored.dtype})") from error
