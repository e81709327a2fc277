"""Delivers stored pictures like a camera: a folder, one picture, or a video."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2

from station.camera.frame_timer import Due, FrameTimer, TriggerKind, overwritten_frame
from station.camera.pictures import Picture, UnreadablePictureError, path_exists, picture_files, read_picture
from station.camera.source import CameraInfo
from station.domain.camera import CameraFeature
from station.domain.clock import utc_now
from station.domain.errors import BadInputError, CameraError
from station.domain.frame import Delivery, EndOfFrames, Frame, LostFrame, NotInspectedCause
from station.domain.recipe import SettingValue

VIDEO_SUFFIXES = frozenset({".mp4", ".avi", ".mkv", ".mov", ".m4v", ".webm"})


@dataclass(frozen=True, slots=True)
class _Upcoming:
    """The next picture, which has not been read yet."""

    origin: str
    read: Callable[[], Picture]


class ReplayCamera:
    """Stored pictures as a camera, in sorted order, each once.

    A picture that cannot be read is delivered as a `LostFrame`, and the next one follows.
    """

    def __init__(self, path: Path, *, rate_hz: float = 0.0, trigger: TriggerKind = "free", loop: bool = False) -> None:
        """List the pictures and check that at least one can be read.

        Args:
            path: A folder (with its subfolders), a picture, or a video.
            rate_hz: Pictures per second, as from a live camera that overwrites what is not fetched; 0: one per fetch.
            trigger: "free", or "software" for one picture per trigger.
            loop: Continue with the first picture after the last one.

        Raises:
            BadInputError: The path does not exist, or no picture can be read.
        """
        if not path_exists(path):
            raise BadInputError(f"There is no folder or picture {path}.", "Check the path.")
        self._sequence = _video(path) if path.suffix.lower() in VIDEO_SUFFIXES and path.is_file() else _stills(path)
        self._loop = loop
        source = f"replay:{path}"
        self._timer = FrameTimer(source, rate_hz, trigger)
        self._info = CameraInfo(source, "Lineside", "replay of stored pictures", path.name, self._timer.on_demand)
        self._remaining: Iterator[_Upcoming] | None = None
        self._upcoming: _Upcoming | None = None
        self._next_id = 1

    @property
    def info(self) -> CameraInfo:
        """See `FrameSource`."""
        return self._info

    @property
    def live_features(self) -> None:
        """See `FrameSource`: None, because stored pictures have no features."""

    def features(self) -> tuple[CameraFeature, ...]:
        """See `FrameSource`: none, because stored pictures cannot be set."""
        return ()

    def apply(self, settings: Mapping[str, SettingValue]) -> None:
        """See `FrameSource`: stored pictures cannot be set."""

    def settings(self) -> dict[str, SettingValue]:
        """See `FrameSource`: only the frame rate, if there is one."""
        return {} if self._timer.on_demand else {"AcquisitionFrameRate": self._timer.rate_hz}

    def start(self) -> None:
        """See `FrameSource`; starts with the first picture."""
        self._remaining = _endless(self._sequence) if self._loop else self._sequence()
        self._upcoming = next(self._remaining, None)
        self._next_id = 1
        self._timer.restart()

    def trigger(self) -> None:
        """See `FrameSource`."""
        self._require_started()
        self._timer.trigger()

    def fetch(self, timeout_s: float) -> Delivery | None:
        """See `FrameSource`."""
        remaining = self._require_started()
        if self._upcoming is None:
            return EndOfFrames()
        due = self._timer.wait_for_frame(timeout_s)
        if due is Due.NOTHING:
            return None
        delivery = self._deliver(self._upcoming, due)
        self._next_id += 1
        self._upcoming = next(remaining, None)
        return delivery

    def stop(self) -> None:
        """See `FrameSource`."""
        self._remaining, self._upcoming = None, None

    def close(self) -> None:
        """See `FrameSource`."""
        self.stop()

    def _deliver(self, upcoming: _Upcoming, due: Due) -> Delivery:
        frame_id, origin = self._next_id, upcoming.origin
        if due is Due.OVERWRITTEN:
            return overwritten_frame(frame_id, origin)
        try:
            picture = upcoming.read()
        except UnreadablePictureError as error:
            return LostFrame(frame_id, NotInspectedCause.UNREADABLE_PICTURE, origin, error.sentence)
        return _frame(picture, frame_id, origin)

    def _require_started(self) -> Iterator[_Upcoming]:
        if self._remaining is None:
            raise CameraError(f"{self._info.source} was not started.")
        return self._remaining


_Sequence = Callable[[], Iterator[_Upcoming]]


def _endless(sequence: _Sequence) -> Iterator[_Upcoming]:
    while True:
        yield from sequence()


def _frame(picture: Picture, frame_id: int, origin: str) -> Frame:
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
    )


def _stills(path: Path) -> _Sequence:
    """Return the pictures of a folder, named by their relative path, or the one picture, named by its file."""
    folder, files = (path, picture_files(path)) if path.is_dir() else (path.parent, [path])
    _require_readable(files)
    named = [_Upcoming(file.relative_to(folder).as_posix(), partial(read_picture, file)) for file in files]
    return lambda: iter(named)


def _require_readable(files: Sequence[Path]) -> None:
    """Raise at once if no picture can be read, so that a wrong folder does not give a run of NOT INSPECTED parts."""
    errors = []
    for file in files:
        try:
            read_picture(file)
            return
        except UnreadablePictureError as error:
            errors.append(error)
    raise errors[0]


def _video(path: Path) -> _Sequence:
    """Return the frames of a video, decoded one by one."""
    if next(_video_frames(path), None) is None:
        raise UnreadablePictureError(f"{path} is not a readable video: it contains no frame.")
    return lambda: _video_frames(path)


def _video_frames(path: Path) -> Iterator[_Upcoming]:
    capture = cv2.VideoCapture(str(path))
    try:
        number = 0
        while capture.grab():
            number += 1
            yield _Upcoming(f"{path.name} frame {number}", partial(_retrieved, capture, f"{path} frame {number}"))
    finally:
        capture.release()


def _retrieved(capture: cv2.VideoCapture, name: str) -> Picture:
    decoded, image = capture.retrieve()
    if not decoded:
        raise UnreadablePictureError(f"{name} cannot be decoded.")
    return Picture(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), 8, "")
