"""What the pixels of a file mean beside their values: depth, turn, colours, and how they are compressed.

The decoders return the pixels as the file holds them. What the file says about them, and the decoders leave aside, is
read here from its header.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import simplejpeg

from station.camera.pictures import png_notes, tiff_notes
from station.camera.pictures.kinds import HEADER_BYTES, VIDEO_SUFFIXES, Kind, kind_of
from station.camera.pictures.noted import CMYK, PALETTE, VIDEO, Noted
from station.camera.pictures.orientation import UPRIGHT, orientation_in
from station.domain.picture_form import LOSSLESS, in_one_text

_LONGEST_HEADER = 65536
_EXIF = b"Exif\0\0"
_START_OF_SCAN, _APPLICATION = b"\xda", b"\xe1"
_CODING_STYLE = b"\xff\x52"
_REVERSIBLE = 13
"""Place of the transformation in the coding style of a JPEG 2000; 1 there is the reversible one."""
_OLD_BMP_HEADER = 12


def noted_in(content: bytes) -> Noted:
    """Return what a file says of its pixels; its header is enough."""
    kind = kind_of(content[:HEADER_BYTES])
    return _READERS[kind](content) if kind else Noted()


def codings_of(paths: Iterable[Path]) -> str:
    """Return how these pictures and videos are compressed, each way once, as in `PictureForm.coding`.

    Only headers are read.
    """
    return in_one_text(_coding_of(path) for path in paths)


def _coding_of(path: Path) -> str:
    if path.suffix.lower() in VIDEO_SUFFIXES:
        return VIDEO
    try:
        with path.open("rb") as file:
            beginning = file.read(_LONGEST_HEADER)
            if kind_of(beginning[:HEADER_BYTES]) is Kind.TIFF:
                return tiff_notes.coding_in(file)
            coding = noted_in(beginning).coding
            if coding or len(beginning) < _LONGEST_HEADER:
                return coding
            return noted_in(beginning + file.read()).coding
    except OSError:
        return ""


def _jpeg(content: bytes) -> Noted:
    try:
        _, _, colours, sampling = simplejpeg.decode_jpeg_header(content)
    except ValueError:
        return Noted()
    coding = "JPEG grey" if colours == "Gray" else f"JPEG {':'.join(sampling)}"
    return Noted(
        orientation=orientation_in(_exif_of_jpeg(content)),
        coding=coding,
        notes=(CMYK,) if colours in ("CMYK", "YCCK") else (),
    )


def _exif_of_jpeg(content: bytes) -> bytes:
    place = 2
    while content[place : place + 1] == b"\xff" and content[place + 1 : place + 2] != _START_OF_SCAN:
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        if content[place + 1 : place + 2] == _APPLICATION and content[place + 4 : place + 10] == _EXIF:
            return content[place + 10 : place + 2 + length]
        place += 2 + length
    return b""


def _webp(content: bytes) -> Noted:
    orientation, coding, place = UPRIGHT, "", 12
    while place + 8 <= len(content):
        name, length = content[place : place + 4], int.from_bytes(content[place + 4 : place + 8], "little")
        if name == b"EXIF":
            orientation = orientation_in(content[place + 8 : place + 8 + length].removeprefix(_EXIF))
        elif name in (b"VP8 ", b"VP8L"):
            coding = LOSSLESS if name == b"VP8L" else "WebP 4:2:0"
        place += 8 + length + (length & 1)
    return Noted(orientation=orientation, coding=coding)


def _jpeg_2000(content: bytes) -> Noted:
    place = content.find(_CODING_STYLE)
    reversible = place >= 0 and content[place + _REVERSIBLE : place + _REVERSIBLE + 1] == b"\1"
    return Noted(coding=LOSSLESS if reversible else "JPEG 2000")


def _bmp(content: bytes) -> Noted:
    old = int.from_bytes(content[14:18], "little") == _OLD_BMP_HEADER
    depth = int.from_bytes(content[24:26] if old else content[28:30], "little")
    return Noted(coding=LOSSLESS, notes=(PALETTE,) if depth <= 8 else ())


def _plain(_content: bytes) -> Noted:
    return Noted(coding=LOSSLESS)


def _unknown(_content: bytes) -> Noted:
    return Noted()


_READERS: Mapping[Kind, Callable[[bytes], Noted]] = {
    Kind.PNG: png_notes.read,
    Kind.JPEG: _jpeg,
    Kind.BMP: _bmp,
    Kind.TIFF: tiff_notes.read,
    Kind.JPEG_2000: _jpeg_2000,
    Kind.WEBP: _webp,
    Kind.PNM: _plain,
    Kind.NPY: _plain,
    Kind.DICOM: _unknown,
}
