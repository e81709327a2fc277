"""The navigation: the pages as words under their groups, at the left of every page but the line's."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.actions.action_table import Actions
from ui.actions.page_spec import AnyPage, Group
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import label


class NavigationRail(QScrollArea):
    """One key for each page that has a group; the key of the page that is shown is marked.

    On a low screen the keys are scrolled: by wheel, by a finger on the bar, and to the key that has the focus.
    """

    def __init__(self, pages: Sequence[AnyPage], actions: Actions) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAccessibleName("Pages")
        self._actions = actions
        self._keys: dict[str, KeyButton] = {}
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
        if (key := self._keys.get(page.name)) is not None:
            self.ensureWidgetVisible(key)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the size of the window."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit_sizes()

    def _add_group(self, group: Group, pages: Sequence[AnyPage]) -> None:
        if not pages:
            return
        heading = label(group.value, "small")
        heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(heading)
        for page in pages:
            text = page.title.replace(" ", "\n")
            self._keys[page.name] = KeyButton(self._actions[page.show_action.name], "rail", text=text)
            self._column.addWidget(self._keys[page.name])

    def _fit_sizes(self) -> None:
        sizes = current_theme().sizes
        self.setFixedWidth(sizes.rail)
        self._column.setContentsMargins(sizes.gap // 2, sizes.gap, sizes.gap // 2, sizes.gap)
        self._column.setSpacing(sizes.gap // 2)
