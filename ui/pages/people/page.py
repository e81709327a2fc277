"""The people page: a table of accounts, and the keys that change the marked one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.actions.action_table import Actions
from ui.pages.people.actions import PeopleAct
from ui.pages.people.shown_people import HEADINGS, ShownPeople
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import label
from ui.widgets.table import Table

_OF_MARKED = (PeopleAct.NEW_PIN, PeopleAct.NEW_BADGE, PeopleAct.ROLES, PeopleAct.DISABLE)


class PeoplePage(QWidget):
    """Widgets only.

    Signals:
        marked: The row of another person is marked; -1 for none.
    """

    marked = Signal(int)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self.table = Table("People of this station", HEADINGS, chooses=True, named=True, widest=0)
        self.table.row_chosen.connect(self.marked)
        self._shown: tuple[tuple[str, ...], ...] = ()
        self.hint = label("", "muted", wrap=True)
        self.said = label("", "strong", wrap=True)
        self.said.hide()
        self.keys = {name: KeyButton(actions[name], strong=name is PeopleAct.ADD) for name in PeopleAct}
        self._lay_out()

    @property
    def row(self) -> int:
        """Return the marked row; -1 if none is."""
        return self.table.chosen_row

    def show_people(self, shown: ShownPeople) -> None:
        """Show the accounts, what can be done and what to do next."""
        if shown.rows != self._shown:
            self._shown = shown.rows
            self.table.show_rows(shown.rows)
        self.hint.setText(shown.hint)
        self.hint.setVisible(bool(shown.hint))
        self._actions[PeopleAct.ADD].setEnabled(shown.may_add)
        for name in _OF_MARKED:
            self._actions[name].setEnabled(shown.may_change)
        self.keys[PeopleAct.DISABLE].say(shown.disable_words)

    def say(self, sentence: str) -> None:
        """Say what was done, or why it was not."""
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))

    def mark(self, row: int) -> None:
        """Mark a row."""
        self.table.selectRow(row)

    def _lay_out(self) -> None:
        gap = current_theme().sizes.gap
        column = QVBoxLayout(self)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        column.addWidget(self.hint)
        column.addWidget(self.table, 1)
        column.addWidget(self.said)
        row = QHBoxLayout()
        row.setSpacing(gap)
        for key in self.keys.values():
            row.addWidget(key)
        column.addLayout(row)
