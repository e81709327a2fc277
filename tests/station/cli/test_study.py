"""`linesidectl study`, from set-up to the printed result."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from pypdf import PdfReader

from station.app import Station
from station.cli.program import run

Ask = Callable[..., tuple[int, list[dict[str, object]]]]


@pytest.fixture
def ask(
    station: Station,
    tmp_path: Path,
    draw_part: Callable[..., NDArray[np.uint8]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Ask:
    """Run `linesidectl study` on a station with four labelled pictures; return its exit code and its JSON."""
    monkeypatch.setenv("USER", "sam")
    for number in range(4):
        folder = tmp_path / "labelled" / ("dent" if number > 1 else "good")
        folder.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / f"{number}.png"), draw_part(number, defective=number > 1))
    station.datasets.import_folder(tmp_path / "labelled", "Steel plate", person="maria")

    def asked(*words: str) -> tuple[int, list[dict[str, object]]]:
        code = run(["--workspace", str(station.workspace.root), "study", *words, "--json", "-"])
        return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return asked


@pytest.mark.slow
def test_that_a_study_is_made_judged_and_printed_by_commands(station: Station, ask: Ask, tmp_path: Path) -> None:
    assert ask("list") == (0, [])
    people = ("--appraiser", "Anna", "--model", "plate@1", "--trials", "1", "--good", "2", "--defects", "2")
    code, (created,) = ask("create", "Steel plate", *people, "--seed", "3")
    assert (code, created["study"], created["parts"], created["created_by"]) == (0, 1, 4, "sam (system user)")
    assert ask("show", "1")[0] == 2  # closed
    code, (task,) = ask("answer", "1", "Anna")
    while task["task"] is not None:
        assert Path(str(task["picture"])).is_file()
        right = {part.item_id: part.reference for part in station.studies.find(1).parts}
        asked = station.studies.task(1, "Anna")
        assert asked is not None
        code, (task,) = ask("answer", "1", "Anna", right[asked.item_id].value, "--task", str(task["task"]))
        assert code == 0
    assert ask("model", "1", "plate@1")[1] == [{"study": 1, "appraiser": "plate@1", "answers": 4}]
    code, shown = ask("show", "1", "--pdf", str(tmp_path / "study.pdf"))
    assert code == 0
    assert [each.get("result") for each in shown] == ["acceptable", "acceptable", None]
    assert shown[0]["effectiveness"] == {"count": 4, "n": 4, "rate": 1.0, "low": pytest.approx(0.51, abs=0.01),
                                         "high": 1.0}  # fmt: skip
    assert shown[2]["summary"] is True
    assert "Attribute study 1" in PdfReader(tmp_path / "study.pdf").pages[0].extract_text()
    assert [each["answered"] for each in ask("list")[1][0]["appraisers"]] == [4, 4]  # type: ignore[union-attr]


@pytest.mark.slow
def test_that_an_answer_that_was_given_is_not_given_again(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    ask("create", "Steel plate", "--appraiser", "Anna", "--trials", "1", "--good", "2", "--defects", "2")
    assert ask("answer", "1", "Anna", "good", "--task", "1")[0] == 0
    assert ask("answer", "1", "Anna", "defect", "--task", "1")[0] == 2
    assert ask("answer", "1", "Ben")[0] == 2
    assert ask("list")[1][0]["appraisers"] == [{"name": "Anna", "kind": "person", "answered": 1, "of": 4}]


def test_that_an_appraiser_that_is_not_acceptable_is_the_answer_no(ask: Ask) -> None:
    ask("create", "Steel plate", "--appraiser", "Anna", "--trials", "1", "--good", "2", "--defects", "2")
    for _ in range(4):
        ask("answer", "1", "Anna", "good")
    code, shown = ask("show", "1")
    assert (code, shown[0]["result"]) == (1, "not acceptable")
