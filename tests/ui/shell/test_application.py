"""How the program starts and ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType

from station.domain.errors import BadInputError
from ui.__main__ import main
from ui.shell.application import _log_qt, close_on_signals, hand_over_often, make_application


def test_that_a_machine_without_a_screen_gets_a_sentence(monkeypatch) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(BadInputError, match="no screen"):
        make_application()


def test_that_work_in_python_hands_over_to_the_window_within_a_millisecond() -> None:
    before = sys.getswitchinterval()
    try:
        hand_over_often()
        assert sys.getswitchinterval() <= 0.001
    finally:
        sys.setswitchinterval(before)


def test_that_a_screenshot_that_cannot_be_written_is_refused_before_the_line_starts(
    tmp_path: Path, capsys, monkeypatch, qapp
) -> None:
    monkeypatch.setattr("ui.program.make_application", lambda: qapp)
    assert main(["demo", "--parts", "3", "--screenshot", str(tmp_path / "no" / "page.png")]) == 2
    assert "There is no folder" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--json", "--screenshot"])
def test_that_a_folder_is_refused_as_a_file_to_write(tmp_path: Path, capsys, monkeypatch, qapp, option: str) -> None:
    monkeypatch.setattr("ui.program.make_application", lambda: qapp)
    assert main(["demo", "--parts", "3", option, str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"lineside: {tmp_path} is a folder. Give the name of a file.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--workspace", "somewhere", "demo"],
        ["--fullscreen", "demo"],
        ["demo", "--json", "summary.json"],
        ["demo", "--screenshot", "page.png"],
    ],
)
def test_that_the_demo_refuses_what_it_would_not_do(capsys, arguments: list[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_that_the_demo_takes_no_workspace(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["demo", "--workspace", "somewhere"])
    assert ended.value.code == 2
    assert "--workspace" in capsys.readouterr().err


def test_that_messages_of_qt_are_logged_except_the_harmless_one(caplog) -> None:
    _log_qt(QtMsgType.QtWarningMsg, QMessageLogContext(), "This plugin does not support propagateSizeHints()")
    assert caplog.records == []
    _log_qt(QtMsgType.QtWarningMsg, QMessageLogContext(), "QPainter::begin: Paint device returned engine == 0")
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("WARNING", "Qt: QPainter::begin: Paint device returned engine == 0")
    ]


def test_that_a_kill_before_the_window_is_shown_is_not_forgotten(qapp, qtbot, monkeypatch) -> None:
    handlers = {}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    owner, closed = QObject(), []
    close_on_signals(owner, lambda: closed.append("closed"))
    handlers[signal.SIGTERM](signal.SIGTERM, None)
    assert closed == [], "the event loop does not run yet, and would wait for ever for a window closed before"
    qtbot.waitUntil(lambda: closed == ["closed"])


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_that_sigterm_closes_the_window_in_order(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "ui", "--workspace", str(tmp_path / "station")],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
    )
    try:
        until = time.monotonic() + 60
        # The process table says when its signal handlers are in place.
        while not _catches_sigterm(program.pid):
            assert program.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        program.send_signal(signal.SIGTERM)
        assert program.wait(60) == 0
        assert b"Traceback" not in program.stderr.read()
    finally:
        program.kill()
        program.stderr.close()


def _catches_sigterm(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
