"""JPEG files, with one picture or several (MPO)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import BinaryIO

import numpy as np
import simplejpeg

from station.camera.pictures.mpo import further_pictures
from station.camera.pictures.picture import (
    Decoded,
    FurtherPicturesError,
    UnreadableContentError,
    behind,
    check_claimed_size,
    cut_off,
    damaged,
)
from station.domain.frame import Image

_END = b"\xff\xd9"
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""A marker inside or behind the pixel data; neither a stuffed byte nor a restart."""
_SPARE_BYTES = re.compile(r"(\d+) extraneous bytes? before marker 0xd[0-7]")
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_MOST_SPARE = 16
_MOST_PIXELS_IN_A_BYTE = 512
"""Each block of 8 x 8 pixels has at least one bit; without this a damaged header would be believed for seconds."""
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
_START_OF_SCAN = 0xDA


@dataclass(slots=True)
class _Scans:
    """What the scans of a JPEG carry.

    Attributes:
        first: Place of the first scan's marker.
        progressive: The frame header says that the pixels come in several passes.
        components: Numbers of the colour components.
        bits_left: For each component and coefficient, how many low bits have not come yet; -1 if none has come.
        end: Place behind the end mark; None without one.
    """

    first: int
    progressive: bool = False
    components: tuple[int, ...] = ()
    bits_left: dict[int, list[int]] = field(default_factory=dict)
    end: int | None = None

    @property
    def complete(self) -> bool:
        """Return whether every coefficient of every component has come with all its bits."""
        return all(left == 0 for component in self.components for left in self.bits_left.get(component, [-1]))


def count_pages(file: BinaryIO) -> int:
    """Return the number of pictures: one, or those of an MPO file, without previews and gain maps."""
    return 1 + len(further_pictures(file).pages)


def page_content(file: BinaryIO, page: int) -> bytes:
    """Return one picture of an MPO file as a JPEG of its own; page 1 is the first."""
    places = further_pictures(file)
    offset, length = (0, places.first_length) if page == 1 else places.pages[page - 2]
    file.seek(offset)
    return file.read(length) if length else file.read()


def decode(content: bytes) -> Decoded:
    """Return the pixels; OpenCV would silently invent the missing part of a damaged scan.

    Raises:
        UnreadableContentError: Pixels are missing or damaged.
    """
    scans = _scans_of(content)
    notes: tuple[str, ...] = ()
    if scans.end is None:
        content += _END
        notes = ("end mark missing, all pixels there",)
    else:
        notes = _notes_behind(content, scans.end)
    try:
        pixels, repaired = _decoded(content)
    except ValueError as error:
        raise (cut_off("JPEG") if scans.end is None else damaged("JPEG")) from error
    if not scans.complete:
        raise UnreadableContentError("is cut off: passes of the progressive JPEG are missing")
    return Decoded(pixels, None, (*repaired, *notes))


def _decoded(content: bytes) -> tuple[Image, tuple[str, ...]]:
    """Decode strictly; spare bytes in front of every restart mark, as some webcams put them, hold no pixel."""
    try:
        height, width, colours, _ = simplejpeg.decode_jpeg_header(content)
        check_claimed_size(width, height)
        if width * height > _MOST_PIXELS_IN_A_BYTE * len(content):
            raise cut_off("JPEG")
        return _strictly(content, colours), ()
    except ValueError as error:
        spare = _SPARE_BYTES.search(str(error))
        if not spare:
            raise
        return _without_spare_bytes(content, int(spare[1]), colours)


def _strictly(content: bytes, colours: str, *, strict: bool = True) -> Image:
    height, width, _, _ = simplejpeg.decode_jpeg_header(content)
    form = "GRAY" if colours == "Gray" else "RGB"
    room = np.empty((height, width, len(form) if form == "RGB" else 1), np.uint8)  # its own would be filled first
    pixels: Image = simplejpeg.decode_jpeg(content, form, buffer=room, strict=strict)
    return pixels[..., 0] if pixels.shape[2] == 1 else pixels


