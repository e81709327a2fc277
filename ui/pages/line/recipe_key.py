"""One recipe as a key of two lines: the product, and below it the recipe with its revision."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from station.domain.recipe import Recipe
from ui.theme.plain_text import in_a_hint, on_a_key

_LEAST_LETTERS = 8
_ANY_ROOM = 1_000_000
_AROUND_PX = 40
"""Padding, frame and focus frame of a key in style.qss, left and right together."""


class RecipeKey(QPushButton):
    """A name that does not fit loses its middle; the revision is always whole."""

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self._product, self._name = recipe.product, recipe.name
        self._revision = f", revision {recipe.revision}"
        words = f"{recipe.product}   \u2013   recipe {recipe.name}{self._revision}"
        self.setText(on_a_key("\n".join(self._lines(_ANY_ROOM))))
        self.setAccessibleName(words)
        self.setToolTip(in_a_hint(words))
        self.setProperty("key", "row")
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for both lines whole."""
        return self._size(max(map(self.fontMetrics().horizontalAdvance, self._lines(_ANY_ROOM))))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return room for the revision and for some letters of a name."""
        letter = self.fontMetrics().averageCharWidth()
        return self._size(self.fontMetrics().horizontalAdvance(f"recipe {self._revision}") + _LEAST_LETTERS * letter)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show as much of the names as there is room for."""
        super().resizeEvent(event)
        self.setText(on_a_key("\n".join(self._lines(self.width() - _AROUND_PX))))

    def _lines(self, room: int) -> tuple[str, str]:
        self.ensurePolished()  # the style sheet's font
        metrics = QFontMetrics(self.font())
        beside = metrics.horizontalAdvance(f"recipe {self._revision}")
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, room - beside)
        product = metrics.elidedText(self._product, Qt.TextElideMode.ElideMiddle, room)
        return product, f"recipe {name}{self._revision}"

    def _size(self, words: int) -> QSize:
        height = max(super().sizeHint().height(), 2 * self.fontMetrics().lineSpacing() + 14)
        return QSize(words + _AROUND_PX, height)
