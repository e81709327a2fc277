"""The Qt application: its style, its typeface, and how it ends."""

import logging
import os
import signal
import sys
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from station.domain.errors import BadInputError
from ui.background.timers import repeating_timer
from ui.theme.theme import load_fonts

_LET_SIGNALS_IN_MS = 200
_HANDED_OVER_AFTER_S = 0.0005
_HARMLESS = "This plugin does not support propagateSizeHints()"
"""Said without a screen whenever a window is made: nobody is there to drag its edges."""

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_log = logging.getLogger(__name__)


def make_application() -> QApplication:
    """The application, dressed alike on every desktop.

    Raises:
        BadInputError: There is no screen to show a window on.
    """
    if sys.platform == "linux" and not _has_screen():
        raise BadInputError(
            "There is no screen to show the window on.",
            "Start it on the station's desktop, or use 'linesidectl'; for a trial without one set "
            "QT_QPA_PLATFORM=offscreen.",
        )
    qInstallMessageHandler(_log_qt)
    application = QApplication(["lineside"])
    application.setApplicationName("Lineside")
    application.setStyle("Fusion")
    load_fonts()
    sys.excepthook = _log_bug
    hand_over_often()
    return application


def hand_over_often() -> None:
    """Let a thread that computes in Python, such as a report, hand the interpreter over after half a millisecond.

    With Python's own 5 ms, the window waits several times that long for each of its turns.
    """
    sys.setswitchinterval(_HANDED_OVER_AFTER_S)


def close_on_signals(owner: QObject, close: Callable[[], object]) -> None:
    """Let Ctrl+C and a polite kill close the window cleanly, also one that comes before the window is shown."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: QTimer.singleShot(0, owner, close))
    # Python runs its signal handlers between two lines of Python; Qt alone would never get to one.
    repeating_timer(owner, _LET_SIGNALS_IN_MS, lambda: None).start()


def _has_screen() -> bool:
    return any(os.environ.get(name) for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"))


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """What Qt has to say goes where everything else is said."""
    if message != _HARMLESS:
        _log.log(_LEVELS[kind], "Qt: %s", message)


def _log_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A bug in one slot: leave its trace in the log, and let the line go on."""
    _log.critical("unexpected failure in the window", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)
