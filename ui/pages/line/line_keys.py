"""Start or stop, pause, and trigger: the keys that move the line."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from station.domain.messages import LineState
from ui.actions.action import SharedAct
from ui.actions.action_table import Actions
from ui.pages.line.actions import LineAct
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton


class LineKeys(QWidget):
    """One large key at the same place: Start while the line rests, Stop while it runs."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._triggers = False
        self._actions = actions
        self.start = KeyButton(actions[SharedAct.START], "main", strong=True)
        self.stop = KeyButton(actions[SharedAct.STOP], "main", strong=True)
        self.pause = KeyButton(actions[SharedAct.PAUSE], "main")
        self.trigger = KeyButton(actions[LineAct.TRIGGER], "main")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(current_theme().sizes.gap)
        for key, stretch in ((self.pause, 1), (self.trigger, 1), (self.start, 1), (self.stop, 1)):
            row.addWidget(key, stretch)
        self.show_state(LineState.STOPPED)

    def offer_trigger(self) -> None:
        """The station triggers its cameras: so may a person."""
        self._triggers = True
        self.show_state(LineState.STOPPED)

    def show_state(self, state: LineState) -> None:
        """Offer what can be done now."""
        self._actions[SharedAct.START].setEnabled(state.at_rest)
        self._actions[SharedAct.STOP].setEnabled(state.running)
        self._actions[SharedAct.PAUSE].setEnabled(state.running and state is not LineState.STARTING)
        self._actions[SharedAct.PAUSE].setText("Go on" if state is LineState.PAUSED else "Pause")
        self._actions[LineAct.TRIGGER].setEnabled(self._triggers and state.inspecting_parts)
        self.trigger.setVisible(self._triggers)
        self.start.setVisible(state.at_rest)
        self.stop.setVisible(not state.at_rest)
