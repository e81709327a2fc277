"""Settings written into a camera on paper: a GenApi node map without a device, its values in `paper_camera.xml`.

Its limits, selectors, switches and old names are those that real cameras have.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from genicam import genapi, gentl
from hypothesis import given, settings
from hypothesis import strategies as st

from station.camera.genicam.driver import RefusedError
from station.camera.genicam.feature_write import write
from station.camera.genicam.node_map import NodeMap
from station.camera.genicam.pixel_formats import FORMATS
from station.camera.genicam.process_main import frame_period_s, pixel_format, set_trigger

pytestmark = pytest.mark.genicam

USED_BY_RECIPES = (
    "ExposureTime Gain AcquisitionFrameRate PixelFormat Width Height OffsetX OffsetY ReverseX ReverseY "
    "BinningHorizontal BinningVertical BlackLevel Gamma BalanceRatio TriggerMode TriggerSource TriggerActivation "
    "TriggerDelay TriggerSelector TriggerSoftware ExposureAuto GainAuto LineSelector LineSource UserSetSelector "
    "UserSetLoad UserSetSave DeviceTemperature PtpEnable"
)


def paper_camera(*outside_the_tree: str, **other: str) -> NodeMap:
    """A fresh one, as it is when it is switched on.

    Args:
        outside_the_tree: NodeMap that it has and does not show.
        other: Replaces the beginning of a node, by the node's name.
    """
    paper = Path(__file__).with_name("paper_camera.xml").read_text("utf-8")
    for name in outside_the_tree:
        paper = paper.replace(f"<pFeature>{name}</pFeature>", "")
    for name, properties in other.items():
        paper = paper.replace(f'Name="{name}">', f'Name="{name}">{properties}')
    node_map = genapi.NodeMap()
    node_map.load_xml_from_string(paper)
    return NodeMap(node_map)


@pytest.fixture
def camera() -> NodeMap:
    return paper_camera()


@st.composite
def whole_settings(draw: st.DrawFn) -> dict[str, Any]:
    """Settings that a camera can have all at once, in any order."""
    values: dict[str, Any] = {}
    for size, offset, binning in (
        ("Width", "OffsetX", "BinningHorizontal"),
        ("Height", "OffsetY", "BinningVertical"),
    ):
        room = 1024 // values.setdefault(binning, draw(st.integers(1, 4)))
        values[size] = 16 * draw(st.integers(1, room // 16))
        values[offset] = draw(st.integers(0, room - values[size]))
    values["AcquisitionFrameRate"] = float(draw(st.integers(1, 500)))
    values["ExposureTime"] = float(draw(st.integers(10, int(1e6 / values["AcquisitionFrameRate"]))))
    for colour in ("Red", "Green", "Blue"):
        values[f"BalanceRatio[{colour}]"] = draw(st.integers(1, 32)) / 4
    for trigger in ("AcquisitionStart", "FrameStart"):
        values[f"TriggerMode[{trigger}]"] = draw(st.sampled_from(["Off", "On"]))
        values[f"TriggerSource[{trigger}]"] = draw(st.sampled_from(["Software", "Line1", "Line2"]))
        values[f"TriggerDelay[{trigger}]"] = float(draw(st.integers(0, 1000)))
    values["LineSource[Line2]"] = draw(st.sampled_from(["Off", "ExposureActive"]))
    values["Gain"] = draw(st.integers(0, 480))
    return dict(draw(st.permutations(sorted(values.items()))))


@pytest.mark.parametrize("name", USED_BY_RECIPES.split())
def test_that_every_feature_that_recipes_use_is_found_under_its_present_name(camera: NodeMap, name: str) -> None:
    (feature,) = camera.read_features([name])
    assert feature.name == name


def test_that_recipe_features_are_found_even_if_the_tree_leaves_them_out() -> None:
    whole, camera = paper_camera(), paper_camera("GainRaw", "GainAuto", "AcquisitionFrameRate", "TriggerSoftware")
    assert {*whole.feature_names()} - {*camera.feature_names()} == {"TriggerSoftware"}
    assert [feature.own_name for feature in camera.read_features(["GainAuto", "Gain"])] == ["GainAuto", "GainRaw"]


@settings(max_examples=60, deadline=None)
@given(before=whole_settings(), wanted=whole_settings())
def test_that_a_camera_can_change_from_any_settings_to_any_others(
    before: dict[str, Any], wanted: dict[str, Any]
) -> None:
    camera = paper_camera()
    write(camera, before)
    write(camera, wanted)
    assert wanted.items() <= camera.recipe_values().items()


@settings(max_examples=25, deadline=None)
@given(wanted=whole_settings(), other=whole_settings())
def test_that_what_is_copied_from_a_camera_can_be_written_into_it_again(
    wanted: dict[str, Any], other: dict[str, Any]
) -> None:
    camera = paper_camera()
    write(camera, wanted)
    copied = camera.recipe_values()
    write(camera, other)
    write(camera, copied)
    assert camera.recipe_values() == copied


def test_that_each_entry_of_a_selector_has_its_own_value(camera: NodeMap) -> None:
    write(camera, {"BalanceRatio[Blue]": 2.0, "BalanceRatio[Red]": 1.5})
    assert camera.read_value("BalanceRatioSelector") == "Red", "as before"
    assert [camera.read_value(f"BalanceRatio[{colour}]") for colour in ("Red", "Green", "Blue")] == [1.5, 1.0, 2.0]


def test_that_a_selector_that_is_a_setting_itself_is_written_before_what_it_selects(camera: NodeMap) -> None:
    write(camera, {"BalanceRatio": 3.0, "BalanceRatioSelector": "Green"})
    assert camera.read_value("BalanceRatio[Green]") == 3.0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {"ExposureTime": 30_000.0},
            r"ExposureTime \(ExposureTimeAbs on this camera\) cannot .* 10 to 20000 us while ",
        ),
        ({"ExposureTime": 30_000.0}, "while AcquisitionFrameRate is 50"),
        ({"AcquisitionFrameRate": 300.0}, "1 to 200 Hz while ExposureTime is 5000"),
        ({"ReverseX": "False"}, "it must be true or false"),
        ({"ExposureTime": 3.0}, "10 to 20000 us[.]"),
        ({"OffsetX": 32}, "0 to 0 while Width is 1024"),
        ({"OffsetX": -1}, "it must be 0 to 0[.]"),
        ({"Gain": 3.5}, "it must be a whole number from 0 to 480[.]"),
        ({"Gain": "much"}, "it must be a whole number from 0 to 480[.]"),
        ({"BinningHorizontal": 2, "Width": 640}, "16 to 512 in steps of 16 px while BinningHorizontal is 2"),
        ({"ExposureAuto": "Continuous", "ExposureTime": 100.0}, "ExposureAuto is Continuous; set ExposureAuto to Off"),
        ({"AcquisitionFrameRateEnable": False, "AcquisitionFrameRate": 5.0}, "Enable is False; .* to True"),
        ({"BalanceRatio[Infrared]": 1.0}, r"no BalanceRatio\[Infrared\]: its BalanceRatioSelector has Red, Green"),
        ({"BalanceRatio[Blue]": 9.0}, r"BalanceRatio\[Blue\] cannot be set to 9.0: it must be 0.1 to 8"),
        ({"Gain[All]": 1}, "no feature GainSelector"),
        ({"Width[Left]": 1}, "no feature WidthSelector"),
        ({"LineDebouncerTime": 240.0}, "was set to 240.0, but the camera reports 200.0 us"),
        ({"DeviceTemperature": 20.0}, "read only"),
    ],
)
def test_that_a_refused_value_names_the_limit_that_prevents_it(
    camera: NodeMap, values: dict[str, Any], words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        write(camera, values)


def test_that_a_limiting_enumeration_is_named_like_a_limiting_number(camera: NodeMap) -> None:
    real = camera.require_node("UserSetSelector")
    camera.find_node = lambda name, find=camera.find_node: real if name == "BinningHorizontal" else find(name)
    with pytest.raises(RefusedError, match="while BinningHorizontal is Default"):
        write(camera, {"Width": 5000})


def test_that_automatic_values_are_not_copied(camera: NodeMap) -> None:
    write(camera, {"ExposureAuto": "Continuous", "AcquisitionFrameRateEnable": False})
    copied = camera.recipe_values()
    assert "ExposureTime" not in copied
    assert "AcquisitionFrameRate" not in copied
    assert copied["ExposureAuto"] == "Continuous"
    assert frame_period_s(camera) is None, "the camera does not keep to a rate that is switched off"


def test_that_an_unreadable_selector_does_not_prevent_copying_the_rest() -> None:
    whole, camera = (
        paper_camera().recipe_values(),
        paper_camera(BalanceRatioSelector="<ImposedAccessMode>WO</ImposedAccessMode>"),
    )
    assert camera.settings_for("BalanceRatio") == ()
    assert camera.recipe_values() == {name: value for name, value in whole.items() if "BalanceRatio[" not in name}


def test_that_free_run_switches_off_the_trigger_whose_selector_cannot_be_read() -> None:
    camera = paper_camera(TriggerSelector="<ImposedAccessMode>WO</ImposedAccessMode>")
    write(camera, {"TriggerMode": "On"})
    set_trigger(camera, "free")
    assert camera.read_value("TriggerMode") == "Off"


@pytest.mark.parametrize(
    ("own_name", "number", "name"),
    [
        ("RGB8Packed", 0x02180014, "RGB8"),
        ("BGR8Packed", 0x02180015, "BGR8"),
        ("RGBA8Packed", 0x02200016, "RGBa8"),
        ("YUV422Packed", 0x0210001F, "YUV422_8_UYVY"),
        ("YUV422_YUYV_Packed", 0x02100032, "YUV422_8"),
        ("Mono10Packed", 0x010C0004, "Mono10Packed"),
        ("BayerRG12Packed", 0x010C002B, "BayerRG12Packed"),
        ("Mono8", 0, "Mono8"),
    ],
)
def test_that_older_names_of_pixel_formats_are_understood_by_their_numbers(
    own_name: str, number: int, name: str
) -> None:
    camera = paper_camera(PixelFormat=f'<EnumEntry Name="{own_name}"><Value>{number}</Value></EnumEntry>')
    camera.require_node("PixelFormat").value = own_name
    assert pixel_format(camera) == name
    assert name in FORMATS


def test_that_a_user_set_is_saved_only_after_all_other_values_were_accepted(camera: NodeMap) -> None:
    saved = camera.require_node("UserSetSaveMark")
    with pytest.raises(RefusedError):
        write(camera, {"UserSetSave": True, "Gain": 9999})
    assert saved.value == 0
    write(camera, {"UserSetSelector": "UserSet1", "UserSetSave": True, "Gain": 9})
    assert saved.value == 1


def test_that_a_refused_size_leaves_the_offset_unchanged(camera: NodeMap) -> None:
    write(camera, {"Width": 512, "OffsetX": 200})
    with pytest.raises(RefusedError, match="Width cannot be set to 99999"):
        write(camera, {"Width": 99_999})
    assert camera.read_value("OffsetX") == 200


def test_that_a_command_that_never_finishes_is_refused(camera: NodeMap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("station.camera.genicam.node_map._COMMAND_S", 0.02)
    with pytest.raises(RefusedError, match=r"did not finish NeverDone within 0\.02 s"):
        write(camera, {"NeverDone": True})


def test_that_a_command_that_fails_while_it_runs_is_refused(camera: NodeMap, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing() -> bool:
        raise gentl.IoException("no answer")

    command = SimpleNamespace(execute=lambda: None, is_done=failing)
    monkeypatch.setattr(camera, "require_node", lambda name: command)
    with pytest.raises(RefusedError, match="whether UserSetLoad is done: no answer"):
        camera.execute_and_wait("UserSetLoad")


@pytest.mark.parametrize(("trigger", "source"), [("software", "Software"), ("hardware", "Line2")])
def test_that_the_trigger_for_single_frames_is_set(camera: NodeMap, trigger: str, source: str) -> None:
    write(camera, {"TriggerSource[FrameStart]": "Line2"})
    set_trigger(camera, trigger)
    assert camera.read_value("TriggerMode[FrameStart]") == "On"
    assert camera.read_value("TriggerSource[FrameStart]") == source
    assert camera.read_value("TriggerMode[AcquisitionStart]") == "Off"
    camera.execute_command(camera.frame_setting("TriggerSoftware"))
    assert camera.require_node("TriggersSentOfFrameStart").value == 1


def test_that_a_software_trigger_needs_a_camera_with_trigger_software(camera: NodeMap) -> None:
    camera.find_node = lambda name, find=camera.find_node: None if name == "TriggerSoftware" else find(name)
    with pytest.raises(RefusedError, match="no software trigger") as refused:
        set_trigger(camera, "software")
    assert "'hardware' or 'free'" in refused.value.reply.advice
    assert camera.read_value("TriggerMode[FrameStart]") == "Off"


def test_that_free_run_switches_every_trigger_off(camera: NodeMap) -> None:
    write(camera, {"TriggerMode[FrameStart]": "On", "TriggerMode[AcquisitionStart]": "On"})
    set_trigger(camera, "free")
    assert [camera.read_value(mode) for mode in camera.settings_for("TriggerMode")] == ["Off", "Off"]
