"""The form of the pictures that a view was taught from: grey or colour, depth, size and coding.

A 16-bit picture often holds values of 10, 12 or 14 bits: white is 4095 and not 65535. Most files do not say so. What
the pictures of a teaching have in common is kept in the recipe, and read back into pictures that do not say it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

_DEPTHS = (8, 10, 12, 14, 16)
_COLOUR_SEEN = 2
LOSSLESS = "lossless"


class DepthFrom(StrEnum):
    """Who says how many bits of a 16-bit picture carry light."""

    KNOWN = "known"
    """It is sure: the camera's pixel format, how the file packs its pixels, or a file that the station wrote."""
    NOTED = "noted"
    """A note beside the pixels of a file from elsewhere."""
    UNKNOWN = "unknown"
    """Nothing: 16 bits are there, and fewer may be used."""


class Colour(StrEnum):
    """Whether pictures are grey or in colour. The value is stored."""

    GREY = "grey"
    COLOUR = "colour"
    EITHER = "grey or colour"
    """Taught from both, or from pictures with hardly any colour."""


@dataclass(frozen=True, slots=True)
class PictureForm:
    """What the pictures of a teaching have in common.

    Attributes:
        colour: Grey or colour. A picture with three equal channels is grey.
        bits: Bits of a pixel that carry light: 8, 10, 12, 14 or 16; the most of any picture.
        stored_bits: Bits of a pixel in the file: 8 or 16.
        width, height: Size of every picture, pixels; 0 if they differ.
        coding: How the files are compressed, each way once: "lossless", "JPEG 4:2:0, lossless"; "" if not known.
    """

    colour: Colour = Colour.EITHER
    bits: int = 8
    stored_bits: int = 8
    width: int = 0
    height: int = 0
    coding: str = ""

    @property
    def codings(self) -> frozenset[str]:
        """Return each way in which the files are compressed."""
        return frozenset(filter(None, self.coding.split(", ")))

    @property
    def words(self) -> str:
        """Return the form for people: "colour, 12 of 16 bits, 640 x 480 px, lossless"."""
        deep = f"{self.bits} bits" if self.bits == self.stored_bits else f"{self.bits} of {self.stored_bits} bits"
        size = f"{self.width} x {self.height} px" if self.width else "of several sizes"
        return ", ".join(filter(None, (self.colour.value, deep, size, self.coding)))


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What one picture adds to the form.

    Attributes:
        colour_spread: Largest difference of red or blue to green, 0..255; 0 for a grey picture.
        bits, stored_bits: As in PictureForm.
        width, height: Pixels.
        coding: How the file is compressed.
    """

    colour_spread: int
    bits: int
    stored_bits: int
    width: int
    height: int
    coding: str


def common_form(pictures: Sequence[PictureFacts]) -> PictureForm:
    """Return what the pictures, at least one, have in common."""
    sizes = {(each.width, each.height) for each in pictures}
    width, height = sizes.pop() if len(sizes) == 1 else (0, 0)
    return PictureForm(
        colour=_common_colour([each.colour_spread for each in pictures]),
        bits=max(each.bits for each in pictures),
        stored_bits=max(each.stored_bits for each in pictures),
        width=width,
        height=height,
        coding=in_one_text(each.coding for each in pictures),
    )


def in_one_text(codings: Iterable[str]) -> str:
    """Return each coding once, as in `PictureForm.coding`."""
    return ", ".join(sorted(set(filter(None, codings))))


def depth_that_holds(largest: int) -> int:
    """Return the least depth of 8, 10, 12, 14 and 16 bits that holds this value."""
    return next(bits for bits in _DEPTHS if largest < 1 << bits)


def judged_bits(form: PictureForm | None, stored_bits: int, stated_bits: int, depth_from: DepthFrom) -> int:
    """Return how many bits of a picture's pixels are taken to carry light.

    A recipe without a form was taught when the notes of foreign files were not read: it takes all 16 bits of them.

    Args:
        form: The form of the recipe's pictures.
        stored_bits: 8 or 16, of this picture.
        stated_bits: How many carry light, as `depth_from` says.
        depth_from: Who says so.
    """
    if stored_bits == 8:
        return 8
    if form is None:
        return stated_bits if depth_from is DepthFrom.KNOWN else stored_bits
    if depth_from is DepthFrom.UNKNOWN:
        return form.bits if form.stored_bits > 8 else stored_bits
    return stated_bits


def _common_colour(spreads: Sequence[int]) -> Colour:
    if not any(spreads):
        return Colour.GREY
    return Colour.COLOUR if min(spreads) > _COLOUR_SEEN else Colour.EITHER
