import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.camera.genicam.features import (
    RECIPE_FEATURES,
    SELECTOR_OF,
    own_names,
    same_value,
    selection,
    sfnc_name,
    writing_order,
)


def test_that_a_camera_with_old_names_is_addressed_by_sfnc_names() -> None:
    names = {"ExposureTimeAbs", "ExposureTimeRaw", "GainRaw", "Width"}
    assert {sfnc_name(name, names) for name in names} == {"ExposureTime", "ExposureTimeRaw", "Gain", "Width"}


@pytest.mark.parametrize("name", ["ExposureTime", "Gain", "AcquisitionFrameRate", "TriggerDelay"])
def test_that_the_sfnc_name_is_preferred_to_every_older_one(name: str) -> None:
    names = set(own_names(name))
    assert own_names(name)[0] == name
    assert sfnc_name(name, names) == name
    assert all(sfnc_name(old, names) == old for old in own_names(name)[1:])


@given(names=st.permutations([*RECIPE_FEATURES, *set(SELECTOR_OF.values()), "BalanceRatio[Red]", "VendorThing"]))
def test_that_a_feature_that_limits_others_is_written_before_them(names: list[str]) -> None:
    written = [name for name, _ in writing_order(dict.fromkeys(names, 1))]
    for before, after in (
        ("BinningHorizontal", "Width"),
        ("PixelFormat", "Width"),
        ("Width", "OffsetX"),
        ("Height", "OffsetY"),
        ("ExposureAuto", "ExposureTime"),
        ("GainAuto", "Gain"),
        ("ExposureTime", "AcquisitionFrameRate"),
        ("AcquisitionFrameRateEnable", "AcquisitionFrameRate"),
        ("ReverseX", "PixelFormat"),
        ("BalanceRatioSelector", "BalanceRatio"),
        ("BalanceRatio", "BalanceRatio[Red]"),
        ("BalanceWhiteAuto", "BalanceRatio[Red]"),
        ("GainSelector", "GainAuto"),
        ("LineSelector", "LineSource"),
        ("TriggerSelector", "TriggerSource"),
        ("TriggerSource", "TriggerMode"),
        ("VendorThing", "TriggerMode"),
    ):
        assert written.index(before) < written.index(after)
    assert sorted(written) == sorted(set(names))


@pytest.mark.parametrize(
    ("wanted", "read", "increment", "same"),
    [
        (640, 640, None, True),
        (640, 641, None, False),
        (640, 640.0, None, True),
        ("Mono8", "Mono8", None, True),
        ("Mono8", "Mono12", None, False),
        (True, True, None, True),
        (True, 1, None, True),
        (5000.0, 5002.0, None, True),
        (5000.0, 5100.0, None, False),
        (5000.0, 5040.0, 100.0, True),
        (5099.0, 5000.0, 100.0, True),
        (5000.0, 5020.0, 1.0, False),
        (30.0, 29.86, 0.01, False),
        (0.1, 0.10000000149, 1e-12, True),
        (5000.0, None, None, False),
        (0.0, 0.0, None, True),
        (0.0, 0.1, None, False),
    ],
)
def test_that_a_camera_may_round_only_a_float_to_its_increment(
    wanted: object, read: object, increment: float | None, same: bool
) -> None:
    assert same_value(wanted, read, increment) is same


@pytest.mark.parametrize(
    ("setting", "feature", "entry"),
    [("Gain", "Gain", ""), ("BalanceRatio[Red]", "BalanceRatio", "Red"), ("LineSource[Line1]", "LineSource", "Line1")],
)
def test_that_a_setting_may_name_the_entry_of_its_selector(setting: str, feature: str, entry: str) -> None:
    assert selection(setting) == (feature, entry)
