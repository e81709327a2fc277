"""Pictures from files: read whole or refused, with every conversion said."""

import errno
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import simplejpeg

from station.domain.errors import BadInputError
from station.domain.frame import SMALLEST_SIDE_PX, Image

PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"})
_MOST_PIXELS = 2**30
"""OpenCV's own limit, kept for what it does not decode: a few bytes can claim to be a picture of 12 GB."""
_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG", b"BM": "BMP", b"II*\0": "TIFF", b"MM\0*": "TIFF"}

# What OpenCV writes to stderr about a bad picture or a missing webcam is said in our own words, with its name.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


class UnreadablePictureError(BadInputError):
    """A file that is no picture, a damaged one, or one that cannot be inspected."""

    advice = "Replace the file, or take it out of the folder."


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture as read from a file.

    Attributes:
        image: (H, W) grey or (H, W, 3) RGB, uint8 or uint16, C-contiguous.
        significant_bits: 8 or 16.
        conversion: What was changed on the way in, in words; empty when nothing was.
    """

    image: Image
    significant_bits: int
    conversion: str


def read_picture(path: Path) -> Picture:
    """Read a PNG, JPEG, BMP or TIFF file.

    Pixels stay where the camera put them: a turn noted in the file is not applied, so that masks and regions fit.

    What cannot be seen: zeros or other bytes in place of the pixels of a BMP or an uncompressed TIFF, which carry no
    check; and a change of some bits in a JPEG after which its code happens to come out even, as about three in four
    single bits do. A gap, a foreign stretch or a missing rest of a JPEG nearly always leaves the code over or short.

    Raises:
        UnreadablePictureError: The file cannot be read, is no picture, is cut off, damaged, or smaller than
            `SMALLEST_SIDE_PX`; the sentence says which.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadablePictureError(f"{path} cannot be read: {error.strerror}.") from error
    return decode_picture(content, str(path))


def decode_picture(content: bytes, name: str) -> Picture:
    """As `read_picture`, from memory; `name` is for the sentences."""
    kind = next((kind for beginning, kind in _BEGINNINGS.items() if content.startswith(beginning)), None)
    if kind is None:
        raise UnreadablePictureError(f"{name} is not a picture: it is neither PNG, JPEG, BMP nor TIFF inside.")
    if _is_cut_off(content, kind):
        raise UnreadablePictureError(f"{name} is cut off: the end of the {kind} file is missing.")
    stored = _decoded_jpeg(content) if kind == "JPEG" else _decoded(content)
    if stored is None:
        raise UnreadablePictureError(f"{name} is damaged: its {kind} data cannot be decoded.")
    _check_size(stored, name)
    return _in_station_form(stored, name)


def decode_as_grey(content: bytes) -> Image | None:
    """Return the pixels as 8-bit grey, (H, W) uint8; None if the content is not a picture."""
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)


def picture_files(folder: Path) -> list[Path]:
    """The pictures in a folder and all folders below, sorted by path; hidden files and folders are left out.

    Raises:
        BadInputError: There is no such folder, or no picture in it.
    """
    if not is_there(folder):
        raise BadInputError(f"There is no folder {folder}.", "Check the path.")
    if not folder.is_dir():
        raise BadInputError(f"{folder} is a file, not a folder.", "Give the folder that holds the pictures.")
    found = sorted(path for path in folder.rglob("*") if _is_picture_file(path, folder))
    if not found:
        raise BadInputError(f"No picture in {folder}.", "Give a folder with PNG, JPEG, BMP or TIFF files.")
    return found


def is_there(path: Path) -> bool:
    """Whether anything lies at the path; a name that is too long for this system names nothing.

    Raises:
        BadInputError: The system does not let us look.
    """
    try:
        return path.exists()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return False
        raise BadInputError(f"{path} cannot be looked at: {error.strerror}.", "Give this user the right.") from error


def _is_picture_file(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not hidden and path.suffix.lower() in PICTURE_SUFFIXES and path.is_file()


def _is_cut_off(content: bytes, kind: str) -> bool:
    """Whether the mark at the end is missing; decoders fill such pictures up with grey without a word."""
    if kind == "JPEG":
        return content.find(b"\xff\xd9", _first_scan(content)) < 0
    if kind == "PNG":
        return b"IEND" not in content[-64:]
    return kind == "BMP" and len(content) < int.from_bytes(content[2:6], "little")


def _first_scan(content: bytes) -> int:
    """Where the JPEG's pixels begin: behind the headers, of which one may hold a whole small JPEG of its own."""
    place = 2
    while content[place : place + 1] == b"\xff" and content[place + 1 : place + 2] != b"\xda":
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return place


def _decoded(content: bytes) -> Image | None:
    """Pixels as stored, BGR order; None when the decoder gives up, in whichever of its ways."""
    try:
        return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None


def _decoded_jpeg(content: bytes) -> Image | None:
    """As `_decoded`, by the same library but strictly: OpenCV makes up what a damaged scan lacks, and says nothing."""
    try:
        height, width, colours, _ = simplejpeg.decode_jpeg_header(content)
        if height * width > _MOST_PIXELS:
            return None
        stored: Image = simplejpeg.decode_jpeg(content, "GRAY" if colours == "Gray" else "BGR", strict=True)
    except ValueError:
        return None
    return stored[..., 0] if stored.shape[2] == 1 else stored


def _check_size(stored: Image, name: str) -> None:
    height, width = stored.shape[:2]
    if min(height, width) < SMALLEST_SIDE_PX:
        raise UnreadablePictureError(
            f"{name} is {width} x {height} px: too small to inspect, a side has at least {SMALLEST_SIDE_PX} px."
        )


def _in_station_form(stored: Image, name: str) -> Picture:
    if stored.dtype not in (np.uint8, np.uint16) or stored.shape[2:] not in ((), (3,), (4,)):
        raise UnreadablePictureError(
            f"{name} has pixels of another kind ({stored.dtype}, {stored.shape[2:] or 1} channels); "
            "8 and 16 bits, grey or colour, are inspected."
        )
    image, conversion = _without_alpha(stored)
    bits = 8 * stored.dtype.itemsize
    said = ", ".join(filter(None, (conversion, "16 bits kept" if bits == 16 else "")))
    return Picture(np.ascontiguousarray(image), bits, said)


def _without_alpha(stored: Image) -> tuple[Image, str]:
    """RGB or grey, and what was done for it; OpenCV's order is turned round."""
    if stored.ndim == 2:
        return stored, ""
    if stored.shape[2] == 4:
        return cv2.cvtColor(stored, cv2.COLOR_BGRA2RGB), "transparency dropped"
    return cv2.cvtColor(stored, cv2.COLOR_BGR2RGB), ""
