"""What is inspected: the released products as large keys."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget

from station.domain.recipe import Recipe
from ui.pages.line.recipe_key import RecipeKey
from ui.theme.theme import Theme, current_theme
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label

_WIDTH_SHARE = 0.9
_AROUND_PX = 24
"""The scroll bar beside the keys and the frame around them."""


class RecipeChooser(Dialog):
    """One touch chooses; Esc leaves everything as it is."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, recipes: Sequence[Recipe], current: Recipe | None) -> None:
        super().__init__(parent, "Choose product" if recipes else "No product is released yet")
        if not recipes:
            self.column.addWidget(label("Ask the engineer to teach a product and to release it.", "large", wrap=True))
        self.column.addWidget(self._list(recipes, current), 1)
        leave = QPushButton("Cancel  (Esc)" if recipes else "Close  (Esc)")
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        self.column.addWidget(leave)
        self._fit(parent.window().width(), current_theme())

    def _list(self, recipes: Sequence[Recipe], current: Recipe | None) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().sizes.gap)
        for recipe in recipes:
            column.addWidget(self._key(recipe, current))
        column.addStretch()
        area = QScrollArea(widgetResizable=True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area

    def _fit(self, window_width: int, theme: Theme) -> None:
        """Be as wide as the longest name, within the window; what is longer is shortened on its key."""
        most = round(window_width * _WIDTH_SHARE)
        keys = [key.sizeHint().width() + _AROUND_PX + 4 * theme.sizes.gap for key in self.findChildren(RecipeKey)]
        least = min(most, round(theme.sizes.side * 1.6))
        self.setMinimumWidth(min(most, max((least, *keys))))

    def _key(self, recipe: Recipe, current: Recipe | None) -> RecipeKey:
        key = RecipeKey(recipe)
        key.setChecked(recipe == current)
        key.clicked.connect(lambda: self._choose(recipe))
        return key

    def _choose(self, recipe: Recipe) -> None:
        self.accept()
        self.chosen.emit(recipe)
