"""What dropped or chosen pictures are taken for, and into which working set they go: read before anything comes in."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QWidget

from station.domain.dataset import Label
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label


class ImportSheet(Dialog):
    """Product, view, and what becomes of pictures of which nothing says what they are.

    Signals:
        wanted: Product, view and the label of pictures without one.
    """

    wanted = Signal(str, str, object)

    def __init__(self, parent: QWidget, notes: Sequence[str], product: str, view: str) -> None:
        super().__init__(parent, "Import pictures")
        self.product, self.view, self.without = QLineEdit(product), QLineEdit(view), Chooser()
        self.without.addItem("stay without a label", Label.UNLABELLED)
        self.without.addItem("are all good parts", Label.GOOD)
        form = QFormLayout()
        form.setSpacing(current_theme().sizes.gap)
        fields = {"Product": self.product, "View": self.view, "Pictures without a label": self.without}
        for name, field in fields.items():
            field.setAccessibleName(name)
            form.addRow(name, field)
        self.view.setPlaceholderText("only with several cameras")
        self.product.textChanged.connect(self._check)
        self.start = QPushButton("Import  (Enter)")
        self.start.setProperty("strong", True)
        self.start.setDefault(True)
        self.start.clicked.connect(self._ask)
        cancel = QPushButton("Cancel  (Esc)")
        cancel.clicked.connect(self.reject)
        keys = QHBoxLayout()
        keys.addWidget(cancel)
        keys.addWidget(self.start)
        self.column.addWidget(_scrolled("\n".join(notes)), 1)
        self.column.addLayout(form)
        self.column.addLayout(keys)
        self.resize(parent.size() * 0.7)
        self._check()

    def _check(self) -> None:
        self.start.setEnabled(bool(self.product.text().strip()))

    def _ask(self) -> None:
        self.wanted.emit(self.product.text().strip(), self.view.text().strip(), self.without.currentData())
        self.accept()


def _scrolled(text: str) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setAccessibleName("What the pictures are taken for")
    words = label(text, wrap=True)
    words.setContentsMargins(*[current_theme().sizes.gap] * 4)
    area.setWidget(words)
    return area
