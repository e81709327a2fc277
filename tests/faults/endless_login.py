"""A program in which somebody logs in by the window's PIN pad, and which then waits: its memory can be searched.

Arguments: the workspace; "pad" for the way of the window, "text" for a careless way that keeps the PIN as a text; the
codes of the digits, each plus 100, so that the PIN itself is in no argument.
"""

import sys
from pathlib import Path

from plant import CHEAP
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from station.app import Station
from station.domain.secret import Secret
from station.people.pin_hash import PinHasher
from ui.theme.sizes import sizes_for
from ui.theme.theme import LIGHT, Theme, apply_theme
from ui.widgets.pin_pad import PinPad


def _typed(codes: list[int]) -> Secret:
    pad = PinPad()
    for code in codes:
        event = QKeyEvent(QEvent.Type.KeyPress, code - 100, Qt.KeyboardModifier.NoModifier, chr(code - 100))
        QApplication.sendEvent(pad, event)
    return pad.take()


def main(root: str, way: str, *codes: str) -> None:
    application = QApplication([])
    apply_theme(Theme(LIGHT, sizes_for(1280, 800, 96)))
    numbers = [int(code) for code in codes]
    with Station.open(Path(root)) as station:
        station._core.log_in._hasher = PinHasher(*CHEAP)
        kept = "".join(chr(number - 100) for number in numbers) if way == "text" else ""
        person = station.people.log_in("Anna Berg", Secret(kept) if kept else _typed(numbers))
        print(person.name, flush=True)
        sys.stdin.readline()
        application.quit()
        print(len(kept))


if __name__ == "__main__":
    main(*sys.argv[1:])
