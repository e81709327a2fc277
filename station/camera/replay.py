"""Delivers stored pictures like a camera: a folder, one picture, or a video."""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NoReturn

from station.camera.frame_timer import Due, FrameTimer, TriggerKind, overwritten_frame
from station.camera.pictures.as_frame import as_frame
from station.camera.pictures.kinds import VIDEO_SUFFIXES
from station.camera.pictures.listing import (
    FolderContent,
    PartsOf,
    every_picture,
    list_folder,
    no_picture_error,
    path_exists,
)
from station.camera.pictures.meaning import codings_of
from station.camera.pictures.picture import Picture, PicturesLeftOutError, UnreadablePictureError
from station.camera.pictures.reading import pages_of, read_picture
from station.camera.pictures.videos import VideoPicture, require_video, video_pictures
from station.camera.source import CameraInfo
from station.concurrency.picture_threads import picture_threads
from station.concurrency.started import Started
from station.domain.camera import CameraFeature
from station.domain.errors import BadInputError, CameraError, is_lack_of_memory
from station.domain.frame import NO_MEMORY, Delivery, EndOfFrames, LostFrame, NotInspectedCause
from station.domain.names import readable
from station.domain.recipe import SettingValue

_LONGEST_READING_S = 1.0
_Upcomings = Generator["_Upcoming", None, None]


@dataclass(frozen=True, slots=True)
class _Upcoming:
    """The next picture, which may not have been read yet: its name, that of its file, and how to get it."""

    origin: str
    file: str
    read: Callable[[], Picture]


class ReplayCamera:
    """Stored pictures as a camera, in sorted order, each once.

    Each page of a file and each frame of a video is a picture of its own. One that cannot be read is delivered as a
    `LostFrame`, and the next one follows. With one picture per fetch, the next ones are read meanwhile.
    """

    def __init__(
        self,
        path: Path,
        *,
        rate_hz: float = 0.0,
        trigger: TriggerKind = "free",
        loop: bool = False,
        parts_of: PartsOf = every_picture,
    ) -> None:
        """List the pictures and check that at least one can be read.

        Args:
            path: A folder (with its subfolders), a picture, or a video.
            rate_hz: Pictures per second, as from a live camera that overwrites what is not fetched; 0: one per fetch.
            trigger: "free", or "software" for one picture per trigger.
            loop: Continue with the first picture after the last one.
            parts_of: Returns the content of a folder without the pictures that show no part.

        Raises:
            BadInputError: The path does not exist, or no picture can be read.
        """
        if not path_exists(path):
            raise BadInputError(f"There is no folder or picture {path}.", "Check the path.")
        self.content = parts_of(list_folder(path)) if path.is_dir() else _one_file(path)
        _require_readable(self.content)
        self._loop = loop
        source = readable(f"replay:{path}")
        self._timer = FrameTimer(source, rate_hz, trigger)
        self._info = CameraInfo(
            source,
            "Lineside",
            "replay of stored pictures",
            readable(path.name),
            self._timer.on_demand,
            left_out=self.content.left_out_names,
            notes=self.content.notes,
            no_parts=self.content.no_part_names,
            coding=codings_of((*self.content.pictures, *self.content.videos)),
        )
        self._remaining: _Upcomings | None = None
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
        self.stop()
        remaining = _endless(self.content) if self._loop else _in_order(self.content)
        at_once = self._timer.on_demand and not self._timer.triggered
        self._remaining = _read_ahead(remaining) if at_once else remaining
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
        if self._remaining is not None:
            self._remaining.close()
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
            if isinstance(error, PicturesLeftOutError):
                self._note_left_out(upcoming.file, error.sentence)
            return LostFrame(frame_id, NotInspectedCause.UNREADABLE_PICTURE, origin, error.sentence)
        except Exception as error:
            if not is_lack_of_memory(error):
                raise
            return LostFrame(frame_id, NotInspectedCause.STATION_FAILED, origin, NO_MEMORY)
        return as_frame(picture, origin, frame_id)

    def _note_left_out(self, file: str, sentence: str) -> None:
        """Note once for each file that pictures in it are left out."""
        if file not in self._info.left_out:
            left_out, notes = (*self._info.left_out, file), (*self._info.notes, sentence)
            self._info = replace(self._info, left_out=left_out, notes=notes)

    def _require_started(self) -> _Upcomings:
        if self._remaining is None:
            raise CameraError(f"{self._info.source} was not started.")
        return self._remaining


def _read_ahead(pictures: _Upcomings) -> _Upcomings:
    """Yield the pictures in their order, while those behind the last one are read: each on a thread of its own."""
    begun = deque[tuple[_Upcoming, Started[Picture]]]()
    try:
        for each in pictures:
            reading = Started("reading", each.read)
            begun.append((replace(each, read=reading.result), reading))
            if len(begun) > picture_threads():
                yield begun[0][0]
                begun.popleft()
        while begun:
            yield begun[0][0]
            begun.popleft()
    finally:  # the picture that was yielded last may still be read, too
        until = time.monotonic() + _LONGEST_READING_S
        for _, reading in begun:
            reading.wait(max(0.0, until - time.monotonic()))


def _endless(content: FolderContent) -> _Upcomings:
    while True:
        yield from _in_order(content)


def _in_order(content: FolderContent) -> _Upcomings:
    """Yield the pictures, named by the relative path of their file; a file is opened when its turn comes."""
    videos = frozenset(content.videos)
    for file in sorted((*content.pictures, *content.videos)):
        name = readable(file.relative_to(content.folder).as_posix())
        try:
            yield from _of_video(file, name) if file in videos else _of_pages(file, name)
        except Exception as error:  # noqa: BLE001 - raised when its turn comes; else what lies behind would be lost
            yield _Upcoming(name, name, partial(_raise, error))


def _of_pages(file: Path, name: str) -> Iterator[_Upcoming]:
    for page in pages_of(file):
        yield _Upcoming(page.named(name), name, partial(read_picture, file, page.page))


def _of_video(file: Path, name: str) -> Iterator[_Upcoming]:
    for picture in video_pictures(file):
        yield _Upcoming(f"{name} frame {picture.number}", name, partial(_there, picture))


def _raise(error: Exception) -> NoReturn:
    raise error


def _there(video_picture: VideoPicture) -> Picture:
    if video_picture.picture is None:
        raise PicturesLeftOutError(video_picture.missing, "Record the video again.")
    return video_picture.picture


def _one_file(path: Path) -> FolderContent:
    """Return the file as a folder with nothing else; whatever its name is, it is read."""
    is_video = path.suffix.lower() in VIDEO_SUFFIXES
    pictures, videos = ((), (path,)) if is_video else ((path,), ())
    return FolderContent(path.parent, pictures, videos, (), (), {})


def _require_readable(content: FolderContent) -> None:
    """Raise at once if no picture can be read, so that a wrong folder does not give a run of NOT INSPECTED parts."""
    errors = []
    for file in content.pictures:
        for page in pages_of(file):
            try:
                read_picture(file, page.page)
                return
            except UnreadablePictureError as error:
                errors.append(error)
    for file in content.videos:
        try:
            require_video(file)
            return
        except UnreadablePictureError as error:
            errors.append(error)
    raise errors[0] if errors else no_picture_error(content)
