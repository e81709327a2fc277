"""Start or stop, pause, and trigger: the keys that move the line."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from station.domain.messages import LineState
from ui.actions.action_table import Act, Actions
from ui.theme.theme import look
from ui.widgets.key_button import KeyButton


class LineKeys(QWidget):
    """One large key at the same place: Start while the line stands, Stop while it runs."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._triggers = False
        self._actions = actions
        self.start = KeyButton(actions[Act.START], "main", strong=True)
        self.stop = KeyButton(actions[Act.STOP], "main", strong=True)
        self.pause = KeyButton(actions[Act.PAUSE], "main")
        self.trigger = KeyButton(actions[Act.TRIGGER], "main")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().sizes.gap)
        for key, stretch in ((self.pause, 1), (self.trigger, 1), (self.start, 1), (self.stop, 1)):
            row.addWidget(key, stretch)
        self.show_state(LineState.STOPPED)

    def offer_trigger(self) -> None:
        """The station triggers its cameras: so may a person."""
        self._triggers = True
        self.show_state(LineState.STOPPED)

    def show_state(self, state: LineState) -> None:
        """Offer what can be done now."""
        self._actions[Act.START].setEnabled(state.at_rest)
        self._actions[Act.STOP].setEnabled(state.running)
        self._actions[Act.PAUSE].setEnabled(state.running and state is not LineState.STARTING)
        self._actions[Act.PAUSE].setText("Go on" if state is LineState.PAUSED else "Pause")
        self._actions[Act.TRIGGER].setEnabled(self._triggers and state.inspecting_parts)
        self.trigger.setVisible(self._triggers)
        self.start.setVisible(state.at_rest)
        self.stop.setVisible(not state.at_rest)
