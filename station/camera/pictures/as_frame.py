"""A picture that was read from a file, as the frame that the line judges."""

import time

from station.camera.pictures.picture import Picture
from station.domain.clock import utc_now
from station.domain.frame import Frame


def as_frame(picture: Picture, origin: str, frame_id: int = 0) -> Frame:
    """Return the picture as a frame that came just now.

    Args:
        picture: The picture, as the camera room reads files.
        origin: Where it came from, in words: the name of the file.
        frame_id: Its number in the sequence of pictures.
    """
    depth = 8 * picture.image.dtype.itemsize
    return Frame(
        picture.image,
        frame_id,
        utc_now(),
        time.monotonic_ns(),
        origin,
        significant_bits=picture.significant_bits,
        pixel_format=f"{'Mono' if picture.image.ndim == 2 else 'RGB'}{depth}",
        conversion=picture.conversion,
        depth_from=picture.depth_from,
        coding=picture.coding,
        file=picture.file,
    )
