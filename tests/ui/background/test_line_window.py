"""A window that runs the line can be called by another one."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from ui.background.line_window import LineWindow, LineWindowWhileRunning, call_line_window


@pytest.fixture
def page(qtbot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def test_that_nobody_answers_where_no_line_runs(tmp_path: Path, qapp) -> None:
    assert not call_line_window(tmp_path)


def test_that_only_the_window_of_the_same_workspace_comes(tmp_path: Path, page: QWidget, qtbot) -> None:
    own = LineWindow(page, tmp_path)
    page.showMinimized()
    assert not call_line_window(tmp_path / "other")
    qtbot.wait(50)
    assert page.isMinimized()
    assert call_line_window(tmp_path / "." / "x" / "..")
    qtbot.waitUntil(lambda: not page.isMinimized())
    own.close()
    assert not call_line_window(tmp_path)


def test_that_a_large_window_comes_as_large_as_it_was(tmp_path: Path, page: QWidget, qtbot) -> None:
    own = LineWindow(page, tmp_path)
    page.showFullScreen()
    assert call_line_window(tmp_path)
    qtbot.wait(50)
    assert page.isFullScreen()
    own.close()


def test_that_the_socket_of_a_killed_program_is_taken_over(tmp_path: Path, page: QWidget) -> None:
    left = LineWindow(page, tmp_path)
    name = left._server.fullServerName()
    left.close()
    Path(name).touch()  # what a killed program leaves on Linux
    own = LineWindow(page, tmp_path)
    assert own.listens
    assert call_line_window(tmp_path)
    own.close()


def test_that_it_listens_from_soon_after_the_start_until_the_line_rests(
    tmp_path: Path, page: QWidget, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.background.line_window.LISTENS_AFTER_MS", 20)
    follower = LineWindowWhileRunning(page, tmp_path)
    for running in (False, True, True):
        follower.follow(running=running)
    assert not follower.listens, "the first parts come first"
    qtbot.waitUntil(lambda: follower.listens)
    follower.follow(running=False)
    assert not follower.listens
    assert not call_line_window(tmp_path)
