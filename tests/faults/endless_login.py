"""A program in which somebody logs in, and which then waits: its memory can be searched.

Arguments: the workspace; "pad" for the PIN pad alone, "window" for the sheets of the whole window, which also makes the
account, "text" for a careless way that keeps the PIN as a text; the codes of the digits, each plus 100, so that the PIN
itself is in no argument.
"""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cheap_steps import CHEAP
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from station.app import Station
from station.domain.errors import BadInputError
from station.domain.secret import Secret
from station.people.pin_hash import PinHasher
from ui.shell.log_in_sheets import FirstAccountSheet, LogInSheet
from ui.shell.main_window import MainWindow
from ui.theme.sizes import sizes_for
from ui.theme.theme import LIGHT, Theme, apply_theme, load_fonts
from ui.widgets.pin_pad import PinPad

_SOON_S = 60.0


def _type(widget: QWidget, codes: list[int]) -> None:
    for code in codes:
        event = QKeyEvent(QEvent.Type.KeyPress, code - 100, Qt.KeyboardModifier.NoModifier, chr(code - 100))
        QApplication.sendEvent(widget, event)
        QApplication.processEvents()


def _enter(widget: QWidget) -> None:
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier))


def _wait_for(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SOON_S
    while not there():
        assert time.monotonic() < deadline
        QApplication.processEvents()


def _at_the_window(station: Station, codes: list[int]) -> MainWindow:
    """Make the first account by its sheet, and log in by the next one, as a person does."""
    window = MainWindow(station)
    window.show()
    window.log_in.offer_first_account()
    first = window.findChild(FirstAccountSheet)
    first.name.setText("Anna Berg")
    for _ in range(2):
        _type(first.pad, codes)
        _enter(first.pad)
    _wait_for(lambda: window.findChild(LogInSheet) is not None)
    sheet = window.findChild(LogInSheet)
    _type(sheet.pad, codes)
    _enter(sheet.pad)
    _wait_for(lambda: bool(station.people.session.present.name))
    _in_vain(station, window, codes)
    return window


def _in_vain(station: Station, window: MainWindow, codes: list[int]) -> None:
    """Give the PIN to a command that refuses it before it looks at it, and type it into a sheet that is closed."""
    with suppress(BadInputError):
        station.people.set_pin("Nobody of this name", _typed(codes), "mistyped")
    sheet = LogInSheet(window, station.people.accounts(), "Anna Berg")
    sheet.show()
    _type(sheet.pad, codes)
    sheet.reject()


def _typed(codes: list[int]) -> Secret:
    pad = PinPad()
    _type(pad, codes)
    return pad.take()


def main(root: str, way: str, *codes: str) -> None:
    """Log in, say who it is, and wait for a line on stdin."""
    application = QApplication([])
    load_fonts()
    apply_theme(Theme(LIGHT, sizes_for(1280, 800, 96)))
    numbers = [int(code) for code in codes]
    with Station.open(Path(root)) as station:
        station._core.log_in._hasher = PinHasher(*CHEAP)
        kept = "".join(chr(number - 100) for number in numbers) if way == "text" else ""
        window = _at_the_window(station, numbers) if way == "window" else None
        if window is None:
            station.people.log_in("Anna Berg", Secret(kept) if kept else _typed(numbers))
        station.cameras.support_bundle(Path(root) / "support.zip")
        print(station.people.session.present.name, flush=True)
        sys.stdin.readline()
        if window is not None:
            window.shut_down()
        application.quit()
        print(len(kept))


if __name__ == "__main__":
    main(*sys.argv[1:])
