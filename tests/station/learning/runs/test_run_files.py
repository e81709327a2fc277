"""Log and progress of a run, as another process reads them."""

import json
import math
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.training import RunProgress
from station.learning.progress import Progress, with_progress
from station.learning.runs.run_files import NewsWriter, RunFiles, progress_from


def test_that_a_run_that_has_not_begun_has_neither_log_nor_progress(tmp_path: Path) -> None:
    files = RunFiles.of(tmp_path, 3)
    assert files.log_lines(10) == ()
    assert files.progress() == RunProgress()


def test_that_a_window_reads_each_stage_with_what_was_done(tmp_path: Path) -> None:
    files = RunFiles.of(tmp_path, 3)
    news = NewsWriter(files)
    for stage, steps in (("Looking", 40), ("Evaluating", 7)):
        list(with_progress(range(steps), stage, news))
    progress = files.progress()
    assert [(stage.stage, stage.done, stage.total) for stage in progress.stages] == [
        ("Looking", 40, 40),
        ("Evaluating", 7, 7),
    ]
    assert progress.share == 1.0
    assert [line.partition(" ")[2][9:] for line in files.log_lines(10)] == ["Looking", "Evaluating"]


def test_that_half_a_line_of_a_killed_run_is_not_read(tmp_path: Path) -> None:
    files = RunFiles.of(tmp_path, 3)
    NewsWriter(files)(Progress("Looking", 1, 4, 6.0))
    with files.news.open("ab") as news:
        news.write(b'{"at": 1.0, "sta')
    assert files.progress().left_s == 6.0


def test_that_lines_of_two_writers_do_not_mix(tmp_path: Path) -> None:
    files = RunFiles.of(tmp_path, 3)
    writers = [threading.Thread(target=lambda: [NewsWriter(files).say("x" * 300) for _ in range(50)]) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert {line[20:] for line in files.log_lines(1000)} == {"x" * 300}
    assert len(files.log_lines(1000)) == 200


def test_that_each_loss_counts_though_few_are_written(tmp_path: Path) -> None:
    files = RunFiles.of(tmp_path, 3)
    news = NewsWriter(files)
    for done, loss in enumerate((9.0, 4.0, 2.0, math.nan), start=1):
        news(Progress("Training", done, 4, loss=loss))
    assert [loss for _, loss in files.progress().losses] == [9.0, 3.0]


def test_that_the_curve_of_a_long_training_has_few_points_of_its_last_stage() -> None:
    line = {"done": 0, "total": 0, "left_s": None}
    first = [line | {"at": at, "stage": "Warming up", "loss": 900.0} for at in range(50)]
    then = [line | {"at": 50 + at, "stage": "Training", "loss": 10_000 - at} for at in range(10_000)]
    last = [line | {"at": 10_050 + at, "stage": "Measuring"} for at in range(50)]
    losses = progress_from(iter([*first, *then, *last])).losses
    assert 300 <= len(losses) <= 400
    assert [value for _, value in losses] == sorted((value for _, value in losses), reverse=True)
    assert losses[0][0] == pytest.approx(62)


def test_that_a_method_without_a_loss_has_no_curve_of_it(tmp_path: Path) -> None:
    files = RunFiles.of(tmp_path, 3)
    list(with_progress(range(9), "Looking", NewsWriter(files)))
    assert files.progress().losses == ()
    assert "loss" not in files.news.read_text()


_LINES = st.lists(
    st.fixed_dictionaries(
        {
            "at": st.floats(0, 1e5),
            "stage": st.sampled_from(["a", "b"]),
            "done": st.integers(0, 9),
            "total": st.sampled_from([0, 9]),
            "left_s": st.none() | st.floats(0, 1e4),
        }
    )
)


@given(lines=_LINES)
def test_that_progress_is_a_share_whatever_was_written(lines: list[dict[str, object]]) -> None:
    progress = progress_from(iter(json.loads(json.dumps(lines))))
    assert progress.share is None or 0 <= progress.share <= 1
    assert all(0 <= share <= 1 for _, share in progress.points)
    assert bool(progress.stages) == bool(lines)
