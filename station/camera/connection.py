"""The connection to one camera: opened, watched, and reopened after it was lost."""

import logging
import math
import time
from collections.abc import Callable, Mapping

from station.camera.source import FrameSource
from station.domain.errors import CameraError, CameraLostError
from station.domain.frame import Delivery, LostFrame
from station.domain.recipe import SettingValue
from station.domain.silence import longest_silence_s

_log = logging.getLogger(__name__)
_FIRST_BACK_OFF_S, _LONGEST_BACK_OFF_S = 0.1, 0.5
_UNKNOWN_INTERVAL_S = 2.5
"""Taken for the interval until it is known: the first picture may take twice as long, 5 s."""

_MEMORY = 0.8


class CameraConnection:
    """One camera and its state.

        closed     --apply_settings(), start_acquisition()--> delivering
        delivering --stop_acquisition()--> stopped --start_acquisition()--> delivering
        delivering --CameraError or silence, mark_lost()--> lost --try_reconnect()--> delivering

    A free-running camera is also lost if it is silent: no picture for `lost_after_s`, or for two intervals if that
    is longer. The interval is the larger one of the measured and the one in the camera's settings.

    Example: with `lost_after_s` = 2, a camera at 25 Hz (0.04 s) is lost after 2 s without a picture, a camera at
    0.5 Hz (2 s) after 4 s, and one that exposes for 3 s after 6 s.
    """

    def __init__(
        self,
        source: FrameSource,
        settings: Mapping[str, SettingValue],
        *,
        runs_free: bool,
        lost_after_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare the connection; nothing is opened yet.

        Args:
            source: The camera.
            settings: Settings that the recipe requires, by SFNC name.
            runs_free: The camera delivers pictures without a trigger.
            lost_after_s: Shortest silence in seconds after which a free-running camera is lost.
            clock: Returns monotonic seconds.
        """
        self.source = source
        self._settings = settings
        self.watched = runs_free and not source.info.on_demand
        self._lost_after_s = lost_after_s
        self._clock = clock
        self._interval_s: float | None = None
        self._promised_interval_s: float | None = None
        self._exposure_s = 0.0
        self._deliveries = 0
        self._last_picture_s: float | None = None
        self._last_s = self._next_try_s = math.inf
        self._back_off_s = _FIRST_BACK_OFF_S
        self.lost = False

    @property
    def expected_interval_s(self) -> float | None:
        """The larger one of the measured and the set time between two pictures; None if no picture is expected.

        Any thread may read it; the camera is not asked.
        """
        known_s = [each for each in (self._interval_s, self._promised_interval_s) if each is not None]
        return max(known_s) if known_s and self.watched else None

    def apply_settings(self) -> None:
        """Write the recipe's settings; acquisition does not start yet.

        Raises:
            CameraError: The camera cannot be opened, or rejects a setting.
        """
        self.source.apply(self._settings)

    def start_acquisition(self) -> None:
        """Start acquisition. The source writes its settings again at each start.

        Raises:
            CameraError: The camera cannot be opened or started.
        """
        self.source.start()
        self._interval_s = None
        self.update_expected_interval()
        self._deliveries = 0
        self._last_picture_s = None
        self._last_s = self._clock()

    def update_expected_interval(self) -> None:
        """Read the camera's frame rate and exposure again, after a setting was written."""
        settings = self._reported_settings() if self.watched else {}
        self._exposure_s = float(settings.get("ExposureTime", 0)) / 1e6
        promised_s = _promised_interval_s(settings, self._exposure_s)
        if promised_s != self._promised_interval_s:
            self._interval_s = None
        self._promised_interval_s = promised_s

    def _reported_settings(self) -> Mapping[str, SettingValue]:
        """Return the camera's settings; empty if they cannot be read, since the interval is also measured."""
        try:
            return self.source.settings()
        except CameraError as error:
            _log.warning("%s", error)
            return {}

    def stop_acquisition(self) -> None:
        """Stop acquisition."""
        self.source.stop()

    def fetch(self, timeout_s: float) -> Delivery | None:
        """Return the next delivery, as `FrameSource.fetch`.

        Raises:
            CameraError: The camera is lost, or was silent for too long.
        """
        delivery = self.source.fetch(timeout_s)
        if delivery is not None:
            self._note_delivery(delivery)
        elif self.watched and self._clock() - self._last_s > self._longest_silence_s():
            raise CameraLostError(f"{self.source.info.source} sends no pictures.")
        return delivery

    def mark_lost(self) -> None:
        """Record that the camera is lost; from now on call `try_reconnect`."""
        self.lost = True
        self._back_off_s = _FIRST_BACK_OFF_S
        self._next_try_s = self._clock() + self._back_off_s

    def try_reconnect(self) -> bool:
        """Reopen the camera if the back-off time has passed; return whether it was reopened."""
        if self._clock() < self._next_try_s:
            return False
        try:
            self.source.stop()
            self.start_acquisition()
        except CameraError:
            self._back_off_s = min(2 * self._back_off_s, _LONGEST_BACK_OFF_S)
            self._next_try_s = self._clock() + self._back_off_s
            return False
        self.lost = False
        return True

    def _note_delivery(self, delivery: Delivery) -> None:
        """Update the measured interval.

        Lost frames are delivered together with the next picture, so the time since the last picture covers them all:
        a picture 0.12 s after the last one, with two lost frames between, gives an interval of 0.12 / 3 = 0.04 s.
        """
        self._last_s = now_s = self._clock()
        self._deliveries += 1
        if isinstance(delivery, LostFrame):
            return
        if self._last_picture_s is not None:
            interval_s, usual_s = (now_s - self._last_picture_s) / self._deliveries, self._interval_s
            self._interval_s = interval_s if usual_s is None else _MEMORY * usual_s + (1 - _MEMORY) * interval_s
        self._deliveries = 0
        self._last_picture_s = now_s

    def _longest_silence_s(self) -> float:
        expected_s = self.expected_interval_s
        interval_s = _UNKNOWN_INTERVAL_S if expected_s is None else expected_s
        return longest_silence_s(max(interval_s, self._exposure_s), self._lost_after_s)


def _promised_interval_s(settings: Mapping[str, SettingValue], exposure_s: float) -> float | None:
    """Return the interval that the settings promise; None if they name no rate or the camera does not keep to it.

    A long exposure limits the rate: 25 Hz (0.04 s) with an exposure of 0.1 s gives an interval of 0.1 s.
    """
    rate_hz = settings.get("AcquisitionFrameRate")
    kept = settings.get("AcquisitionFrameRateEnable", True) in (True, "On")
    return max(1 / float(rate_hz), exposure_s) if rate_hz and kept else None
