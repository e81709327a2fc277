"""The connection to the camera: opened, watched, and found again when it was lost."""

import logging
import math
import time
from collections.abc import Callable, Mapping

from station.camera.source import FrameSource
from station.domain.errors import CameraError, CameraLostError
from station.domain.frame import Delivery, LostFrame
from station.domain.recipe import SettingValue

_log = logging.getLogger(__name__)
_FIRST_BACK_OFF_S, _LONGEST_BACK_OFF_S = 0.1, 0.5
_FIRST_PICTURE_S = 5.0
_MEMORY = 0.8


class CameraLink:
    """One camera, and whether it is there.

        closed --set_up(), wake()--> delivering --CameraError, or silence--> lost --try_again()--> delivering
                           delivering --rest()--> resting --wake()--> delivering

    Where pictures should come by themselves, silence is a loss too: no picture for `lost_after_s`, or for two
    intervals where those are longer, the usual ones or those that the camera's settings promise.
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
        """Nothing is opened yet.

        Args:
            source: The camera.
            settings: What the recipe demands of it, by SFNC names.
            runs_free: Pictures come without a trigger.
            lost_after_s: So much silence is a loss, where pictures should come by themselves.
            clock: Monotonic seconds.
        """
        self.source = source
        self._settings = settings
        self.watched = runs_free and not source.info.waits
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
        """The usual time between two pictures, or the promised one where it is longer; None where none is expected.

        From memory: any thread may ask often.
        """
        told_s = [each for each in (self._interval_s, self._promised_interval_s) if each is not None]
        return max(told_s) if told_s and self.watched else None

    def set_up(self) -> None:
        """As the recipe demands; no pictures come yet.

        Raises:
            CameraError: It cannot be opened, or does not take a setting.
        """
        self.source.apply(self._settings)

    def wake(self) -> None:
        """Let pictures come. The camera writes its settings again at each start."""
        self.source.start()
        self._interval_s = None
        self.expect_anew()
        self._deliveries = 0
        self._last_picture_s = None
        self._last_s = self._clock()

    def expect_anew(self) -> None:
        """The camera was set: ask it how often pictures come from now on."""
        settings = self._told_settings() if self.watched else {}
        self._exposure_s = float(settings.get("ExposureTime", 0)) / 1e6
        promised_s = _promised_interval_s(settings, self._exposure_s)
        if promised_s != self._promised_interval_s:
            self._interval_s = None
        self._promised_interval_s = promised_s

    def _told_settings(self) -> Mapping[str, SettingValue]:
        """A camera that does not let itself be read is no less there; its pictures tell how often they come."""
        try:
            return self.source.settings()
        except CameraError as error:
            _log.warning("%s", error)
            return {}

    def rest(self) -> None:
        """Let no more pictures come."""
        self.source.stop()

    def fetch(self, timeout_s: float) -> Delivery | None:
        """The next delivery, as `FrameSource.fetch`.

        Raises:
            CameraError: The camera is gone, or silent for too long.
        """
        delivery = self.source.fetch(timeout_s)
        if delivery is not None:
            self._heard(delivery)
        elif self.watched and self._clock() - self._last_s > self._longest_silence_s():
            raise CameraLostError(f"{self.source.info.source} sends no pictures.")
        return delivery

    def lose(self) -> None:
        """The camera is gone: from now on `try_again`."""
        self.lost = True
        self._back_off_s = _FIRST_BACK_OFF_S
        self._next_try_s = self._clock() + self._back_off_s

    def try_again(self) -> bool:
        """Open the camera again when it is time to; whether it was opened."""
        if self._clock() < self._next_try_s:
            return False
        try:
            self.source.stop()
            self.wake()
        except CameraError:
            self._back_off_s = min(2 * self._back_off_s, _LONGEST_BACK_OFF_S)
            self._next_try_s = self._clock() + self._back_off_s
            return False
        self.lost = False
        return True

    def _heard(self, delivery: Delivery) -> None:
        """A lost frame is told together with the next one: the time since the last picture is that of all of them."""
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
        patience_s = _FIRST_PICTURE_S if expected_s is None else 2 * expected_s
        return max(self._lost_after_s, patience_s, 2 * self._exposure_s)


def _promised_interval_s(settings: Mapping[str, SettingValue], exposure_s: float) -> float | None:
    """None where the camera names no rate, or does not keep to it. A long exposure leaves room for fewer pictures."""
    rate_hz = settings.get("AcquisitionFrameRate")
    kept = settings.get("AcquisitionFrameRateEnable", True) in (True, "On")
    return max(1 / float(rate_hz), exposure_s) if rate_hz and kept else None
