"""Work away from the GUI thread."""

import threading

import pytest
from PySide6.QtCore import QObject

from station.domain.errors import BadInputError
from ui.background.tasks import BackgroundTasks

SOON_S = 20.0


@pytest.fixture
def desk():
    owner = QObject()
    made = BackgroundTasks(owner)
    yield made
    made.close()


def test_that_the_answer_comes_back_on_the_gui_thread(desk, qtbot) -> None:
    threads = []
    desk.ask(threading.get_ident, lambda worker: threads.extend((worker, threading.get_ident())), pytest.fail)
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0] != threading.get_ident()
    assert threads[1] == threading.get_ident()


def test_that_an_expected_failure_is_handed_to_its_own_reader(desk, qtbot) -> None:
    failures = []

    def fail() -> None:
        raise BadInputError("no such shift")

    desk.ask(fail, pytest.fail, failures.append)
    qtbot.waitUntil(lambda: len(failures) == 1)
    assert failures[0].sentence == "no such shift"


def test_that_a_bug_is_raised_and_not_swallowed(desk, qtbot) -> None:
    with qtbot.captureExceptions() as bugs:
        desk.ask(lambda: 1 // 0, pytest.fail, pytest.fail)
        qtbot.waitUntil(lambda: len(bugs) == 1)
    assert bugs[0][0] is ZeroDivisionError


def test_that_closing_finishes_what_was_asked_for(desk) -> None:
    done = []
    desk.ask(lambda: done.append("recorded"), lambda _none: None, pytest.fail)
    desk.close()
    assert done == ["recorded"]


def test_that_what_never_ends_holds_up_no_closing(desk) -> None:
    begun, let_go, done = threading.Event(), threading.Event(), []
    desk.ask(lambda: begun.set() or let_go.wait(), pytest.fail, pytest.fail)
    desk.ask(lambda: done.append("not begun"), pytest.fail, pytest.fail)
    assert begun.wait(SOON_S)
    desk.close(within_s=0)
    assert not let_go.is_set(), "closed while it still hung"
    let_go.set()
    assert desk.wait(SOON_S)
    _ended()
    assert done == []


def _ended() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("lineside-desk"):
            thread.join(SOON_S)
