"""Reads videos, and says which of their pictures are missing."""

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2

from station.camera.pictures.noted import VIDEO
from station.camera.pictures.picture import Picture, UnreadablePictureError
from station.camera.pictures.video_containers import container_of, pictures_are_cut_off

_MOST_NAMED = 100_000
"""A damaged header can claim any number of pictures."""
_EACH_FOR_ITSELF = {"MJPG", "FFV1", "HFYU", "png ", "DIB ", "\0\0\0\0"}
"""Codecs whose pictures do not build on one another."""
_AROUND_THE_CUT = 4
"""How many of the last pictures may build on the one that was cut."""

# FFmpeg's own messages about bad videos are off: the station's errors name the file.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")


@dataclass(frozen=True, slots=True, eq=False)
class VideoPicture:
    """One picture of a video, or why it is missing.

    Attributes:
        number: Counted from 1.
        picture: The picture; None if it is missing.
        missing: Why it is missing, in one sentence; empty if it is there.
    """

    number: int
    picture: Picture | None
    missing: str = ""


def video_pictures(path: Path) -> Iterator[VideoPicture]:
    """Yield the pictures of a video in order, and at the end those that are missing.

    Missing are the pictures that the file says it holds and that do not come, because its end is cut off, they were
    lost in the recording or cannot be decoded. The last pictures in front of a cut are missing too, because they may be
    incomplete.

    Damage inside of a video that its decoder hides cannot be detected.
    """
    capture = cv2.VideoCapture(str(path))
    try:
        yield from _pictures(path, capture)
    finally:
        capture.release()


def require_video(path: Path) -> None:
    """Raise `UnreadablePictureError` if the file is not a video with at least one picture."""
    if not any(one.picture for one in video_pictures(path)):
        raise UnreadablePictureError(_no_frame(path))


def _pictures(path: Path, capture: cv2.VideoCapture) -> Iterator[VideoPicture]:
    container = container_of(path)
    cut_off = capture.isOpened() and pictures_are_cut_off(path, container)
    doubtful: deque[VideoPicture] = deque()
    held_back = _held_back(capture) if cut_off else 0
    number = 0
    while capture.grab():
        number += 1
        doubtful.append(_retrieved(capture, number, path))
        if len(doubtful) > held_back:
            yield doubtful.popleft()
    for one in doubtful:
        yield VideoPicture(one.number, None, f"{path} is cut off, and frame {one.number} may be incomplete.")
    if number == 0:
        yield VideoPicture(1, None, _no_frame(path))
    elif cut_off or (container and container.counts_pictures):
        yield from _missing(path, number, int(capture.get(cv2.CAP_PROP_FRAME_COUNT)), cut_off=cut_off)


def _no_frame(path: Path) -> str:
    return f"{path} is not a readable video: it contains no frame."


def _held_back(capture: cv2.VideoCapture) -> int:
    """Return how many of the last pictures may be incomplete."""
    codec = int(capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little", signed=True).decode("latin-1")
    return 1 if codec in _EACH_FOR_ITSELF else _AROUND_THE_CUT


def _missing(path: Path, read: int, claimed: int, *, cut_off: bool) -> Iterator[VideoPicture]:
    count = claimed - read
    about = "is cut off" if cut_off else "lost pictures in the recording, or they cannot be decoded"
    sentence = f"{path} {about}: {count} of {claimed} pictures are missing."
    for number in range(read + 1, min(claimed, read + _MOST_NAMED) + 1):
        yield VideoPicture(number, None, sentence)


def _retrieved(capture: cv2.VideoCapture, number: int, path: Path) -> VideoPicture:
    decoded, image = capture.retrieve()
    if not decoded:
        return VideoPicture(number, None, f"{path} frame {number} cannot be decoded.")
    turned = int(capture.get(cv2.CAP_PROP_ORIENTATION_META))
    note = f"turned by {turned} degrees, as the file says" if turned else ""
    return VideoPicture(number, Picture(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), 8, note, coding=VIDEO))
