import time
from dataclasses import replace

import numpy as np

from station.camera.genicam.frame_conversion import lost_frames, to_frame
from station.camera.genicam.protocol import FrameFacts, Loss
from station.domain.frame import Frame, LostFrame, NotInspectedCause

FACTS = FrameFacts(
    frame_id=7,
    timestamp_ns=12,
    received_ns=0,
    pixel_format="Mono8",
    width=4,
    height=2,
    padding_bytes=0,
    size=8,
)
MEMORY = memoryview(bytes(range(8)))


def test_that_a_frame_says_where_and_when_it_came_from() -> None:
    facts = replace(FACTS, received_ns=time.monotonic_ns(), chunk={"ChunkExposureTime": 5000.0})
    got = to_frame(facts, MEMORY, "4711")
    assert isinstance(got, Frame)
    assert np.array_equal(got.image, [[0, 1, 2, 3], [4, 5, 6, 7]])
    assert (got.frame_id, got.timestamp_ns, got.origin) == (7, 12, "camera 4711 frame 7")
    assert got.chunk == {"ChunkExposureTime": 5000.0}
    assert abs(got.received_at.timestamp() - time.time()) < 5


def test_that_an_unsupported_pixel_format_is_a_lost_frame_that_names_it() -> None:
    got = to_frame(replace(FACTS, pixel_format="0x80FF0001"), MEMORY, "4711")
    assert isinstance(got, LostFrame)
    assert got.cause is NotInspectedCause.WRONG_PICTURE
    assert "0x80FF0001" in got.detail


def test_that_a_picture_cut_short_is_an_incomplete_frame() -> None:
    got = to_frame(replace(FACTS, height=3), MEMORY, "4711")
    assert isinstance(got, LostFrame)
    assert got.cause is NotInspectedCause.INCOMPLETE_FRAME


def test_that_an_unreadable_picture_keeps_its_arrival_time() -> None:
    for facts in (replace(FACTS, height=3, received_ns=99), replace(FACTS, pixel_format="0x80FF0001", received_ns=99)):
        got = to_frame(facts, MEMORY, "4711")
        assert isinstance(got, LostFrame)
        assert got.came_ns == 99


def test_that_each_lost_frame_has_its_own_cause_and_the_time_of_the_next_frame() -> None:
    losses = (Loss("lost_frame", 3, 2), Loss("overrun", 5, 1, 99), Loss("lost_frame", 6, 1))
    lost = list(lost_frames(losses, 120, "4711"))
    assert [(one.frame_id, one.cause, one.came_ns, one.before_ns) for one in lost] == [
        (3, NotInspectedCause.LOST_FRAME, None, 99),
        (4, NotInspectedCause.LOST_FRAME, None, 99),
        (5, NotInspectedCause.OVERRUN, 99, None),
        (6, NotInspectedCause.LOST_FRAME, None, 120),
    ]
    assert not list(lost_frames((), 120, "4711"))
    assert [one.was_never_seen for one in lost] == [True, True, False, True]
