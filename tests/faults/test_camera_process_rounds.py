"""A hundred ends of the camera process while a whole line inspects: each a counted gap, and nothing is left behind."""

import os
import random
import signal
import statistics
import sys

import pytest
from possessions import possessions
from tlsimu import MONO_SERIAL, tlsimu
from triggered_shift import Shift, inspected, lost, returned, shift

from station.app import Station
from station.domain.frame import NotInspectedCause
from station.domain.shift import EventKind, ShiftRecords
from station.settings import CameraSettings

pytestmark = [
    pytest.mark.genicam,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc and /dev/shm"),
]

KILLS, HANGS = 60, 40
GOES_ON_WITHIN_S = 1.5
BUSY_S = 8.0
IN_A_GAP = {
    NotInspectedCause.CAMERA_LOST,
    NotInspectedCause.LOST_FRAME,
    NotInspectedCause.NO_PICTURE_IN_TIME,  # it is not asked again while it owes an answer
}
OF_THE_SIMULATOR = {NotInspectedCause.FROZEN_PICTURE}  # it begins with the same picture each time


def rounds() -> list[signal.Signals]:
    """Kills and hangs in mixed order, the same at each run."""
    order = [signal.SIGKILL] * KILLS + [signal.SIGSTOP] * HANGS
    random.Random(2026).shuffle(order)
    return order


def in_words(gaps: list[float]) -> str:
    """How soon the line went on."""
    share = sum(gap <= GOES_ON_WITHIN_S for gap in gaps)
    p95 = sorted(gaps)[int(0.95 * len(gaps))]
    return (
        f"goes on after {statistics.median(gaps):.2f} s (median), {p95:.2f} s (p95), {max(gaps):.2f} s (worst); "
        f"{share} of {len(gaps)} within {GOES_ON_WITHIN_S} s"
    )


def end_the_process(one: Shift, how: signal.Signals) -> float:
    """Seconds until the next part is inspected."""
    return one.after(lambda: os.kill(one.camera_process, how), lost, returned, inspected)


def every_gap_is_counted(records: ShiftRecords) -> None:
    """Each loss is an event with its return and duration, and has parts that say so."""
    losses_and_returns = [
        event for event in records.events if event.kind in (EventKind.CAMERA_LOST, EventKind.CAMERA_RETURNED)
    ]
    pairs = list(zip(losses_and_returns[::2], losses_and_returns[1::2], strict=True))
    assert len(pairs) == 1 + KILLS + HANGS
    parts = [record.inspection for record in records.parts]
    assert {part.deciding.cause for part in parts if part.deciding.cause} <= IN_A_GAP | OF_THE_SIMULATOR
    for gone, back in pairs:
        assert (gone.kind, back.kind) == (EventKind.CAMERA_LOST, EventKind.CAMERA_RETURNED)
        assert back.duration_s == pytest.approx((back.at - gone.at).total_seconds(), abs=0.2)
        assert any(part.deciding.cause in IN_A_GAP and gone.at <= part.triggered_at <= back.at for part in parts)


def test_that_a_hundred_ends_of_the_camera_process_are_counted_gaps_and_leave_nothing(
    station: Station, record_property
) -> None:
    root = station.workspace.root
    camera = CameraSettings(producers=(tlsimu(),), trigger="software")
    gaps: dict[signal.Signals, list[float]] = {signal.SIGKILL: [], signal.SIGSTOP: []}
    with shift(station, camera, f"genicam:{MONO_SERIAL}") as one:
        end_the_process(one, signal.SIGKILL)  # the first opens the log
        before = possessions()
        for how in rounds():
            gaps[how].append(end_the_process(one, how))
        after = possessions()
    for how, times in gaps.items():
        record_property(f"camera process ended by {how.name} while inspecting", in_words(times))
    assert after <= before
    assert min(map(min, gaps.values())) < GOES_ON_WITHIN_S
    assert max(map(max, gaps.values())) < GOES_ON_WITHIN_S + BUSY_S
    with Station.open(root) as opened:
        (window,) = opened.records.shifts()
        every_gap_is_counted(opened.records.shift(window)[0])
