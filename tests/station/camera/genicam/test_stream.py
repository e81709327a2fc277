from collections.abc import Callable
from multiprocessing.connection import Connection, Pipe
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from station.camera.genicam import protocol
from station.camera.genicam.frame_conversion import lost_frames, to_frame
from station.camera.genicam.stream import Stream, timestamp_ns
from station.domain.frame import Frame, NotInspectedCause

pytestmark = pytest.mark.genicam

MONO8, MONO12P = 0x01080001, 0x010C0047


class Slots:
    """A ring of one slot."""

    def __init__(self, size: int) -> None:
        self.memory = memoryview(bytearray(size))
        self.free = True

    def find_free_slot(self) -> int | None:
        return 0 if self.free else None

    def slot_pixels(self, slot: int) -> memoryview:
        return self.memory

    def mark_filled(self, slot: int) -> None:
        self.free = False

    def write_heartbeat(self) -> None:
        pass


class Driver:
    """An acquirer that returns these buffers in order; None is a turn without a buffer."""

    Events = SimpleNamespace(INCOMPLETE_BUFFER=1)

    def __init__(self, *buffers: Any) -> None:
        self._buffers = list(buffers)
        self.incomplete: Callable[[], None] = lambda: None

    def add_callback(self, event: int, callback: Any) -> None:
        self.incomplete = callback.emit

    def try_fetch(self, *, timeout: float, is_raw: bool) -> Any:
        return self._buffers.pop(0) if self._buffers else None


def picture(frame_id: int, pixels: bytes = bytes(4), **facts: int) -> SimpleNamespace:
    facts = {"pixel_format": MONO8, "width": 2, "height": 2, "padding_x": 0, "image_offset": 0} | facts
    parent = SimpleNamespace(queue_buffer=lambda buffer: None)
    facts = {"timestamp_ns": 0} | facts
    return SimpleNamespace(frame_id=frame_id, raw_buffer=pixels, parts=(), parent=parent, **facts)


def streamed(driver: Driver, ring: Slots) -> "tuple[Stream, Connection[Any, Any]]":
    ours, its = Pipe()
    heartbeat = SimpleNamespace(note_frame=lambda: None, check_camera=lambda: None)
    nodes = SimpleNamespace(read_value=lambda name: None)
    return Stream(driver, nodes, ring, its, heartbeat, wait_ms=0), ours  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reported", "meant"), [(0, 0), (4711, 4711), (2**63 - 1, 2**63 - 1), (2**63, None), (2**64 - 1, None)]
)
def test_that_an_unset_timestamp_is_none(reported: int, meant: int | None) -> None:
    assert timestamp_ns(SimpleNamespace(timestamp_ns=reported)) == meant


def test_that_a_driver_without_a_clock_gives_no_timestamp() -> None:
    assert timestamp_ns(SimpleNamespace()) is None


@pytest.mark.parametrize("cut", [0, 3], ids=["whole", "without the last padding"])
def test_that_packed_lines_with_padding_arrive_whole(cut: int) -> None:
    line = bytes([0x21, 0x43, 0x65, 0x87, 0x09])  # 0x321, 0x654, 0x987 take four bytes and a half
    pixels = (line + b"\xa5" * 3) * 4
    packed = picture(1, pixels[: len(pixels) - cut], pixel_format=MONO12P, width=3, height=4, padding_x=3)
    ring = Slots(64)
    stream, news = streamed(Driver(packed), ring)
    stream.step()
    got = to_frame(protocol.receive(news).frame, ring.memory, "4711")
    assert isinstance(got, Frame), got
    assert np.array_equal(got.image, [[0x321, 0x654, 0x987]] * 4)


@pytest.mark.parametrize(("filled", "whole"), [(2, False), (3, False), (4, True), (9, True), (0, True)])
def test_that_a_partly_filled_buffer_is_an_incomplete_frame(filled: int, whole: bool) -> None:
    ring = Slots(4)
    stream, news = streamed(Driver(picture(1, size_filled=filled)), ring)
    stream.step()
    got = to_frame(protocol.receive(news).frame, ring.memory, "4711")
    assert isinstance(got, Frame) is whole
    assert whole or got.cause is NotInspectedCause.INCOMPLETE_FRAME


def test_that_only_a_loss_that_arrived_has_an_arrival_time() -> None:
    driver, ring = Driver(picture(1), picture(2), picture(3), picture(6)), Slots(4)
    stream, news = streamed(driver, ring)
    for _ in range(3):
        stream.step()
    driver.incomplete()
    ring.free = True
    stream.step()
    first, second = protocol.receive(news), protocol.receive(news)
    assert first.losses == ()
    assert [(loss.cause, loss.first, loss.count) for loss in second.losses] == [
        ("overrun", 2, 1),
        ("overrun", 3, 1),
        ("incomplete_frame", 4, 1),
        ("lost_frame", 5, 1),
    ]
    came = [loss.came_ns for loss in second.losses]
    assert first.frame.received_ns <= came[0] < came[1] <= came[2] <= second.frame.received_ns
    assert came[3] is None


def test_that_a_leap_of_the_counter_is_one_loss_that_says_how_many() -> None:
    stream, news = streamed(Driver(picture(1), picture(5_000_001)), ring := Slots(4))
    stream.step()
    ring.free = True
    stream.step()
    (lost,) = lost_frames([protocol.receive(news), protocol.receive(news)][1].losses, None, "4711")
    assert (lost.frame_id, lost.cause) == (2, NotInspectedCause.LOST_FRAME)
    assert "skipped 4\N{NO-BREAK SPACE}999\N{NO-BREAK SPACE}999 pictures" in lost.detail


def test_that_an_overtaken_picture_is_not_delivered_a_second_time() -> None:
    stream, news = streamed(Driver(picture(1), picture(3), picture(2), picture(4)), ring := Slots(4))
    delivered = []
    for _ in range(4):
        ring.free = True
        stream.step()
        while news.poll():
            message = protocol.receive(news)
            delivered += [(loss.cause, loss.first, loss.count) for loss in message.losses]
            delivered += [message.frame.frame_id]
    assert delivered == [1, ("lost_frame", 2, 1), 3, 4]


@pytest.mark.parametrize(
    ("ids", "taken"),
    [([1, 2, 2, 3], 3), ([7, 7, 7, 7], 4), ([0, 1, 2, 0], 4)],
    ids=["repeats", "does not count", "restarted"],
)
def test_that_a_repeated_buffer_is_one_picture_unless_the_camera_does_not_count(ids: list[int], taken: int) -> None:
    ring = Slots(4)
    stream, news = streamed(Driver(*map(picture, ids)), ring)
    facts = []
    for _ in ids:
        ring.free = True
        stream.step()
        if news.poll(0):
            facts.append(protocol.receive(news).frame)
    assert [each.frame_id for each in facts] == list(range(1, taken + 1))


def test_that_a_buffer_with_the_same_id_and_another_time_is_another_picture() -> None:
    ring = Slots(4)
    stream, news = streamed(Driver(picture(1), picture(2), picture(2, timestamp_ns=5)), ring)
    for _ in range(3):
        ring.free = True
        stream.step()
        assert protocol.receive(news).frame is not None


def test_that_any_number_of_losses_fits_the_pipe_while_the_station_is_idle() -> None:
    driver, ring = Driver(), Slots(4)
    stream, news = streamed(driver, ring)
    for _ in range(5000):
        driver.incomplete()
    stream.step()
    losses = protocol.receive(news).losses
    assert sum(loss.count for loss in losses) == 5000
    assert len(losses) <= 200
