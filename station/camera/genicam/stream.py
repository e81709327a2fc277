"""Copies frames from the driver's buffers into the ring and reports losses. Runs in a camera process only.

Example with a ring of 2 slots, while the station is busy and frees no slot until frame 6:

    buffer with id     1       2       3            5                      6
    slot taken         0       1       none         none                   0
    remembered loss    -       -       overrun 3    lost 4, overrun 5      -
    message sent       1       2       -            -                      6, with losses 3, 4 and 5

So every id is reported exactly once, in order: as a frame or as a loss before a frame. If no further frame arrives, the
losses are sent alone as soon as a slot is free.
"""

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
from station.domain.formatting import counted
from station.domain.frame import NotInspectedCause
from station.domain.recipe import SettingValue

_log = logging.getLogger(__name__)
_NO_TIME = 2**63  # an unset timestamp is 2**64 - 1; a real clock needs 292 years to reach 2**63 ns
_MOST_LOSSES = 200  # about 80 bytes each as JSON: 16 kB, and an unread pipe holds 64 KiB
_CHUNK_SWITCHES = ("ModeActive", "Selector", "Enable")


class Stream:
    """A running acquirer, and the ring that its frames are copied to.

    Args:
        acquirer: Harvester's image acquirer; all features have been written.
        nodes: The features of the same camera.
        ring: Receives the frames.
        news: Receives one message per filled slot, so a station that reads nothing can never block the pipe.
        heartbeat: Checks that the camera still responds.
        wait_ms: Longest wait for a frame in one step; 0 if a command (a software trigger) may arrive at any time.
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
        acquirer.add_callback(acquirer.Events.INCOMPLETE_BUFFER, OnIncomplete(self._on_incomplete))

    def start(self) -> None:
        """Start acquisition."""
        self._acquirer.start()
        self._ring.write_heartbeat()

    def step(self) -> bool:
        """Take at most one frame; return whether one arrived.

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
            self._send_losses()
        self._heartbeat.check_camera()
        return came

    def stop(self) -> None:
        """Stop acquisition and release the ring."""
        self._acquirer.stop()
        self._acquirer.remove_callbacks()
        self._ring.close()

    def _take_one(self) -> bool:
        buffer = self._acquirer.try_fetch(timeout=max(self._wait_s / 2, 1e-6), is_raw=True)
        if buffer is None:
            return False
        try:
            self._process(buffer)
        finally:
            buffer.parent.queue_buffer(buffer)
        return True

    def _process(self, buffer: Buffer) -> None:
        received_ns = time.monotonic_ns()
        raw_id = read_or(lambda: int(buffer.frame_id), self._counter.expected_raw_id)
        if self._counter.is_repeated(raw_id, timestamp_ns(buffer)):
            _log.warning("The driver delivered frame %d twice; the second one is ignored.", raw_id)
            return
        arrival = self._counter.count_complete(raw_id)
        if arrival is None:
            return
        self._counter_restarted |= arrival.counter_restarted
        self._add_missing(arrival)
        slot = self._ring.find_free_slot()
        if slot is None:
            self._add_loss(protocol.Loss(NotInspectedCause.OVERRUN, arrival.frame_id, 1, received_ns))
            return
        facts = self._copied(buffer, arrival.frame_id, received_ns, self._ring.slot_pixels(slot))
        self._announce(slot, facts)

    def _add_missing(self, arrival: Arrival) -> None:
        detail = f"the camera's frame counter skipped {counted(arrival.skipped, 'picture')}" if arrival.skipped else ""
        first = arrival.frame_id - arrival.missing
        self._add_loss(protocol.Loss(NotInspectedCause.LOST_FRAME, first, arrival.missing, detail=detail))

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

    def _on_incomplete(self) -> None:
        came_ns = time.monotonic_ns()
        self._add_loss(protocol.Loss(NotInspectedCause.INCOMPLETE_FRAME, self._counter.count_incomplete(), 1, came_ns))

    def _add_loss(self, loss: protocol.Loss) -> None:
        """Remember lost ids until the next message; adjacent ids with the same cause and time share one entry."""
        if not loss.count:
            return
        before = self._losses[-1] if self._losses else None
        if before and self._can_merge(before, loss):
            self._losses[-1] = replace(before, count=before.count + loss.count)
        else:
            self._losses.append(loss)

    def _can_merge(self, before: protocol.Loss, loss: protocol.Loss) -> bool:
        """Return whether two losses may share one entry.

        Above `_MOST_LOSSES` entries their times may differ, because the message must fit into the pipe.
        """
        follows = before.cause == loss.cause and before.first + before.count == loss.first
        same = (before.came_ns, before.detail) == (loss.came_ns, loss.detail)
        return follows and (same or len(self._losses) >= _MOST_LOSSES)

    def _send_losses(self) -> None:
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
    """Return the camera's clock at the exposure; None if the driver does not report it."""
    reported_ns = read_or(lambda: int(buffer.timestamp_ns), _NO_TIME)
    return reported_ns if reported_ns < _NO_TIME else None


def _picture(buffer: Buffer, nodes: NodeMap) -> _Picture:
    """Describe where the picture lies in a buffer: its first part, or the buffer itself if it has no parts.

    What a producer does not report about the buffer is read from the camera's own features.
    """
    part = next(iter(read_or(lambda: buffer.parts, ())), None)
    holder = part or buffer
    number = read_or(lambda: int(part.data_format if part else buffer.pixel_format), 0) or nodes.pixel_format_number()
    width = read_or(lambda: int(holder.width), 0) or int(nodes.read_number("Width") or 0)
    height = read_or(lambda: int(holder.height), 0) or int(nodes.read_number("Height") or 0)
    padding = read_or(lambda: int(part.x_padding if part else buffer.padding_x), 0)
    offset = read_or(lambda: int(part.data_offset if part else buffer.image_offset), 0)
    bits = (number >> 16) & 0xFF  # PFNC: 0x010C0047 (Mono12p) has 0x0C = 12 bits per pixel
    size = payload_size(width, height, bits, padding)
    return _Picture(pixel_format_name(number), width, height, padding, offset, size)


def _chunk_reader(nodes: NodeMap) -> Callable[[], dict[str, SettingValue]]:
    """Return a reader of the chunk data of the newest buffer; it returns an empty dict if the camera sends none."""
    if nodes.read_value("ChunkModeActive") is not True:
        return dict
    names = [name for name in nodes.feature_names() if name.startswith("Chunk") and not name.endswith(_CHUNK_SWITCHES)]
    return lambda: {name: value for name in names if (value := nodes.read_value(name)) is not None}
