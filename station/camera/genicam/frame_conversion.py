"""Converts the content of the ring into the station's own frames and lost frames."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from station.camera.genicam.pixel_formats import DamagedPictureError, UnknownPixelFormatError, read_pixels
from station.camera.genicam.protocol import FrameFacts, Loss
from station.domain.clock import utc_now
from station.domain.frame import Frame, LostFrame, NotInspectedCause
from station.domain.picture_form import LOSSLESS, DepthFrom

_ALL_BITS = 16
"""Mono16 says only that a pixel takes 16 bits; many sensors behind it have 12 or 14."""


def lost_frames(losses: tuple[Loss, ...], next_ns: int | None, camera: str) -> Iterator[LostFrame]:
    """Yield each lost frame.

    Args:
        losses: Ranges of lost ids, in order.
        next_ns: `time.monotonic_ns` when the next frame arrived; None if none has arrived.
        camera: Serial number, for the origin.
    """
    for place, loss in enumerate(losses, 1):
        before_ns = losses[place].came_ns if place < len(losses) else next_ns
        for frame_id in range(loss.first, loss.first + loss.count):
            cause = NotInspectedCause(loss.cause)
            yield LostFrame(frame_id, cause, origin(camera, frame_id), loss.detail, loss.came_ns, before_ns)


def to_frame(facts: FrameFacts, pixels: memoryview, camera: str) -> Frame | LostFrame:
    """Return the picture in `pixels`, copied once; or a lost frame with the reason if it cannot be read."""
    try:
        picture = read_pixels(pixels[: facts.size], facts.pixel_format, facts.width, facts.height, facts.padding_bytes)
    except UnknownPixelFormatError as error:
        return _unreadable(facts, camera, NotInspectedCause.WRONG_PICTURE, error)
    except DamagedPictureError as error:
        return _unreadable(facts, camera, NotInspectedCause.INCOMPLETE_FRAME, error)
    return Frame(
        image=picture.image,
        frame_id=facts.frame_id,
        received_at=_at(facts.received_ns),
        received_ns=facts.received_ns,
        origin=origin(camera, facts.frame_id),
        timestamp_ns=facts.timestamp_ns,
        significant_bits=picture.significant_bits,
        pixel_format=facts.pixel_format,
        conversion=picture.conversion,
        chunk=facts.chunk,
        depth_from=DepthFrom.UNKNOWN if picture.significant_bits == _ALL_BITS else DepthFrom.KNOWN,
        coding=LOSSLESS,
    )


def failed_frame(facts: FrameFacts, camera: str) -> LostFrame:
    """Return the loss of a picture that the station failed to convert."""
    cause = NotInspectedCause.STATION_FAILED
    return LostFrame(facts.frame_id, cause, origin(camera, facts.frame_id), came_ns=facts.received_ns)


def origin(camera: str, frame_id: int) -> str:
    """Return the name of a picture for people: "camera 4711 frame 12"."""
    return f"camera {camera} frame {frame_id}"


def _unreadable(facts: FrameFacts, camera: str, cause: NotInspectedCause, error: ValueError) -> LostFrame:
    return LostFrame(facts.frame_id, cause, origin(camera, facts.frame_id), str(error), facts.received_ns)


def _at(monotonic_ns: int) -> datetime:
    return utc_now() - timedelta(microseconds=(time.monotonic_ns() - monotonic_ns) / 1000)
