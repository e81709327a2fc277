"""The camera's features by category: searched by words, up to a visibility."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from station.domain.camera import CameraFeature, FeatureKind, Visibility, matching, renewed
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.panel import label

_OFFERED = (Visibility.BEGINNER, Visibility.EXPERT, Visibility.GURU)
_NAME, _VALUE = 0, 1
_NAMES_AT_MOST = 0.64
_KEY = Qt.ItemDataRole.UserRole


class FeatureTree(QWidget):
    """Shows names and values; whoever marks one can set it in the editor below."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._features: Sequence[CameraFeature] = ()
        self._name = ""
        self._live = True
        self._items: dict[str, QTreeWidgetItem] = {}
        self.words = QLineEdit(placeholderText="Find a feature", clearButtonEnabled=True)
        self.words.setAccessibleName("Find a feature")
        self.words.setToolTip("words of a name, category or explanation (Ctrl+F)")
        self.words.textChanged.connect(self._rebuild)
        self.visibility = Chooser()
        self.visibility.setAccessibleName("Visibility")
        self.visibility.setToolTip("for whom the shown features are meant (V)")
        self.visibility.addItems([each.value for each in _OFFERED])
        self.visibility.currentIndexChanged.connect(self._rebuild)
        self.tree = QTreeWidget()
        self.tree.setUniformRowHeights(True)
        self.tree.setIndentation(12)
        self.tree.setAccessibleName("Features of the camera")
        self.tree.setToolTip("the camera's features; the marked one is set below")
        self.tree.setHeaderLabels(["Feature", "Value"])
        self.tree.currentItemChanged.connect(self._mark)
        self.found = label("", "small", wrap=True)
        self.found.hide()
        self._lay_out()

    @property
    def names(self) -> tuple[str, ...]:
        """The features that are shown now."""
        return tuple(self._items)

    def value_of(self, name: str) -> str:
        """Return the value shown for a feature."""
        return self._items[name].text(_VALUE)

    def show_features(self, features: Sequence[CameraFeature]) -> None:
        """Show these; the marked one stays marked."""
        same = [each.name for each in features] == [each.name for each in self._features]
        self._features = features
        if not features:
            self._name = ""
        if same:
            self._refresh()
        else:
            self._rebuild()

    def show_live(self, live: bool) -> None:
        """The values are those of now, or the last that were known."""
        self._live = live
        self.tree.setHeaderLabels(["Feature", "Value" if live else "Last value"])
        for feature in self._features:
            self._write_row(feature)

    def renew(self, newer: Sequence[CameraFeature]) -> None:
        """Show the values that were read again; only changed rows are updated."""
        changed = set(newer).difference(self._features)
        self._features = renewed(self._features, changed)
        for feature in changed:
            self._write_row(feature)
        if self._name in {each.name for each in changed}:
            self._choose()

    def visible_features(self) -> tuple[str, ...]:
        """The features whose rows are on the screen."""
        names, item = [], self.tree.itemAt(0, 0)
        height = self.tree.viewport().height()
        while item is not None and self.tree.visualItemRect(item).top() < height:
            names.append(str(item.data(_NAME, _KEY) or ""))
            item = self.tree.itemBelow(item)
        return tuple(filter(None, names))

    def choose(self, name: str) -> None:
        """Mark a feature that is shown."""
        self.tree.setCurrentItem(self._items[name])

    def more_visible(self) -> None:
        """The next visibility, and after the last the first."""
        self.visibility.setCurrentIndex((self.visibility.currentIndex() + 1) % len(_OFFERED))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Wear the other theme or size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            for feature in self._features:
                self._write_row(feature)
            self._fit_names()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The names follow the width."""
        super().resizeEvent(event)
        self._fit_names()

    def _rebuild(self) -> None:
        """The marked feature is still the one that is set while its row is not shown."""
        self._items = {}
        with QSignalBlocker(self.tree):
            self.tree.clear()
        categories: dict[str, QTreeWidgetItem] = {}
        for feature in matching(self._features, self.words.text(), Visibility(self.visibility.currentText())):
            if feature.category not in categories:
                categories[feature.category] = self._category(feature.category)
            item = QTreeWidgetItem(categories[feature.category])
            item.setData(_NAME, _KEY, feature.name)
            self._items[feature.name] = item
        self.tree.expandAll()
        self._say_what_is_hidden()
        self._refresh()
        if self._name in self._items:
            self.choose(self._name)
        self._fit_names()

    def _say_what_is_hidden(self) -> None:
        """A search without a hit says where there are some: "0 found at Beginner, 4 at Guru"."""
        words = self.words.text()
        counts = {each: len(matching(self._features, words, each)) for each in _OFFERED} if words.strip() else {}
        here = Visibility(self.visibility.currentText())
        more = ", ".join(f"{count} at {each.value}" for each, count in counts.items() if count > counts[here])
        none = bool(counts) and not counts[here] and bool(self._features)
        self.found.setText(", ".join(filter(None, (f"0 found at {here.value}", more))) if none else "")
        self.found.setVisible(none)

    def _fit_names(self) -> None:
        """As much room as the names need, and always some for the values."""
        most = round(self.tree.viewport().width() * _NAMES_AT_MOST)
        self.tree.resizeColumnToContents(_NAME)
        self.tree.setColumnWidth(_NAME, min(self.tree.columnWidth(_NAME), most))

    def _category(self, path: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.tree, [path.replace("/", " \u203a ")])
        item.setFirstColumnSpanned(True)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = item.font(_NAME)
        font.setBold(True)
        item.setFont(_NAME, font)
        return item

    def _refresh(self) -> None:
        for feature in self._features:
            self._write_row(feature)
        self._choose()

    def _write_row(self, feature: CameraFeature) -> None:
        item = self._items.get(feature.name)
        if item is None:
            return
        item.setText(_NAME, feature.name)
        item.setText(_VALUE, _value(feature))
        item.setToolTip(_NAME, in_a_hint(feature.about))
        ink = QBrush() if self._live and feature.access.writable else QBrush(QColor(current_theme().colours.muted))
        for column in (_NAME, _VALUE):
            item.setForeground(column, ink)

    def _mark(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and item.data(_NAME, _KEY):
            self._name = str(item.data(_NAME, _KEY))
            self._choose()

    def _choose(self) -> None:
        self.chosen.emit(next((each for each in self._features if each.name == self._name), None))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(current_theme().sizes.gap // 2)
        head.addWidget(self.words, 1)
        head.addWidget(self.visibility)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().sizes.gap // 2)
        column.addLayout(head)
        column.addWidget(self.found)
        column.addWidget(self.tree, 1)


def _value(feature: CameraFeature) -> str:
    if feature.kind is FeatureKind.COMMAND:
        return "command"
    return f"{feature.text} {feature.unit}".strip() or str(feature.access)
