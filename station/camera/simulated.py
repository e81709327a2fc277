"""A simulated camera above a simulated line: exposure, gain, trigger, losses, and the truth about every part."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

from station.camera.feature_description import describe_features
from station.camera.features import ChoiceFeature, Feature, NumberFeature, feature_named
from station.camera.frame_timer import Due, FrameTimer, TriggerKind, overwritten_frame
from station.camera.simulation.line import PRODUCTS, PartTruth, SimulatedLine
from station.camera.simulation.optics import NOMINAL_EXPOSURE_US
from station.camera.source import CameraInfo
from station.domain.camera import CameraFeature
from station.domain.clock import utc_now
from station.domain.errors import BadInputError, CameraError, CameraLostError, is_lack_of_memory
from station.domain.frame import NO_MEMORY, Delivery, Frame, LostFrame, NotInspectedCause
from station.domain.recipe import SettingValue

FEATURES: dict[str, Feature] = {
    feature.name: feature
    for feature in (
        NumberFeature("ExposureTime", "us", 20, 200_000),
        NumberFeature("Gain", "dB", 0, 24),
        NumberFeature("AcquisitionFrameRate", "Hz", 0.1, 200),
        ChoiceFeature("TriggerMode", ("Off", "On")),
        ChoiceFeature("TriggerSource", ("Software",)),
    )
}
DEFAULT_RATE_HZ = 4.0
_SMALLEST_PX, _LARGEST_PX = 64, 4096


@dataclass(frozen=True, slots=True)
class Faults:
    """Simulated faults; numbers are frame ids, from 1.

    Attributes:
        lost: These frames never arrive.
        incomplete: These frames arrive with packets missing.
        disconnect_after: The camera is unplugged once, after this frame; None: never.
        return_after_s: Seconds until it is plugged in again; infinite: not before `reconnect`.
    """

    lost: frozenset[int] = frozenset()
    incomplete: frozenset[int] = frozenset()
    disconnect_after: int | None = None
    return_after_s: float = math.inf

    def cause_of(self, frame_id: int) -> NotInspectedCause | None:
        """Return why this frame is not delivered; None if it is delivered."""
        if frame_id in self.lost:
            return NotInspectedCause.LOST_FRAME
        return NotInspectedCause.INCOMPLETE_FRAME if frame_id in self.incomplete else None


class SimulatedCamera:
    """A camera without a device, with the same contract and errors as a real one.

    Every picture and its truth are pure functions of product, seed, size and frame id, so frame 7 shows the same part
    after every start. Every start, also after a loss, begins with frame 1.
    """

    def __init__(
        self,
        product: str = "flange",
        *,
        seed: int = 1,
        rate_hz: float = DEFAULT_RATE_HZ,
        trigger: TriggerKind = "free",
        size: tuple[int, int] = (640, 480),
        defect_share: float = 0.2,
        faults: Faults | None = None,
    ) -> None:
        """Draw the line now, so that `start` takes no time and several cameras start at the same moment.

        Args:
            product: One of `PRODUCTS`.
            seed: Selects the sequence of parts; 0 or more.
            rate_hz: Frames per second when running free; 0 draws one per fetch, and
                AcquisitionFrameRate then only limits the exposure.
            trigger: "free" or "software".
            size: Width and height in pixels, 64 to 4096.
            defect_share: Share of parts with a defect, 0..1.
            faults: Simulated faults; none by default.

        Raises:
            BadInputError: One of the arguments is out of range.
        """
        _check(product, seed, size, defect_share)
        source = f"simulated:{product}"
        self._info = CameraInfo(source, "Lineside", f"simulated line of {product} parts", str(seed), rate_hz == 0)
        self._timer = FrameTimer(source, rate_hz, trigger)
        self._line = SimulatedLine(product, seed, *size, defect_share)
        self._line.draw_shared()
        self._faults = faults or Faults()
        self._next_id: int | None = None
        self._presented: int | None = None
        self._lost = False
        self._absent_until_s = -math.inf
        self._values: dict[str, SettingValue] = {
            "ExposureTime": NOMINAL_EXPOSURE_US,
            "Gain": 0.0,
            "AcquisitionFrameRate": rate_hz or DEFAULT_RATE_HZ,
            "TriggerMode": "On" if self._timer.triggered else "Off",
            "TriggerSource": "Software",
        }

    @property
    def info(self) -> CameraInfo:
        """See `FrameSource`."""
        return self._info

    def part_truth(self, frame_id: int) -> PartTruth:
        """Return what the part of that frame really is. Any thread may call it at any time."""
        return self._line.part_truth(frame_id)

    def present(self, number: int) -> None:
        """Put this part of the line under the camera: the next picture shows it, whatever its frame id."""
        self._presented = number

    def disconnect(self, return_after_s: float = math.inf) -> None:
        """Unplug the camera for `return_after_s` seconds, or until `reconnect`."""
        self._absent_until_s = time.monotonic() + return_after_s
        self._lost = True
        self._timer.interrupt_wait()

    def reconnect(self) -> None:
        """Plug the camera in; it delivers again after the next `start`."""
        self._absent_until_s = -math.inf

    @property
    def live_features(self) -> None:
        """See `FrameSource`: None, because `features` reads no device that could be busy."""

    def features(self) -> tuple[CameraFeature, ...]:
        """See `FrameSource`."""
        return describe_features(FEATURES, self.settings())

    def apply(self, settings: Mapping[str, SettingValue]) -> None:
        """See `FrameSource`; `FEATURES` lists the settings."""
        checked = {name: feature_named(name, FEATURES, self._info.source).checked(settings[name]) for name in settings}
        wanted = self._values | checked
        _check_exposure(float(wanted["ExposureTime"]), float(wanted["AcquisitionFrameRate"]))
        self._values = wanted
        self._timer.triggered = self._values["TriggerMode"] == "On"
        if not self._info.on_demand:
            self._timer.rate_hz = self._number("AcquisitionFrameRate")

    def settings(self) -> dict[str, SettingValue]:
        """See `FrameSource`."""
        return dict(self._values)

    def start(self) -> None:
        """See `FrameSource`."""
        if time.monotonic() < self._absent_until_s:
            raise CameraError(f"{self._info.source} cannot be opened: it is not connected.", CameraLostError.advice)
        self._lost = False
        self._next_id = 1
        self._timer.restart()

    def trigger(self) -> None:
        """See `FrameSource`."""
        self._require_connected()
        self._timer.trigger()

    def fetch(self, timeout_s: float) -> Delivery | None:
        """See `FrameSource`."""
        self._require_connected()
        due = self._timer.wait_for_frame(timeout_s)
        self._require_connected()
        if due is Due.NOTHING or self._next_id is None:
            return None
        frame_id, self._next_id = self._next_id, self._next_id + 1
        delivery = self._deliver(frame_id, due)
        self._disconnect_when_due(frame_id)
        return delivery

    def stop(self) -> None:
        """See `FrameSource`."""
        self._next_id = None

    def close(self) -> None:
        """See `FrameSource`."""
        self.stop()

    def _deliver(self, frame_id: int, due: Due) -> Delivery:
        origin = f"{self._info.source} frame {frame_id}"
        if due is Due.OVERWRITTEN:
            return overwritten_frame(frame_id, origin)
        cause = self._faults.cause_of(frame_id)
        if cause is not None:
            return LostFrame(frame_id, cause, origin, "simulated fault", time.monotonic_ns())
        exposed_ns = time.monotonic_ns()
        number, self._presented = self._presented or frame_id, None
        try:
            image = self._line.draw_picture(number, self._number("ExposureTime"), self._number("Gain"))
        except Exception as error:
            if not is_lack_of_memory(error):
                raise
            return LostFrame(frame_id, NotInspectedCause.STATION_FAILED, origin, NO_MEMORY, exposed_ns)
        now, now_ns = utc_now(), time.monotonic_ns()
        return Frame(image, frame_id, now, now_ns, origin, timestamp_ns=exposed_ns, pixel_format="RGB8")

    def _disconnect_when_due(self, frame_id: int) -> None:
        if frame_id == self._faults.disconnect_after:
            after_s = self._faults.return_after_s
            self._faults = Faults(self._faults.lost, self._faults.incomplete)
            self.disconnect(after_s)

    def _require_connected(self) -> None:
        if self._lost:
            raise CameraLostError(f"{self._info.source} was disconnected.")
        if self._next_id is None:
            raise CameraError(f"{self._info.source} was not started.")

    def _number(self, name: str) -> float:
        return float(self._values[name])


def _check(product: str, seed: int, size: tuple[int, int], defect_share: float) -> None:
    if product not in PRODUCTS:
        raise BadInputError(f"The simulated line has no product '{product}'.", f"Choose one of: {', '.join(PRODUCTS)}.")
    if seed < 0:
        raise BadInputError(f"The seed of a simulated line cannot be {seed}.", "Give a whole number of 0 or more.")
    if not all(_SMALLEST_PX <= side <= _LARGEST_PX for side in size):
        raise BadInputError(
            f"A simulated picture cannot be {size[0]} x {size[1]} px.", f"Sides are {_SMALLEST_PX} to {_LARGEST_PX} px."
        )
    if not 0 <= defect_share <= 1:
        raise BadInputError(f"The share of defective parts cannot be {defect_share}.", "Give a number from 0 to 1.")


def _check_exposure(exposure_time_us: float, rate_hz: float) -> None:
    longest_us = 1e6 / rate_hz
    if exposure_time_us > longest_us:
        raise CameraError(
            f"ExposureTime cannot be {exposure_time_us:g} us: AcquisitionFrameRate {rate_hz:g} Hz allows "
            f"at most {longest_us:g} us.",
            "Shorten the exposure or lower the frame rate.",
        )
