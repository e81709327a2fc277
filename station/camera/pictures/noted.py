"""What a file says of its pixels, beside their values."""

from dataclasses import dataclass

from station.camera.pictures.orientation import UPRIGHT

TRANSPARENCY = "transparency dropped"
CMYK = "CMYK converted to RGB"
PALETTE = "palette converted to RGB"
WHITE_IS_ZERO = "white is 0 in the file: turned round"
PROFILE = "colour profile not applied, values as stored"

VIDEO = "video"
"""How the frames of a video are compressed: each way loses something."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What a file says of its pixels.

    Attributes:
        bits: Bits of a 16-bit pixel that carry light; None if the file does not say it.
        file_bits: Bits of a pixel in the file, as far as they are known.
        by_station: The station wrote the file, so `bits` is sure, and they are the lower ones.
        orientation: How a viewer turns the picture, 1 to 8 as in EXIF, if the decoder has not done it.
        white_is_zero: 0 is white, and the decoder has not turned that round.
        coding: How the pixels are compressed; "" if that is not known.
        notes: What the decoder has converted, or left aside, in words.
    """

    bits: int | None = None
    file_bits: int = 8
    by_station: bool = False
    orientation: int = UPRIGHT
    white_is_zero: bool = False
    coding: str = ""
    notes: tuple[str, ...] = ()
