"""The sounds of the station: one for a reject, one for a question, one for an alarm, so that ears tell them apart."""

import shutil
from enum import StrEnum
from importlib import resources

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication

_PLAYERS = ("pw-play", "paplay", "aplay")


class Sound(StrEnum):
    """What is said; the value is the name of the shipped wave."""

    REJECT = "fail"
    QUESTION = "question"
    ALARM = "alarm"


class Sounds:
    """Plays waves through the system's player, or rings its bell without one. The same sound never queues."""

    def __init__(self) -> None:
        self._player = next((path for name in _PLAYERS if (path := shutil.which(name))), None)
        self._folder = resources.files("resources").joinpath("sounds")
        self._processes: dict[Sound, QProcess] = {}

    def play(self, sound: Sound) -> None:
        """Sound now, without waiting."""
        if self._player is None:
            QApplication.beep()
            return
        process = self._processes.setdefault(sound, QProcess())
        if process.state() is QProcess.ProcessState.NotRunning:
            process.start(self._player, [str(self._folder.joinpath(f"{sound.value}.wav"))])

    def close(self) -> None:
        """Let the players end."""
        for process in self._processes.values():
            process.waitForFinished(1000)
