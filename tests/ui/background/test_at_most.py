"""What is done at most so often."""

from PySide6.QtCore import QObject

from ui.background.at_most import AtMost


def test_that_the_first_is_done_at_once_and_the_rest_together(qtbot) -> None:
    owner, done = QObject(), []
    seldom = AtMost(owner, lambda: done.append(1), every_ms=30)
    for _ in range(5):
        seldom.ask()
    assert len(done) == 1
    qtbot.waitUntil(lambda: len(done) == 2)
    qtbot.wait(80)
    assert len(done) == 2, "nothing was asked since"


def test_that_what_must_be_done_now_does_not_wait(qtbot) -> None:
    owner, done = QObject(), []
    seldom = AtMost(owner, lambda: done.append(1), every_ms=60_000)
    seldom.ask()
    seldom.ask(now=True)
    assert len(done) == 2


def test_that_nothing_is_done_after_it_is_closed(qtbot) -> None:
    owner, done = QObject(), []
    seldom = AtMost(owner, lambda: done.append(1), every_ms=10)
    seldom.ask()
    seldom.ask()
    seldom.close()
    qtbot.wait(50)
    assert len(done) == 1
