"""Frames out of the driver's buffers into the ring. Runs in a camera process and nowhere else."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

from station.camera.genicam import protocol
from station.camera.genicam.driver import (
    DRIVER_ERRORS,
    Acquirer,
    Buffer,
    OnIncomplete,
    driver_message,
    pixel_format_name,
    read_or,
)
from station.camera.genicam.frame_ids import Arrival, FrameCounter
from station.camera.genicam.heartbeat import CameraGoneError, Heartbeat
from station.camera.genicam.node_map import NodeMap
from station.camera.genicam.payload_size import payload_size
from station.camera.genicam.ring import Ring
from station.domain.frame import NotInspectedCause
from station.domain.recipe import SettingValue

_log = logging.getLogger(__name__)
_NO_TIME = 2**63  # unset is the highest number of 64 bits; no clock has run for half of that
_MOST_LOSSES = 200  # some 80 bytes each, and a pipe that nobody reads holds 64 KiB
_CHUNK_SWITCHES = ("ModeActive", "Selector", "Enable")


class Stream:
    """An acquirer that was started, and the ring its frames go to.

    Args:
        acquirer: Harvester's image acquirer, its features written.
        nodes: The same camera's features.
        ring: Where frames go.
        news: Where they are announced. Each announcement takes a slot, so an idle reader can never block us.
        heartbeat: Tells whether the camera is there.
        wait_ms: How long the driver may wait for a frame in one step; 0 where a command may come at any moment.
    """

    def __init__(
        self,
        acquirer: Acquirer,
        nodes: NodeMap,
        ring: Ring,
        news: "Connection[Any, Any]",
        heartbeat: Heartbeat,
        *,
        wait_ms: int,
    ) -> None:
        self._acquirer = acquirer
        self._ring = ring
        self._news = news
        self._heartbeat = heartbeat
        self._nodes = nodes
        self._chunks = _chunk_reader(nodes)
        self._counter = FrameCounter()
        self._losses: list[protocol.Loss] = []
        self._counter_restarted = False
        self._wait_s = wait_ms / 1000
        acquirer.timeout_period_on_update_event_data_call = wait_ms
        acquirer.add_callback(acquirer.Events.INCOMPLETE_BUFFER, OnIncomplete(self._incomplete))

    def start(self) -> None:
        """Let frames come."""
        self._acquirer.start()
        self._ring.write_heartbeat()

    def step(self) -> bool:
        """Take at most one frame; True if one came.

        Raises:
            CameraGoneError: The camera is lost.
        """
        self._ring.write_heartbeat()
        try:
            came = self._take_one()
        except DRIVER_ERRORS as error:
            raise CameraGoneError(driver_message(error)) from error
        if came:
            self._heartbeat.note_frame()
        else:
            self._tell_losses()
        self._heartbeat.check_camera()
        return came

    def stop(self) -> None:
        """Let no more frames come."""
        self._acquirer.stop()
        self._acquirer.remove_callbacks()
        self._ring.close()

    def _take_one(self) -> bool:
        buffer = self._acquirer.try_fetch(timeout=max(self._wait_s / 2, 1e-6), is_raw=True)
        if buffer is None:
            return False
        try:
            self._pass_on(buffer)
        finally:
            buffer.parent.queue_buffer(buffer)
        return True

    def _pass_on(self, buffer: Buffer) -> None:
        received_ns = time.monotonic_ns()
        raw_id = read_or(lambda: int(buffer.frame_id), self._counter.expected_raw_id)
        if self._counter.is_repeated(raw_id, timestamp_ns(buffer)):
            _log.warning("the driver handed over frame %d twice; it is taken once", raw_id)
            return
        arrival = self._counter.count_complete(raw_id)
        if arrival is None:
            return
        self._counter_restarted |= arrival.counter_restarted
        self._miss(arrival)
        slot = self._ring.find_free_slot()
        if slot is None:
            self._lose(protocol.Loss(NotInspectedCause.OVERRUN, arrival.frame_id, 1, received_ns))
            return
        facts = self._copied(buffer, arrival.frame_id, received_ns, self._ring.slot_pixels(slot))
        self._announce(slot, facts)

    def _miss(self, arrival: Arrival) -> None:
        detail = f"the camera's own count leapt over {arrival.skipped} pictures" if arrival.skipped else ""
        first = arrival.frame_id - arrival.missing
        self._lose(protocol.Loss(NotInspectedCause.LOST_FRAME, first, arrival.missing, detail=detail))

    def _copied(self, buffer: Buffer, frame_id: int, received_ns: int, pixels: memoryview) -> protocol.FrameFacts:
        picture = _picture(buffer, self._nodes)
        filled = read_or(lambda: int(buffer.size_filled), 0) or None  # beyond it lies an older picture; 0: unknown
        held = memoryview(buffer.raw_buffer)[picture.offset : filled]
        size = min(picture.size, len(pixels), len(held))
        pixels[:size] = held[:size]
        return protocol.FrameFacts(
            frame_id=frame_id,
            timestamp_ns=timestamp_ns(buffer),
            received_ns=received_ns,
            pixel_format=picture.pixel_format,
            width=picture.width,
            height=picture.height,
            padding_bytes=picture.padding_bytes,
            size=size,
            chunk=self._chunks(),
        )

    def _incomplete(self) -> None:
        came_ns = time.monotonic_ns()
        self._lose(protocol.Loss(NotInspectedCause.INCOMPLETE_FRAME, self._counter.count_incomplete(), 1, came_ns))

    def _lose(self, loss: protocol.Loss) -> None:
        """Remember missing ids, joined to those just before where they went the same way at the same moment."""
        if not loss.count:
            return
        before = self._losses[-1] if self._losses else None
        if before and self._goes_with(before, loss):
            self._losses[-1] = replace(before, count=before.count + loss.count)
        else:
            self._losses.append(loss)

    def _goes_with(self, before: protocol.Loss, loss: protocol.Loss) -> bool:
        """Whether two losses are told as one. Of a great many, moments are left out: what is sent must fit the pipe."""
        follows = before.cause == loss.cause and before.first + before.count == loss.first
        same = (before.came_ns, before.detail) == (loss.came_ns, loss.detail)
        return follows and (same or len(self._losses) >= _MOST_LOSSES)

    def _tell_losses(self) -> None:
        slot = self._ring.find_free_slot() if self._losses else None
        if slot is not None:
            self._announce(slot, None)

    def _announce(self, slot: int, facts: protocol.FrameFacts | None) -> None:
        delivered = protocol.Delivered(slot, tuple(self._losses), facts, self._counter_restarted)
        self._losses, self._counter_restarted = [], False
        self._ring.mark_filled(slot)
        protocol.send(self._news, delivered)


@dataclass(frozen=True, slots=True)
class _Picture:
    pixel_format: str
    width: int
    height: int
    padding_bytes: int
    offset: int
    size: int


def timestamp_ns(buffer: Buffer) -> int | None:
    """The camera's clock when it took the picture, None where it told none."""
    told_ns = read_or(lambda: int(buffer.timestamp_ns), _NO_TIME)
    return told_ns if told_ns < _NO_TIME else None


