"""The settings: defaults, and every mistake named."""

import re
from pathlib import Path

import pytest

from station.domain.errors import BadInputError
from station.settings import CameraSettings, ScreenSettings, Settings, StationSettings
from station.settings_file import load_settings


def test_that_a_missing_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "station.toml") == Settings()


def test_that_what_the_file_says_replaces_the_defaults_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "station.toml").write_text(
        """
        [station]
        name = "Press 4"
        time_zone = "Europe/Berlin"
        [screen]
        theme = "dark"
        [plugins.reject_serial]
        port = "/dev/ttyUSB0"
        """
    )
    assert load_settings(tmp_path / "station.toml") == Settings(
        station=StationSettings(name="Press 4", time_zone="Europe/Berlin"),
        screen=ScreenSettings(theme="dark"),
        plugins={"reject_serial": {"port": "/dev/ttyUSB0"}},
    )


def test_that_a_file_that_cannot_be_read_is_not_taken_for_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "station.toml").mkdir()
    with pytest.raises(BadInputError, match=r"station\.toml cannot be read"):
        load_settings(tmp_path / "station.toml")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[camera]\nring_slots = 1", "camera.ring_slots"),
        ("[camera]\nshutter = 3", "camera.shutter"),
        ("[station]\ntime_zone = 'Mars/Olympus'", "Mars/Olympus"),
        ("[station\n", "not valid TOML"),
        ("[screen]\ntheme = 'pink'", "screen.theme"),
    ],
)
def test_that_a_wrong_setting_is_named(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "station.toml"
    file.write_text(text)
    with pytest.raises(BadInputError, match=named.replace(".", r"\.")):
        load_settings(file)


def test_that_the_only_camera_has_no_name_and_several_have_theirs(tmp_path: Path) -> None:
    assert CameraSettings(source="webcam:0").sources == {"": "webcam:0"}
    (tmp_path / "station.toml").write_text('[camera.views]\ntop = "genicam:1"\nside = "genicam:2"\n')
    assert load_settings(tmp_path / "station.toml").camera.sources == {"top": "genicam:1", "side": "genicam:2"}


@pytest.mark.parametrize(
    ("views", "said"),
    [
        ('top = "genicam:1"\nTop = "genicam:2"', "same name"),
        ('top = "genicam:1"\nside = "genicam:1"', "'top' and 'side' have the same camera"),
        ('top = "genicam:1"\nside = "genicam: 1"', "same camera"),
        ('top = "genicam:1"\nback = "webcam:0"\nside = " genicam :1 "', "'top' and 'side' have the same camera"),
        ('top = "parts"\nside = "parts/"', "same camera"),
        ('"../top" = "genicam:1"', "name of a view"),
        ('"" = "genicam:1"', "name of a view"),
        ('"a=b" = "genicam:1"', "name of a view"),
    ],
)
def test_that_views_with_equal_cameras_or_bad_names_are_refused(tmp_path: Path, views: str, said: str) -> None:
    (tmp_path / "station.toml").write_text(f"[camera.views]\n{views}\n")
    with pytest.raises(BadInputError, match=rf"setting 'camera\.views'.*{said}"):
        load_settings(tmp_path / "station.toml")


@pytest.mark.parametrize(
    ("trigger", "later", "said"),
    [
        ("hardware", "bottom = 0.8", "names 'bottom', and 'camera.views' has no such view"),
        ("software", "side = 0.8", "triggers all cameras at once"),
        ("hardware", "side = -0.8", "must be at least 0"),
    ],
)
def test_that_a_view_that_cannot_see_its_parts_later_is_refused(
    tmp_path: Path, trigger: str, later: str, said: str
) -> None:
    views = 'top = "genicam:1"\nside = "genicam:2"'
    text = f'[camera]\ntrigger = "{trigger}"\n[camera.views]\n{views}\n[camera.later_s]\n{later}\n'
    (tmp_path / "station.toml").write_text(text)
    with pytest.raises(BadInputError, match=said):
        load_settings(tmp_path / "station.toml")


def test_that_one_camera_beside_several_is_refused_and_not_forgotten(tmp_path: Path) -> None:
    both = '[camera]\nsource = "simulated:"\n[camera.views]\ntop = "genicam:1"\n'
    (tmp_path / "station.toml").write_text(both)
    with pytest.raises(BadInputError, match=r"setting 'camera': 'source' and 'camera\.views' both"):
        load_settings(tmp_path / "station.toml")
    (tmp_path / "station.toml").write_text(both.replace("top =", "# top ="))
    assert load_settings(tmp_path / "station.toml").camera.sources == {"": "simulated:"}


@pytest.mark.parametrize("name", ["Early/Late", "../../etc", "", ".hidden", "a" * 41])
def test_that_a_shifts_name_that_could_be_no_files_name_is_refused(tmp_path: Path, name: str) -> None:
    shift = f'[[station.shifts]]\nname = "{name}"\nstart = 06:00:00\nend = 14:00:00\n'
    (tmp_path / "station.toml").write_text(shift)
    with pytest.raises(BadInputError, match=r"setting 'station\.shifts\.0\.name'"):
        load_settings(tmp_path / "station.toml")


@pytest.mark.parametrize(
    ("written", "there_are"),
    [
        ('[camera]\nsorce = "x"', "setting 'camera.sorce': there is no such setting; there are: source, views, tri"),
        ("[kamera]", "setting 'kamera': there is no such setting; there are: station, camera, recording"),
        ('[[station.shifts]]\nname = "A"\nstart = 06:00:00\nend = 07:00:00\nfrom = 1',
         "setting 'station.shifts.0.from': there is no such setting; there are: name, start, end"),
    ],
)  # fmt: skip
def test_that_an_unknown_setting_is_answered_with_those_there_are(tmp_path: Path, written: str, there_are: str) -> None:
    (tmp_path / "station.toml").write_text(written)
    with pytest.raises(BadInputError, match=re.escape(there_are)):
        load_settings(tmp_path / "station.toml")


def test_that_two_shifts_of_one_name_are_refused(tmp_path: Path) -> None:
    shift = '[[station.shifts]]\nname = "{}"\nstart = 06:00:00\nend = 14:00:00\n'
    (tmp_path / "station.toml").write_text(shift.format("Early") + shift.format("early"))
    with pytest.raises(BadInputError, match=r"station\.shifts.*same name"):
        load_settings(tmp_path / "station.toml")
