"""DICOM and DICONDE files; they need the library pydicom, which is installed with the extra `dicom`."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from station.camera.pictures.picture import (
    Decoded,
    FurtherPicturesError,
    UnreadableContentError,
    check_claimed_size,
    damaged,
)
from station.domain.frame import Image

if TYPE_CHECKING:
    from pydicom import Dataset

_COLOUR = {"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT"}
_GREY = {"MONOCHROME1", "MONOCHROME2"}
_BITS = (8, 10, 12, 14, 16)
_NUMBER_OF_FRAMES = 0x00280008


def count_pages(file: BinaryIO) -> int:
    """Return the number of frames; 1 if the file cannot be read."""
    try:
        with _errors_named():
            return _frames(_dataset(file, with_pixels=False))
    except UnreadableContentError:
        return 1


def page_content(file: BinaryIO, page: int) -> bytes:
    """Return one frame as a DICOM file of its own; page 1 is the first."""
    with _errors_named():
        return _single(_dataset(file, with_pixels=True), page - 1)


def decode(content: bytes) -> Decoded:
    """Return the pixels: grey with black as 0, or RGB.

    Raises:
        UnreadableContentError: pydicom is not installed, the pixels cannot be decoded, or there are several frames.
    """
    with _errors_named():
        dataset = _dataset(io.BytesIO(content), with_pixels=True)
        frames = _frames(dataset)
        if frames > 1:
            raise FurtherPicturesError(f"holds {frames} pictures")
        return _with_black_as_zero(_pixels(dataset, 0), dataset)


@contextmanager
def _errors_named() -> Iterator[None]:
    """Values are parsed when they are asked for, and each parser of pydicom raises what it meets."""
    try:
        yield
    except UnreadableContentError:
        raise
    except Exception as error:
        raise damaged("DICOM") from error


def _dataset(file: BinaryIO, *, with_pixels: bool) -> "Dataset":
    try:
        import pydicom  # noqa: PLC0415 - an extra, and 0.2 s
    except ImportError as error:
        raise UnreadableContentError(
            'is a DICOM file, and the library that reads them is not installed (pip install "lineside[dicom]")'
        ) from error
    pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE  # else it warns on stderr
    file.seek(0)
    return pydicom.dcmread(file, stop_before_pixels=not with_pixels)


def _single(dataset: "Dataset", index: int) -> bytes:
    """Return a file with one frame, unpacked."""
    from pydicom.uid import ExplicitVRLittleEndian  # noqa: PLC0415

    frame = _pixels(dataset, index)
    del dataset[_NUMBER_OF_FRAMES]
    photometric = str(dataset.PhotometricInterpretation)
    dataset.set_pixel_data(
        np.ascontiguousarray(frame),
        "RGB" if photometric in _COLOUR else photometric,
        int(dataset.BitsStored),
        generate_instance_uid=False,
    )
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    content = io.BytesIO()
    dataset.save_as(content, enforce_file_format=True)
    return content.getvalue()


def _frames(dataset: "Dataset") -> int:
    try:
        return max(1, int(dataset.get("NumberOfFrames") or 1))
    except (ValueError, TypeError) as error:
        raise damaged("DICOM") from error


def _pixels(dataset: "Dataset", index: int) -> Image:
    """Return one frame as it is stored, unused high bits cleared.

    Raises:
        UnreadableContentError: It cannot be decoded, or has no meaning here.
    """
    from pydicom.pixels.utils import pixel_array  # noqa: PLC0415

    try:
        rows, columns = int(dataset.Rows), int(dataset.Columns)
        photometric, signed = str(dataset.PhotometricInterpretation), int(dataset.PixelRepresentation)
    except (AttributeError, TypeError, ValueError) as error:
        raise UnreadableContentError("is a DICOM file without a picture") from error
    check_claimed_size(columns, rows)
    if signed or photometric not in _COLOUR | _GREY:
        raise UnreadableContentError(
            f"has unsupported pixels ({'signed, ' if signed else ''}{photometric}); grey and RGB are supported"
        )
    try:
        array: Any = pixel_array(dataset, index=index)
    except Exception as error:
        packing = getattr(dataset.file_meta.get("TransferSyntaxUID"), "name", "unknown")
        raise UnreadableContentError(
            f"is damaged or packed in a way that is not read ({packing}): {_first_line(error)}"
        ) from error
    return np.asarray(array)


def _with_black_as_zero(pixels: Image, dataset: "Dataset") -> Decoded:
    bits = int(dataset.BitsStored)
    kept = next((each for each in _BITS if bits <= each), None)
    if pixels.dtype not in (np.uint8, np.uint16) or kept is None or (pixels.dtype == np.uint8 and bits != 8):
        raise UnreadableContentError(f"has unsupported pixels ({pixels.dtype}, {bits} bits)")
    if pixels.dtype == np.uint16 and kept == 8:
        pixels = pixels.astype(np.uint8)
    if dataset.PhotometricInterpretation != "MONOCHROME1":
        return Decoded(pixels, kept)
    most = pixels.dtype.type((1 << bits) - 1)
    return Decoded(most - pixels, kept, ("white is 0 in the file: turned round",))


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
