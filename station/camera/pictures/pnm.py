"""PNM files: PBM, PGM, PPM and PAM, as text or binary, one picture or several."""

import io
import re
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from station.camera.pictures.picture import (
    Decoded,
    FurtherPicturesError,
    UnreadableContentError,
    behind,
    check_claimed_size,
    cut_off,
    damaged,
    without_alpha,
)
from station.domain.frame import Image

_NEXT = rb"(?:\s|#[^\n\r]*[\n\r])+(\d{1,9})"
_BITMAP = re.compile(rb"P([14])" + 2 * _NEXT + rb"\s")
_PIXMAP = re.compile(rb"P([2356])" + 3 * _NEXT + rb"\s")
_PAM = re.compile(rb"P7\s(.*?)ENDHDR\s*?\n", re.DOTALL)
_PAM_LINE = re.compile(rb"^\s*(WIDTH|HEIGHT|DEPTH|MAXVAL)\s+(\d{1,9})\s*$", re.MULTILINE)
_LONGEST_HEADER = 65536
_BITS = (8, 10, 12, 14, 16)


@dataclass(frozen=True, slots=True)
class _Header:
    """The header of one picture.

    Attributes:
        format: The digit behind the P.
        width, height, colours, most: Size in pixels, values of a pixel, and the largest value.
        length: Bytes of the header.
    """

    format: int
    width: int
    height: int
    colours: int
    most: int
    length: int

    @property
    def binary(self) -> bool:
        """Return whether the pixels are bytes, and further pictures may follow."""
        return self.format >= 4

    @property
    def bytes_of_pixels(self) -> int:
        """Return the length of the binary pixel data."""
        if self.format == 4:
            return (self.width + 7) // 8 * self.height
        return self.width * self.height * self.colours * (2 if self.most > 255 else 1)


def count_pages(file: BinaryIO) -> int:
    """Return the number of pictures; binary ones may follow one another in a file."""
    try:
        return max(1, len(_places(file)))
    except UnreadableContentError:
        return 1


def page_content(file: BinaryIO, page: int) -> bytes:
    """Return one picture as a file of its own; page 1 is the first."""
    begin, end = _places(file)[page - 1]
    file.seek(begin)
    return file.read(end - begin)


def decode(content: bytes) -> Decoded:
    """Return the pixels.

    Raises:
        UnreadableContentError: The header or the pixels are damaged or not whole, or another picture follows.
    """
    header = _header(content[:_LONGEST_HEADER])
    if not header.binary:
        return _in_eight_or_sixteen(_text_values(content[header.length :], header), header, ())
    end = header.length + header.bytes_of_pixels
    if end > len(content):
        raise cut_off("PNM")
    rest = content[end:].lstrip()
    if re.match(rb"P[4-7]\s", rest):
        raise FurtherPicturesError("holds several pictures")
    return _in_eight_or_sixteen(_binary_values(content, header), header, behind(len(rest)))


def _places(file: BinaryIO) -> list[tuple[int, int]]:
    """Return begin and end of each picture."""
    places: list[tuple[int, int]] = []
    length, place = file.seek(0, io.SEEK_END), 0
    while place < length:
        file.seek(place)
        beginning = file.read(_LONGEST_HEADER)
        if places and not re.match(rb"\s*P[4-7]\s", beginning):
            break
        spaces = len(beginning) - len(beginning.lstrip())
        header = _header(beginning[spaces:])
        end = place + spaces + header.length + header.bytes_of_pixels if header.binary else length
        places.append((place + spaces, end))
        place = end
    return places


def _header(beginning: bytes) -> _Header:
    """Return the header.

    Raises:
        UnreadableContentError: It is none, or claims an impossible picture.
    """
    if beginning[:2] == b"P7":
        header = _pam_header(beginning)
    elif match := _BITMAP.match(beginning):
        header = _Header(int(match[1]), int(match[2]), int(match[3]), 1, 1, match.end())
    elif match := _PIXMAP.match(beginning):
        colours = 3 if match[1] in (b"3", b"6") else 1
        header = _Header(int(match[1]), int(match[2]), int(match[3]), colours, int(match[4]), match.end())
    else:
        raise damaged("PNM")
    check_claimed_size(header.width, header.height)
    if not 1 <= header.most <= 65535 or not 1 <= header.colours <= 4:
        raise damaged("PNM")
    return header


def _pam_header(beginning: bytes) -> _Header:
    match = _PAM.match(beginning)
    if not match:
        raise damaged("PNM")
    values = {name: int(value) for name, value in _PAM_LINE.findall(match[1])}
    try:
        width, height, depth, most = (values[name] for name in (b"WIDTH", b"HEIGHT", b"DEPTH", b"MAXVAL"))
    except KeyError as error:
        raise damaged("PNM") from error
    return _Header(7, width, height, depth, most, match.end())


def _text_values(text: bytes, header: _Header) -> Image:
    count = header.width * header.height * header.colours
    words = re.sub(rb"#[^\n\r]*", b" ", text).split()
    if header.format == 1:
        words = list(b" ".join(bytes([digit]) for digit in b"".join(words)).split())
    if len(words) < count or _last_word_is_short(text, words, header):
        raise cut_off("PNM")
    try:
        values = np.array(words[:count]).astype(np.int64)
    except ValueError as error:
        raise damaged("PNM") from error
    if values.min() < 0 or values.max() > header.most:
        raise damaged("PNM")
    shaped: Image = values.astype(np.uint16).reshape(_shape(header))
    return 1 - shaped if header.format == 1 else shaped


def _last_word_is_short(text: bytes, words: list[bytes], header: _Header) -> bool:
    """Return whether the last number may have lost digits: 25 of 255, with nothing behind it."""
    several = header.format != 1 and len(words) == header.width * header.height * header.colours
    return several and not text[-1:].isspace() and len(words[-1]) < len(str(header.most))


def _binary_values(content: bytes, header: _Header) -> Image:
    if header.format == 4:
        packed = np.frombuffer(content, np.uint8, header.bytes_of_pixels, header.length)
        rows = np.unpackbits(packed.reshape(header.height, -1), axis=1, count=header.width)
        return (1 - rows).astype(np.uint8)
    kind = ">u2" if header.most > 255 else "u1"
    count = header.width * header.height * header.colours
    stored = np.frombuffer(content, kind, count, header.length)
    values = stored.astype(np.uint16 if header.most > 255 else np.uint8, copy=False)
    return values.reshape(_shape(header))


def _shape(header: _Header) -> tuple[int, ...]:
    return (header.height, header.width, header.colours)[: 2 if header.colours == 1 else 3]


def _in_eight_or_sixteen(values: Image, header: _Header, notes: tuple[str, ...]) -> Decoded:
    """Return values of 0..255, or of the fewest bits that hold the largest value.

    Raises:
        UnreadableContentError: A value is larger than the header says, as with swapped bytes.
    """
    if int(values.max()) > header.most:
        raise UnreadableContentError(
            f"has grey values up to {values.max()}, while its header says at most {header.most}: are its bytes swapped?"
        )
    pixels, dropped = without_alpha(values)
    if header.most > 255:
        bits = next(bits for bits in _BITS if header.most < 1 << bits)
        return Decoded(pixels, bits, (*dropped, *notes))
    if header.most == 255:
        return Decoded(pixels.astype(np.uint8, copy=False), None, (*dropped, *notes))
    stretched = (pixels.astype(np.uint32) * 255 + header.most // 2) // header.most
    said = f"grey values 0 to {header.most} stretched to 0 to 255"
    return Decoded(stretched.astype(np.uint8), None, (*dropped, said, *notes))
