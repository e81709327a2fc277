"""The table of all actions, joined from the rows of each page. Buttons and shortcuts both use it."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from station.domain.permissions import Authority
from ui.actions.action import ActionRow
from ui.theme.key_names import key_name


class Actions:
    """The table as QActions. The shortcuts of a page work while the page is visible.

    Args:
        authority: Returns on whose behalf actions are asked for now.
        refuse: Called with the row of an action that the authority does not allow; the action is not done.
    """

    def __init__(self, authority: Callable[[], Authority], refuse: Callable[[ActionRow], object]) -> None:
        self._authority, self._refuse = authority, refuse
        self._rows: dict[str, ActionRow] = {}
        self._actions: dict[str, QAction] = {}

    def add(self, rows: Iterable[ActionRow], home: QWidget) -> None:
        """Add actions whose shortcuts work while `home` is visible.

        Raises:
            ValueError: An action of this name is in the table already.
        """
        for row in rows:
            if row.name in self._rows:
                raise ValueError(f"Two actions have the name '{row.name}'.")
            self._rows[row.name] = row
            self._actions[row.name] = _action(row, home)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def on(self, name: str, do: Callable[[], object]) -> None:
        """Call `do` when the action is asked for by key or button, if the permission is there."""
        row = self._rows[name]
        self._actions[name].triggered.connect(lambda _checked=False: self._run(row, do))

    def _run(self, row: ActionRow, do: Callable[[], object]) -> None:
        if row.permission is None or self._authority().allows(row.permission):
            do()
        else:
            self._refuse(row)


def _action(row: ActionRow, home: QWidget) -> QAction:
    action = QAction(row.text, home)
    action.setShortcut(QKeySequence(row.shortcut))
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.setAutoRepeat(row.repeats)
    action.setToolTip(f"{row.explanation} ({key_name(row.shortcut)})")
    home.addAction(action)
    return action
