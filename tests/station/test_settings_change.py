"""A value of station.toml is changed; what a person wrote around it stays."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.app import Station
from station.domain.errors import BadInputError
from station.domain.guide import ViewFacts
from station.settings_change import set_in_table
from station.settings_file import load_settings
from station.settings_overview import annotated_toml, describe_settings

WRITTEN = """# the press shop
[station]
name = "Press 3"   # as on the door

[camera]
# old webcam
source = "webcam:0"
ring_slots = 16
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "station.toml"
    path.write_text(WRITTEN)
    return path


def test_that_a_value_is_changed_and_all_comments_stay(file: Path) -> None:
    settings = set_in_table(file, "camera", {"source": "genicam:4711"}, {})
    assert settings.camera.source == "genicam:4711"
    assert file.read_text() == WRITTEN.replace("webcam:0", "genicam:4711")


def test_that_a_file_that_does_not_exist_is_made(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    set_in_table(path, "camera", {"source": "webcam:1"}, {})
    assert load_settings(path).camera.source == "webcam:1"


def test_that_a_key_is_removed(file: Path) -> None:
    set_in_table(file, "camera", {"ring_slots": None, "views": None}, {})
    assert "ring_slots" not in tomllib.loads(file.read_text())["camera"]


@pytest.mark.parametrize("values", [{"ring_slots": -1}, {"colour": "red"}])
def test_that_a_value_that_cannot_be_used_changes_nothing(file: Path, values: dict[str, object]) -> None:
    with pytest.raises(BadInputError, match=next(iter(values))):
        set_in_table(file, "camera", values, {})
    assert file.read_text() == WRITTEN


def test_that_a_broken_file_is_named_and_left_as_it_is(file: Path) -> None:
    file.write_text("[camera\n")
    with pytest.raises(BadInputError, match="not valid TOML"):
        set_in_table(file, "camera", {"source": "webcam:0"}, {})
    assert file.read_text() == "[camera\n"


def test_that_the_annotated_file_can_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text(annotated_toml(describe_settings(load_settings(path), {}, {})))
    before = load_settings(path)
    after = set_in_table(path, "camera", {"source": "webcam:3"}, {})
    assert after.model_copy(update={"camera": before.camera}) == before


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40))
def test_that_any_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    path = tmp_path_factory.mktemp("any") / "station.toml"
    assert set_in_table(path, "station", {"name": name}, {}).station.name == load_settings(path).station.name


def test_that_the_line_starts_with_the_camera_that_was_chosen(station: Station) -> None:
    source = station.settings.camera.source
    station.cameras.use_on_line("simulated:flange")
    assert load_settings(station.workspace.settings_file).camera.source == "simulated:flange"
    station.line.load_recipe("plate")
    station.line.start(count=1)
    assert station.line.wait_stopped(30)
    assert station.line.cameras[""].source.startswith("simulated:flange")
    station.cameras.use_on_line(source)
    station.line.start()
    with pytest.raises(BadInputError, match="line is running"):
        station.cameras.use_on_line("webcam:0")
    station.line.stop()


def test_that_of_several_cameras_one_is_changed_and_the_others_stay(station: Station) -> None:
    file = station.workspace.settings_file
    file.write_text('[camera]\ntrigger = "free"\n[camera.views]  # both\ntop = "webcam:0"\nside = "webcam:1"\n')
    with Station.open(station.workspace.root) as two:
        two.cameras.use_on_line("webcam:2", "side")
        assert two.guide.facts("").views == (ViewFacts("top", "webcam:0"), ViewFacts("side", "webcam:2"))
        for source, view in (("webcam:3", ""), ("webcam:3", "below"), ("webcam:2", "top")):
            with pytest.raises(BadInputError):
                two.cameras.use_on_line(source, view)
    assert load_settings(file).camera.views == {"top": "webcam:0", "side": "webcam:2"}
    assert "# both" in file.read_text()
