"""Reads pictures from files: complete or not at all, with every conversion named."""

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
"""OpenCV's own limit, also applied to JPEG files, which OpenCV does not decode here: a few bytes can claim 12 GB."""
_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG", b"BM": "BMP", b"II*\0": "TIFF", b"MM\0*": "TIFF"}

# OpenCV's own messages about bad pictures and missing webcams are off: the station's errors name the file.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


class UnreadablePictureError(BadInputError):
    """The file is not a picture, is damaged, or has a format that cannot be inspected."""

    advice = "Replace the file, or remove it from the folder."


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture that was read from a file.

    Attributes:
        image: (H, W) grey or (H, W, 3) RGB, uint8 or uint16, C-contiguous.
        significant_bits: 8 or 16.
        conversion: What was changed on reading, in words; empty if nothing was changed.
    """

    image: Image
    significant_bits: int
    conversion: str


def read_picture(path: Path) -> Picture:
    """Read a PNG, JPEG, BMP or TIFF file.

    A rotation noted in the file (EXIF) is not applied, so that masks and regions keep their place.

    Damage that cannot be detected: changed pixels in a BMP or an uncompressed TIFF, which have no checksum; and single
    changed bits in a JPEG, about three in four of which still decode without an error. A gap, foreign data or a
    missing end of a JPEG is nearly always detected.

    Raises:
        UnreadablePictureError: The file cannot be read, is not a picture, is cut off, is damaged, or is smaller than
            `SMALLEST_SIDE_PX`; the sentence says which.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadablePictureError(f"{path} cannot be read: {error.strerror}.") from error
    return decode_picture(content, str(path))


def decode_picture(content: bytes, name: str) -> Picture:
    """Return a picture from the content of a file, as `read_picture`; `name` is used in errors."""
    kind = next((kind for beginning, kind in _BEGINNINGS.items() if content.startswith(beginning)), None)
    if kind is None:
        raise UnreadablePictureError(f"{name} is not a picture: its content is neither PNG, JPEG, BMP nor TIFF.")
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
    """Return the pictures in a folder and its subfolders, sorted by path, without hidden files and folders.

    Raises:
        BadInputError: The folder does not exist or contains no picture.
    """
    if not path_exists(folder):
        raise BadInputError(f"There is no folder {folder}.", "Check the path.")
    if not folder.is_dir():
        raise BadInputError(f"{folder} is a file, not a folder.", "Give the folder that holds the pictures.")
    found = sorted(path for path in folder.rglob("*") if _is_picture_file(path, folder))
    if not found:
        raise BadInputError(f"No picture in {folder}.", "Give a folder with PNG, JPEG, BMP or TIFF files.")
    return found


def path_exists(path: Path) -> bool:
    """Return whether the path exists; False for a name that is too long for this system.

    Raises:
        BadInputError: The path cannot be examined, for example without permission.
    """
    try:
        return path.exists()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return False
        raise BadInputError(f"{path} cannot be read: {error.strerror}.", "Grant this user read permission.") from error


def _is_picture_file(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not hidden and path.suffix.lower() in PICTURE_SUFFIXES and path.is_file()


def _is_cut_off(content: bytes, kind: str) -> bool:
    """Return whether the end marker is missing; decoders silently fill the rest of such pictures with grey."""
    if kind == "JPEG":
        return content.find(b"\xff\xd9", _first_scan(content)) < 0
    if kind == "PNG":
        return b"IEND" not in content[-64:]
    return kind == "BMP" and len(content) < int.from_bytes(content[2:6], "little")


def _first_scan(content: bytes) -> int:
    """Return the offset of the JPEG's pixel data, behind the headers, one of which may contain a thumbnail."""
    place = 2
    while content[place : place + 1] == b"\xff" and content[place + 1 : place + 2] != b"\xda":
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return place


def _decoded(content: bytes) -> Image | None:
    """Return the pixels as stored, in BGR order; None if they cannot be decoded."""
    try:
        return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None


def _decoded_jpeg(content: bytes) -> Image | None:
    """Decode a JPEG strictly; OpenCV would silently invent the missing part of a damaged scan."""
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
            f"{name} is {width} x {height} px: too small to inspect, each side needs at least {SMALLEST_SIDE_PX} px."
        )


def _in_station_form(stored: Image, name: str) -> Picture:
    if stored.dtype not in (np.uint8, np.uint16) or stored.shape[2:] not in ((), (3,), (4,)):
        raise UnreadablePictureError(
            f"{name} has unsupported pixels ({stored.dtype}, {stored.shape[2:] or 1} channels); "
            "8 or 16 bits, grey or colour, are supported."
        )
    image, conversion = _without_alpha(stored)
    bits = 8 * stored.dtype.itemsize
    changes = ", ".join(filter(None, (conversion, "16 bits kept" if bits == 16 else "")))
    return Picture(np.ascontiguousarray(image), bits, changes)


def _without_alpha(stored: Image) -> tuple[Image, str]:
    """Return the picture as RGB or grey, and what was changed; OpenCV's BGR order is reversed."""
    if stored.ndim == 2:
        return stored, ""
    if stored.shape[2] == 4:
        return cv2.cvtColor(stored, cv2.COLOR_BGRA2RGB), "transparency dropped"
    return cv2.cvtColor(stored, cv2.COLOR_BGR2RGB), ""
