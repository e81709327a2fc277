"""A GenICam camera as a source of frames. The driver runs in its own process; the station never loads it."""

import logging
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from station.camera.genicam import protocol
from station.camera.genicam.features import from_fields
from station.camera.genicam.frame_conversion import failed_frame, lost_frames, to_frame
from station.camera.genicam.pixel_formats import FORMATS, UnknownPixelFormatError
from station.camera.genicam.process import CameraAbsentError, CameraProcess
from station.camera.genicam.producers import producers
from station.camera.genicam.ring import Ring
from station.camera.genicam.standby import Standby
from station.camera.genicam.watchdog import Watchdog
from station.camera.source import CameraInfo, LiveFeatures
from station.domain.camera import CameraFeature
from station.domain.errors import CameraError, CameraLostError
from station.domain.frame import Delivery, Frame, LostFrame
from station.domain.recipe import SettingValue
from station.domain.source_uri import SourceKind

_ReplyT = TypeVar("_ReplyT", bound=protocol.Reply)
_log = logging.getLogger(__name__)
_WRITTEN_ONCE = "UserSetSave"  # the camera's flash memory wears out
_TRIGGER_WAITS_S = 0.05
_OPEN_S, _START_S, _WRITE_S, _READ_S, _STOP_S, _CLOSE_S = 15.0, 5.0, 8.0, 5.0, 3.0, 3.0


class GenicamSettings(Protocol):
    """What a GenICam camera needs of the station's `CameraSettings`."""

    @property
    def producers(self) -> tuple[Path, ...]:
        """GenTL producers (.cti), absolute paths."""
        ...

    @property
    def trigger(self) -> Literal["free", "software", "hardware"]:
        """How a frame is started."""
        ...

    @property
    def lost_after_s(self) -> float:
        """Seconds of silence after which the camera is lost; see `Watchdog`."""
        ...

    @property
    def ring_slots(self) -> int:
        """Frames that may wait for the station."""
        ...

    @property
    def ring_memory_mb(self) -> int:
        """Most memory for these frames, in units of 1,000,000 bytes."""
        ...


