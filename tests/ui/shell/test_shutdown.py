"""The window closes when line and camera are released, and stays responsive until then."""

import threading
import time

import pytest
from keyboard import press
from PySide6.QtCore import Qt, QTimer

from station.commands.cameras import CameraCommands
from station.domain.audit import AuditAction, AuditFilter
from station.domain.camera import DiscoveryResult
from ui.actions.action import SharedAct
from ui.actions.page_spec import ClosingStep
from ui.shell.shutdown import ClosingDialog, Shutdown

SOON_MS = 20_000


@pytest.fixture
def camera(window, station, monkeypatch):
    """A camera that is released when this event is set, and not before."""
    window.show_page("cameras")
    released = threading.Event()
    monkeypatch.setattr(CameraCommands, "wait_disconnected", lambda _self, timeout_s: released.wait(timeout_s))
    yield released
    released.set()


@pytest.fixture
def ticks(window):
    """Counts how often the GUI thread came by."""
    ticks = []
    timer = QTimer(window, interval=10)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    return ticks


def dialog_of(window):
    return window.findChild(ClosingDialog)


def test_that_the_window_says_what_it_waits_for_and_goes_on_living(window, camera, ticks, qtbot) -> None:
    window.close()
    qtbot.waitUntil(lambda: dialog_of(window) is not None, timeout=SOON_MS)
    assert dialog_of(window).words.text() == "Waiting for the camera to be released …"
    before = len(ticks)
    qtbot.waitUntil(lambda: len(ticks) >= before + 20, timeout=SOON_MS)
    assert window.isVisible()
    camera.set()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=SOON_MS)


def test_that_nothing_can_be_touched_while_it_closes(window, station, camera, qtbot) -> None:
    window.close()
    qtbot.waitUntil(lambda: dialog_of(window) is not None, timeout=SOON_MS)
    press(dialog_of(window), Qt.Key.Key_Escape)
    press(window, Qt.Key.Key_F2)
    window.close()
    assert dialog_of(window).isVisible()
    assert not window.isEnabled()
    assert window.isVisible()
    camera.set()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=SOON_MS)


def test_that_a_window_with_nothing_to_wait_for_closes_without_a_word(window, qtbot) -> None:
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=SOON_MS)
    assert dialog_of(window) is None


def test_that_what_never_ends_is_not_waited_for_for_ever(window, qtbot) -> None:
    ended = []
    farewell = Shutdown(
        window, [ClosingStep("a dead camera", threading.Event().wait, 0.4)], lambda: ended.append("gone")
    )
    farewell.start()
    qtbot.waitUntil(lambda: ended == ["gone"], timeout=SOON_MS)
    farewell.finish()
    assert ended == ["gone"], "it ends once"


def test_that_a_camera_that_never_answers_does_not_keep_the_window(window, station, ticks, monkeypatch, qtbot) -> None:
    asked, answers = threading.Event(), threading.Event()
    monkeypatch.setattr("ui.pages.cameras.presenter._RELEASED_WITHIN_S", 0.4)
    monkeypatch.setattr(CameraCommands, "discover", lambda _self: asked.set() or answers.wait())
    window.show_page("cameras")
    assert asked.wait(SOON_MS / 1000)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=SOON_MS)
    assert not answers.is_set(), "gone while the camera still hung"
    answers.set()
    for thread in threading.enumerate():
        if thread.name.startswith("lineside-tasks"):
            thread.join(SOON_MS / 1000)


def test_that_the_camera_and_its_desks_share_one_limit(window, station, monkeypatch) -> None:
    released_after_s, patience = 0.2, []
    monkeypatch.setattr(CameraCommands, "discover", lambda _self: DiscoveryResult((), (), ()))
    window.show_page("cameras")
    with monkeypatch.context() as patched:
        patched.setattr(
            CameraCommands, "wait_disconnected", lambda _self, _s: not threading.Event().wait(released_after_s)
        )
        patched.setattr(
            "ui.background.tasks.BackgroundTasks.wait", lambda _desk, timeout_s: patience.append(timeout_s) or True
        )
        assert window.presenter_of("cameras").wait(1.0)
    assert len(patience) == 2
    assert max(patience) <= 1.0 - released_after_s


def test_that_a_start_that_comes_late_does_not_outlive_the_window(window, station) -> None:
    station.line.load_recipe("plate")
    line = window.presenter_of("line")
    line._writing.ask(lambda: time.sleep(0.3), lambda _: None, lambda _: None)  # another word is being written
    window.action_table[SharedAct.START].trigger()
    window.shut_down()
    assert station.line.state.at_rest
    assert station.audit.count(AuditFilter(action=AuditAction.LINE_STARTED)) == 1
