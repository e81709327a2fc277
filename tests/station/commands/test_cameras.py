"""A look through a camera: pictures, features, losses, the way into a recipe, and the bundle for support."""

import json
import logging
import threading
import zipfile
from datetime import UTC, datetime

import cv2
import numpy as np
import psutil
import pytest
from waiting import SOON_S, until

from station.app import Station
from station.camera_setup.discovery import discover_sources
from station.camera_setup.support_bundle import write_support_bundle
from station.domain.camera import Access, DiscoveryResult, FeatureKind, Visibility, matching
from station.domain.errors import BadInputError, CameraError
from station.domain.frame import Frame
from station.domain.messages import LineState
from station.domain.preview import OVER_EXPOSED, PreviewState, PreviewStatus
from station.domain.recipe import RecipeState
from station.settings import CameraSettings, Settings


@pytest.fixture
def cameras(station):
    return station.cameras


@pytest.fixture
def simulated(cameras):
    """Connected, with a first picture."""
    cameras.connect("simulated:flange?rate=50&width=640&height=480")
    until(lambda: cameras.status.frames)
    return cameras


def test_that_the_newest_picture_comes_with_its_exposure(simulated) -> None:
    picture = until(simulated.take_picture)
    assert picture.levels[0].shape == (480, 640, 3)
    assert picture.exposure.histogram.sum() == 3 * 640 * 480
    assert [mark.shape for mark in picture.clipping] == [level.shape[:2] for level in picture.levels]
    assert picture.exposure.sharpness > 0


def test_that_a_long_exposure_is_marked_as_over_exposed(simulated) -> None:
    simulated.write("AcquisitionFrameRate", 4.0)
    simulated.write("ExposureTime", 200_000.0)
    picture = until(lambda: (one := simulated.take_picture()) and one.exposure.over_share > 0.2 and one)
    assert picture.exposure.over_share == np.mean(picture.clipping[0] == OVER_EXPOSED)


def test_that_features_tell_their_unit_and_limits(simulated) -> None:
    exposure = next(each for each in simulated.features() if each.name == "ExposureTime")
    assert (exposure.unit, exposure.limits, exposure.kind) == ("us", "20 to 200000 us", FeatureKind.FLOAT)
    assert exposure.access is Access.READ_WRITE


def test_that_a_value_out_of_range_is_refused_with_the_range(simulated) -> None:
    with pytest.raises(CameraError, match="the camera allows 20 to 200000 us"):
        simulated.write("ExposureTime", 5.0)
    assert simulated.status.state is PreviewState.LIVE


def test_that_the_frame_rate_is_measured(simulated) -> None:
    simulated.write("AcquisitionFrameRate", 10.0)
    until(lambda: (rate := simulated.status.frame_rate_hz) and 5 < rate < 11)


def test_that_lost_and_incomplete_frames_are_counted_apart(cameras) -> None:
    cameras.connect("simulated:flange?rate=50&lost=2,3&incomplete=5")
    until(lambda: cameras.status.frames >= 3)
    assert cameras.status.incomplete == 1
    assert cameras.status.lost >= 2


def test_that_a_lost_camera_is_reported_and_returns(cameras) -> None:
    cameras.connect("simulated:flange?rate=50&disconnect=3&return=0.5")
    until(lambda: cameras.status.state is PreviewState.LOST)
    assert "was disconnected" in cameras.status.sentence
    until(lambda: cameras.status.state is PreviewState.LIVE)
    assert (cameras.status.losses, cameras.status.sentence) == (1, "")


def test_that_a_camera_that_is_not_there_is_refused_with_its_sentence(cameras) -> None:
    cameras.connect("replay:nowhere")
    until(lambda: cameras.status.state is PreviewState.REFUSED)
    assert "nowhere" in cameras.status.sentence
    assert cameras.wait_disconnected(SOON_S)
    with pytest.raises(CameraError, match="not connected"):
        cameras.features()


def test_that_no_thread_is_left_when_the_camera_is_let_go(simulated) -> None:
    simulated.disconnect()
    assert simulated.wait_disconnected(SOON_S)
    assert "lineside preview" not in {thread.name for thread in threading.enumerate()}
    assert simulated.status.state is PreviewState.NONE


def test_that_the_next_camera_waits_for_the_one_before(simulated) -> None:
    simulated.connect("simulated:board?rate=20")
    until(lambda: simulated.status.frames)
    assert "board" in simulated.status.name
    assert [thread.name for thread in threading.enumerate()].count("lineside preview") == 1


