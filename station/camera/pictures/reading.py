"""Reads pictures from files: complete or not at all, with every conversion named."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

import cv2
import numpy as np

from station.camera.pictures import bmp, dicom, jpeg, jpeg2000, npy, png, pnm, tiff, webp
from station.camera.pictures.kinds import HEADER_BYTES, READ_KINDS, Kind, kind_of, other_kind_of
from station.camera.pictures.meaning import noted_in
from station.camera.pictures.picture import (
    Decoded,
    FurtherPicturesError,
    Picture,
    PicturesLeftOutError,
    UnreadableContentError,
    UnreadablePictureError,
)
from station.camera.pictures.station_form import in_station_form
from station.domain.frame import SMALLEST_SIDE_PX, Image

ONLY_PAGE = 0
"""The page of a file that holds one picture."""

_SEVERAL_PAGES: Mapping[Kind, ModuleType] = {
    Kind.JPEG: jpeg,
    Kind.TIFF: tiff,
    Kind.NPY: npy,
    Kind.PNM: pnm,
    Kind.DICOM: dicom,
}
_DECODERS: Mapping[Kind, Callable[[bytes], Decoded]] = {
    Kind.PNG: png.decode,
    Kind.JPEG: jpeg.decode,
    Kind.BMP: bmp.decode,
    Kind.TIFF: tiff.decode,
    Kind.JPEG_2000: jpeg2000.decode,
    Kind.WEBP: webp.decode,
    Kind.PNM: pnm.decode,
    Kind.NPY: npy.decode,
    Kind.DICOM: dicom.decode,
}
_KEPT_AS_THEY_ARE = frozenset({Kind.PNG, Kind.JPEG, Kind.JPEG_2000, Kind.WEBP})
"""Kinds that every program can show, and that hold a picture and little else."""

# OpenCV's own messages about bad pictures and missing webcams are off: the station's errors name the file.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


@dataclass(frozen=True, slots=True, order=True)
class PictureFile:
    """One picture in a file.

    Attributes:
        path: The file.
        page: Counted from 1; `ONLY_PAGE` in a file with one picture.
    """

    path: Path
    page: int = ONLY_PAGE

    def named(self, name: str) -> str:
        """Return the name of the picture, from that of its file: "stack.tif page 2"."""
        return f"{name} page {self.page}" if self.page else name

    def __str__(self) -> str:
        return self.named(str(self.path))


def pages_of(path: Path) -> tuple[PictureFile, ...]:
    """Return the pictures in a file, in order. A file that cannot be read counts as one; reading it says why.

    Reads the beginning of the file only, or of each page.
    """
    try:
        with path.open("rb") as file:
            count = _count_pages(file)
    except OSError:
        count = 1
    if count == 1:
        return (PictureFile(path),)
    return tuple(PictureFile(path, page) for page in range(1, count + 1))


def read_picture(path: Path, page: int = ONLY_PAGE) -> Picture:
    """Read one picture.

    It is upright as viewers show it, and black is 0, whatever the file notes; masks are read alike.

    Damage that cannot be detected: changed pixels in a format without a checksum (BMP, PNM, NPY, uncompressed TIFF and
    DICOM); single changed bits in a JPEG, about three in four of which still decode without an error; changed bits in a
    JPEG 2000 or WebP. A gap, foreign data or a missing end is nearly always detected.

    Args:
        path: The file.
        page: Counted from 1; `ONLY_PAGE` for a file with one picture.

    Raises:
        UnreadablePictureError: The file cannot be read, is not a picture, is cut off, is damaged, is smaller than
            `SMALLEST_SIDE_PX`, or holds several pictures and no page is given; the sentence says which.
    """
    return decode_picture(page_content(path, page), str(PictureFile(path, page)))


def page_content(path: Path, page: int = ONLY_PAGE) -> bytes:
    """Return the content of a file that holds this picture alone; for a file with one picture, its content.

    Raises:
        UnreadablePictureError: The file cannot be read, or this page is not in it.
    """
    picture = PictureFile(path, page)
    try:
        with path.open("rb") as file:
            return file.read() if page == ONLY_PAGE else _page_content(file, picture)
    except OSError as error:
        raise UnreadablePictureError(f"{path} cannot be read: {error.strerror}.") from error


def decode_picture(content: bytes, name: str) -> Picture:
    """Return the only picture from the content of a file, as `read_picture`; `name` is used in errors."""
    kind = kind_of(content[:HEADER_BYTES])
    if kind is None:
        raise _not_read(content, name)
    try:
        decoded = _DECODERS[kind](content)
    except FurtherPicturesError as error:
        raise PicturesLeftOutError(f"{name} {error}.") from error
    except UnreadableContentError as error:
        raise UnreadablePictureError(f"{name} {error}.") from error
    _check_size(decoded.pixels, name)
    picture = in_station_form(decoded, noted_in(content), name)
    return replace(picture, file=content) if _is_kept_as_it_is(kind, content, picture) else picture


def _is_kept_as_it_is(kind: Kind, content: bytes, picture: Picture) -> bool:
    """Return whether a record should keep the file: what is read from it again is this picture, in fewer bytes.

    Not with 16 bits, because how many of them carry light may depend on the recipe; the station notes it in its PNG.
    Nor a PNG of which something was changed on reading, because an original that is a PNG is shown as it is.
    """
    plain = kind is not Kind.PNG or not picture.conversion
    return (
        kind in _KEPT_AS_THEY_ARE and plain and picture.image.dtype == np.uint8 and len(content) < picture.image.nbytes
    )


def _count_pages(file: BinaryIO) -> int:
    kind = kind_of(file.read(HEADER_BYTES))
    if kind is None or kind not in _SEVERAL_PAGES:
        return 1
    count: int = _SEVERAL_PAGES[kind].count_pages(file)
    return count


def _page_content(file: BinaryIO, picture: PictureFile) -> bytes:
    kind = kind_of(file.read(HEADER_BYTES))
    try:
        if kind is None or kind not in _SEVERAL_PAGES:
            raise UnreadableContentError("is not in the file any more")
        content: bytes = _SEVERAL_PAGES[kind].page_content(file, picture.page)
    except UnreadableContentError as error:
        raise UnreadablePictureError(f"{picture} {error}.") from error
    except IndexError as error:
        raise UnreadablePictureError(f"{picture} is not in the file any more.") from error
    return content


def _not_read(content: bytes, name: str) -> UnreadablePictureError:
    other = other_kind_of(content[:HEADER_BYTES])
    if other is None:
        return UnreadablePictureError(f"{name} is not a picture: its content is neither {_neither()}.")
    return UnreadablePictureError(f"{name} is {other}, which is not read.", f"Save it as {READ_KINDS}.")


def _neither() -> str:
    return READ_KINDS.replace(" or ", " nor ")


def _check_size(stored: Image, name: str) -> None:
    height, width = stored.shape[:2]
    if min(height, width) < SMALLEST_SIDE_PX:
        raise UnreadablePictureError(
            f"{name} is {width} x {height} px: too small to inspect, each side needs at least {SMALLEST_SIDE_PX} px."
        )
