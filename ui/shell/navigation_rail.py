"""The navigation: the pages as words under their groups, at the left of every page but the line's."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.actions.action_table import Actions
from ui.actions.page_spec import AnyPage, Group
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton

_FOLDED = "\u203a"


class NavigationRail(QScrollArea):
    """One key for each page that has a group; the key of the page that is shown is marked.

    If not all of them fit, one group is open: that of the page that is shown, or another one whose heading was touched.
    On a low screen the keys are scrolled: by wheel, by a finger on the bar, and to the key that has the focus.
    """

    def __init__(self, pages: Sequence[AnyPage], actions: Actions) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAccessibleName("Pages")
        self._actions = actions
        self._groups: dict[Group, tuple[QPushButton, dict[str, KeyButton]]] = {}
        self._open: Group | None = None
        self._exclusive = QActionGroup(self)
        for page in pages:
            action = actions[page.show_action.name]
            action.setCheckable(True)
            self._exclusive.addAction(action)
        inside = QWidget()
        inside.setObjectName("rail_keys")
        self._column = QVBoxLayout(inside)
        for group in Group:
            self._add_group(group, [page for page in pages if page.group is group])
        self._column.addStretch()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(inside)
        self._fit_sizes()

    def mark(self, page: AnyPage) -> None:
        """Mark the key of this page."""
        action = self._actions[page.show_action.name]
        action.setChecked(True)
        for group, (_, keys) in self._groups.items():
            if page.name in keys:
                self.open_group(group)
                self.ensureWidgetVisible(keys[page.name])

    def open_group(self, group: Group) -> None:
        """Show the pages of this group, and of the others as far as there is room for all."""
        self._open = group
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fold or unfold by the room."""
        super().resizeEvent(event)
        self._fold()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the size of the window."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit_sizes()

    def _add_group(self, group: Group, pages: Sequence[AnyPage]) -> None:
        if not pages:
            return
        heading = QPushButton()
        heading.setProperty("key", "group")
        heading.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        heading.clicked.connect(partial(self.open_group, group))
        self._column.addWidget(heading)
        keys: dict[str, KeyButton] = {}
        for page in pages:
            text = page.title.replace(" ", "\n")
            keys[page.name] = KeyButton(self._actions[page.show_action.name], "rail", text=text)
            self._column.addWidget(keys[page.name])
        self._groups[group] = heading, keys

    def _fold(self) -> None:
        """Show all keys if there is room, else those of one group; a heading with nothing to open is a word."""
        all_fit = self._height_of_all() <= self.viewport().height()
        shown = self._open or next(iter(self._groups))
        for group, (heading, keys) in self._groups.items():
            is_open = all_fit or group is shown
            heading.setText(group.value if is_open else f"{group.value} {_FOLDED}")
            heading.setAccessibleName(f"{group.value}, pages" if is_open else f"{group.value}, show its pages")
            heading.setEnabled(not is_open)
            for key in keys.values():
                key.setVisible(is_open)

    def _height_of_all(self) -> int:
        rows = [row for heading, keys in self._groups.values() for row in (heading, *keys.values())]
        margins = self._column.contentsMargins()
        heights = sum(row.sizeHint().height() for row in rows)
        return heights + self._column.spacing() * len(rows) + margins.top() + margins.bottom()

    def _fit_sizes(self) -> None:
        sizes = current_theme().sizes
        self.setFixedWidth(sizes.rail)
        self._column.setContentsMargins(sizes.gap // 2, sizes.gap, sizes.gap // 2, sizes.gap)
        self._column.setSpacing(sizes.gap // 2)
        self._fold()
