"""Into which recipe the camera's settings go, and why."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.pages.cameras.recipe_offers import RecipeOffer
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.panel import label
from ui.widgets.signed_dialog import SignedDialog


class RecipeDialog(SignedDialog):
    """A name and a reason make a draft; nothing changes on the line."""

    wanted = Signal(str, str, str)

    def __init__(self, parent: QWidget, offers: Sequence[RecipeOffer]) -> None:
        super().__init__(
            parent, "Copy the settings to a recipe" if offers else "There is no recipe yet", "Make a draft"
        )
        self._offers = offers
        self.recipe = Chooser()
        self.what = label("", wrap=True)
        self.leave.setText("Cancel  (Esc)" if offers else "Close  (Esc)")
        words = "This makes a new draft. The line keeps the released recipe."
        self.column.addWidget(label(words if offers else "Teach a product first.", "muted", wrap=True))
        if offers:
            self._lay_out_form()
        self.add_keys()
        self.do.setVisible(bool(offers))
        self.setMinimumWidth(round(current_theme().sizes.side * 1.6))

    def _lay_out_form(self) -> None:
        form = self.add_form((("Recipe", self.recipe), ("Your name", self.person), ("Reason", self.reason)))
        form.insertRow(1, "Copied", self.what)
        for offer in self._offers:
            self.recipe.addItem(f"{offer.recipe.name}, on the line" if offer.loaded else offer.recipe.name)
        self.recipe.currentIndexChanged.connect(self.check)
        self.check()

    @property
    def _offer(self) -> RecipeOffer:
        return self._offers[self.recipe.currentIndex()]

    def check(self) -> None:
        """Say what is copied into the marked recipe, and whether it can be."""
        self.what.setText(self._offer.words)
        if self.isVisible():  # a sheet that is open grows by itself only where it must
            self.what.setMinimumHeight(self.what.heightForWidth(self.what.width()))
        self.do.setEnabled(self._offer.possible and self.signed)

    def ask(self) -> None:
        """Say into which recipe, who wants it, and why."""
        self.wanted.emit(self._offer.recipe.name, *self.signature)
        super().ask()
