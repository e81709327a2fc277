"""Every setting can be listed, and the list is a station.toml that holds the same settings."""

import json
import tomllib
from datetime import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from station.cli.program import run
from station.plugin_api.plugin_settings import PluginSettings
from station.settings import CameraSettings, Settings, Shift, StationSettings
from station.settings_file import line_numbers, load_settings
from station.settings_overview import annotated_toml, describe_settings

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


class LampSettings(PluginSettings):
    on_time_s: float = Field(0.5, gt=0, le=10, description="Time that the lamp is on, seconds")


def without_comment_signs(text: str) -> str:
    """Return the text in which every default is set as well; sentences stay comments."""
    lines = (line.removeprefix("# ") if " = " in line and line.startswith("# ") else line for line in text.splitlines())
    return "\n".join(line for line in lines if not line.startswith("#") or " = " not in line)


@given(TEXTS, st.dictionaries(TEXTS.filter(str.isalnum), st.integers(0, 60), min_size=2, max_size=3))
def test_that_the_printed_file_holds_the_same_settings(name: str, views: dict[str, int]) -> None:
    settings = Settings(
        station=StationSettings(name=name, shifts=(Shift(name="Day", start=time(6), end=time(18, 30)),)),
        camera=CameraSettings.model_construct(views={view: f"webcam:{number}" for view, number in views.items()}),
    )
    printed = annotated_toml(describe_settings(settings, {}, {}))
    values = tomllib.loads(without_comment_signs(printed))
    assert values["station"]["name"] == name
    assert values["camera"]["views"] == settings.camera.views
    assert StationSettings.model_validate(values["station"]) == settings.station


def test_that_a_default_is_a_comment_and_a_set_value_is_not(tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    file.write_text("[camera]\nring_slots = 16\n", "utf-8")
    printed = annotated_toml(describe_settings(load_settings(file), line_numbers(file.read_text("utf-8")), {}))
    assert tomllib.loads(printed)["camera"] == {"ring_slots": 16}
    file.write_text(printed, "utf-8")
    assert load_settings(file) == Settings(camera=CameraSettings(ring_slots=16))


def test_that_a_setting_has_its_unit_its_limits_and_its_line(tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    file.write_text("[camera]\n\nring_slots = 16\n", "utf-8")
    lines = line_numbers(file.read_text("utf-8"))
    found = {one.key: one for one in describe_settings(load_settings(file), lines, {"lamp": LampSettings})}
    slots = found["camera.ring_slots"]
    assert (slots.value, slots.default, slots.limits) == (16, 8, "at least 2, at most 64")
    assert slots.origin == "station.toml, line 3"
    assert found["camera.trigger"].limits == "free, software or hardware"
    assert found["plugins.lamp.on_time_s"].unit == "seconds"
    assert found["plugins.lamp.on_time_s"].origin == "default"


def test_that_every_setting_has_a_meaning() -> None:
    assert [one.key for one in describe_settings(Settings(), {}, {}) if not one.meaning] == []


def test_that_the_command_prints_them_without_making_a_workspace(tmp_path: Path, capsys) -> None:
    assert run(["--workspace", str(tmp_path / "none"), "settings", "--json", "-"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"key", "value", "default", "unit", "limits", "meaning", "origin"} == set(records[0])
    assert not (tmp_path / "none").exists()
