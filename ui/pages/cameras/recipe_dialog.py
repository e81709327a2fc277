"""Into which recipe the camera's settings go, and why."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ui.pages.cameras.recipe_offers import RecipeOffer
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label


class RecipeDialog(Dialog):
    """A name and a reason make a draft; nothing changes on the line."""

    wanted = Signal(str, str, str)

    def __init__(self, parent: QWidget, offers: Sequence[RecipeOffer]) -> None:
        super().__init__(parent, "Copy the settings to a recipe" if offers else "There is no recipe yet")
        self._offers = offers
        self.recipe, self.person, self.reason = Chooser(), QLineEdit(), QLineEdit()
        self.what = label("", wrap=True)
        self.make = _key("Make a draft", strong=True)
        self.make.clicked.connect(self._ask)
        self.close_key = _key("Cancel  (Esc)" if offers else "Close  (Esc)", strong=False)
        self.close_key.clicked.connect(self.reject)
        words = "This makes a new draft. The line keeps the released recipe."
        self.column.addWidget(label(words if offers else "Teach a product first.", "muted", wrap=True))
        if offers:
            self._lay_out_form()
        keys = QHBoxLayout()
        keys.addWidget(self.close_key)
        keys.addWidget(self.make)
        self.make.setVisible(bool(offers))
        self.column.addLayout(keys)
        self.setMinimumWidth(round(current_theme().sizes.side * 1.6))

    def _lay_out_form(self) -> None:
        form = QFormLayout()
        form.setSpacing(current_theme().sizes.gap)
        for name, entry in (("Recipe", self.recipe), ("Your name", self.person), ("Reason", self.reason)):
            entry.setAccessibleName(name)
            form.addRow(name, entry)
        form.insertRow(1, "Copied", self.what)
        self.column.addLayout(form)
        for offer in self._offers:
            self.recipe.addItem(f"{offer.recipe.name}, on the line" if offer.loaded else offer.recipe.name)
        self.recipe.currentIndexChanged.connect(self._check)
        for entry in (self.person, self.reason):
            entry.textChanged.connect(self._check)
        self._check()

    @property
    def _offer(self) -> RecipeOffer:
        return self._offers[self.recipe.currentIndex()]

    def _check(self) -> None:
        self.what.setText(self._offer.words)
        if self.isVisible():  # a sheet that is open grows by itself only where it must
            self.what.setMinimumHeight(self.what.heightForWidth(self.what.width()))
        said = all(entry.text().strip() for entry in (self.person, self.reason))
        self.make.setEnabled(self._offer.possible and said)

    def _ask(self) -> None:
        self.wanted.emit(self._offer.recipe.name, self.person.text().strip(), self.reason.text().strip())
        self.accept()


def _key(text: str, *, strong: bool) -> QPushButton:
    key = QPushButton(text)
    key.setProperty("strong", strong)
    key.setAutoDefault(strong)
    return key
