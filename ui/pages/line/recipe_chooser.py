"""What is inspected: the released products as large keys."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget

from station.domain.recipe import Recipe
from ui.theme.plain_text import on_a_key
from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label


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
        self.setMinimumWidth(round(current_theme().sizes.side * 1.6))

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
        area.setWidget(inside)
        return area

    def _key(self, recipe: Recipe, current: Recipe | None) -> QPushButton:
        words = f"{recipe.product}   \u2013   recipe {recipe.name}, revision {recipe.revision}"
        key = QPushButton(on_a_key(words))
        key.setAccessibleName(words)
        key.setProperty("key", "row")
        key.setCheckable(True)
        key.setChecked(recipe == current)
        key.clicked.connect(lambda: self._choose(recipe))
        return key

    def _choose(self, recipe: Recipe) -> None:
        self.accept()
        self.chosen.emit(recipe)