def _picture(buffer: Buffer, nodes: NodeMap) -> _Picture:
    """Where the picture lies in a buffer: its first part that is an image, or the buffer itself.

    Producers may leave questions about a buffer open; then the camera's own features answer.
    """
    part = next(iter(read_or(lambda: buffer.parts, ())), None)
    holder = part or buffer
    number = read_or(lambda: int(part.data_format if part else buffer.pixel_format), 0) or nodes.pixel_format_number()
    width = read_or(lambda: int(holder.width), 0) or int(nodes.read_number("Width") or 0)
    height = read_or(lambda: int(holder.height), 0) or int(nodes.read_number("Height") or 0)
    padding = read_or(lambda: int(part.x_padding if part else buffer.padding_x), 0)
    offset = read_or(lambda: int(part.data_offset if part else buffer.image_offset), 0)
    bits = (number >> 16) & 0xFF  # PFNC: the bits that a pixel takes are part of the format's number
    size = payload_size(width, height, bits, padding)
    return _Picture(pixel_format_name(number), width, height, padding, offset, size)


def _chunk_reader(nodes: NodeMap) -> Callable[[], dict[str, SettingValue]]:
    """Reads the chunk data of the buffer that was fetched last; reads nothing where the camera sends none."""
    if nodes.read_value("ChunkModeActive") is not True:
        return dict
    names = [name for name in nodes.feature_names() if name.startswith("Chunk") and not name.endswith(_CHUNK_SWITCHES)]
    return lambda: {name: value for name in names if (value := nodes.read_value(name)) is not None}
