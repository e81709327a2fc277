"""A task of minutes says how far it is, and ends early when it is not wanted any more."""

from dataclasses import dataclass
from threading import Event

import pytest
from PySide6.QtCore import QObject

from station.domain.errors import GivenUpError
from ui.background.stoppable_task import StoppableTask
from ui.background.tasks import BackgroundTasks


@dataclass(frozen=True)
class Step:
    stage: str = "Judging"
    done: int = 3
    total: int = 7


@pytest.fixture
def task():
    owner = QObject()
    beside = BackgroundTasks(owner)
    made = StoppableTask(owner, beside)
    yield made
    made.close()
    beside.close()


def test_that_progress_and_the_result_come_back(task, qtbot) -> None:
    words, results = [], []
    task.progressed.connect(words.append)

    def work(report, _wanted):
        report(Step())
        report(Step(total=0))
        return 5

    task.ask(work, results.append, pytest.fail)
    assert task.runs
    qtbot.waitUntil(lambda: bool(results))
    assert words == ["Judging: 3 of 7", "Judging: 3"]
    assert results == [5]
    assert not task.runs


def test_that_a_stopped_task_ends_at_its_next_step_and_the_next_one_runs(task, qtbot) -> None:
    failures, results, began = [], [], Event()

    def work(_report, wanted):
        began.set()
        while wanted():
            pass
        raise GivenUpError("The task was given up.")

    task.ask(work, pytest.fail, failures.append)
    assert began.wait(10)
    task.stop()
    assert task.wait(10)
    qtbot.waitUntil(lambda: bool(failures))
    task.ask(lambda _report, wanted: wanted(), results.append, pytest.fail)
    qtbot.waitUntil(lambda: results == [True])
