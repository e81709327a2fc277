import math
import threading

import numpy as np
import pytest

from station.camera.simulated import Faults, SimulatedCamera
from station.domain.errors import BadInputError, CameraError, CameraLostError
from station.domain.frame import Frame, LostFrame, NotInspectedCause


def small(**options: object) -> SimulatedCamera:
    return SimulatedCamera(**{"rate_hz": 0, "size": (160, 120)} | options)


def frames(camera: SimulatedCamera, count: int) -> list[Frame]:
    camera.start()
    return [camera.fetch(5) for _ in range(count)]


def test_that_the_same_frame_shows_the_same_part_after_every_start() -> None:
    camera = small()
    first, again = frames(camera, 3), frames(camera, 3)
    assert all(np.array_equal(a.image, b.image) for a, b in zip(first, again, strict=True))


def test_that_a_picture_does_not_depend_on_the_time() -> None:
    one, other = small(), small(faults=Faults(lost=frozenset({1})))
    assert np.array_equal(frames(one, 2)[1].image, frames(other, 2)[1].image)


def test_that_another_seed_shows_other_parts() -> None:
    assert not np.array_equal(frames(small(seed=1), 1)[0].image, frames(small(seed=2), 1)[0].image)


def test_that_a_longer_exposure_makes_the_picture_brighter_in_proportion() -> None:
    camera = small()
    camera.apply({"ExposureTime": 4000.0})
    dark = frames(camera, 1)[0].image.mean()
    camera.apply({"ExposureTime": 8000.0})
    assert frames(camera, 1)[0].image.mean() == pytest.approx(2 * dark, rel=0.05)


def test_that_six_decibels_double_the_brightness_and_raise_the_noise() -> None:
    camera = small()
    plain = frames(camera, 1)[0].image
    camera.apply({"ExposureTime": 4000.0, "Gain": 20 * math.log10(2)})
    amplified = frames(camera, 1)[0].image
    assert amplified.mean() == pytest.approx(plain.mean(), rel=0.05)
    assert grain_of(amplified) > 1.2 * grain_of(plain)


def grain_of(image: np.ndarray) -> float:
    """Pixel-to-pixel difference on the belt, where the scene itself is smooth."""
    belt = image[40:80, 10:24].astype(float)
    return float(np.diff(belt, axis=0).std())


def test_that_simulated_losses_keep_their_place_among_the_frames() -> None:
    camera = small(faults=Faults(lost=frozenset({2}), incomplete=frozenset({3})))
    got = frames(camera, 4)
    assert [delivery.frame_id for delivery in got] == [1, 2, 3, 4]
    assert [getattr(delivery, "cause", None) for delivery in got] == [
        None,
        NotInspectedCause.LOST_FRAME,
        NotInspectedCause.INCOMPLETE_FRAME,
        None,
    ]


def test_that_a_planned_disconnection_happens_once_after_its_frame() -> None:
    camera = small(faults=Faults(disconnect_after=2, return_after_s=0))
    frames(camera, 2)
    with pytest.raises(CameraLostError):
        camera.fetch(1)
    assert len(frames(camera, 4)) == 4


def test_that_an_unplugged_camera_cannot_be_opened_until_it_is_plugged_in() -> None:
    camera = small()
    camera.disconnect()
    with pytest.raises(CameraError, match="not connected"):
        camera.start()
    camera.reconnect()
    camera.start()


def test_that_a_loss_ends_a_running_wait() -> None:
    camera = small(trigger="software")
    camera.start()
    unplug = threading.Timer(0.05, camera.disconnect)
    unplug.start()
    with pytest.raises(CameraLostError):
        camera.fetch(60)
    unplug.join()


def test_that_a_trigger_on_an_unplugged_camera_is_refused() -> None:
    camera = small(trigger="software")
    camera.start()
    camera.disconnect()
    with pytest.raises(CameraLostError):
        camera.trigger()


def test_that_a_live_camera_overwrites_frames_that_are_not_fetched() -> None:
    camera = small(rate_hz=200, size=(64, 64))
    camera.start()
    threading.Event().wait(0.2)
    got = [camera.fetch(1) for _ in range(10)]
    assert isinstance(got[0], LostFrame)
    assert [delivery.frame_id for delivery in got] == list(range(1, 11))


def test_that_the_trigger_can_be_switched_by_its_feature() -> None:
    camera = small()
    camera.apply({"TriggerMode": "On", "TriggerSource": "Software"})
    camera.start()
    assert camera.fetch(0.05) is None
    camera.trigger()
    assert isinstance(camera.fetch(5), Frame)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"Gain": 30}, "Gain cannot be 30: the camera allows 0 to 24 dB"),
        ({"Gain": math.nan}, "Gain cannot be nan"),
        ({"ExposureTime": "long"}, "ExposureTime cannot be long: the camera allows 20 to 200000 us"),
        ({"TriggerMode": "Maybe"}, "TriggerMode cannot be Maybe: the camera allows Off, On"),
        ({"AcquisitionFrameRate": 100, "ExposureTime": 20000}, "AcquisitionFrameRate 100 Hz allows at most 10000 us"),
        ({"Shutter": 3}, "no setting 'Shutter'; it has ExposureTime, Gain"),
    ],
)
def test_that_an_impossible_setting_is_refused_with_its_limit(settings: dict, words: str) -> None:
    with pytest.raises(CameraError, match=words):
        small().apply(settings)


def test_that_a_refused_setting_changes_nothing() -> None:
    camera = small()
    before = camera.settings()
    for refused in ({"Gain": 99}, {"Gain": 6, "Shutter": 3}, {"ExposureTime": 200_000, "AcquisitionFrameRate": 200}):
        with pytest.raises(CameraError):
            camera.apply(refused)
        assert camera.settings() == before


@pytest.mark.parametrize(
    "options",
    [
        {"product": "cheese"},
        {"seed": -1},
        {"size": (8, 8)},
        {"defect_share": 1.5},
        {"rate_hz": -1},
        {"trigger": "hardware"},
    ],
)
def test_that_impossible_options_of_the_simulated_line_are_refused(options: dict) -> None:
    with pytest.raises(BadInputError):
        small(**options)
