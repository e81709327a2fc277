"""The sound of a FAIL: the shipped wave through the system's player, or the system's bell without one."""

import shutil
from importlib import resources

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication

_PLAYERS = ("pw-play", "paplay", "aplay")


class FailSound:
    """Plays at most once at a time; several FAILs in a row do not queue sounds."""

    def __init__(self) -> None:
        self._player = next((path for name in _PLAYERS if (path := shutil.which(name))), None)
        self._file = str(resources.files("resources").joinpath("sounds", "fail.wav"))
        self._process: QProcess | None = None

    def play(self) -> None:
        """Sound now, without waiting."""
        if self._player is None:
            QApplication.beep()
        elif self._process is None or self._process.state() is QProcess.ProcessState.NotRunning:
            self._process = QProcess()
            self._process.start(self._player, [self._file])

    def close(self) -> None:
        """Let the player end."""
        if self._process is not None:
            self._process.waitForFinished(1000)