def test_that_the_camera_of_a_running_line_is_looked_at_and_left_alone(station, cameras) -> None:
    station.line.load_recipe("plate")
    station.line.start()
    until(lambda: station.line.state is LineState.INSPECTING)
    cameras.connect(station.line.cameras[""].source)
    picture = until(cameras.take_picture)
    newest = station.line.live.peek().views[0]
    assert picture.levels[0].shape[:2] == (newest.inspection.height, newest.inspection.width)
    assert cameras.status.state is PreviewState.ON_LINE
    assert "The line is using this camera" in cameras.status.sentence
    assert (cameras.features(), cameras.read_features()) == ((), ())
    with pytest.raises(CameraError, match=r"Gain cannot be set to 3\.0: the line is using the camera"):
        cameras.write("Gain", 3.0)
    with pytest.raises(CameraError, match="the line is using the camera"):
        cameras.settings_for_recipe()
    assert station.line.state is LineState.INSPECTING


def test_that_a_look_at_the_line_ends_with_the_line_and_takes_no_picture_from_it(station, cameras) -> None:
    station.line.load_recipe("plate")
    station.line.start()
    until(lambda: station.line.state is LineState.INSPECTING)
    cameras.connect(station.line.cameras[""].source)
    until(cameras.take_picture)
    until(station.line.live.take)
    station.line.stop()
    until(lambda: cameras.status.state is PreviewState.NONE)
    assert cameras.status.sentence == "The line has stopped. Connect the camera again."
    assert cameras.wait_disconnected(SOON_S)


def test_that_the_settings_become_a_draft_with_its_reason(station, simulated) -> None:
    simulated.write("ExposureTime", 1234.0)
    entry = simulated.copy_to_recipe("plate", "Ada", "new lamp")
    assert (entry.recipe.label, entry.state) == ("plate@2", RecipeState.DRAFT)
    assert (entry.recipe.author, entry.recipe.reason) == ("Ada", "new lamp")
    settings = entry.recipe.views[0].camera_settings
    assert settings["ExposureTime"] == 1234.0
    assert "TriggerMode" not in settings
    assert station.recipes.find("plate").recipe.revision == 1, "the line keeps the released one"
    assert station.recipes.find("plate", 2) == entry


@pytest.fixture
def two_cameras(station, duo):
    """The same station with a camera for each view of "duo"."""
    views = {"top": "simulated:flange?rate=50&width=640&height=480", "side": "simulated:board?rate=50"}
    with Station.open(station.workspace.root, Settings(camera=CameraSettings(views=views))) as opened:
        yield opened.cameras


def test_that_the_settings_go_into_the_view_that_the_camera_sees(two_cameras, duo) -> None:
    two_cameras.connect("simulated:flange?rate=50&width=640&height=480")
    until(lambda: two_cameras.status.frames)
    recipe = two_cameras.copy_to_recipe("duo", "Ada", "new lamp").recipe
    assert recipe.view("top").camera_settings
    assert recipe.view("side") == duo.view("side")


def test_that_a_camera_of_no_view_gives_its_settings_to_none(station, two_cameras) -> None:
    two_cameras.connect("simulated:flange?rate=50&width=320&height=240")
    until(lambda: two_cameras.status.frames)
    before = station.recipes.entries()
    with pytest.raises(BadInputError, match=r"Recipe duo@1 has no view .*'top', 'side'"):
        two_cameras.copy_to_recipe("duo", "Ada", "new lamp")
    assert station.recipes.entries() == before


def test_that_every_camera_of_the_station_is_found_with_its_view() -> None:
    first, second = discover_sources(CameraSettings(views={"top": "webcam:0", "side": "genicam:none"})).cameras[:2]
    assert (first.source, second.source) == ("webcam:0", "genicam:none")
    assert "top" in first.name
    assert "side" in second.name


def test_that_a_revision_without_a_reason_is_not_made(station, simulated) -> None:
    with pytest.raises(BadInputError, match="reason"):
        simulated.copy_to_recipe("plate", "Ada", "  ")
    assert len(station.recipes.entries()) == 1


