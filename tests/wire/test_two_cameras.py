"""Two real cameras on one line, each with its own process: a fault of one costs only its view."""

import os
import signal

import pytest
from tlsimu import COLOUR_SERIAL, MONO_SERIAL, tlsimu
from triggered_shift import lost, returned, shift, whole

from station.app import Station
from station.domain.frame import NotInspectedCause
from station.domain.recipe import Recipe
from station.settings import CameraSettings

pytestmark = [pytest.mark.genicam, pytest.mark.slow]

OF_THE_SIMULATOR = {None, NotInspectedCause.FROZEN_PICTURE}  # the simulator restarts with the same picture
IN_A_GAP = {NotInspectedCause.CAMERA_LOST, NotInspectedCause.LOST_FRAME}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_that_a_crashed_camera_process_costs_only_its_own_view(
    station: Station, duo: Recipe, how: signal.Signals
) -> None:
    cameras = {"top": f"genicam:{MONO_SERIAL}", "side": f"genicam:{COLOUR_SERIAL}"}
    camera = CameraSettings(producers=(tlsimu(),), trigger="software", views=cameras)
    root = station.workspace.root
    with shift(station, camera, recipe=duo.name) as one:
        processes = {view: one.process_of(view) for view in cameras}
        one.after(lambda: os.kill(processes["side"], how), lost_side, returned, whole)
        assert one.process_of("top") == processes["top"] != processes["side"] != one.process_of("side")
    with Station.open(root) as opened:
        parts = opened.records.recent(10_000)
    assert {part.views[0].cause for part in parts} <= OF_THE_SIMULATOR
    assert {part.views[1].cause for part in parts} & IN_A_GAP
    assert all(view.frame_id for part in parts if part.views[1].cause is None for view in part.views)


def lost_side(message: object) -> bool:
    """Return whether the camera of the view "side" was lost."""
    return lost(message) and message.view == "side"
