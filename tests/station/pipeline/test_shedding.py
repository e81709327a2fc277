"""What is given up because something is behind is logged once, and counted when that is over."""

import logging

import pytest

from station.domain.frame import NotInspectedCause
from station.domain.verdict import Verdict
from station.matching.capture import Capture
from station.pipeline.part_assembler import result_of


@pytest.fixture
def warnings(caplog):
    """Return what was logged about shedding and overruns since the last call."""
    caplog.set_level(logging.WARNING)

    def taken() -> list[str]:
        said = [record.getMessage() for record in caplog.records]
        caplog.clear()
        return [line for line in said if "shed" in line or "thumbnail" in line or "overrun" in line or "given" in line]

    return taken


def _judged(rig, *kinds: str) -> None:
    """Let these frames come and be judged; nothing is recorded."""
    rig.come(*kinds)
    for _ in kinds:
        rig.acquisition.step()
        rig.judge()


def test_that_pictures_shed_for_a_slow_disk_are_logged_once_in_a_bout(make_rig, warnings) -> None:
    rig = make_rig(picture_slots=2)
    for first in (1, 6):
        _judged(rig, "defective", "good", "good", "good", "good")
        assert warnings() == [f"the disk is behind: pictures are shed from part {first + 1:04} on"]
        rig.flow(6)
        assert warnings() == ["the disk has caught up: 3 parts have no picture but a thumbnail"]
    _judged(rig, "good", "good")
    rig.finish()
    assert warnings() == []
    assert rig.queue.pictures_shed == 6


def test_that_overruns_are_logged_once_in_a_bout_with_the_camera_that_is_too_fast(make_rig, warnings) -> None:
    rig = make_rig(("top",), slots=2)
    for first in (1, 6):
        rig.come(*["good"] * 5)
        for _ in range(5):
            rig.acquisition.step()
        assert warnings() == [f"camera top is faster than its judgement: overrun from part {first:04} on"]
        rig.flow(6)
        assert warnings() == ["camera top is judged in time again: 3 pictures were given up"]
    rig.finish()
    overruns = [part for part in rig.store.parts if part.deciding.cause is NotInspectedCause.OVERRUN]
    assert len(overruns) == rig.frame_queue.overruns == 6
    assert warnings() == []


def test_that_pictures_shed_for_a_view_that_keeps_the_others_waiting_are_logged_once_in_a_bout(
    make_rig, warnings
) -> None:
    rig = make_rig(("top", "side"), waits=True, room_for=100)
    for first in (1, 21):
        for number in range(20):
            rig.come("good", view="top")
            rig.inputs["top"].acquisition.step()
            rig.inputs["top"].inspection.step()
            assert rig.ledger.opened == first + number
        assert warnings() == [f"waiting for side: pictures are shed from part {first + 16:04} on"]
        rig.come(*["good"] * 20, view="side")
        rig.flow(25)
        assert warnings() == []
    assert [verdict for _, verdict, _ in rig.verdicts] == [Verdict.PASS] * 40


def test_that_parts_can_wait_for_a_part_that_no_view_has_reached(make_rig, warnings) -> None:
    rig = make_rig(("top", "side"))
    triggers = [rig.ledger.open_part("a test") for _ in range(18)]
    for trigger in triggers[1:]:
        rig.part_assembler.add_result(trigger, result_of(Capture.of(trigger, "top"), NotInspectedCause.STOPPED))
    assert warnings() == ["waiting for top, side: pictures are shed from part 0018 on"]
