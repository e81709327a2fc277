"""What a PNG file says of its pixels."""

import struct
from collections.abc import Iterator

from station.camera.pictures.noted import PALETTE, PROFILE, TRANSPARENCY, Noted
from station.camera.pictures.orientation import orientation_in
from station.domain.picture_form import LOSSLESS
from station.domain.station_png import noted_coding, noted_depth

_GREY, _PALETTE = 0, 3
_ALL_BITS = 16
_GAMMA_OF_SCREENS = range(45000, 46000)
"""1/2.2 in the file's unit, 1/100000."""


def read(content: bytes) -> Noted:
    """Return what the file says, from the chunks in front of its pixels and behind them."""
    chunks = dict(_notes(content))
    header = chunks.get(b"IHDR", b"")
    if len(header) != 13:
        return Noted()
    depth, colour = header[8], header[9]
    own_depth = noted_depth(content)
    return Noted(
        bits=own_depth or _significant(chunks.get(b"sBIT", b""), depth),
        by_station=bool(own_depth),
        orientation=orientation_in(chunks.get(b"eXIf", b"")),
        coding=noted_coding(content) or LOSSLESS,
        notes=tuple(_converted(chunks, depth, colour)),
    )


def _converted(chunks: dict[bytes, bytes], depth: int, colour: int) -> Iterator[str]:
    if colour == _PALETTE:
        yield PALETTE
    elif depth < 8:
        yield f"{depth} {'bit' if depth == 1 else 'bits'} spread over 8"
    if b"tRNS" in chunks:
        yield TRANSPARENCY
    if depth == _ALL_BITS and _is_profiled(chunks):
        yield PROFILE


def _is_profiled(chunks: dict[bytes, bytes]) -> bool:
    """Return whether a viewer would show other values than those of a usual screen."""
    gamma = chunks.get(b"gAMA")
    other_gamma = gamma is not None and int.from_bytes(gamma, "big") not in _GAMMA_OF_SCREENS
    return b"iCCP" in chunks or b"cICP" in chunks or (other_gamma and b"sRGB" not in chunks)


def _significant(note: bytes, depth: int) -> int | None:
    """Return the most bits of any channel that carry light; None for all, or if nothing is said."""
    bits = max(note[:3], default=0)
    return bits if depth == _ALL_BITS and 0 < bits < depth else None


def _notes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield each chunk but the pixels: the first of each name counts."""
    place, seen = 8, set()
    while place + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, place)
        if name != b"IDAT" and name not in seen:
            seen.add(name)
            yield name, content[place + 8 : place + 8 + length]
        place += 12 + length
