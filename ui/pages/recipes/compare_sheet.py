"""Two revisions side by side: what differs in words, and both regions on the product's picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from station.domain.frame import Image
from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.recipe import Recipe
from station.domain.revision_flips import FlipPlan
from ui.pages.recipes.flips_panel import FlipsPanel
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.canvas.region_canvas import RegionCanvas
from ui.widgets.chooser import Chooser
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label
from ui.widgets.text.fitted_text import FittedSentence

_WIDTH_SHARE, _PICTURE_SHARE, _WORDS_SHARE = 2.6, 0.5, 0.2
_LINES = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """Two revisions of a recipe.

    Attributes:
        old, new: The revisions.
        words: What differs, a line each.
        view: The view whose places are drawn.
        pictures: Its picture by each revision; None if there is none.
        plan: How the two are compared on stored parts.
    """

    old: Recipe
    new: Recipe
    words: tuple[str, ...]
    view: str
    pictures: tuple[Image | None, Image | None]
    plan: FlipPlan


class CompareSheet(Dialog):
    """Shows one comparison; another revision is chosen in the list.

    Signals:
        revision_wanted: The number of the revision to compare with.
    """

    revision_wanted = Signal(int)

    def __init__(self, parent: QWidget, revisions: Sequence[int], compared: Compared) -> None:
        super().__init__(parent, f"Compare {compared.new.name} {compared.new.revision}")
        self.other = Chooser()
        self.other.setAccessibleName("Compare with revision")
        for revision in revisions:
            self.other.addItem(f"with revision {revision}", revision)
        self.words = FittedSentence()
        self.words.setProperty("role", "large")
        self.words.setSizePolicy(
            QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed
        )  # else it has no place of its own
        self.words.setFixedHeight(round(current_theme().sizes.side * _WORDS_SHARE))
        self.sides = (RegionCanvas("The old revision"), RegionCanvas("The new revision"))
        self.names = (label("", "strong"), label("", "strong"))
        self.flips = FlipsPanel()
        self._lay_out()
        self.show_comparison(compared)
        self.other.activated.connect(lambda row: self.revision_wanted.emit(self.other.itemData(row)))

    def show_comparison(self, compared: Compared) -> None:
        """Show what differs between two revisions."""
        self.other.setCurrentIndex(self.other.findData(compared.old.revision))
        many = len(compared.words) > _LINES
        words = ("; " if many else "\n").join(compared.words) or "Nothing differs in how parts are judged."
        self.words.setText(words)
        self.words.setToolTip(in_a_hint("\n".join(compared.words)))
        recipes = (compared.old, compared.new)
        for recipe, picture, canvas, name in zip(recipes, compared.pictures, self.sides, self.names, strict=True):
            name.setText(f"{recipe.name} {recipe.revision}")
            canvas.show_picture(picture, "no picture of it on this station")
            canvas.show_marks(*_places(recipe, compared.view))

    def _lay_out(self) -> None:
        self.column.addWidget(self.other)
        self.column.addWidget(self.words)
        pictures = QHBoxLayout()
        pictures.setSpacing(current_theme().sizes.gap)
        for canvas, name in zip(self.sides, self.names, strict=True):
            canvas.setMinimumHeight(round(current_theme().sizes.side * _PICTURE_SHARE))
            canvas.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
            column = QVBoxLayout()
            column.addWidget(name)
            column.addWidget(canvas, 1)
            pictures.addLayout(column, 1)
        self.column.addLayout(pictures, 1)
        self.column.addWidget(self.flips)
        leave = QPushButton("Close  (Esc)")
        leave.clicked.connect(self.reject)
        self.column.addWidget(leave)
        self.setMinimumWidth(round(current_theme().sizes.side * _WIDTH_SHARE))


def _places(recipe: Recipe, name: str) -> tuple[RegionOfInterest | None, IgnoreMask | None, RegionOfInterest | None]:
    view = next((view for view in recipe.views if view.name == name), None)
    return (view.roi, view.ignore, view.taught_roi) if view else (None, None, None)
