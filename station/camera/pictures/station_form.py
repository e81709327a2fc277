"""From the pixels of a file and what the file says of them to a picture as the station uses it."""

from collections.abc import Iterable

import numpy as np

from station.camera.pictures.noted import CMYK, PALETTE, TRANSPARENCY, Noted
from station.camera.pictures.orientation import turn_note, turned
from station.camera.pictures.picture import Decoded, Picture, UnreadablePictureError
from station.domain.frame import Image
from station.domain.picture_form import DepthFrom

_ALL_BITS = 16


def in_station_form(decoded: Decoded, noted: Noted, name: str) -> Picture:
    """Return the picture: upright, black as 0, with its depth, and every conversion in words.

    Raises:
        UnreadablePictureError: Its pixels are neither 8 nor 16 bits, or neither grey nor RGB.
    """
    pixels = decoded.pixels
    if pixels.dtype not in (np.uint8, np.uint16) or pixels.shape[2:] not in ((), (3,)):
        raise UnreadablePictureError(
            f"{name} has unsupported pixels ({pixels.dtype}, {pixels.shape[2:] or 1} channels); "
            "8 or 16 bits, grey or colour, are supported."
        )
    bits, depth_from, spread = _depth(pixels, decoded.bits, noted)
    if noted.white_is_zero:
        pixels = pixels.dtype.type((1 << bits) - 1) - pixels
    notes = (*turn_note(noted.orientation), *_notes(decoded, noted), *spread)
    image = np.ascontiguousarray(turned(pixels, noted.orientation))
    return Picture(image, bits, ", ".join(dict.fromkeys(notes)), depth_from, noted.coding)


def _depth(pixels: Image, packed_bits: int | None, noted: Noted) -> tuple[int, DepthFrom, tuple[str, ...]]:
    """Return how many bits carry light, who says so, and how they were kept, in words."""
    if pixels.dtype == np.uint8:
        return 8, DepthFrom.KNOWN, ("16 bits reduced to 8",) if noted.file_bits > 8 else ()
    if noted.bits is not None and noted.by_station:
        return noted.bits, DepthFrom.KNOWN, (f"{noted.bits} bits kept",)
    if noted.bits is not None and _are_upper_bits(pixels, noted.bits):
        return _ALL_BITS, DepthFrom.NOTED, ("16 bits kept", f"{noted.bits} of them noted as used")
    if noted.bits is not None:
        return noted.bits, DepthFrom.NOTED, (f"{noted.bits} bits kept, as noted in the file",)
    if packed_bits is not None and packed_bits < _ALL_BITS:
        return packed_bits, DepthFrom.KNOWN, (f"{packed_bits} bits kept",)
    return _ALL_BITS, DepthFrom.UNKNOWN, ("16 bits kept",)


def _are_upper_bits(pixels: Image, bits: int) -> bool:
    """Return whether the noted bits are the upper ones, as the PNG standard wants it, and not those of a camera.

    Example: with 12 bits, 4095 is stored as 65520 or 65535 by the standard, and as 4095 by most camera programs.
    """
    if int(pixels.max()) < 1 << bits:
        return False
    unused = _ALL_BITS - bits
    rest, top = pixels & ((1 << unused) - 1), pixels >> bits
    return bool(not rest.any() or (unused <= bits and np.array_equal(rest, top)))


def _notes(decoded: Decoded, noted: Noted) -> Iterable[str]:
    """Return what both say; the decoder takes the fourth colour of CMYK for transparency."""
    wrong = {TRANSPARENCY} if CMYK in noted.notes else set()
    if decoded.pixels.ndim == 2:
        wrong.add(PALETTE)  # a palette of greys
    return (note for note in (*noted.notes, *decoded.notes) if note not in wrong)