def test_that_the_support_bundle_holds_what_was_seen(simulated, tmp_path) -> None:
    logging.getLogger("station.test").warning("a line in the log")
    until(lambda: simulated.status.frames >= 3)
    path = simulated.support_bundle(tmp_path / "bundle.zip")
    with zipfile.ZipFile(path) as bundle:
        names = bundle.namelist()
        producers = json.loads(bundle.read("cameras.json"))["producers"]
        features = {each["name"]: each for each in json.loads(bundle.read("features.json"))}
        camera = json.loads(bundle.read("camera.json"))
        pictures = [name for name in names if name.endswith(".png")]
        image = cv2.imdecode(np.frombuffer(bundle.read(pictures[0]), np.uint8), cv2.IMREAD_UNCHANGED)
        log = bundle.read("logs/station.log").decode()
    assert any(each["path"].endswith("viky.cti") for each in producers)
    assert features["ExposureTime"]["unit"] == "us"
    assert camera["source"].startswith("simulated:flange")
    assert [each["file"] for each in camera["last_frames"]] == pictures
    assert image.shape == (480, 640, 3)
    assert "a line in the log" in log


def test_that_a_bundle_is_made_without_a_camera_too(cameras, tmp_path) -> None:
    with zipfile.ZipFile(cameras.support_bundle(tmp_path / "bundle.zip")) as bundle:
        assert json.loads(bundle.read("features.json")) == []


def test_that_a_bundle_makes_the_folder_it_goes_to(cameras, tmp_path) -> None:
    path = tmp_path / "for support" / "today" / "bundle.zip"
    assert zipfile.is_zipfile(cameras.support_bundle(path))


def test_that_a_bundle_that_cannot_be_written_says_which_folder_is_wrong(cameras, tmp_path) -> None:
    (tmp_path / "reports").write_text("a file")
    with pytest.raises(BadInputError, match=r"Check that .*reports is a folder that this user may write to"):
        cameras.support_bundle(tmp_path / "reports" / "bundle.zip")


def test_that_a_support_file_holds_the_chunk_data_of_its_last_pictures(tmp_path) -> None:
    now = datetime(2026, 11, 22, 9, 41, tzinfo=UTC)
    frame = Frame(np.zeros((8, 8), np.uint8), 1, now, 1, "camera 9", chunk={"ChunkExposureTime": 800.0})
    path = tmp_path / "bundle.zip"
    write_support_bundle(path, DiscoveryResult((), (), ()), PreviewStatus(), (), (frame,), tmp_path)
    with zipfile.ZipFile(path) as bundle:
        (sent,) = json.loads(bundle.read("camera.json"))["last_frames"]
    assert sent["chunk"] == {"ChunkExposureTime": 800.0}


@pytest.mark.genicam
class TestViky:
    """The GenICam test camera, through its producer."""

    @pytest.fixture
    def viky(self, cameras):
        cameras.connect("genicam:1")
        until(lambda: cameras.status.frames)
        return cameras

    def test_that_it_is_found_with_the_reasons_why_no_real_one_is(self, cameras) -> None:
        seen = cameras.discover()
        assert "genicam:1" in [camera.source for camera in seen.cameras]
        assert seen.producers[0].usable
        assert seen.reasons

    def test_that_its_tree_can_be_searched_by_words_and_visibility(self, viky) -> None:
        features = viky.features()
        names = {each.name for each in matching(features, "imageformat", Visibility.BEGINNER)}
        assert {"Width", "Height", "PixelFormat"} <= names
        assert "AspectRatio" not in names
        assert "AspectRatio" in {each.name for each in matching(features, "aspect", Visibility.GURU)}

    def test_that_a_value_out_of_range_names_the_limit(self, viky) -> None:
        with pytest.raises(CameraError, match=r"Width cannot be set to 9000.*100 to 800"):
            viky.write("Width", 9000)

    def test_that_a_written_width_is_seen_in_the_picture(self, viky) -> None:
        features = {each.name: each for each in viky.write("Width", 320)}
        assert features["Width"].value == 320
        until(lambda: (picture := viky.take_picture()) and picture.levels[0].shape[1] == 320)

    def test_that_what_waits_for_the_pictures_to_pause_can_be_set_all_the_same(self, viky) -> None:
        mode = next(each for each in viky.features() if each.name == "GenDCStreamingMode")
        assert mode.access.writable
        features = {each.name: each for each in viky.write("GenDCStreamingMode", "Off")}
        assert features["GenDCStreamingMode"].value == "Off"
        before = viky.status.frames
        until(lambda: viky.status.frames > before)

    def test_that_a_driver_that_is_killed_is_a_loss_and_comes_back_with_its_settings(self, viky) -> None:
        viky.write("Width", 320)
        for process in psutil.Process().children():
            if "station.camera.genicam.process_main" in process.cmdline():
                process.kill()
        until(lambda: viky.status.losses)
        until(lambda: viky.status.state is PreviewState.LIVE)
        viky.take_picture()
        until(lambda: (picture := viky.take_picture()) and picture.levels[0].shape[1] == 320)
