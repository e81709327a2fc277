"""A GenICam camera as a source of frames. The driver runs in a process of its own; this side never loads it."""

import logging
import time
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from station.camera.genicam import protocol
from station.camera.genicam.features import Feature
from station.camera.genicam.pixel_formats import FORMATS, DamagedPictureError, UnknownPixelFormatError, read_pixels
from station.camera.genicam.process import CameraAbsentError, CameraProcess
from station.camera.genicam.producers import producers
from station.camera.genicam.ring import Ring
from station.camera.source import CameraInfo
from station.domain.errors import CameraError, CameraLostError
from station.domain.frame import Delivery, Frame, LostFrame, NotInspectedCause
from station.domain.recipe import SettingValue
from station.settings import CameraSettings

_ReplyT = TypeVar("_ReplyT", bound=protocol.Reply)
_log = logging.getLogger(__name__)
_OPEN_S, _START_S, _WRITE_S, _STOP_S, _CLOSE_S = 15.0, 5.0, 5.0, 3.0, 3.0
_PROBES = 4
_HUNG_SHARE = 0.5
_SHORTEST_LOOK_S = 0.01


class GenicamCamera:
    """One camera, by its serial number, through whichever producer sees it first.

    A driver that crashes, hangs or stops delivering is a `CameraLostError`: its process is ended, and the next `start`
    begins with a new one, opens the camera again and writes its settings again.

    Args:
        serial: Serial number as the camera reports it.
        settings: Producers, trigger, ring and time limits.
    """

    def __init__(self, serial: str, settings: CameraSettings) -> None:
        self._serial = serial
        self._settings = settings
        self._info = CameraInfo(f"genicam:{serial}", "", "GenICam camera", serial, waits=False)
        self._values: dict[str, SettingValue] = {}
        self._process: CameraProcess | None = None
        self._open = False
        self._producer = ""
        self._ring: Ring | None = None
        self._ready: deque[Delivery] = deque()
        self._silence_s = settings.lost_after_s
        self._hung_after_s = _HUNG_SHARE * settings.lost_after_s
        self._last_sign = 0.0
        self._chunk: Mapping[str, SettingValue] = {}

    @property
    def info(self) -> CameraInfo:
        """Who it is; vendor and model are known once it has been opened."""
        return self._info

    @property
    def chunk(self) -> Mapping[str, SettingValue]:
        """Chunk data of the frame that was fetched last, by feature name; empty where the camera sends none."""
        return self._chunk

    @property
    def process_id(self) -> int | None:
        """The camera process, None while there is none."""
        return self._process.pid if self._process else None

    def apply(self, settings: Mapping[str, SettingValue]) -> None:
        """See `FrameSource.apply`."""
        if self._open:
            written = self._ask(protocol.Write(dict(settings)), protocol.Written, _WRITE_S)
            self._expect_every(written.frame_period_s)
        self._values.update(settings)

    def settings(self) -> dict[str, SettingValue]:
        """See `FrameSource.settings`; any thread may ask. Empty too while the camera is lost, which `fetch` tells."""
        process = self._process
        if process is None or not self._open:
            return {}
        try:
            return dict(process.ask(protocol.ReadSettings(), protocol.Report, _WRITE_S).values)
        except CameraLostError as error:
            _log.warning("%s", error)
            return {}

    def features(self) -> tuple[Feature, ...]:
        """The camera's whole feature tree, as it is now; any thread may ask while the camera is open.

        Where it is not, it is opened, which is for the thread that fetches.

        Raises:
            CameraError: It cannot be opened or read.
        """
        report = self._opened().ask(protocol.ReadFeatures(), protocol.Report, _OPEN_S)
        return tuple(Feature.from_fields(fields) for fields in report.features)

    def start(self) -> None:
        """See `FrameSource.start`."""
        self.stop()
        process = self._opened()
        self._ask(protocol.Write(self._values), protocol.Written, _WRITE_S)
        started = self._ask(self._start_command(), protocol.Started, _START_S)
        if started.pixel_format not in FORMATS:
            self.close()
            raise CameraError(f"Camera {self._serial}: {UnknownPixelFormatError(started.pixel_format)}.")
        self._ring = Ring(process.memory, started.slots, started.slot_bytes, fresh=False)
        self._expect_every(started.frame_period_s)
        self._last_sign = time.monotonic()

    def trigger(self) -> None:
        """See `FrameSource.trigger`."""
        if self._settings.trigger != "software":
            raise CameraError(
                f"Camera {self._serial} is not set to be triggered by the station.",
                "Set 'trigger' of the camera to 'software'.",
            )
        process, _ = self._running()
        process.ask(protocol.Trigger(), protocol.Done, self._hung_after_s)

    def fetch(self, timeout_s: float) -> Delivery | None:
        """See `FrameSource.fetch`."""
        deadline = time.monotonic() + timeout_s
        while not self._ready:
            process, ring = self._running()
            left_s = max(0.0, deadline - time.monotonic())
            if process.news.poll(min(left_s, self._patience_s(ring))):
                self._take(process, ring)
                continue
            self._check_alive(process, ring)
            if not left_s:
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
            self._drop_old_news()
        except CameraError as error:
            _log.warning("%s", error)

    def close(self) -> None:
        """See `FrameSource.close`."""
        self.stop()
        if self._process is not None:
            self._process.close(_CLOSE_S)
            self._forget()

    def _opened(self) -> CameraProcess:
        """The process, with the camera open. One that did not find its camera stays for the next try."""
        allowed = self._producers()
        for producer in () if self._open else allowed:
            try:
                self._open_through(producer)
                break
            except CameraAbsentError as error:
                _log.debug("%s", error)
            except CameraLostError as error:
                _log.warning("%s did not survive to be asked for camera %s: %s", producer, self._serial, error)
        if self._process is None or not self._open:
            raise CameraError(
                f"No camera with serial number {self._serial} is in sight of {len(allowed)} GenTL producers."
            )
        return self._process

    def _open_through(self, producer: str) -> None:
        if self._process is None:
            self._process = CameraProcess(f"camera {self._serial}")
        found = self._ask(protocol.Open(self._serial, producer), protocol.Opened, _OPEN_S)
        self._info = CameraInfo(self._info.source, found.vendor, found.model, found.serial, waits=False)
        self._producer = producer
        self._open = True

    def _producers(self) -> tuple[str, ...]:
        """All that may be loaded, the one that had the camera last time first."""
        allowed = [str(producer.path) for producer in producers(self._settings.producers) if not producer.refusal]
        return tuple(sorted(allowed, key=lambda path: path != self._producer))

    def _expect_every(self, frame_period_s: float | None) -> None:
        self._silence_s = max(self._settings.lost_after_s, 2 * (frame_period_s or 0.0))

    def _start_command(self) -> protocol.Start:
        return protocol.Start(
            trigger=self._settings.trigger,
            slots=self._settings.ring_slots,
            memory_bytes=self._settings.ring_memory_mb * 1_000_000,
            probe_s=self._settings.lost_after_s / _PROBES,
        )

    def _ask(self, command: protocol.Command, answer: type[_ReplyT], within_s: float) -> _ReplyT:
        assert self._process is not None
        try:
            return self._process.ask(command, answer, within_s)
        except CameraLostError:
            self._forget()
            raise

    def _running(self) -> tuple[CameraProcess, Ring]:
        if self._process is None or self._ring is None:
            raise CameraLostError(f"Camera {self._serial} is not running.")
        return self._process, self._ring

    def _patience_s(self, ring: Ring) -> float:
        """How long to wait before there is reason to think that the camera is lost."""
        until_hung_s = self._hung_after_s - ring.silent_s
        until_silent_s = self._silence_s - (time.monotonic() - self._last_sign)
        patience_s = min(until_hung_s, until_silent_s) if self._runs_free else until_hung_s
        return max(_SHORTEST_LOOK_S, patience_s)

    @property
    def _runs_free(self) -> bool:
        return self._settings.trigger == "free"

    def _check_alive(self, process: CameraProcess, ring: Ring) -> None:
        if ring.silent_s > self._hung_after_s and not process.busy:
            raise self._lost(f"hangs: no sign of life for {self._hung_after_s:g} s")
        if self._runs_free and time.monotonic() - self._last_sign > self._silence_s:
            raise self._lost(f"sends no pictures: none for {self._silence_s:g} s")

    def _take(self, process: CameraProcess, ring: Ring) -> None:
        try:
            news = protocol.receive(process.news)
        except (EOFError, OSError) as error:
            raise self._lost("ended unexpectedly") from error
        self._last_sign = time.monotonic()
        match news:
            case protocol.Gone():
                raise self._lost(f"reports that the camera is gone: {news.sentence}")
            case protocol.Delivered():
                self._ready.extend(self._lost_frames(news.losses))
                if news.frame is not None:
                    self._ready.append(self._frame(news.frame, ring.pixels(news.slot)))
                ring.empty(news.slot)

    def _lost_frames(self, losses: tuple[protocol.Loss, ...]) -> Iterator[LostFrame]:
        for loss in losses:
            for frame_id in range(loss.first, loss.first + loss.count):
                yield LostFrame(frame_id, NotInspectedCause(loss.cause), self._origin(frame_id))

    def _frame(self, facts: protocol.FrameFacts, pixels: memoryview) -> Frame | LostFrame:
        origin = self._origin(facts.frame_id)
        try:
            picture = read_pixels(
                pixels[: facts.size], facts.pixel_format, facts.width, facts.height, facts.padding_bytes
            )
        except UnknownPixelFormatError as error:
            return LostFrame(facts.frame_id, NotInspectedCause.WRONG_PICTURE, origin, str(error))
        except DamagedPictureError as error:
            return LostFrame(facts.frame_id, NotInspectedCause.INCOMPLETE_FRAME, origin, str(error))
        self._chunk = facts.chunk
        return Frame(
            image=picture.image,
            frame_id=facts.frame_id,
            received_at=datetime.now(UTC) - timedelta(microseconds=(time.monotonic_ns() - facts.received_ns) / 1000),
            received_ns=facts.received_ns,
            origin=origin,
            timestamp_ns=facts.timestamp_ns,
            significant_bits=picture.significant_bits,
            pixel_format=facts.pixel_format,
            conversion=picture.conversion,
        )

    def _origin(self, frame_id: int) -> str:
        return f"camera {self._serial} frame {frame_id}"

    def _lost(self, what: str) -> CameraLostError:
        assert self._process is not None
        error = self._process.lost(what)
        self._forget()
        return error

    def _drop_old_news(self) -> None:
        while self._process is not None and self._process.news.poll(0):
            protocol.receive(self._process.news)

    def _forget(self) -> None:
        """Give back everything of a process that is no more."""
        if self._ring is not None:
            self._ring.close()
        if self._process is not None:
            self._process.end()
        self._ring = self._process = None
        self._open = False
