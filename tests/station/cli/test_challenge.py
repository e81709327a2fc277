"""`linesidectl challenge`, from a check that is due to suspects that a person answers for."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from station.app import Station
from station.cli.program import run
from station.domain.challenge_plan import ChallengePlan, parts_of_words
from station.domain.recipe import RecipeState

Ask = Callable[..., tuple[int, list[dict[str, object]]]]


@pytest.fixture
def ask(station: Station, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run `linesidectl challenge` on a station with stored pictures: a good part, a bad one; return code and JSON."""
    monkeypatch.setenv("USER", "sam")
    folder = station.settings.camera.source.removeprefix("replay:").partition("?")[0]
    base = station.recipes.find("plate").recipe
    plan = ChallengePlan(changeover=True, blocks=True, parts=parts_of_words("clean=good; dent=bad@0,0,320,240"))
    station.recipes.add(replace(base, revision=2, challenge=plan), RecipeState.RELEASED)
    (station.workspace.root / "station.toml").write_text(f'[camera]\nsource = "replay:{folder}"\n')

    def asked(*words: str, typed: str = "") -> tuple[int, list[dict[str, object]]]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = run(["--workspace", str(station.workspace.root), "challenge", *words, "--json", "-"])
        return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return asked


def test_that_a_check_is_listed_as_due_run_and_no_longer_due(ask: Ask) -> None:
    code, (listed,) = ask("list")
    assert (code, listed["due"]) == (1, ["no check of this product has passed yet"])
    code, (check,) = ask("check", "plate", typed="\n\n")
    assert (code, check["outcome"], check["person"]) == (0, "passed", "sam (system user)")
    results = check["results"]
    assert isinstance(results, list)
    assert [(each["part"], each["verdict"], each["met"]) for each in results] == [
        ("clean", "PASS", True), ("dent", "FAIL", True)
    ]  # fmt: skip
    code, listed_then = ask("list")
    assert (code, listed_then[0]["due"], listed_then[1]["outcome"]) == (0, [], "passed")


def test_that_a_check_asks_for_its_parts_and_is_broken_off_by_the_end_of_the_input(ask: Ask) -> None:
    code, (check,) = ask("check", "plate", typed="\n\n")
    assert (code, check["outcome"]) == (0, "passed")
    code, (check,) = ask("check", "plate", typed="\n")
    results = check["results"]
    assert isinstance(results, list)
    assert (code, check["outcome"], len(results)) == (1, "not finished", 1)
    assert ask("list")[1][0]["due"] == ["the last check was not finished"]


def test_that_a_check_whose_camera_cannot_be_opened_is_not_reported_as_the_one_before(
    ask: Ask, station: Station, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask("check", "plate", typed="\n\n")[0] == 0
    (station.workspace.root / "station.toml").write_text('[camera]\nsource = "replay:/nowhere"\n')
    command = ["--workspace", str(station.workspace.root), "challenge", "check", "plate"]
    assert run(command) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "The check was not begun. " in said.err
    assert "/nowhere" in said.err


@pytest.mark.slow
def test_that_suspects_are_listed_written_and_answered_for(ask: Ask, station: Station, tmp_path: Path) -> None:
    assert ask("check", "plate", typed="\n\n")[0] == 0
    folder = station.settings.camera.source.removeprefix("replay:").partition("?")[0]
    station.line.load_recipe("plate")
    station.line.run(folder, on_part=lambda _: None)
    assert ask("suspects", "plate") == (0, [])
    wrong = parts_of_words("clean=good; dent=good")
    recipe = station.recipes.find("plate").recipe
    station.recipes.add(replace(recipe, revision=3, challenge=replace(recipe.challenge, parts=wrong)))
    station.recipes.release("plate", 3, "Ada", "wrong on purpose")
    assert ask("check", "plate", typed="\n\n")[0] == 1
    table = tmp_path / "suspects.csv"
    code, suspects = ask("suspects", "plate", "--csv", str(table))
    assert (code, [each["part"] for each in suspects]) == (1, [f"{number:04d}" for number in range(1, 7)])
    assert len(table.read_text("utf-8-sig").splitlines()) == 7
    assert ask("suspects", "plate", "--answer", "all six measured")[0] == 0
    assert ask("suspects", "plate") == (0, [])
    assert ask("suspects", "nothing")[0] == 2