class GenicamCamera:
    """One camera, found by its serial number through the first producer that can open it.

    If the driver crashes, hangs or stops delivering, its process is killed and `CameraLostError` is raised. The next
    `start` takes the spare process, opens the camera in it and writes the settings again.

    Args:
        serial: Serial number as the camera reports it.
        settings: Producers, trigger, ring and time limits.
    """

    def __init__(self, serial: str, settings: GenicamSettings) -> None:
        self._serial = serial
        self._settings = settings
        self._info = CameraInfo(SourceKind.GENICAM.uri(serial), "", "GenICam camera", serial, on_demand=False)
        self._values: dict[str, SettingValue] = {}
        self._process: CameraProcess | None = None
        self._standby = Standby(f"camera {serial}")
        self._open = False
        self._producer = ""
        self._hanging: set[str] = set()
        self._ring: Ring | None = None
        self._ready: deque[Delivery] = deque()
        self._watchdog = Watchdog(settings.lost_after_s, runs_free=settings.trigger == "free")

    @property
    def info(self) -> CameraInfo:
        """The identity; vendor and model are known after the camera was opened for the first time."""
        return self._info

    @property
    def process_id(self) -> int | None:
        """Id of the camera process; None if there is none."""
        return self._process.pid if self._process else None

    def apply(self, settings: Mapping[str, SettingValue]) -> None:
        """See `FrameSource.apply`."""
        if self._open:
            written = self._ask(protocol.Write(dict(settings)), protocol.Written, _WRITE_S)
            self._watchdog.set_frame_period(written.frame_period_s)
            settings = {name: value for name, value in settings.items() if name != _WRITTEN_ONCE}
        self._values.update(settings)

    def settings(self) -> dict[str, SettingValue]:
        """See `FrameSource.settings`. Any thread may call it."""
        if not self._producer:
            return {}
        return dict(self._open_process().send_command(protocol.ReadSettings(), protocol.Report, _WRITE_S).values)

    def features(self, *names: str) -> tuple[CameraFeature, ...]:
        """See `FrameSource.features`; opens the camera if it is not open. For the thread that fetches.

        Args:
            names: SFNC names to read; names that the camera does not have are left out. All features if none is given.

        Raises:
            CameraError: The camera cannot be opened or read.
        """
        return _read(self._opened(), names, _OPEN_S)

    @property
    def live_features(self) -> LiveFeatures:
        """See `FrameSource.live_features`: the camera itself."""
        return self

    def read_live(self, *names: str) -> tuple[CameraFeature, ...]:
        """See `LiveFeatures.read_live`; never opens the camera."""
        return _read(self._open_process(), names, _READ_S if names else _OPEN_S)

    def start(self) -> None:
        """See `FrameSource.start`."""
        self.stop()
        process = self._opened()
        try:
            started = self._started()
        except CameraError:
            self.close()  # the next start opens the camera again
            raise
        self._ring = Ring(process.memory, started.slots, started.slot_bytes, fresh=False)
        self._watchdog.set_frame_period(started.frame_period_s)
        self._watchdog.note_delivery()
        self._standby.prepare_process()

    def trigger(self) -> None:
        """See `FrameSource.trigger`."""
        if self._settings.trigger != "software":
            raise CameraError(
                f"Camera {self._serial} is not set to software trigger.",
                "Set 'trigger' of the camera to 'software'.",
            )
        process, _ = self._running()
        # Behind a long command the trigger would be late and show another part; the camera is reported busy instead.
        process.send_command(
            protocol.Trigger(), protocol.Done, self._watchdog.hung_after_s, free_within_s=_TRIGGER_WAITS_S
        )

    def fetch(self, timeout_s: float) -> Delivery | None:
        """See `FrameSource.fetch`."""
        deadline = time.monotonic() + timeout_s
        while not self._ready:
            process, ring = self._running()
            left_s = max(0.0, deadline - time.monotonic())
            if process.news.poll(min(left_s, self._watchdog.poll_timeout_s(ring.heartbeat_age_s))):
                self._receive(process, ring)
            elif why := self._watchdog.loss_reason(ring.heartbeat_age_s, busy=process.busy):
                raise self._lost(why)
            elif not left_s:
                return None
        return self._ready.popleft()

    def stop(self) -> None:
        """See `FrameSource.stop`."""
        self._ready.clear()
        if self._ring is None:
            return
        ring, self._ring = self._ring, None
        ring.close()
        try:
            self._ask(protocol.Stop(), protocol.Done, _STOP_S)
            self._discard_old_news()
        except CameraError as error:
            _log.warning("%s", error)
            self._discard_process()

    def close(self) -> None:
        """See `FrameSource.close`."""
        self.stop()
        if self._process is not None:
            self._process.close(_CLOSE_S)
            self._discard_process()
        self._standby.close()

    def _open_process(self) -> CameraProcess:
        """Return the process with the open camera. Any thread may call it."""
        process = self._process
        if process is None or not self._open:
            raise CameraLostError(f"Camera {self._serial} is not open.")
        return process

    def _opened(self) -> CameraProcess:
        """Return the process with the open camera; open it if necessary.

        A process that does not find its camera is kept for the next try.
        """
        if self._process is not None and self._open:
            return self._process
        return self._open_through_any(self._usable_producers())

    def _open_through_any(self, producers: tuple[str, ...]) -> CameraProcess:
        """Open the camera through the first producer that can.

        If none can, the error of the first one that found the camera explains best what is wrong.
        """
        refusals: list[CameraError] = []
        for producer in producers:
            try:
                return self._open_through(producer)
            except CameraAbsentError as error:
                _log.debug("%s", error)
            except CameraLostError as error:
                self._hanging.add(producer)
                _log.warning("Producer %s failed while it searched for camera %s: %s", producer, self._serial, error)
            except CameraError as error:
                refusals.append(error)
        raise next(iter(refusals), self._not_found_error(producers))

    def _not_found_error(self, asked: tuple[str, ...]) -> CameraError:
        silent = f"; {', '.join(sorted(self._hanging))} did not answer" if self._hanging else ""
        return CameraError(f"No GenTL producer found camera {self._serial} ({len(asked)} searched{silent}).")

    def _open_through(self, producer: str) -> CameraProcess:
        if self._process is None:
            self._process = self._standby.take_process()
        command = protocol.Open(self._serial, producer, self._settings.lost_after_s)
        try:
            found = self._ask(command, protocol.Opened, _OPEN_S)
        except CameraAbsentError:
            raise
        except CameraError:
            self._discard_process()  # a driver that failed to open a camera may keep it half open
            self._standby.prepare_process()  # for the next producer or the next try
            raise
        self._info = CameraInfo(self._info.source, found.vendor, found.model, found.serial, on_demand=False)
        self._producer = producer
        self._open = True
        return self._process

    def _usable_producers(self) -> tuple[str, ...]:
        """Return the producer that had the camera; before that, all that may be loaded and did not hang.

        Only one is asked when a lost camera is reopened, since another one that hangs would delay every reconnect.
        """
        allowed = [str(producer.library) for producer in producers(self._settings.producers) if not producer.refusal]
        if self._producer in allowed:
            return (self._producer,)
        return tuple(path for path in allowed if path not in self._hanging)

    def _started(self) -> protocol.Started:
        self._ask(protocol.Write(self._values), protocol.Written, _WRITE_S)
        self._values.pop(_WRITTEN_ONCE, None)
        started = self._ask(self._start_command(), protocol.Started, _START_S)
        if started.pixel_format not in FORMATS:
            raise CameraError(f"Camera {self._serial}: {UnknownPixelFormatError(started.pixel_format)}.")
        return started

    def _start_command(self) -> protocol.Start:
        return protocol.Start(
            trigger=self._settings.trigger,
            slots=self._settings.ring_slots,
            memory_bytes=self._settings.ring_memory_mb * 1_000_000,
        )

    def _ask(self, command: protocol.Command, answer: type[_ReplyT], within_s: float) -> _ReplyT:
        assert self._process is not None
        try:
            return self._process.send_command(command, answer, within_s)
        except CameraLostError:
            self._discard_process()
            raise

    def _running(self) -> tuple[CameraProcess, Ring]:
        if self._process is None or self._ring is None:
            raise CameraLostError(f"Camera {self._serial} is not running.")
        return self._process, self._ring

    def _receive(self, process: CameraProcess, ring: Ring) -> None:
        try:
            news = protocol.receive(process.news)
        except (EOFError, OSError) as error:
            raise self._lost("ended unexpectedly") from error
        self._watchdog.note_delivery()
        match news:
            case protocol.CameraGone():
                raise self._lost(f"reports that the camera is gone: {news.sentence}")
            case protocol.Delivered():
                if news.counter_restarted:
                    _log.warning("Camera %s restarted its frame counter; more frames may be missing.", self._serial)
                try:
                    self._delivered(news, ring)
                finally:
                    ring.mark_free(news.slot)

    def _delivered(self, news: protocol.Delivered, ring: Ring) -> None:
        next_ns = news.frame.received_ns if news.frame else None
        self._ready.extend(lost_frames(news.losses, next_ns, self._serial))
        if news.frame is not None:
            self._hand_over(news.frame, ring.slot_pixels(news.slot))

    def _hand_over(self, facts: protocol.FrameFacts, pixels: memoryview) -> None:
        """Deliver the picture; if anything fails here, deliver its id as lost, so that no id disappears."""
        delivery: Frame | LostFrame = failed_frame(facts, self._serial)
        try:
            delivery = to_frame(facts, pixels, self._serial)
        finally:
            self._ready.append(delivery)

    def _lost(self, what: str) -> CameraLostError:
        assert self._process is not None
        error = self._process.kill_as_lost(what)
        self._discard_process()
        return error

    def _discard_old_news(self) -> None:
        assert self._process is not None
        try:
            while self._process.news.poll(0):
                protocol.receive(self._process.news)
        except (EOFError, OSError) as error:
            raise self._lost("ended unexpectedly") from error

    def _discard_process(self) -> None:
        """Release everything that belonged to the process, and kill it if it is alive."""
        if self._ring is not None:
            self._ring.close()
        if self._process is not None:
            self._process.kill()
        self._ring = self._process = None
        self._open = False


def _read(process: CameraProcess, names: tuple[str, ...], within_s: float) -> tuple[CameraFeature, ...]:
    report = process.send_command(protocol.ReadFeatures(names), protocol.Report, within_s)
    return tuple(map(from_fields, report.features))
