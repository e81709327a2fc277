"""Triggers all cameras of a run at once. It owns the lock that keeps triggers and lost cameras apart."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from station.camera.source import FrameSource
from station.domain.errors import CameraBusyError, CameraError
from station.domain.inspection import PartKey
from station.matching.capture import Trigger
from station.matching.frame_matcher import FrameMatcher

_LATEST_S = 0.02


class CameraTriggers:
    """Sends one trigger at a time, to all cameras at once.

    A trigger that reaches the cameras, and a camera that is made unavailable to the matcher, exclude each other:

        10.000 s  the camera is lost; `hold_triggers` begins, the camera is marked as lost
        10.001 s  a trigger comes and waits (`wait_for_turn`)
        10.002 s  the matcher expects no frames from the camera; `hold_triggers` ends
        10.002 s  the trigger opens a part, and the camera's view of it is CAMERA_LOST

    Without the lock the trigger could reach the camera before its restart and the matcher after it. The part would then
    get the frame of the next trigger.
    """

    def __init__(self, sources: Mapping[str, FrameSource], frame_matcher: FrameMatcher) -> None:
        """Trigger the camera of each view; the matcher opens the parts."""
        self._sources = sources
        self._frame_matcher = frame_matcher
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(len(sources), "trigger")

    def close(self) -> None:
        """End the threads. No trigger may follow."""
        self._threads.shutdown()

    @contextmanager
    def hold_triggers(self) -> Iterator[None]:
        """Let no trigger reach a camera inside the block; one that is on its way ends first."""
        with self._lock:
            yield

    @contextmanager
    def wait_for_turn(self) -> Iterator[bool]:
        """Let no other trigger reach a camera inside the block; yield False if the turn did not come within 20 ms.

        A trigger that is late is an overrun: a frame taken now shows another part.
        """
        in_time = self._lock.acquire(timeout=_LATEST_S)
        try:
            yield in_time
        finally:
            if in_time:
                self._lock.release()

    def open_part(self, *, in_time: bool) -> PartKey:
        """Open a part and trigger the cameras, in the block of `wait_for_turn`.

        Raises:
            LineNotReadyError: The line takes no more parts; none was opened.
        """
        trigger, views = self._frame_matcher.open_part(in_time=in_time)
        self._trigger_cameras(trigger, views)
        return trigger.key

    def _trigger_cameras(self, trigger: Trigger, views: Sequence[str]) -> None:
        """Trigger the first camera on this thread and each other one on its own, all at the same time."""
        others = [self._threads.submit(self._trigger_camera, trigger, view) for view in views[1:]]
        for view in views[:1]:
            self._trigger_camera(trigger, view)
        for other in others:
            other.result()

    def _trigger_camera(self, trigger: Trigger, view: str) -> None:
        try:
            self._sources[view].trigger()
        except CameraError as error:
            sent = not isinstance(error, CameraBusyError)
            self._frame_matcher.refuse_trigger(trigger, view, error.sentence, sent=sent)
