"""A station that cannot be opened says so in a window, and a second window says who runs the line."""

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from station.app import Station
from station.domain.messages import LineState, LineStateChanged
from station.line_lock import line_lock
from ui.__main__ import main
from ui.actions.action import SharedAct
from ui.shell.main_window import MainWindow
from ui.shell.refusal_dialog import RefusalDialog


def test_that_broken_settings_open_a_window_with_the_sentence(
    tmp_path: Path, qapp: QApplication, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "station.toml").write_text("[station]\nname = 4\n")
    monkeypatch.setattr("ui.program.make_application", lambda: qapp)
    said: list[str] = []

    def read_and_close() -> None:
        dialogs = [each for each in qapp.topLevelWidgets() if isinstance(each, RefusalDialog)]
        said.extend(dialog.words.text() for dialog in dialogs)
        for dialog in dialogs:
            dialog.reject()

    QTimer.singleShot(200, qapp, read_and_close)
    assert main(["--workspace", str(tmp_path)]) == 2
    assert len(said) == 1
    assert "station.name" in said[0]
    assert "station.name" in capsys.readouterr().err


def test_that_a_second_window_says_that_the_line_is_run_elsewhere(window, station, qtbot) -> None:
    phase = window.page_of("line").phase
    assert phase.text == "STOPPED"
    with line_lock(station.workspace.root):
        qtbot.waitUntil(lambda: phase.text == "RUN BY ANOTHER WINDOW", timeout=5000)
        assert phase.why.startswith("Another window or program")
    qtbot.waitUntil(lambda: phase.text == "STOPPED", timeout=5000)


def test_that_the_window_that_runs_the_line_comes_to_the_front(window, station, qtbot) -> None:
    window.bridge.state_changed.emit(LineStateChanged(LineState.INSPECTING))
    qtbot.waitUntil(lambda: window.presenter_of("line").line_window.listens, timeout=5000)
    with line_lock(station.workspace.root), Station.open(station.workspace.root, station.settings) as opened:
        window.showMinimized()
        other = MainWindow(opened)
        other.show()
        qtbot.waitUntil(lambda: not window.isMinimized(), timeout=5000)
        window.showMinimized()
        other.action_table[SharedAct.START].trigger()
        assert other.answer.words.startswith("Another window of this station runs the line.")
        qtbot.waitUntil(lambda: not window.isMinimized(), timeout=5000)
        other.shut_down()
        other.deleteLater()
