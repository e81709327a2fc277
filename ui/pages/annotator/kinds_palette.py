"""The kinds of defects of a product, each with its colour and its key; a new one is named below them."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from station.domain.dataset import DefectKind
from ui.scanner.scan_filter import NO_SCANS
from ui.theme.plain_text import in_a_hint, on_a_key
from ui.theme.theme import current_theme
from ui.widgets.canvas.mask_layer import kind_colour
from ui.widgets.panel import Panel, empty, label

_KEYS = 9
_SWATCH = 18
_PADDING = 48
"""Left and right of the words and between swatch and words, as in the style sheet."""


class KindsPalette(Panel):
    """Chooses the kind that is drawn.

    Signals:
        chosen: The number of a kind.
        named: The name of a new kind.
    """

    chosen = Signal(int)
    named = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen.emit)
        self.new_kind = QLineEdit()
        self.new_kind.setPlaceholderText("New kind: name, Enter")
        self.new_kind.setAccessibleName("Name of a new kind of defect")
        self.new_kind.setProperty(NO_SCANS, True)
        self.new_kind.returnPressed.connect(self._name)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._lay_out()

    def show_kinds(self, kinds: Sequence[DefectKind], chosen: int) -> None:
        """Offer these kinds; the one with this number is drawn."""
        empty(self._rows)
        for button in self._group.buttons():
            self._group.removeButton(button)
        for kind in kinds:
            button = _button(kind)
            self._group.addButton(button, kind.number)
            self._rows.addWidget(button)
        self._rows.addStretch()
        self.new_kind.setEnabled(bool(kinds))
        self.mark(chosen)

    def mark(self, number: int) -> None:
        """Show that this kind is drawn."""
        if (button := self._group.button(number)) is not None:
            button.setChecked(True)

    def numbers(self) -> list[int]:
        """Return the numbers of the kinds in the order of their keys."""
        return [self._group.id(button) for button in self._group.buttons()]

    def _name(self) -> None:
        name = self.new_kind.text().strip()
        self.new_kind.clear()
        if name:
            self.named.emit(name)

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setLayout(self._rows)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setAccessibleName("Kinds of defects")
        area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setSpacing(current_theme().sizes.gap // 2)
        column.addWidget(label("What is marked", "strong"))
        column.addWidget(area, 1)
        column.addWidget(self.new_kind)


class KindButton(QPushButton):
    """A key that ends in dots where its words are too long for it."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show as much as there is room for."""
        super().resizeEvent(event)
        self._elide()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Fit the words again in another size of type."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._elide()

    def _elide(self) -> None:
        room = self.width() - _SWATCH - _PADDING
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        self.setText(on_a_key(shown))


def _button(kind: DefectKind) -> QPushButton:
    """Return a key such as "1  scratch" with the colour of the kind."""
    key = f"{kind.number}  " if kind.number <= _KEYS else ""
    button = KindButton(f"{key}{kind.name}")
    button.setProperty("key", "row")
    button.setCheckable(True)
    button.setIcon(QIcon(_swatch(kind_colour(kind.number))))
    button.setIconSize(QSize(_SWATCH, _SWATCH))
    button.setAccessibleName(f"Kind {kind.number}: {kind.name}")
    button.setToolTip(in_a_hint(kind.name))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return button


def _swatch(colour: QColor) -> QPixmap:
    pixmap = QPixmap(_SWATCH, _SWATCH)
    pixmap.fill(colour)
    painter = QPainter(pixmap)
    painter.setPen(QColor(0, 0, 0))
    painter.drawRect(0, 0, _SWATCH - 1, _SWATCH - 1)
    painter.end()
    return pixmap
