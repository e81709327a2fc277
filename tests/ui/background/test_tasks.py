"""Work away from the GUI thread."""

import threading

import pytest
from PySide6.QtCore import QObject

from station.domain.errors import BadInputError
from ui.background.tasks import BackgroundTasks

SOON_S = 20.0


@pytest.fixture
def tasks():
    owner = QObject()
    made = BackgroundTasks(owner)
    yield made
    made.close()


def test_that_the_answer_comes_back_on_the_gui_thread(tasks, qtbot) -> None:
    threads = []
    tasks.ask(threading.get_ident, lambda worker: threads.extend((worker, threading.get_ident())), pytest.fail)
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0] != threading.get_ident()
    assert threads[1] == threading.get_ident()


def test_that_an_expected_failure_goes_to_its_own_function(tasks, qtbot) -> None:
    failures = []

    def fail() -> None:
        raise BadInputError("no such shift")

    tasks.ask(fail, pytest.fail, failures.append)
    qtbot.waitUntil(lambda: len(failures) == 1)
    assert failures[0].sentence == "no such shift"


def test_that_a_bug_is_raised_and_not_swallowed(tasks, qtbot) -> None:
    with qtbot.captureExceptions() as bugs:
        tasks.ask(lambda: 1 // 0, pytest.fail, pytest.fail)
        qtbot.waitUntil(lambda: len(bugs) == 1)
    assert bugs[0][0] is ZeroDivisionError


def test_that_closing_finishes_the_queued_tasks(tasks) -> None:
    done = []
    tasks.ask(lambda: done.append("recorded"), lambda _none: None, pytest.fail)
    tasks.close()
    assert done == ["recorded"]


def test_that_a_task_that_never_ends_does_not_delay_closing(tasks) -> None:
    begun, release, done = threading.Event(), threading.Event(), []
    tasks.ask(lambda: begun.set() or release.wait(), pytest.fail, pytest.fail)
    tasks.ask(lambda: done.append("not begun"), pytest.fail, pytest.fail)
    assert begun.wait(SOON_S)
    tasks.close(within_s=0)
    assert not release.is_set(), "closed while it still hung"
    release.set()
    assert tasks.wait(SOON_S)
    _ended()
    assert done == []


def _ended() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("lineside-tasks"):
            thread.join(SOON_S)
