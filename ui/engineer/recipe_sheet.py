"""Into which recipe the camera's settings go, and why."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ui.theme import look
from ui.widgets.panel import label
from ui.widgets.sheet import Sheet


class RecipeSheet(Sheet):
    """A name and a reason make a draft; nothing changes on the line."""

    wanted = Signal(str, str, str)

    def __init__(self, parent: QWidget, recipes: Sequence[str]) -> None:
        super().__init__(parent, "Copy the settings to a recipe" if recipes else "There is no recipe yet")
        self.recipe, self.person, self.reason = QComboBox(), QLineEdit(), QLineEdit()
        self.recipe.addItems(list(recipes))
        self.make = _key("Make a draft", strong=True)
        self.make.clicked.connect(self._ask)
        cancel = _key("Cancel  (Esc)", strong=False)
        cancel.clicked.connect(self.reject)
        words = "The recipe's next revision is made, a draft. The line keeps the released one."
        self.column.addWidget(label(words if recipes else "Teach a product first.", "muted", wrap=True))
        if recipes:
            self.column.addLayout(self._form())
        keys = QHBoxLayout()
        keys.addWidget(cancel)
        keys.addWidget(self.make)
        self.make.setVisible(bool(recipes))
        self.column.addLayout(keys)
        for entry in (self.person, self.reason):
            entry.textChanged.connect(self._check)
        self._check()
        self.setMinimumWidth(round(look().sizes.side * 1.6))

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setSpacing(look().sizes.gap)
        for name, entry in (("Recipe", self.recipe), ("Your name", self.person), ("Reason", self.reason)):
            entry.setAccessibleName(name)
            form.addRow(name, entry)
        return form

    def _check(self) -> None:
        self.make.setEnabled(all(entry.text().strip() for entry in (self.person, self.reason)))

    def _ask(self) -> None:
        self.wanted.emit(self.recipe.currentText(), self.person.text().strip(), self.reason.text().strip())
        self.accept()


def _key(text: str, *, strong: bool) -> QPushButton:
    key = QPushButton(text)
    key.setProperty("strong", strong)
    key.setAutoDefault(strong)
    return key
