"""A GenICam camera beyond what every camera promises: features, triggers, chunk data, and what cannot be set."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from tlsimu import COLOUR_SERIAL, MONO_SERIAL, tlsimu

from station.camera.genicam.camera import GenicamCamera
from station.domain.camera import Access, FeatureKind, Visibility, matching
from station.domain.errors import CameraError
from station.domain.frame import Frame
from station.settings import CameraSettings

pytestmark = pytest.mark.genicam

SOON_S = 20.0

Make = Callable[..., GenicamCamera]


@pytest.fixture
def camera() -> Iterator[Make]:
    """Makes cameras that are closed at the end: viky unless producers are named."""
    made: list[GenicamCamera] = []

    def make(serial: str = "1", **settings: object) -> GenicamCamera:
        made.append(GenicamCamera(serial, CameraSettings(**settings)))
        return made[-1]

    yield make
    for one in made:
        one.close()


def next_frame(source: GenicamCamera) -> Frame:
    delivery = source.fetch(SOON_S)
    assert isinstance(delivery, Frame)
    return delivery


def test_that_settings_applied_before_the_start_hold_for_the_first_picture(camera: Make) -> None:
    viky = camera()
    viky.apply({"Height": 240, "PixelFormat": "Mono8", "Width": 320})
    viky.start()
    frame = next_frame(viky)
    assert frame.image.shape == (240, 320)
    assert frame.pixel_format == "Mono8"
    assert viky.settings()["Width"] == 320


def test_that_a_colour_with_alpha_arrives_as_rgb_and_says_what_was_dropped(camera: Make) -> None:
    viky = camera()
    viky.apply({"PixelFormat": "RGBa8", "Width": 200, "Height": 100})
    viky.start()
    frame = next_frame(viky)
    assert frame.image.shape == (100, 200, 3)
    assert frame.conversion == "alpha dropped"


def test_that_a_picture_shows_what_the_camera_saw(camera: Make) -> None:
    viky = camera()
    viky.apply({"PixelFormat": "Mono8"})
    viky.start()
    levels, counts = np.unique(next_frame(viky).image, return_counts=True)
    assert levels[counts.argmax()] == 255, "Viky draws a white field"
    assert levels.min() == 0, "with a black square"


def test_that_chunk_data_comes_with_its_frame(camera: Make) -> None:
    viky = camera()
    viky.apply({"ChunkModeActive": True})
    viky.start()
    frames = [next_frame(viky) for _ in range(5)]
    bounces = [frame.chunk["ChunkNrBounces"] for frame in frames]
    assert bounces == sorted(bounces), "each frame has its own, and the ball never bounces back in time"


def test_that_a_camera_without_chunk_data_delivers_frames_without_it(camera: Make) -> None:
    viky = camera()
    viky.apply({"ChunkModeActive": False})
    viky.start()
    assert next_frame(viky).chunk == {}


def test_that_the_identity_is_known_after_the_camera_was_opened(camera: Make) -> None:
    viky = camera()
    viky.start()
    assert (viky.info.vendor, viky.info.model, viky.info.serial) == ("Machine Vision Games Ltd.", "Viky", "1")


def test_that_a_missing_camera_is_named_and_can_be_tried_again(camera: Make) -> None:
    missing = camera("4711")
    for _ in range(2):
        with pytest.raises(CameraError, match="4711"):
            missing.start()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("Width", 5000, "100 to 800"),
        ("Width", 300.5, "100 to 800"),
        ("PixelFormat", "Mono12", "one of RGBa8, Mono8"),
        ("AcquisitionMode", "SingleFrame", "read only"),
        ("ExposureTime", 100.0, "no feature ExposureTime"),
    ],
)
def test_that_a_refused_value_names_the_limit_that_prevents_it(
    camera: Make, name: str, value: object, words: str
) -> None:
    viky = camera()
    viky.apply({name: value})
    with pytest.raises(CameraError, match=words) as refused:
        viky.start()
    assert name in refused.value.sentence


def test_that_a_feature_locked_during_acquisition_says_so(camera: Make) -> None:
    simu = camera(MONO_SERIAL, producers=(tlsimu(),))
    simu.start()
    next_frame(simu)
    with pytest.raises(CameraError, match="during acquisition"):
        simu.apply({"Width": 64})


def test_that_the_whole_feature_tree_is_read_with_ranges_and_access(camera: Make) -> None:
    features = {feature.name: feature for feature in camera().features()}
    width = features["Width"]
    assert (width.kind, width.access, width.visibility) == (
        FeatureKind.INTEGER,
        Access.READ_WRITE,
        Visibility.BEGINNER,
    )
    assert (width.minimum, width.maximum, width.category) == (100, 800, "ImageFormatControl")
    assert features["PixelFormat"].entries == ("RGBa8", "Mono8")
    assert features["AcquisitionStart"].kind is FeatureKind.COMMAND
    assert matching(features.values(), "frame rate hertz", Visibility.GURU)[0].name == "AcquisitionFrameRate"


def test_that_single_features_are_read_without_the_tree(camera: Make) -> None:
    read = camera().features("Width", "DeviceTemperature")
    assert [feature.name for feature in read] == ["Width"], "Viky reports no temperature"


def test_that_no_frame_is_lost_while_the_tree_is_read(camera: Make) -> None:
    viky = camera(ring_slots=8)
    viky.apply({"AcquisitionFrameRate": 30.0, "PixelFormat": "Mono8"})
    viky.start()
    next_frame(viky)
    assert viky.features()
    assert [next_frame(viky).frame_id for _ in range(20)] == list(range(2, 22))


def test_that_a_software_trigger_on_a_camera_without_one_is_refused_at_the_start(camera: Make) -> None:
    with pytest.raises(CameraError, match="no trigger"):
        camera(trigger="software").start()


def test_that_a_hardware_trigger_needs_a_line(camera: Make) -> None:
    with pytest.raises(CameraError, match="TriggerSource"):
        camera(MONO_SERIAL, producers=(tlsimu(),), trigger="hardware").start()


def test_that_five_megapixels_arrive_by_software_trigger(camera: Make) -> None:
    simu = camera(MONO_SERIAL, producers=(tlsimu(),), trigger="software")
    simu.apply({"Width": 2448, "Height": 2048})
    simu.start()
    for number in range(1, 4):
        simu.trigger()
        frame = next_frame(simu)
        assert (frame.frame_id, frame.image.shape) == (number, (2048, 2448))
        assert frame.timestamp_ns is not None


def test_that_colours_of_the_camera_arrive_as_rgb(camera: Make) -> None:
    simu = camera(COLOUR_SERIAL, producers=(tlsimu(),))
    simu.start()
    assert next_frame(simu).image.shape[2] == 3


def test_that_frames_that_do_not_fit_the_allowed_memory_are_refused(camera: Make) -> None:
    simu = camera(MONO_SERIAL, producers=(tlsimu(),), ring_memory_mb=9)
    simu.apply({"Width": 2448, "Height": 2048})
    with pytest.raises(CameraError, match="do not fit into 9 MB"):
        simu.start()


def test_that_a_refused_producer_is_not_used(camera: Make, tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    copied = folder / "TLSimu.cti"
    copied.write_bytes(tlsimu().read_bytes())
    with pytest.raises(CameraError, match=MONO_SERIAL):
        camera(MONO_SERIAL, producers=(copied,)).start()


WITHOUT_DRIVER = """
import sys
from station.camera.genicam.camera import GenicamCamera
from station.camera.genicam.discovery import discover
from station.settings import CameraSettings
assert discover(()).devices
camera = GenicamCamera("1", CameraSettings())
camera.start()
assert camera.fetch(20) and camera.features()
camera.close()
loaded = {"harvesters", "genicam", "PySide6", "torch"} & sys.modules.keys()
assert not loaded, loaded
"""


def test_that_discovery_and_camera_load_no_driver_into_the_station() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT_DRIVER], check=True, timeout=60)


def test_that_a_camera_process_loads_nothing_heavy() -> None:
    code = "import sys, station.camera.genicam.process_main; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    assert not {"PySide6", "torch", "openvino", "cv2", "pydantic", "sqlalchemy"} & set(loaded.stdout.split())
