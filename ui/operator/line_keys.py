"""Start or stop, and pause: the keys that move the line."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from station.domain.messages import LineState
from ui.actions import Act, Actions
from ui.theme import look
from ui.widgets.key_button import KeyButton

_MOVING = (LineState.STARTING, LineState.WAITING, LineState.INSPECTING, LineState.PAUSED, LineState.CAMERA_LOST)


class LineKeys(QWidget):
    """One large key at the same place: Start while the line stands, Stop while it runs."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self.start = KeyButton(actions[Act.START], "main", strong=True)
        self.stop = KeyButton(actions[Act.STOP], "main", strong=True)
        self.pause = KeyButton(actions[Act.PAUSE], "main")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().sizes.gap)
        for key, stretch in ((self.pause, 1), (self.start, 1), (self.stop, 1)):
            row.addWidget(key, stretch)
        self.show_state(LineState.STOPPED)

    def show_state(self, state: LineState) -> None:
        """Offer what can be done now."""
        moving = state in _MOVING
        stopping = state is LineState.STOPPING
        self._actions[Act.START].setEnabled(not moving and not stopping)
        self._actions[Act.STOP].setEnabled(moving)
        self._actions[Act.PAUSE].setEnabled(state in _MOVING[1:])
        self._actions[Act.PAUSE].setText("Go on" if state is LineState.PAUSED else "Pause")
        self.start.setVisible(not moving and not stopping)
        self.stop.setVisible(moving or stopping)
