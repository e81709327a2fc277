from pathlib import Path

import cv2
import numpy as np
import pytest

from station.camera.webcam import WebcamCamera
from station.domain.errors import BadInputError, CameraError, CameraLostError
from station.domain.frame import Frame, LostFrame


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Twenty red frames: OpenCV reads a file as it reads a device."""
    path = tmp_path / "device.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for _ in range(20):
        writer.write(np.full((48, 64, 3), (0, 0, 200), np.uint8))
    writer.release()
    return path


def test_that_a_missing_webcam_is_named_by_its_number() -> None:
    with pytest.raises(CameraError, match="webcam:97 cannot be opened: the webcam is not connected"):
        WebcamCamera(97).start()


def test_that_frames_are_rgb_and_an_unplugged_webcam_is_lost(film: Path) -> None:
    camera = WebcamCamera(0, open_capture=lambda number: cv2.VideoCapture(str(film)))
    camera.start()
    got: list[Frame | LostFrame] = []
    with pytest.raises(CameraLostError, match="stopped sending pictures"):
        got.extend(iter(lambda: camera.fetch(5), None))
    camera.close()
    assert [delivery.frame_id for delivery in got] == list(range(1, 21))
    assert isinstance(got[-1], Frame)
    assert got[-1].image[20, 30].tolist() == pytest.approx([200, 0, 0], abs=8)


def test_that_a_setting_that_the_driver_changes_is_refused_with_its_value(film: Path) -> None:
    camera = WebcamCamera(0, open_capture=lambda number: cv2.VideoCapture(str(film)))
    camera.apply({"Width": 1280})
    with pytest.raises(CameraError, match="Width cannot be 1280: the webcam's driver set 64"):
        camera.start()
    camera.close()


def test_that_a_hardware_trigger_is_refused() -> None:
    with pytest.raises(BadInputError, match="no trigger wire"):
        WebcamCamera(0, trigger="hardware")
