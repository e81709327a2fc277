"""Colour planes of a TIFF file, each read for itself: OpenCV takes 16-bit planes for pixels side by side."""

from dataclasses import replace

import numpy as np

from station.camera.pictures import tiff_directory as tags
from station.camera.pictures.picture import Decoded, UnreadableContentError, decoded_by_opencv
from station.camera.pictures.tiff_directory import Directory, as_file

_SEPARATE = 2
_BLACK_IS_ZERO = 1
_COLOURS = 3
_EXTRA_SAMPLES = 338
_OF_EACH_PLANE = {tags.SAMPLES: 1, tags.PLANAR: 1, tags.PHOTOMETRIC: _BLACK_IS_ZERO}


def in_planes(page: Directory) -> bool:
    """Return whether the colours of 16-bit pixels are kept in planes, one after the other."""
    return page.value(tags.PLANAR, 1) == _SEPARATE and page.value(tags.SAMPLES, 1) > 1 and page.value(tags.BITS, 1) > 8


def decode_planes(page: Directory, tiles: list[bytes], notes: tuple[str, ...]) -> Decoded:
    """Return the pixels, grey or RGB.

    Args:
        page: The picture.
        tiles: The packed strips or tiles of all planes, in order.
        notes: What is said of the file.

    Raises:
        UnreadableContentError: A plane cannot be decoded, or the planes are not those of grey or RGB.
    """
    planes, each = page.value(tags.SAMPLES, 1), len(tiles) // page.value(tags.SAMPLES, 1)
    if page.value(tags.PHOTOMETRIC, 1) > 2 or planes > _COLOURS + 1:
        raise UnreadableContentError("has unsupported pixels (colour planes that are not RGB)")
    plane = _one_plane(page)
    kept = _COLOURS if planes >= _COLOURS else 1
    read = [
        decoded_by_opencv(as_file(plane, tiles[number * each : (number + 1) * each]), "TIFF").pixels
        for number in range(kept)
    ]
    dropped = ("transparency dropped",) if planes > kept else ()
    return Decoded(np.dstack(read) if kept > 1 else read[0], None, (*dropped, *notes))


def _one_plane(page: Directory) -> Directory:
    """Return the directory of a picture that has one plane."""
    entries = {tag: entry for tag, entry in page.entries.items() if tag != _EXTRA_SAMPLES}
    for tag in (tags.BITS, tags.SAMPLE_FORMAT):
        if tag in entries:
            kind, _, content = entries[tag]
            entries[tag] = (kind, 1, content[:2])
    for tag, number in _OF_EACH_PLANE.items():
        entries[tag] = (3, 1, number.to_bytes(2, "little" if page.layout.order == "<" else "big"))
    return replace(page, entries=entries)
