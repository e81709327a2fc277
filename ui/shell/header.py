"""Product and revision, lot, shift and clock, person; nothing else."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy

from station.domain.formatting import shortened
from station.domain.lot_order import NO_LOT, LotOrder
from station.domain.recipe import RecipeEntry, RecipeState
from station.domain.scanned_code import shown
from ui.theme.plain_text import in_a_hint, on_a_key
from ui.theme.restyle import restyle
from ui.theme.theme import current_theme
from ui.widgets.panel import label

_LOT_ROOM = 22
"""Letters in the header; the sheet that a touch opens has all of them."""


class Header(QFrame):
    """A touch on the product or the lot changes it, one on the person logs in or out; the last key leads elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("header")
        self.product = _key("product")
        self._revision = label("", "muted")
        self.lot = _key("lot")
        self._shift = label("", "large")
        self.person = _key("person")
        self.across = _key("across")
        self.show_recipe(None)
        self.show_lot(NO_LOT)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(current_theme().sizes.title)
        row.addWidget(self.product)
        row.addWidget(self._revision)
        for words in (self.lot, self._shift):
            row.addStretch(1)
            row.addWidget(words)
        row.addStretch(1)
        row.addWidget(self.person)
        row.addWidget(self.across)

    @property
    def revision(self) -> str:
        """Return what it says of the recipe: "recipe 3, retired"."""
        return self._revision.text()

    def show_recipe(self, entry: RecipeEntry | None) -> None:
        """Show the product that is inspected, and the true state of its recipe."""
        recipe = entry.recipe if entry else None
        name = recipe.product if recipe else "Choose product"
        self.product.setText(on_a_key(name if len(name) <= 32 else f"{name[:31]}…"))
        self.product.setAccessibleName(f"Product: {name}")
        self.product.setToolTip(in_a_hint(f"{name}: touch to change it"))
        self._revision.setText(f"recipe {entry.recipe.revision}, {entry.state}" if entry else "")
        restyle(self._revision, "troubled", entry is not None and entry.state is not RecipeState.RELEASED)

    def show_lot(self, made: LotOrder) -> None:
        """Show which lot is made, or which order if there is no lot."""
        named = f"Lot {shown(made.lot)}" if made.lot else f"Order {shown(made.order)}" if made.order else "No lot"
        whole = shown(made.words)
        self.lot.setText(on_a_key(shortened(named, _LOT_ROOM)))
        self.lot.setAccessibleName(f"{whole[0].upper()}{whole[1:]}")
        self.lot.setToolTip(in_a_hint(f"{whole}: touch to change it"))

    def show_shift(self, text: str) -> None:
        """Show the name of the shift and the time."""
        if text != self._shift.text():
            self._shift.setText(text)

    def show_person(self, person: str) -> None:
        """Show who gives the commands."""
        self.person.setText(on_a_key(person))
        self.person.setAccessibleName(f"{person}: log in or out")
        self.person.setToolTip("Log in or out")

    def show_across(self, leads_to: str) -> None:
        """Name the page that the last key leads to."""
        self.across.setText(f"{on_a_key(leads_to)}  \u203a")
        self.across.setAccessibleName(f"Go to {leads_to}")
        self.across.setToolTip(f"Go to {leads_to}")


def _key(name: str) -> QPushButton:
    key = QPushButton()
    key.setObjectName(name)
    key.setProperty("key", "flat")
    key.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
    return key
