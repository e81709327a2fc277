"""Every revision of every recipe, found by words; the loaded one is marked in words."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from station.domain.frame import Image
from station.domain.recipe import Recipe, RecipeEntry
from ui.background.rendered_part import qimage
from ui.pages.recipes.shown import row_words
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.text.fitted_text import FittedSentence

_ENTRY = Qt.ItemDataRole.UserRole


class RevisionList(QWidget):
    """One row for each revision, with its product's picture.

    Signals:
        chosen: A `RecipeEntry`.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._entries: Sequence[RecipeEntry] = ()
        self._pictures: dict[str, QIcon] = {}
        self._shown: tuple[object, ...] = ()
        self.words = QLineEdit(placeholderText="Find a recipe", clearButtonEnabled=True)
        self.words.setAccessibleName("Find a recipe")
        self.words.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setAccessibleName("Recipes and their revisions")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._choose)
        self.empty = FittedSentence(0.85)
        self.empty.setText("No recipe yet. Teach a product, or import a recipe file (Ctrl+O).")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().sizes.gap // 2)
        column.addWidget(self.words)
        column.addWidget(self.empty)
        column.addWidget(self.list, 1)

    def show_entries(self, entries: Sequence[RecipeEntry], loaded: Recipe | None, chosen: RecipeEntry | None) -> None:
        """Show these; without a signal for the one that is marked."""
        self.empty.setVisible(not entries)
        wanted = (tuple(entries), loaded)
        with QSignalBlocker(self.list):
            if wanted != self._shown:
                self._shown, self._entries = wanted, entries
                self._fill(loaded)
            self._mark(chosen)

    def show_picture(self, label: str, picture: Image) -> None:
        """Show a product's picture at a revision."""
        side = self.list.iconSize().width()
        shown = (
            qimage(picture)
            .copy()
            .scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )
        self._pictures[label] = QIcon(QPixmap.fromImage(shown))
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item.data(_ENTRY).recipe.label == label:
                item.setIcon(self._pictures[label])

    def labels(self) -> list[str]:
        """Return the rows that are shown."""
        rows = (self.list.item(row) for row in range(self.list.count()))
        return [row.text() for row in rows if not row.isHidden()]

    def _fill(self, loaded: Recipe | None) -> None:
        self.list.clear()
        side = current_theme().sizes.key
        self.list.setIconSize(QSize(side, side))
        for entry in self._entries:
            item = QListWidgetItem("\n".join(row_words(entry, loaded)))
            item.setData(_ENTRY, entry)
            item.setToolTip(in_a_hint(f"{entry.recipe.label}: {entry.recipe.reason}"))
            item.setIcon(self._pictures.get(entry.recipe.label, QIcon()))
            self.list.addItem(item)
        self._filter()

    def _mark(self, chosen: RecipeEntry | None) -> None:
        for row in range(self.list.count()):
            if chosen is not None and self.list.item(row).data(_ENTRY).recipe.label == chosen.recipe.label:
                self.list.setCurrentRow(row)

    def _filter(self) -> None:
        words = self.words.text().casefold().split()
        for row in range(self.list.count()):
            text = self.list.item(row).text().casefold()
            self.list.item(row).setHidden(not all(word in text for word in words))

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_ENTRY))
