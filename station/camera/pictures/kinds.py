"""The kinds of picture files, by the bytes at their beginning: a file is what it holds, whatever its name says."""

import re
from enum import StrEnum

HEADER_BYTES = 132
"""As many bytes as `kind_of` needs."""


class Kind(StrEnum):
    """A kind of file that is read, by its name for people."""

    PNG = "PNG"
    JPEG = "JPEG"
    BMP = "BMP"
    TIFF = "TIFF"
    JPEG_2000 = "JPEG 2000"
    WEBP = "WebP"
    PNM = "PNM"
    NPY = "NPY"
    DICOM = "DICOM"


_PICTURES = """.png .apng .jpg .jpeg .jpe .jfif .mpo .bmp .dib .tif .tiff .btf .jp2 .j2k .j2c .jpc .webp
.pgm .ppm .pbm .pnm .pam .npy .dcm .dicom"""
PICTURE_SUFFIXES = frozenset(_PICTURES.split())
VIDEO_SUFFIXES = frozenset({".mp4", ".avi", ".mkv", ".mov", ".m4v", ".webm"})

READ_KINDS = "PNG, JPEG, BMP, TIFF, JPEG 2000, WebP, PNM, NPY or DICOM"
"""What can be given, in words."""

_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": Kind.PNG,
    b"\xff\xd8\xff": Kind.JPEG,
    b"BM": Kind.BMP,
    b"II*\0": Kind.TIFF,
    b"MM\0*": Kind.TIFF,
    b"II+\0": Kind.TIFF,
    b"MM\0+": Kind.TIFF,
    b"\0\0\0\x0cjP  \r\n\x87\n": Kind.JPEG_2000,
    b"\xff\x4f\xff\x51": Kind.JPEG_2000,
    b"\x93NUMPY": Kind.NPY,
}
_PNM = re.compile(rb"P[1-7][\s#]")
_WEAK = {Kind.BMP, Kind.PNM}

_OTHER_BEGINNINGS = {
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"8BPS": "a Photoshop picture",
    b"gimp xcf": "a GIMP picture",
    b"v/1\x01": "an OpenEXR picture",
    b"\xff\x0a": "a JPEG XL picture",
    b"\0\0\0\x0cJXL ": "a JPEG XL picture",
    b"ZISRAWFILE": "a CZI picture",
    b"PK\x03\x04": "a ZIP archive",
    b"FUJIFILM": "a raw picture",
    b"\x1aE\xdf\xa3": "a video",
}
_BRANDS = {
    b"heic": "a HEIC picture",
    b"heix": "a HEIC picture",
    b"mif1": "a HEIC picture",
    b"msf1": "a HEIC picture",
    b"avif": "an AVIF picture",
    b"avis": "an AVIF picture",
    b"crx ": "a raw picture",
}


def kind_of(beginning: bytes) -> Kind | None:
    """Return the kind of a file by its first `HEADER_BYTES` bytes; None if it is not read."""
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return Kind.WEBP
    if beginning[128:132] == b"DICM":
        return Kind.DICOM
    if _PNM.match(beginning):
        return Kind.PNM
    return next((kind for start, kind in _BEGINNINGS.items() if beginning.startswith(start)), None)


def surely_picture(beginning: bytes) -> bool:
    """Return whether a file of any name is a picture: its beginning cannot be that of a text."""
    kind = kind_of(beginning)
    return kind is not None and kind not in _WEAK


def other_kind_of(beginning: bytes) -> str | None:
    """Return what a file is that is not read, in words: "a HEIC picture"; None if that is not known."""
    if beginning[4:8] == b"ftyp":
        return _BRANDS.get(beginning[8:12], "a video")
    return next((name for start, name in _OTHER_BEGINNINGS.items() if beginning.startswith(start)), None)
