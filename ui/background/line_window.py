"""Bring the window that runs the line to the front, from another window of the same station.

The window that runs the line has a local socket, named after the workspace. A connection is the whole message.
"""

import os
from pathlib import Path

from PySide6.QtCore import QCryptographicHash, QObject, Qt
from PySide6.QtWidgets import QWidget

from ui.background.timers import single_timer

LISTENS_AFTER_MS = 2000
"""The socket waits for the first parts: its library takes time to load."""
_ANSWERS_WITHIN_MS = 200


class LineWindow(QObject):
    """Listens while its window runs the line, so that only one window of a workspace ever does.

    Args:
        page: Its window comes to the front.
        root: The folder of the workspace.
    """

    def __init__(self, page: QWidget, root: Path) -> None:
        super().__init__(page)
        from PySide6.QtNetwork import QLocalServer  # noqa: PLC0415 - not before a line runs

        self._page = page
        self._name = _socket_name(root)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        QLocalServer.removeServer(self._name)  # of a program that was killed: the line is ours now
        self.listens = self._server.listen(self._name)

    def close(self) -> None:
        """Listen no more."""
        self._server.close()
        self.deleteLater()

    def _answer(self) -> None:
        while self._server.hasPendingConnections():
            self._server.nextPendingConnection().deleteLater()
        bring_to_front(self._page.window())


class LineWindowWhileRunning(QObject):
    """Has a `LineWindow` from soon after the line has started until it rests."""

    def __init__(self, page: QWidget, root: Path) -> None:
        super().__init__(page)
        self._page, self._root = page, root
        self._listening: LineWindow | None = None
        self._timer = single_timer(self, LISTENS_AFTER_MS, self._listen)

    @property
    def listens(self) -> bool:
        """Return whether another window can call this one."""
        return self._listening is not None and self._listening.listens

    def follow(self, *, running: bool) -> None:
        """Begin to listen soon, or end it; the same again changes nothing."""
        if not running:
            self.close()
        elif self._listening is None and not self._timer.isActive():
            self._timer.start()

    def close(self) -> None:
        """Listen no more."""
        self._timer.stop()
        if self._listening is not None:
            self._listening.close()
            self._listening = None

    def _listen(self) -> None:
        self._listening = LineWindow(self._page, self._root)


def call_line_window(root: Path) -> bool:
    """Ask the window that runs the line of this workspace to come to the front; return whether there is one."""
    from PySide6.QtNetwork import QLocalSocket  # noqa: PLC0415 - only if a second window is open

    socket = QLocalSocket()
    socket.connectToServer(_socket_name(root))
    found = socket.waitForConnected(_ANSWERS_WITHIN_MS)
    socket.abort()
    return found


def bring_to_front(window: QWidget) -> None:
    """Show a window above all others, as far as the desktop permits it, and as large as it was."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()


def _socket_name(root: Path) -> str:
    where = os.fsencode(os.path.normcase(root.resolve()))
    digest = QCryptographicHash.hash(where, QCryptographicHash.Algorithm.Sha256).toHex().toStdString()
    return f"lineside-{digest[:20]}"
