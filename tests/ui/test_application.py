"""How the program starts and ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from station.domain.errors import BadInputError
from ui.__main__ import main
from ui.application import make_application


def test_that_a_machine_without_a_screen_is_told_so(monkeypatch) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(BadInputError, match="no screen"):
        make_application()


def test_that_a_screenshot_that_cannot_be_written_is_refused_before_the_line_starts(
    tmp_path: Path, capsys, monkeypatch, qapp
) -> None:
    monkeypatch.setattr("ui.__main__.make_application", lambda: qapp)
    assert main(["demo", "--parts", "3", "--screenshot", str(tmp_path / "no" / "page.png")]) == 2
    assert "There is no folder" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no polite kill")
def test_that_a_polite_kill_closes_the_window_in_order(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "ui", "--workspace", str(tmp_path / "station")],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
    )
    try:
        until = time.monotonic() + 60
        # Its signal handlers are in place once its window is; the process's table of caught signals tells.
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
