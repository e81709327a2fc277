"""The keys beside the pictures: how their marks are shown, how near one looks, and at which."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QSizePolicy, QSlider, QVBoxLayout, QWidget

from ui.actions.action_table import Actions
from ui.pages.line.actions import LineAct
from ui.pages.line.picture_grid import PictureGrid
from ui.theme.theme import current_theme
from ui.widgets.canvas.image_canvas import Marks
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import label

_OPACITY_STEP = 10
_MARKS = {LineAct.MAP: Marks.MAP, LineAct.OUTLINE: Marks.OUTLINE, LineAct.HIDE: Marks.HIDDEN}


class PictureTools(QWidget):
    """Map, outline, hide, full size and the strength of the map, and which view is enlarged."""

    def __init__(self, actions: Actions, grid: PictureGrid) -> None:
        super().__init__()
        self._actions = actions
        self._grid = grid
        self._before_hiding = Marks.MAP
        self._slider = QSlider(Qt.Orientation.Vertical)
        self._slider.setRange(10, 100)
        self._slider.setValue(round(grid.opacity * 100))
        self._slider.setAccessibleName("Strength of the map")
        self._slider.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._connect()
        self._lay_out()
        grid.zoom_changed.connect(self._follow_zoom)

    def _connect(self) -> None:
        group = QActionGroup(self)
        for act, marks in _MARKS.items():
            self._actions[act].setCheckable(True)
            group.addAction(self._actions[act])
            self._actions.on(act, partial(self._mark, marks))
        self._actions[LineAct.MAP].setChecked(True)
        self._actions[LineAct.FULL_SIZE].setCheckable(True)
        self._actions.on(LineAct.FULL_SIZE, self._zoom)
        self._slider.valueChanged.connect(lambda value: self._grid.set_opacity(value / 100))
        self._actions.on(LineAct.OPACITY_DOWN, lambda: self._slider.setValue(self._slider.value() - _OPACITY_STEP))
        self._actions.on(LineAct.OPACITY_UP, lambda: self._slider.setValue(self._slider.value() + _OPACITY_STEP))

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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().sizes.gap // 2)
        for act in (*_MARKS, LineAct.FULL_SIZE):
            column.addWidget(KeyButton(self._actions[act], "tool"))
        next_view = KeyButton(self._actions[LineAct.NEXT_VIEW], "tool")
        next_view.setVisible(False)
        self._actions[LineAct.NEXT_VIEW].enabledChanged.connect(next_view.setVisible)
        column.addWidget(next_view)
        caption = label("Strength", "small")
        caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(caption)
        column.addWidget(self._slider, 1, Qt.AlignmentFlag.AlignHCenter)
