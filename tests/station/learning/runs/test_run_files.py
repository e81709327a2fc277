"""Log and progress of a run, as another process reads them."""

import json
import threading
from pathlib import Path

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
