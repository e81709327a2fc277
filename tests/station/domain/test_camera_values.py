from dataclasses import replace

import pytest

from station.domain.camera import (
    Access,
    CameraFeature,
    DiscoveredDevice,
    DiscoveredProducer,
    DiscoveredSource,
    DiscoveryResult,
    FeatureKind,
    Visibility,
    matching,
    renewed,
)

DEVICE = DiscoveredDevice("Maker", "Model", "4711", "", "eth0", "GEV", "free", "/opt/a.cti", test_camera=False)
DRAWN = DiscoveredSource("simulated:flange", "Simulated line, flange", "drawn by the station")
SEEN = DiscoveryResult((), (DEVICE, replace(DEVICE, serial="4712")), (), drawn=(DRAWN,))


def feature(name: str, **fields: object) -> CameraFeature:
    given = {"kind": FeatureKind.FLOAT, "category": "", "visibility": Visibility.BEGINNER, "access": Access.READ_WRITE}
    return CameraFeature(name=name, own_name=name, **{**given, **fields})


def test_that_limits_are_said_with_range_step_and_unit() -> None:
    assert feature("Width", minimum=16, maximum=4096, increment=16, unit="px").limits == "16 to 4096 in steps of 16 px"
    assert feature("ExposureTime", minimum=1.5, maximum=1e6, unit="us").limits == "1.5 to 1000000 us"
    assert feature("PixelFormat", entries=("Mono8", "Mono12")).limits == "one of Mono8, Mono12"
    assert feature("ReverseX", kind=FeatureKind.BOOLEAN).limits == "true or false"


def test_that_features_are_found_by_all_words_up_to_a_visibility() -> None:
    tree = (
        feature("ExposureTime", category="AcquisitionControl", about="Duration of light"),
        feature("ExposureAuto", category="AcquisitionControl"),
        feature("SensorTaps", category="DeviceControl", visibility=Visibility.GURU),
    )
    assert matching(tree, "exposure acquisition", Visibility.GURU) == tree[:2]
    assert matching(tree, "LIGHT", Visibility.GURU) == tree[:1]
    assert matching(tree, "taps", Visibility.GURU) == tree[2:]
    assert matching(tree, "taps", Visibility.EXPERT) == ()
    assert matching(tree, "", Visibility.GURU) == tree


@pytest.mark.parametrize(
    ("devices", "error", "sentence"),
    [
        (0, "", "/opt/a.cti finds no devices."),
        (1, "", "/opt/a.cti finds 1 device."),
        (2, "", "/opt/a.cti finds 2 devices."),
        (0, "/opt/a.cti does not exist.", "/opt/a.cti does not exist."),
    ],
)
def test_that_a_producer_is_described_in_one_sentence(devices: int, error: str, sentence: str) -> None:
    producer = DiscoveredProducer("/opt/a.cti", "settings", sha256=64 * "a", owner="root", error=error, devices=devices)
    assert producer.sentence == sentence
    assert producer.usable is not bool(error)
    assert producer.detail == "owner root, found by settings, SHA-256 aaaaaaaaaaaaaaaa"
    assert replace(producer, bits=64).detail.startswith("64 bits, owner root")


def test_that_a_device_is_described_with_its_maker_and_its_owner() -> None:
    assert replace(DEVICE, test_camera=True).detail.endswith(", an emulated test camera")
    assert (DEVICE.name, DEVICE.detail) == ("Model 4711, Maker", "free, GEV on eth0, found by a.cti")
    assert replace(DEVICE, user_name="left").name == '"left", Model 4711, Maker'
    assert replace(DEVICE, producer="C:\\maker\\a.cti").detail.endswith("found by a.cti")
    assert replace(DEVICE, vendor="").name == "Model 4711"


def test_that_the_stations_own_camera_comes_first_and_once_with_what_its_producer_says() -> None:
    own = DiscoveredSource("genicam:4712", "The station's source", "named in the settings")
    assert replace(SEEN, own=(own,)).cameras == (SEEN.devices[1], DEVICE, DRAWN)


def test_that_the_stations_own_source_is_there_where_no_producer_sees_it() -> None:
    own = DiscoveredSource("webcam:0", "The station's source", "named in the settings")
    assert replace(SEEN, own=(own,)).cameras == (own, *SEEN.cameras)


def test_that_every_camera_of_the_station_comes_first_in_the_order_of_its_views() -> None:
    own = tuple(DiscoveredSource(f"genicam:{serial}", serial, "") for serial in ("4712", "9", "4711"))
    assert replace(SEEN, own=own).cameras == (SEEN.devices[1], own[1], DEVICE, DRAWN)


def test_that_a_camera_of_the_station_that_no_producer_sees_is_unseen() -> None:
    sources = ("genicam:4712", "genicam:9", "webcam:0", "simulated:")
    own = tuple(DiscoveredSource(source, source, "") for source in sources)
    assert replace(SEEN, own=own).unseen == (own[1],)


@pytest.mark.parametrize(
    ("devices", "own", "there"),
    [
        ((), "simulated:", False),
        ((), "genicam:4711", False),
        ((), "webcam:0", True),
        ((replace(DEVICE, test_camera=True),), "simulated:", False),
        ((DEVICE,), "simulated:", True),
    ],
)
def test_that_a_named_or_simulated_camera_is_not_a_discovered_one(devices, own: str, there: bool) -> None:
    named = DiscoveredSource(own, "The station's source", "named in the settings")
    assert DiscoveryResult((), devices, (), own=(named,)).has_real_camera is there


def test_that_what_was_read_again_takes_the_place_of_what_was_known() -> None:
    tree = (feature("Gain", value=1.0), feature("DeviceTemperature", value=40.0))
    assert renewed(tree, (feature("DeviceTemperature", value=41.0), feature("Width", value=8))) == (
        tree[0],
        feature("DeviceTemperature", value=41.0),
    )
