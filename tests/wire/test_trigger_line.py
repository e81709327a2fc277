"""A camera that is triggered through its hardware line, unknown to the station."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from triggered_shift import inspected, loaded, lost, returned, shift
from wire_camera import Wire, wire

from station.app import Station
from station.camera.genicam.camera import GenicamCamera
from station.domain.errors import CameraError
from station.domain.frame import Frame
from station.domain.recipe import RecipeState, TakesEffect

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


def test_that_a_release_for_now_between_pulses_costs_no_pulse_its_verdict(
    station: Station, line: Wire, by_line: str
) -> None:
    camera = line.settings(trigger="hardware")
    with shift(station, camera, f"genicam:{line.serial}", recipe=by_line, trigger=line.pulse) as one:
        first = one.station.recipes.find(by_line).recipe
        (view,) = first.views
        changed = replace(view, limits=replace(view.limits, image_threshold=0.6))
        one.station.recipes.add(replace(first, revision=2, views=(changed,)))
        one.station.recipes.release(by_line, 2, "Ada", "fewer overkills", TakesEffect.NOW)
        one.after(lambda: None, loaded, inspected, inspected)
        one.station.recipes.roll_back(by_line, "Ada", "back", TakesEffect.NOW)
        one.after(lambda: None, loaded, inspected, inspected)
    parts = sorted(one.judged, key=lambda part: part.key)
    assert {part.deciding.image_threshold for part in parts} == {0.5, 0.6}
    assert [part.key.part for part in parts] == list(range(parts[0].key.part, parts[0].key.part + len(parts)))
    frames = [part.deciding.frame_id for part in parts]
    assert frames == list(range(frames[0], frames[0] + len(frames)))


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
