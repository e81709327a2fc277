"""A look at a camera that the running line uses: its newest picture, read only. The camera itself is not asked."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from station.concurrency.latest import Latest
from station.concurrency.worker import Worker
from station.domain.camera import CameraFeature
from station.domain.errors import CameraError
from station.domain.frame import Frame
from station.domain.part_images import PartResult, ViewResult
from station.domain.preview import PreviewPicture, PreviewState, PreviewStatus
from station.domain.recipe import SettingValue
from station.vision.exposure import measured_picture

_TICK_S = 0.05
_SHOWN_EVERY_S = 0.5
"""5 megapixels are measured in 45 to 80 ms: at most a sixth of one core, while the line inspects on the others."""


class LineLook:
    """Shows what a camera of the running line sees, in the place of a `Preview`.

    The pictures are those that the line has judged, so the line and its triggers are not disturbed. Features are
    neither read nor written: a software trigger would wait behind them. Ends by itself when the line stops.
    """

    def __init__(
        self, source: str, name: str, view: str, live: Latest[PartResult], at_rest: Callable[[], bool]
    ) -> None:
        """Look at nothing before `start`.

        Args:
            source: Source URI of the camera.
            name: Its model, serial number and vendor.
            view: Name of its view in the recipe; "" if there is only one.
            live: The newest part of the line.
            at_rest: Return whether the line has stopped.
        """
        self.live: Latest[PreviewPicture] = Latest()
        self.frames: deque[Frame] = deque(maxlen=0)
        self._view, self._parts, self._at_rest = view, live, at_rest
        self._status = PreviewStatus(PreviewState.ON_LINE, source, name, _ONLY_LOOKED_AT)
        self._shown: ViewResult | None = None
        self._shown_s = 0.0
        self._worker = Worker("look at the line", self._step, self._on_failure)

    def start(self) -> None:
        """Start looking. Returns at once."""
        self._worker.start()

    def stop(self) -> None:
        """Stop looking. Returns at once."""
        self._worker.stop()
        self._update_status(state=PreviewState.NONE, sentence="")

    def wait_released(self, timeout_s: float) -> bool:
        """Wait until the look has ended; return False if that took longer. The camera is the line's."""
        return self._worker.join(timeout_s)

    @property
    def status(self) -> PreviewStatus:
        """The state and the number of pictures shown; without readings."""
        return self._status

    def poll_features(self, names: tuple[str, ...]) -> None:
        """Read nothing."""

    def features(self) -> tuple[CameraFeature, ...]:
        """Return none."""
        return ()

    def read_features(self) -> tuple[CameraFeature, ...]:
        """Return none."""
        return ()

    def write(self, name: str, value: SettingValue) -> tuple[CameraFeature, ...]:
        """Raise `CameraError`: what the line uses is not changed."""
        raise CameraError(f"{name} cannot be set to {value}: the line is using the camera.", "Stop the line first.")

    def settings(self) -> dict[str, SettingValue]:
        """Raise `CameraError`: the camera is not asked."""
        raise CameraError("The settings cannot be read: the line is using the camera.", "Stop the line first.")

    def _step(self) -> bool:
        if self._at_rest():
            self._update_status(state=PreviewState.NONE, sentence="The line has stopped. Connect the camera again.")
            return False
        result = self._newest()
        if result is None or time.monotonic() < self._shown_s + _SHOWN_EVERY_S:
            time.sleep(_TICK_S)
            return True
        self._shown, self._shown_s = result, time.monotonic()
        self.live.put(measured_picture(result.levels, result.received_ns or time.monotonic_ns()))
        self._update_status(frames=self._status.frames + 1)
        return True

    def _newest(self) -> ViewResult | None:
        """Return the newest judged picture of this camera; None if it was shown before."""
        part = self._parts.peek()
        views = part.views if part is not None else ()
        newest = next((view for view in views if view.inspection.name == self._view and view.levels), None)
        return None if newest is self._shown else newest

    def _update_status(self, **changes: Any) -> None:  # noqa: ANN401 - fields of the status
        self._status = replace(self._status, **changes)

    def _on_failure(self, _name: str, error: BaseException) -> None:
        self._update_status(state=PreviewState.REFUSED, sentence=f"The look at the line failed: {error}.")


_ONLY_LOOKED_AT = "The line is using this camera. Its features can be read and set when the line is stopped."
