import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.camera.factory import open_source
from station.domain.errors import BadInputError
from station.domain.frame import EndOfFrames, Frame, LostFrame
from station.settings import CameraSettings

SETTINGS = CameraSettings()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    cv2.imwrite(str(tmp_path / "part.png"), np.zeros((32, 32), np.uint8))
    return tmp_path


def test_that_a_plain_path_is_on_demand(folder: Path) -> None:
    for path in (folder, folder / "part.png"):
        source = open_source(str(path), SETTINGS)
        assert source.info.on_demand
        source.start()
        assert isinstance(source.fetch(1), Frame)
        assert isinstance(source.fetch(1), EndOfFrames)


def test_that_a_plain_path_needs_no_trigger_even_if_the_camera_has_one(folder: Path) -> None:
    source = open_source(str(folder), CameraSettings(trigger="hardware"))
    source.start()
    assert isinstance(source.fetch(1), Frame)


@pytest.mark.parametrize("text", ["a" * 5000, "replay:" + "a" * 5000, "a" * 5000 + ".mp4"])
def test_that_a_name_too_long_for_the_system_does_not_exist(text: str) -> None:
    with pytest.raises(BadInputError, match="There is no folder"):
        open_source(text, SETTINGS)


@pytest.mark.parametrize("scheme", ["", "replay:"])
def test_that_an_unreadable_folder_is_refused(tmp_path: Path, monkeypatch, scheme: str) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", forbidden)
    with pytest.raises(BadInputError, match="cannot be read: Permission denied"):
        open_source(f"{scheme}{tmp_path}", SETTINGS)


@pytest.mark.parametrize("number", ["100", "99999999999999999999", "9" * 5000, "-1", "one"])
def test_that_an_impossible_webcam_number_is_refused(number: str) -> None:
    with pytest.raises(BadInputError, match="not the number of a webcam"):
        open_source(f"webcam:{number}", SETTINGS)


def test_that_a_replay_takes_rate_and_loop(folder: Path) -> None:
    source = open_source(f"replay:{folder}?rate=100&loop=1", SETTINGS)
    assert not source.info.on_demand
    source.start()
    assert [source.fetch(5).frame_id for _ in range(3)] == [1, 2, 3]


def test_that_the_simulated_line_takes_its_options() -> None:
    text = "simulated:board?seed=7&rate=0&width=128&height=96&defects=1&lost=2,3&incomplete=4&disconnect=9&return=0"
    source = open_source(text, SETTINGS)
    source.start()
    got = [source.fetch(5) for _ in range(4)]
    assert got[0].image.shape == (96, 128, 3)
    assert [isinstance(delivery, LostFrame) for delivery in got] == [False, True, True, True]
    assert source.part_truth(1).defective


def test_that_simulated_without_a_product_is_the_flange() -> None:
    assert open_source("simulated:", SETTINGS).info.source == "simulated:flange"


def test_that_the_settings_choose_the_trigger() -> None:
    source = open_source("simulated:flange?width=64&height=64", CameraSettings(trigger="software"))
    source.start()
    source.trigger()
    assert isinstance(source.fetch(5), Frame)


def test_that_a_webcam_is_named_and_not_opened_yet() -> None:
    assert open_source("webcam:3", SETTINGS).info.source == "webcam:3"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "No source"),
        ("ftp:server", "'ftp:server' does not name a source of pictures. Give simulated:PRODUCT, replay:FOLDER"),
        ("nowhere/at/all", "no folder or picture nowhere"),
        ("replay:", "needs a folder"),
        ("replay:nowhere", "no folder or picture nowhere"),
        ("simulated:cheese", "has no product 'cheese'. Choose one of: flange, board"),
        ("simulated:?seed=x", "Option 'seed' of simulated: cannot be 'x'"),
        ("simulated:?rate=nan", "cannot run at nan"),
        ("simulated:?speed=3", "has no option 'speed'"),
        ("webcam:front", "'front' is not the number"),
    ],
)
def test_that_a_uri_without_a_source_is_refused_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        open_source(text, SETTINGS)


def test_that_a_folder_with_a_colon_in_its_name_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lot:7").mkdir()
    cv2.imwrite("lot:7/part.png", np.zeros((32, 32), np.uint8))
    assert open_source("lot:7", SETTINGS).info.on_demand


@pytest.mark.slow
def test_that_a_replay_loads_no_genicam_library(folder: Path) -> None:
    program = (
        "import sys; from station.camera.factory import open_source; from station.settings import CameraSettings; "
        f"open_source({str(folder)!r}, CameraSettings()); "
        "print(sorted({'harvesters', 'genicam'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
