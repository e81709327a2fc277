"""F1: every key of the program, from the one table, page by page."""

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.actions.action_table import ROW, TABLE, Act, Role
from ui.theme.key_names import key_name
from ui.theme.theme import look
from ui.widgets.dialog import Dialog
from ui.widgets.panel import Panel, label

_HEADINGS = {
    Role.ANYONE: "Everywhere",
    Role.OPERATOR: ROW[Act.OPERATOR_PAGE].text,
    Role.SUPERVISOR: ROW[Act.SUPERVISOR_PAGE].text,
    Role.ENGINEER: ROW[Act.CAMERAS_PAGE].text,
}
_COLUMNS = ((Role.OPERATOR,), (Role.ANYONE, Role.SUPERVISOR, Role.ENGINEER))


class KeysPage(Dialog):
    """Shows the table of actions; a key may mean one thing on one page and another on the next."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Keys")
        columns = QHBoxLayout()
        columns.setSpacing(look().sizes.gap)
        for roles in _COLUMNS:
            columns.addWidget(_column(roles))
        self.column.addLayout(columns)
        close = QPushButton("Close  (Esc)")
        close.clicked.connect(self.accept)
        self.column.addWidget(close)


def _column(roles: tuple[Role, ...]) -> Panel:
    panel = Panel()
    column = QVBoxLayout(panel)
    column.setSpacing(0)
    for role in roles:
        column.addWidget(_page(role))
    column.addStretch()
    return panel


def _page(role: Role) -> QWidget:
    """One page's keys under its name."""
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(0, 0, 0, look().sizes.gap // 2)
    grid.setHorizontalSpacing(look().sizes.title)
    grid.setVerticalSpacing(0)
    grid.setColumnMinimumWidth(0, look().sizes.key)
    grid.setColumnStretch(1, 1)
    grid.addWidget(label(_HEADINGS[role], "large"), 0, 0, 1, 2)
    for i, row in enumerate((row for row in TABLE if row.permission is role), start=1):
        grid.addWidget(label(key_name(row.shortcut), "strong"), i, 0)
        grid.addWidget(label(row.explanation), i, 1)
    return page
