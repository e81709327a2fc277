"""Transparency in TIFF files: OpenCV multiplies 8-bit colours by it, and reduces 16-bit grey beside it to 8 bits."""

import struct
from dataclasses import replace

from station.camera.pictures import tiff_directory as tags
from station.camera.pictures.noted import TRANSPARENCY
from station.camera.pictures.picture import Decoded, decoded_by_opencv
from station.camera.pictures.tiff_directory import Directory, as_file

_ORIENTATION, _PREDICTOR, _TILE_WIDTH, _EXTRA_SAMPLES = 274, 317, 322, 338
_UNSPECIFIED, _SEPARATE_ALPHA = 0, 2


def with_colours_as_stored(page: Directory) -> Directory:
    """Return the directory, its transparency without a meaning, so that the colours are read as they are stored.

    Example: a pixel (200, 100, 50) that is half transparent would be read as (100, 50, 25).
    """
    if page.values(_EXTRA_SAMPLES) != (_SEPARATE_ALPHA,) or page.value(tags.BITS, 1) != 8:
        return page
    kind, count, _ = page.entries[_EXTRA_SAMPLES]
    plain = (kind, count, _UNSPECIFIED.to_bytes(2, "little"))
    return replace(page, entries=page.entries | {_EXTRA_SAMPLES: plain})


def is_deep_grey_with_alpha(page: Directory) -> bool:
    """Return whether each pixel is 16 bits of grey and 16 of transparency, side by side and packed without a filter."""
    layout = page.value(tags.BITS, 1), page.value(tags.SAMPLES, 1), page.value(tags.PLANAR, 1)
    return layout == (16, 2, 1) and page.value(_PREDICTOR, 1) == page.value(_ORIENTATION, 1) == 1


def decode_deep_grey(page: Directory, tiles: list[bytes], notes: tuple[str, ...]) -> Decoded:
    """Return the grey pixels of such a picture: read as one of twice the width, every second pixel is grey.

    Raises:
        UnreadableContentError: The pixels cannot be decoded.
    """
    entries = {tag: entry for tag, entry in page.entries.items() if tag not in (tags.BITS, _EXTRA_SAMPLES)}
    order = page.layout.order
    for tag, number in ((tags.BITS, 16), (tags.SAMPLES, 1)):
        entries[tag] = (3, 1, struct.pack(f"{order}H", number))
    for tag in {tags.WIDTH, _TILE_WIDTH} & entries.keys():
        entries[tag] = (4, 1, struct.pack(f"{order}I", 2 * page.value(tag, 0)))
    pixels = decoded_by_opencv(as_file(replace(page, entries=entries), tiles), "TIFF").pixels
    return Decoded(pixels[:, ::2], None, (TRANSPARENCY, *notes))