def _without_spare_bytes(content: bytes, count: int, colours: str) -> tuple[Image, tuple[str, ...]]:
    """Decode again with up to `count` bytes fewer in front of each restart mark; the decoder counts those of several.

    A damaged scan can end in left-over bytes too. So the bytes count as spare only if they are in front of every mark,
    or are zeros, and if the rest is whole by itself and gives the very pixels that the whole file gives.

    Raises:
        ValueError: It is damage.
    """
    lenient = _strictly(content, colours, strict=False)
    for length, only_zeros in product(range(1, min(count, _MOST_SPARE) + 1), (False, True)):
        spared = _spared(content, length, only_zeros=only_zeros)
        try:
            pixels = _strictly(spared, colours)
        except ValueError:
            continue
        if np.array_equal(pixels, lenient):
            return pixels, ("spare bytes before restart marks ignored",)
    raise ValueError("bytes are left over in the scan")


def _spared(content: bytes, count: int, *, only_zeros: bool) -> bytes:
    kept, begin = [], _first_scan(content)
    kept.append(content[:begin])
    for mark in _RESTART.finditer(content, begin):
        end = mark.start() - count
        spare = end > begin and (not only_zeros or not any(content[end : mark.start()]))
        kept.append(content[begin : end if spare else mark.start()])
        begin = mark.start()
    kept.append(content[begin:])
    return b"".join(kept)


def _first_scan(content: bytes) -> int:
    return next((place for place, marker in _segments(content, 2) if marker == _START_OF_SCAN), len(content))


def _segments(content: bytes, place: int) -> Iterator[tuple[int, int]]:
    """Yield place and marker of each header segment from `place` up to the next scan, which is the last one yielded."""
    while content[place : place + 1] == b"\xff" and place + 4 <= len(content):
        marker = content[place + 1]
        if marker == 0xFF:  # fill byte
            place += 1
            continue
        yield place, marker
        if marker in (_START_OF_SCAN, 0xD9):
            return
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")


def _scans_of(content: bytes) -> _Scans:
    """Follow the segments and scans up to the end mark."""
    scans, place = _Scans(len(content)), 2
    while True:
        for at, marker in _segments(content, place):
            place = at
            if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
                _read_frame(content, at, marker, scans)
        if content[place + 1 : place + 2] != bytes([_START_OF_SCAN]):
            return scans
        scans.first = min(scans.first, place)
        only = _read_scan(content, place, scans)
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        place = content.find(_END, place) if only else _next_marker(content, place)
        if place < 0:
            return scans
        if content[place : place + 2] == _END:
            scans.end = place + 2
            return scans


def _next_marker(content: bytes, place: int) -> int:
    found = _MARKER.search(content, place)
    return found.start() if found else -1


def _read_frame(content: bytes, place: int, marker: int, scans: _Scans) -> None:
    count = int.from_bytes(content[place + 9 : place + 10], "big")
    scans.progressive = marker in _PROGRESSIVE
    scans.components = tuple(content[place + 10 : place + 10 + 3 * count : 3])
    scans.bits_left = {component: [-1] * 64 for component in scans.components}


def _read_scan(content: bytes, place: int, scans: _Scans) -> bool:
    """Note what this scan brings; return whether it is the only one, as in nearly all files."""
    count = int.from_bytes(content[place + 4 : place + 5], "big")
    chosen = content[place + 5 : place + 5 + 2 * count : 2]
    spectrum = content[place + 5 + 2 * count : place + 8 + 2 * count]
    if len(spectrum) < 3:
        return True
    first, last, low = spectrum[0], min(spectrum[1], 63), spectrum[2] & 15
    if not scans.progressive:
        first, last, low = 0, 63, 0
    for component in chosen:
        if component in scans.bits_left:
            scans.bits_left[component][first : last + 1] = [low] * (last + 1 - first)
    return not scans.progressive and len(chosen) == len(scans.components)


def _notes_behind(content: bytes, end: int) -> tuple[str, ...]:
    """Return a note about what follows the picture.

    Raises:
        UnreadableContentError: A second picture of the same size follows, as in a stream of a camera.
    """
    rest = content[end:].lstrip(b"\0")
    if rest.startswith(b"\xff\xd8\xff") and _size(rest) == _size(content):
        raise FurtherPicturesError("holds a second picture behind the first")
    return behind(len(content) - end if rest else 0)


def _size(content: bytes) -> tuple[int, int] | None:
    try:
        height, width, _, _ = simplejpeg.decode_jpeg_header(content)
    except ValueError:
        return None
    return width, height
