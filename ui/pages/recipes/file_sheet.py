"""The path of a file to write or to read, typed or chosen."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog, sheet_key
from ui.widgets.panel import label


class FileSheet(Dialog):
    """Enter does it.

    Signals:
        wanted: The `Path`.
        other_wanted: What the key `also` offers instead.
    """

    wanted = Signal(object)
    other_wanted = Signal()

    def __init__(
        self, parent: QWidget, title: str, text: str, proposed: str, verb: str, *, folder: bool = False,
        also: str = "",
    ) -> None:  # fmt: skip
        super().__init__(parent, title)
        self._folder = folder
        self.path = QLineEdit(proposed)
        self.path.setAccessibleName(title)
        self.path.textChanged.connect(self._check)
        browse = QPushButton("Browse ...")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(browse)
        self.do, self.also, leave = sheet_key(verb, strong=True), sheet_key(also), sheet_key("Cancel  (Esc)")
        self.do.clicked.connect(self._ask)
        leave.clicked.connect(self.reject)
        self.also.clicked.connect(self.reject)
        self.also.clicked.connect(self.other_wanted)
        self.also.setVisible(bool(also))
        self.column.addWidget(label(text, "muted", wrap=True))
        self.column.addLayout(row)
        self.add_key_row(leave, self.also, self.do)
        self.setMinimumWidth(round(current_theme().sizes.side * 1.8))
        self.path.setFocus()
        self._check()

    def _browse(self) -> None:
        chosen = (
            QFileDialog.getExistingDirectory(self, self.windowTitle())
            if self._folder
            else QFileDialog.getOpenFileName(self, self.windowTitle(), filter="Recipes (*.lineside);;All files (*)")[0]
        )
        if chosen:
            self.path.setText(chosen)

    def _check(self) -> None:
        self.do.setEnabled(bool(self.path.text().strip()))

    def _ask(self) -> None:
        self.wanted.emit(Path(self.path.text().strip()))
        self.accept()
