"""The keys beside the pictures: how their marks are shown, how near one looks, and at which."""

from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.actions.action_table import Actions
from ui.pages.line.actions import LineAct
from ui.pages.line.picture_grid import PictureGrid
from ui.theme.theme import current_theme
from ui.widgets.canvas.image_canvas import Marks
from ui.widgets.key_button import KeyButton

_OPACITY_STEP = 0.1
_LEAST_OPACITY = 0.1
_MARKS = {
    LineAct.MAP: Marks.MAP,
    LineAct.OUTLINE: Marks.OUTLINE,
    LineAct.RELATIVE: Marks.RELATIVE,
    LineAct.HIDE: Marks.HIDDEN,
}


class PictureTools(QWidget):
    """Map, outline, relative map, hide, full size, which view is enlarged, and the strength of the map.

    The keys for the strength make room first if there is too little, then that for the relative map: a key that is too
    small is hit by mistake, and these can still be pressed on the keyboard.
    """

    def __init__(self, actions: Actions, grid: PictureGrid) -> None:
        super().__init__()
        self._actions = actions
        self._grid = grid
        self._before_hiding = Marks.MAP
        self._strength_keys = [KeyButton(actions[act], "tool") for act in (LineAct.OPACITY_UP, LineAct.OPACITY_DOWN)]
        self._connect()
        self._lay_out()
        grid.zoom_changed.connect(self._follow_zoom)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show the keys that have room."""
        super().resizeEvent(event)
        self._fit_keys()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Room for the keys that never give way; with that of the others, the height would never get too small."""
        keys = len(self._keys) - 1 + self._next_view.isVisibleTo(self)
        return QSize(super().minimumSizeHint().width(), keys * self._pitch - self._column.spacing())

    @property
    def _pitch(self) -> int:
        """Return the distance from one key to the next."""
        return current_theme().sizes.key + self._column.spacing()

    def _connect(self) -> None:
        group = QActionGroup(self)
        for act, marks in _MARKS.items():
            self._actions[act].setCheckable(True)
            group.addAction(self._actions[act])
            self._actions.on(act, partial(self._mark, marks))
        self._actions[LineAct.MAP].setChecked(True)
        self._actions[LineAct.FULL_SIZE].setCheckable(True)
        self._actions.on(LineAct.FULL_SIZE, self._zoom)
        self._actions.on(LineAct.OPACITY_DOWN, lambda: self._change_opacity(-_OPACITY_STEP))
        self._actions.on(LineAct.OPACITY_UP, lambda: self._change_opacity(_OPACITY_STEP))

    def _change_opacity(self, step: float) -> None:
        self._grid.set_opacity(round(min(1.0, max(_LEAST_OPACITY, self._grid.opacity + step)), 1))

    def _mark(self, marks: Marks) -> None:
        now = self._grid.marks
        if marks is Marks.HIDDEN and now is Marks.HIDDEN:
            marks = self._before_hiding
        elif marks is Marks.HIDDEN:
            self._before_hiding = now
        self._grid.set_marks(marks)
        shown = next(act for act, each in _MARKS.items() if each is marks)
        self._actions[shown].setChecked(True)

    def _zoom(self) -> None:
        if self._grid.zoomed:
            self._grid.fit()
        else:
            self._grid.show_full_size()

    def _follow_zoom(self) -> None:
        self._actions[LineAct.FULL_SIZE].setChecked(self._grid.zoomed)

    def _lay_out(self) -> None:
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().sizes.gap // 2)
        self._keys = {act: KeyButton(self._actions[act], "tool") for act in (*_MARKS, LineAct.FULL_SIZE)}
        for key in self._keys.values():
            column.addWidget(key)
        self._next_view = KeyButton(self._actions[LineAct.NEXT_VIEW], "tool")
        self._next_view.setVisible(False)
        self._actions[LineAct.NEXT_VIEW].enabledChanged.connect(self._show_next_view)
        column.addWidget(self._next_view)
        for key in self._strength_keys:
            column.addWidget(key)
        column.addStretch(1)

    def _show_next_view(self, possible: bool) -> None:
        self._next_view.setVisible(possible)
        self._fit_keys()

    def _fit_keys(self) -> None:
        fitting = (self.height() + self._column.spacing()) // self._pitch
        room = fitting - self._next_view.isVisibleTo(self) - len(self._keys)
        self._keys[LineAct.RELATIVE].setVisible(room >= 0)
        for key in self._strength_keys:
            key.setVisible(room >= len(self._strength_keys))
