"""F1: every key of the program, page by page."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.actions.action import SHARED_ROWS, ActionRow
from ui.actions.page_spec import AnyPage
from ui.theme.key_names import key_name
from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog
from ui.widgets.panel import Panel, label

Section = tuple[str, tuple[ActionRow, ...]]

_COLUMNS = 2
_MOST_WIDTH, _MOST_HEIGHT = 96, 78  # per cent of the window
_EVERYWHERE = "Everywhere"


class KeysPage(Dialog):
    """Shows the actions of all pages under the title of their page."""

    def __init__(self, parent: QWidget, pages: Sequence[AnyPage]) -> None:
        super().__init__(parent, "Keys")
        inside = QWidget()
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(current_theme().sizes.gap)
        for sections in in_columns(sections_of(pages)):
            columns.addWidget(_column(sections))
        self.column.addWidget(_Scroll(inside, parent.size()))
        close = QPushButton("Close  (Esc)")
        close.clicked.connect(self.accept)
        self.column.addWidget(close)


class _Scroll(QScrollArea):
    """As large as its content, but no larger than the window has room for; the rest scrolls."""

    def __init__(self, inside: QWidget, window: QSize) -> None:
        super().__init__()
        self._most = QSize(window.width() * _MOST_WIDTH // 100, window.height() * _MOST_HEIGHT // 100)
        self._inside = inside
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(self.sizeHint())

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size of the content, within the room there is."""
        scroll_bar = QSize(self.verticalScrollBar().sizeHint().width(), 0)
        return (self._inside.sizeHint() + scroll_bar).boundedTo(self._most)


def sections_of(pages: Sequence[AnyPage]) -> list[Section]:
    """Return a heading and its rows: first what works everywhere, then each page."""
    everywhere = SHARED_ROWS[:1] + tuple(page.show_action for page in pages) + SHARED_ROWS[1:]
    return [(_EVERYWHERE, everywhere)] + [(page.title, page.actions) for page in pages if page.actions]


def in_columns(sections: Sequence[Section]) -> list[list[Section]]:
    """Share the sections out: the longest first, each into the column that is shortest so far."""
    columns: list[list[Section]] = [[] for _ in range(_COLUMNS)]
    for section in sorted(sections, key=_height, reverse=True):
        min(columns, key=lambda column: sum(map(_height, column))).append(section)
    order = list(sections)
    return [sorted(column, key=order.index) for column in columns]


def _height(section: Section) -> int:
    return len(section[1]) + 1


def _column(sections: Sequence[Section]) -> Panel:
    panel = Panel()
    column = QVBoxLayout(panel)
    column.setSpacing(0)
    for heading, rows in sections:
        column.addWidget(_section(heading, rows))
    column.addStretch()
    return panel


def _section(heading: str, rows: Sequence[ActionRow]) -> QWidget:
    section = QWidget()
    grid = QGridLayout(section)
    grid.setContentsMargins(0, 0, 0, current_theme().sizes.gap // 2)
    grid.setHorizontalSpacing(current_theme().sizes.title)
    grid.setVerticalSpacing(0)
    grid.setColumnMinimumWidth(0, current_theme().sizes.key)
    grid.setColumnStretch(1, 1)
    grid.addWidget(label(heading, "large"), 0, 0, 1, 2)
    for i, row in enumerate(rows, start=1):
        grid.addWidget(label(key_name(row.shortcut), "strong"), i, 0)
        grid.addWidget(label(row.explanation), i, 1)
    return section
