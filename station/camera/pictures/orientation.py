"""The turn that a file notes for viewers (EXIF): a phone stores the sensor's rows, and how it was held."""

import struct

import numpy as np

from station.domain.frame import Image

UPRIGHT = 1
_ORIENTATION = 274
_WORDS = {
    2: "mirrored",
    3: "turned by 180 degrees",
    4: "turned by 180 degrees and mirrored",
    5: "turned by 90 degrees and mirrored",
    6: "turned by 90 degrees",
    7: "turned by 270 degrees and mirrored",
    8: "turned by 270 degrees",
}
_QUARTERS = {3: 2, 4: 2, 5: 1, 6: 1, 7: 3, 8: 3}
_MIRRORED = {2, 4, 5, 7}


def orientation_in(exif: bytes) -> int:
    """Return the orientation that an EXIF block notes, 1 to 8; 1 if it notes none or is damaged."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return UPRIGHT
    try:
        (place,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, place)
        for entry in range(place + 2, place + 2 + 12 * count, 12):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", exif, entry)
            if tag == _ORIENTATION:
                return value if value in _WORDS else UPRIGHT
    except struct.error:
        return UPRIGHT
    return UPRIGHT


def turned(pixels: Image, orientation: int) -> Image:
    """Return the picture as a viewer shows it, (H, W) or (H, W, channels); the same array if it is upright."""
    if orientation in _QUARTERS:
        pixels = np.rot90(pixels, -_QUARTERS[orientation])
    return pixels[:, ::-1] if orientation in _MIRRORED else pixels


def turn_note(orientation: int) -> tuple[str, ...]:
    """Return the turn in words: "turned by 90 degrees, as noted in the file"; empty if the picture is upright."""
    return (f"{_WORDS[orientation]}, as noted in the file",) if orientation in _WORDS else ()
