"""All errors of station.toml are shown at once, each with its line and its remedy."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from station.domain.errors import BadInputError
from station.settings_file import line_numbers, load_settings


class LampSettings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    port: str = Field("", description="Serial port")
    on_time_s: float = Field(0.5, gt=0, le=10, description="Time that the lamp is on, seconds")


MODELS = {"lamp": LampSettings, "untyped": None}


def refusal(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "station.toml"
    file.write_text(text)
    with pytest.raises(BadInputError) as refused:
        load_settings(file, MODELS)
    assert refused.value.advice == "Correct the file and start again."
    head, *errors = refused.value.sentence.splitlines()
    assert head == f"{file} has {len(errors)} error{'s' if len(errors) > 1 else ''}:"
    return [error.strip() for error in errors]


def test_that_all_errors_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    assert refusal(tmp_path, """# our station
[plugins.lamp]
on_time_s = 20
color = "red"

[camera]
ring_slots = 1
trigger = "sofware"

[[station.shifts]]
name = "Early"
start = 06:00:00
end = 14:00:00
[[station.shifts]]
name = ""
start = 14:00:00
end = 22:00:00

[kamera]
[plugins.lamb]
""") == [
        "line 3: setting 'plugins.lamp.on_time_s': must be at most 10.0, not 20. "
        "Meaning: Time that the lamp is on, seconds.",
        "line 4: setting 'plugins.lamp.color': there is no such setting; there are: port, on_time_s. Delete the line.",
        "line 7: setting 'camera.ring_slots': must be at least 2, not 1. "
        "Meaning: Frames that wait for inspection before one is given up.",
        "line 8: setting 'camera.trigger': must be 'free', 'software' or 'hardware', not 'sofware'. "
        "Meaning: What opens an inspection.",
        "line 15: setting 'station.shifts.1.name': must have at least 1 character(s), not ''. "
        "Meaning: Shifts of a day, in order.",
        "line 19: setting 'kamera': there is no such setting; there are: station, camera, recording, backup, "
        "inference, screen, release, report, plant, scanner, people, plugins. "
        "Did you mean 'camera'? Otherwise delete the line.",
        "line 20: setting 'plugins.lamb': no plug-in of this name is installed; installed: lamp, untyped. "
        "Install the plug-in, correct the name, or delete the table.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[camera]\nring_slots = 2.5", "must be a whole number, not 2.5"),
        ("[camera]\nlost_after_s = 0", "must be more than 0.0, not 0"),
        ('[camera]\nlost_after_s = "soon"', "must be a number, not 'soon'"),
        ("[station]\nname = 3", "must be a text in quotes, not 3"),
        ("camera = 3", "must be a table"),
        (
            '[[station.shifts]]\nname = "A"\nstart = "soon"\nend = 07:00:00',
            "must be a time such as 06:00:00, not 'soon'",
        ),
        ("[camera]\nproducers = 3", "must be a list in square brackets"),
        ('[[station.shifts]]\nname = "A"\nstart = 06:00:00', "setting 'station.shifts.0.end': is missing"),
        ("[plugins.lamp]\nport = true", "must be a text in quotes, not True"),
    ],
)
def test_that_an_error_is_said_in_plain_words(tmp_path: Path, text: str, said: str) -> None:
    (error,) = refusal(tmp_path, text)
    assert said in error
    assert error.startswith("line ")


def test_that_tables_of_plug_ins_are_kept_for_them(tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    file.write_text('[plugins.lamp]\nport = "COM3"\n[plugins.untyped]\nany = [1, 2]\n')
    assert load_settings(file, MODELS).plugins == {"lamp": {"port": "COM3"}, "untyped": {"any": [1, 2]}}


def test_that_a_plug_in_whose_setting_is_missing_is_named_also_without_a_file(tmp_path: Path) -> None:
    class Strict(BaseModel):
        port: str

    with pytest.raises(BadInputError, match=r"setting 'plugins\.strict\.port': is missing"):
        load_settings(tmp_path / "station.toml", {"strict": Strict})


def test_that_a_key_is_found_on_its_line_however_it_is_written() -> None:
    assert line_numbers("""a = 1
[b]  # a comment
c = '''
[not a table]
d = 1
'''
"quoted key" = "x # y"
e.f = 1
e.g = 2
list = [
  1,  # [z]
  2,
]

[[rows]]
x = 1
[rows.inner]
y = 1
[[rows]]
x = 2
[rows.inner]
y = 2
""") == {
        ("a",): 1, ("b",): 2, ("b", "c"): 3, ("b", "quoted key"): 7, ("b", "e"): 8, ("b", "e", "f"): 8,
        ("b", "e", "g"): 9, ("b", "list"): 10, ("rows", 0): 15, ("rows", 0, "x"): 16, ("rows", 0, "inner"): 17,
        ("rows", 0, "inner", "y"): 18, ("rows", 1): 19, ("rows", 1, "x"): 20, ("rows", 1, "inner"): 21,
        ("rows", 1, "inner", "y"): 22,
    }  # fmt: skip


VALUES = st.sampled_from(["1", '"a"', '"""\n[x]\ny = 1\n"""', "[1,\n2]", "{ k = 1 }", "[\n# z = 1\n]", "1 # n = 2"])
KEYS = st.sampled_from(["a", "b", '"c d"', "e"])


@given(st.lists(st.tuples(KEYS, st.dictionaries(KEYS, VALUES), st.booleans()), max_size=5, unique_by=lambda t: t[0]))
def test_that_every_value_is_on_the_line_that_is_found_for_it(tables: list[tuple[str, dict[str, str], bool]]) -> None:
    lines: list[str] = []
    expected: dict[tuple, int] = {}
    for table, values, is_row in tables:
        lines.append(f"[[{table}]]" if is_row else f"[{table}]")
        place = (table.strip('"'), 0) if is_row else (table.strip('"'),)
        expected[place] = len(lines)
        for key, value in values.items():
            expected[(*place, key.strip('"'))] = len(lines) + 1
            lines += f"{key} = {value}".split("\n")
    text = "\n".join(lines)
    tomllib.loads(text)
    found = line_numbers(text)
    assert {place: found.get(place) for place in expected} == expected
