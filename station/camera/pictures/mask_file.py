"""Reads the file of a mask: unlike a picture, with its transparency, and of any type of number."""

import io
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from station.camera.pictures.kinds import HEADER_BYTES, Kind, kind_of
from station.camera.pictures.meaning import noted_in
from station.camera.pictures.orientation import turned
from station.camera.pictures.picture import UnreadablePictureError
from station.camera.pictures.reading import decode_picture, pages_of
from station.domain.errors import BadInputError
from station.domain.station_png import is_mask

Pixels = NDArray[Any]
_FLAT = 2
_NOTES_BYTES = 200


def read_mask_pixels(path: Path) -> Pixels:
    """Return the pixels as they are stored, transparency included.

    Shape (H, W) or (H, W, channels) in BGR order, of any type of number; gaps (NaN) are 0.

    Raises:
        BadInputError: The file cannot be read, is not a picture, is damaged, or holds several pictures.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInputError(f"The mask {path} cannot be read: {error.strerror}.") from error
    if len(pages := pages_of(path)) > 1:
        raise BadInputError(f"The mask {path} holds {len(pages)} pictures.", "Save the one that is the mask alone.")
    stored = _array(content, path) if kind_of(content[:HEADER_BYTES]) is Kind.NPY else _pixels(content, path)
    return np.nan_to_num(stored) if np.issubdtype(stored.dtype, np.floating) else stored


def is_own_mask(path: Path) -> bool:
    """Return whether the station wrote this file as a mask; a file that cannot be read is none."""
    try:
        with path.open("rb") as file:
            return is_mask(file.read(_NOTES_BYTES))
    except OSError:
        return False


def _array(content: bytes, path: Path) -> Pixels:
    """Return the numbers in a NumPy file; the station's own reader takes pictures only, not bool and not labels."""
    try:
        array = np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise BadInputError(f"The mask {path} cannot be read as an array.", "Save the mask again as PNG.") from error
    if array.ndim != _FLAT or array.dtype.kind not in "buif":
        raise BadInputError(f"The mask {path} is {array.dtype} of shape {array.shape}.", "Save it as (H, W) numbers.")
    numbers: Pixels = array.astype(np.uint8) if array.dtype == np.bool_ else array
    return numbers


def _pixels(content: bytes, path: Path) -> Pixels:
    """Return the pixels of a picture file that is whole: half a mask would be a wrong one."""
    try:
        picture = decode_picture(content, f"The mask {path}")
    except UnreadablePictureError as error:
        numbers = _with_transparency(content) if kind_of(content[:HEADER_BYTES]) is Kind.TIFF else None
        if numbers is None or numbers.dtype in (np.uint8, np.uint16):
            raise BadInputError(error.sentence, "Save the mask again as PNG, or remove it.") from error
        return numbers  # a TIFF of floats or of 32 bits is a mask, though not a picture
    stored = _with_transparency(content)
    if stored is not None:
        return stored
    return picture.image[..., ::-1] if picture.image.ndim > _FLAT else picture.image


def _with_transparency(content: bytes) -> Pixels | None:
    """Return the pixels with transparency, upright and with black as 0 like those of the part's picture."""
    try:
        stored: Pixels | None = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    if stored is None:
        return None
    noted = noted_in(content)
    if noted.white_is_zero and stored.dtype == np.uint16:
        stored = np.iinfo(np.uint16).max - stored
    return turned(stored, noted.orientation)
