"""`linesidectl synthetic`: a folder of drawn defects, and a table of what would be found."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from station.app import Station
from station.cli.program import run
from station.learning.layout.reading import read_layout

LOOK = ("look", "--recipe", "plate", "--kinds", "missing,stain", "--count", "3", "--sizes", "4,120", "--seed", "1")


@pytest.fixture
def good(tmp_path: Path, draw_part: Callable[..., NDArray[np.uint8]]) -> Path:
    folder = tmp_path / "good"
    folder.mkdir()
    for number in range(4):
        cv2.imwrite(str(folder / f"{number}.png"), draw_part(number))
    return folder


def ask(station: Station, *words: str | Path) -> int:
    return run(["synthetic", *map(str, words), "--workspace", str(station.workspace.root)])


def test_that_a_folder_is_drawn_and_evaluated_apart(
    station: Station, good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "drawn"
    assert ask(station, "draw", good, "--out", out, "--kinds", "foreign,dent", "--count", "2", "--json", "-") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["synthetic"], said["defects"]) == (True, 4)
    assert said["kinds"] == {"synthetic-foreign": 2, "synthetic-dent": 2}
    assert sum(not picture.good for picture in read_layout(out).pictures) == 4
    assert (
        run(["evaluate", str(out), "--recipe", "plate", "--workspace", str(station.workspace.root), "--json", "-"]) == 0
    )
    figures = json.loads(capsys.readouterr().out)
    assert figures["escapes"]["n"] == 0
    assert figures["synthetic"] == ["4 synthetic defects are counted by kind alone, in no figure of real defects"]
    assert set(figures["per_kind"]) == {"synthetic-foreign", "synthetic-dent"}


def test_that_the_figures_of_an_evaluation_say_that_defects_are_synthetic(
    station: Station, good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(station, "draw", good, "--out", tmp_path / "drawn", "--kinds", "foreign", "--count", "1")
    run(["evaluate", str(tmp_path / "drawn"), "--recipe", "plate", "--workspace", str(station.workspace.root)])
    said = capsys.readouterr().out
    assert "1 synthetic defect is counted by kind alone, in no figure of real defects" in said
    assert "escapes: not known (all defects among the pictures are synthetic)" in said
    assert "synthetic-foreign: " in said


def test_that_the_look_is_a_table_that_says_what_it_is(
    station: Station, good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(station, *LOOK, good) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert first == "Synthetic defects: what is found here does not prove that real defects are found."
    assert lines[-3].split() == ["Drawn", "defect", "4", "px", "120", "px", "Found", "from"]
    assert lines[-2].split() == ["missing", "piece", "0", "of", "3", "3", "of", "3", "120", "px"]


def test_that_a_program_reads_the_same(station: Station, good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(station, *LOOK, good, "--json", "-") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["synthetic"], said["recipe"], said["revision"], said["seed"]) == (True, "plate", 1, 1)
    assert said["found_from_px"]["synthetic-missing"] == 120
    assert said["sizes"][0] == {
        "kind": "synthetic-missing", "size_px": 4, "drawn": 3, "found": 0, "placed": 0, "not_inspected": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("need", "code", "said"),
    [
        ("120", 0, "every kind is found from 120 px, as needed"),
        ("4", 1, "not found from 4 px, as needed: missing piece"),
        ("500", 1, "no defect of 500 px or more was drawn: name larger --sizes, or a smaller --need"),
    ],
)
def test_that_a_needed_size_that_is_not_found_is_said_and_gives_exit_code_1(
    station: Station, good: Path, capsys: pytest.CaptureFixture[str], need: str, code: int, said: str
) -> None:
    missing = ("look", "--recipe", "plate", "--kinds", "missing", "--count", "3", "--sizes", "4,120", good)
    assert ask(station, *missing, "--need", need) == code
    assert capsys.readouterr().out.splitlines()[-1] == said


@pytest.mark.parametrize("words", [("--kinds", "rust"), ("--sizes", "1"), ("--seed", "-1"), ("--count", "0")])
def test_that_wrong_words_are_refused(
    station: Station, good: Path, words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        ask(station, "look", "--recipe", "plate", good, *words)
    assert refused.value.code == 2
    assert words[0] in capsys.readouterr().err
