"""Check whether a frame has the form of the pictures that the view was taught from."""

from dataclasses import dataclass

from station.domain.frame import Frame, Image
from station.domain.picture_form import Colour, DepthFrom, PictureForm, judged_bits
from station.vision.conversion import colour_spread

_COLOURFUL = 16
"""A spread of the channels that no grey part has in a camera's colour picture."""
_LARGEST_OF_14_BITS = 16383


@dataclass(frozen=True, slots=True)
class Depth:
    """How deep a frame is taken to be.

    Attributes:
        bits: Bits of a pixel that carry light; the brightest such value is white.
        misfit: Why it cannot be judged so, in words; "" if it can.
    """

    bits: int
    misfit: str = ""


class FormCheck:
    """Compares frames with the form that a recipe's view was taught from; without a form only their own depth."""

    def __init__(self, form: PictureForm | None) -> None:
        self._form = form

    def depth_of(self, frame: Frame) -> Depth:
        """Return how deep the frame is, by itself and by the recipe."""
        stored_bits = 8 * frame.image.dtype.itemsize
        bits = judged_bits(self._form, stored_bits, frame.significant_bits, frame.depth_from)
        if stored_bits == 8:
            return Depth(8)
        if bits < stored_bits:
            return Depth(bits, _above(int(frame.image.max()), bits, frame.depth_from))
        if self._form and self._form.stored_bits == 8 and frame.depth_from is DepthFrom.UNKNOWN:
            return Depth(bits, _of_unknown_depth(int(frame.image.max())))
        return Depth(bits)

    def misfit(self, frame: Frame, model_input: Image | None) -> str:
        """Return how size or colour differ so much that the frame cannot be judged; "" if they fit.

        Args:
            frame: The frame.
            model_input: The picture as the model sees it, (h, w, 3) uint8; None if it cannot be prepared.
        """
        if self._form is None:
            return ""
        return self._other_size(frame) or ("" if model_input is None else self._other_colour(frame, model_input))

    def note(self, frame: Frame, depth: Depth) -> str:
        """Return what differs from the pictures of the teaching and lets the frame be judged; "" for nothing."""
        if self._form is None:
            return ""
        return ", ".join(filter(None, (self._depth_note(frame, depth.bits), self._coding_note(frame))))

    def _other_size(self, frame: Frame) -> str:
        assert self._form is not None
        height, width = frame.image.shape[:2]
        if not self._form.width or (width, height) == (self._form.width, self._form.height):
            return ""
        taught = f"{self._form.width} x {self._form.height}"
        return f"{width} x {height} pixels, taught from {taught}: check Width, Height and binning of the camera"

    def _other_colour(self, frame: Frame, model_input: Image) -> str:
        assert self._form is not None
        if self._form.colour is Colour.COLOUR and colour_spread(frame.image, model_input) == 0:
            return "grey picture, taught in colour: check PixelFormat"
        if self._form.colour is Colour.GREY and colour_spread(frame.image, model_input) > _COLOURFUL:
            return "colour picture, taught in grey: check PixelFormat"
        return ""

    def _depth_note(self, frame: Frame, bits: int) -> str:
        assert self._form is not None
        if frame.depth_from is DepthFrom.UNKNOWN and bits < 8 * frame.image.dtype.itemsize:
            return f"taken for {bits} bits, as taught"
        return "" if bits == self._form.bits else f"{bits} bits, taught with {self._form.bits}"

    def _coding_note(self, frame: Frame) -> str:
        return other_coding(self._form, frame.coding)


def other_coding(form: PictureForm | None, coding: str) -> str:
    """Return which coding differs from that of the teaching: "JPEG 4:2:0, taught from lossless"; "" if none does.

    Args:
        form: The form that the view was taught from.
        coding: How pictures are compressed, as in `PictureForm.coding`.
    """
    if form is None or not form.coding:
        return ""
    others = [each for each in coding.split(", ") if each and each not in form.codings]
    return f"{', '.join(others)}, taught from {form.coding}" if others else ""


def _above(largest: int, bits: int, depth_from: DepthFrom) -> str:
    if largest < 1 << bits:
        return ""
    said = {
        DepthFrom.KNOWN: "that the picture has: check PixelFormat",
        DepthFrom.NOTED: "that the file says: save it again",
        DepthFrom.UNKNOWN: "of the pictures it was taught from: check PixelFormat, or teach with brighter ones",
    }
    return f"its value {largest} is above the {bits} bits {said[depth_from]}"


def _of_unknown_depth(largest: int) -> str:
    """Return the doubt about a 16-bit picture for a recipe of 8 bits: dark, or of 10, 12 or 14 bits?"""
    if largest > _LARGEST_OF_14_BITS:
        return ""
    return f"16 bits with no value above {largest}, taught with 8 bits: white is not known, teach from such pictures"
