"""Somebody at the keyboard of the window: presses keys, fills sheets, and waits for what is shown."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from keyboard import press, type_text
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.exceptions import TimeoutError
from pytestqt.qtbot import QtBot
from waiting import SOON_MS

from station.app import Station
from station.domain.messages import LineState
from ui.shell.main_window import MainWindow
from ui.widgets.confirm_dialog import ConfirmDialog

SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
Key = Qt.Key
_TRIES = 3


@dataclass(frozen=True)
class Person:
    """Somebody at the keyboard of the window, who waits for what it shows."""

    window: MainWindow
    station: Station
    qtbot: QtBot

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE, on: QWidget | None = None) -> None:
        press(on or self.window, key, held)

    def waits(self, shown: Callable[[], object], within_ms: int = SOON_MS) -> None:
        self.qtbot.waitUntil(lambda: bool(shown()), timeout=within_ms)

    def goes_to(self, name: str, key: Qt.Key, held: Qt.KeyboardModifier = SHIFT) -> QWidget:
        """Press the key of a page until it is there: without a screen the keyboard may be nowhere for a moment."""
        for _ in range(_TRIES):
            self.press(key, held)
            with suppress(TimeoutError):
                self.waits(lambda: self._shows(name), SOON_MS // _TRIES)
                return self.window.page_of(name)
        raise AssertionError(f"the page {name} did not come")

    def _shows(self, name: str) -> bool:
        with suppress(KeyError):  # a page is built when it is shown first
            return self.window.page_of(name).isVisible()
        return False

    def may(self, act: str) -> None:
        """Wait until a key acts."""
        self.waits(self.window.action_table[act].isEnabled)

    def sheet(self, kind: type[QDialog]) -> QDialog:
        """Wait for a sheet, which then has the keyboard."""
        self.waits(lambda: (found := self.window.findChild(kind)) is not None and found.isActiveWindow())
        return self.window.findChild(kind)

    def signs(self, kind: type[QDialog], person: str, reason: str) -> None:
        """Fill a sheet that asks for name and reason, and press Enter."""
        sheet = self.sheet(kind)
        for entry, text in ((sheet.person, person), (sheet.reason, reason)):
            entry.setFocus()
            type_text(entry, text)
        self.press(Key.Key_Return, on=sheet.reason)
        self.waits(lambda: self.window.findChild(kind) is None)

    def agrees(self) -> None:
        self.press(Key.Key_Y, on=self.sheet(ConfirmDialog))
        self.waits(lambda: self.window.findChild(ConfirmDialog) is None)

    def stops_the_line(self) -> None:
        self.press(Key.Key_F6)
        self.agrees()
        self.waits(lambda: self.station.line.state is LineState.STOPPED)
