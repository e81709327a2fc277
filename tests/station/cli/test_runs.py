"""`linesidectl runs` on a station with runs that nothing executes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from compared import REASON, comparison

from station.__main__ import main
from station.app import Station
from station.domain.training import RunState, TrainingOrder
from station.learning.runs.kept_comparisons import keep_comparison
from station.learning.runs.run_files import RunFiles
from station.storage.learning.training_runs import Step, TrainingRuns

AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    with Station.open(tmp_path / "station") as station:
        runs = TrainingRuns(station._core.database)
        for _ in range(2):
            runs.add(TrainingOrder("tile", "", "v1", with_defects=True), "Ada", AT)
        runs.take_next(AT, lambda _: "tile-run1")
        runs.change(1, Step(RunState.FAILED, AT, sentence="The disk is full."))
        yield tmp_path / "station"


def _run(root: Path, *words: str) -> int:
    return main(["runs", *words, "--workspace", str(root)])


def test_that_the_list_says_how_each_run_ended(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(root, "list") == 0
    assert capsys.readouterr().out.splitlines() == [
        "2  tile  balanced, with defects  version v1  queued",
        "1  tile  balanced, with defects  version v1  failed: The disk is full.",
    ]


def test_that_a_waiting_run_is_cancelled(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(root, "cancel", "2", "--json", "-") == 0
    cancelled = json.loads(capsys.readouterr().out)
    assert (cancelled["run"], cancelled["state"]) == (2, "cancelled")
    assert _run(root, "cancel", "2") == 2


def test_that_a_comparison_is_shown_with_its_table(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Station.open(root) as station:
        runs = TrainingRuns(station._core.database)
        number = runs.add(TrainingOrder("tile", "", "v1", "balanced,fast"), "Ada", AT).number
        runs.change(2, Step(RunState.CANCELLED, AT))
        runs.take_next(AT, lambda _: "tile-run3")
        keep_comparison(RunFiles.of(station.workspace.logs, number), comparison())
        runs.change(number, Step(RunState.DONE, AT, sentence=REASON))
    assert _run(root, "show", str(number), "--json", str(root / "shown.json")) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"3  tile  compare balanced, fast  version v1  done: {REASON}"
    assert said[1].split()[:3] == ["Method", "AUROC", "(95"]
    assert [line.split("  ")[0] for line in said[2:4]] == ["balanced", "\u2713 fast"]
    kept = json.loads((root / "shown.json").read_text())["comparison"]
    assert (kept["recommended"], kept["methods"][1]["name"], kept["methods"][0]["escapes"]["n"]) == ("fast", "fast", 62)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "9"), "There is no training run 9."),
        (("export", "1"), "None of these runs has figures."),
        (("queue", "tile", "v9"), "There is no dataset version 'v9' of tile."),
    ],
)
def test_that_what_cannot_be_done_is_said_in_one_sentence(
    root: Path, words: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(root, *words) == 2
    assert sentence in capsys.readouterr().err
