"""Small sheets of the page: the name of a new kind, and the form of an export."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label


class NewKindSheet(Dialog):
    """Asks for the name of a kind of defect.

    Signals:
        wanted: The name.
    """

    wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "A new kind of defect")
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the kind")
        self.name.setPlaceholderText("scratch, crack, burnt \u2026")
        self.add = QPushButton("Add  (Enter)")
        self.add.setDefault(True)
        self.add.clicked.connect(self._ask)
        cancel = QPushButton("Cancel  (Esc)")
        cancel.clicked.connect(self.reject)
        keys = QHBoxLayout()
        keys.addWidget(cancel)
        keys.addWidget(self.add)
        self.column.addWidget(self.name)
        self.column.addLayout(keys)
        self.setMinimumWidth(current_theme().sizes.side)

    def _ask(self) -> None:
        if self.name.text().strip():
            self.wanted.emit(self.name.text().strip())
            self.accept()


class ExportSheet(Dialog):
    """Asks in which form the dataset is written.

    Signals:
        wanted: "mvtec" or "coco".
    """

    wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Export the dataset")
        words = "Pictures stay as they are; masks are written without loss. Pictures without a label are left out."
        self.column.addWidget(label(words, "muted", wrap=True))
        self.forms: dict[str, QPushButton] = {}
        for form, text in (("mvtec", "Folders, MVTec layout  (M)"), ("coco", "COCO, masks as run lengths  (C)")):
            self.forms[form] = key = QPushButton(text)
            key.setShortcut(form[0].upper())
            key.clicked.connect(lambda _checked=False, form=form: self._ask(form))
            self.column.addWidget(key)
        cancel = QPushButton("Cancel  (Esc)")
        cancel.clicked.connect(self.reject)
        self.column.addWidget(cancel)
        self.setMinimumWidth(round(current_theme().sizes.side * 1.2))

    def _ask(self, form: str) -> None:
        self.wanted.emit(form)
        self.accept()
