"""A camera that is triggered through its hardware line, unknown to the station."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from triggered_shift import inspected, lost, returned, shift
from wire_camera import Wire, wire

from station.app import Station
from station.camera.genicam.camera import GenicamCamera
from station.domain.errors import CameraError
from station.domain.frame import Frame
from station.domain.recipe import RecipeState

pytestmark = [pytest.mark.genicam, pytest.mark.slow]

SOON_S, QUIET_S = 10.0, 0.5
BY_LINE = {"TriggerSource": "Line0", "Width": 128, "Height": 96}


@pytest.fixture
def line() -> Iterator[Wire]:
    it = wire()
    it.switch_on_with_line()
    yield it
    it.switch_off()


@pytest.fixture
def by_line(station: Station) -> str:
    """A released recipe whose camera is triggered through its line."""
    plate = station.recipes.find("plate").recipe
    (view,) = plate.views
    recipe = replace(plate, name="by line", revision=1, views=(replace(view, camera_settings=BY_LINE),))
    return station.recipes.add(recipe, RecipeState.RELEASED).recipe.name


def test_that_each_pulse_gives_exactly_one_picture(line: Wire) -> None:
    camera = GenicamCamera(line.serial, line.settings(trigger="hardware"))
    camera.apply(BY_LINE)
    camera.start()
    try:
        assert camera.fetch(QUIET_S) is None
        frames = []
        for _ in range(5):
            line.pulse()
            frames.append(camera.fetch(SOON_S))
            assert camera.fetch(QUIET_S) is None
        assert all(isinstance(frame, Frame) for frame in frames)
        assert [frame.frame_id - frames[0].frame_id for frame in frames] == list(range(5))
        with pytest.raises(CameraError, match="not set to software trigger"):
            camera.trigger()
    finally:
        camera.close()


def test_that_each_pulse_on_the_line_is_a_part_with_its_verdict(station: Station, line: Wire, by_line: str) -> None:
    camera = line.settings(trigger="hardware")
    with shift(station, camera, f"genicam:{line.serial}", recipe=by_line, trigger=line.pulse) as one:
        for _ in range(10):
            one.after(lambda: None, inspected)


def test_that_the_loss_of_a_hardware_triggered_camera_is_detected_without_a_pulse(
    station: Station, line: Wire, by_line: str
) -> None:
    """Silence is not a loss here, but an unanswered heartbeat is."""
    camera = line.settings(trigger="hardware")
    with shift(station, camera, f"genicam:{line.serial}", recipe=by_line, trigger=line.pulse) as one:
        with one.without_triggers():
            assert one.after(line.switch_off, lost) < SOON_S
            one.after(line.switch_on_with_line, returned)
        one.after(lambda: None, inspected)
