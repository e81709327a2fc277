"""The method that is to be taught: chosen on a sheet of its own, where several can be compared instead."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from station.domain.training import MethodOffer
from ui.pages.training.method_rows import RECOMMENDED
from ui.pages.training.methods_sheet import MethodsSheet
from ui.pages.training.page import TrainingPage


class MethodChoice(QObject):
    """Keeps what is chosen.

    Attributes:
        name: The chosen method.

    Signals:
        changed: Another method is chosen.
        comparison_wanted: The names of methods that are to be compared.
    """

    changed = Signal()
    comparison_wanted = Signal(tuple)

    def __init__(self, page: TrainingPage) -> None:
        super().__init__(page)
        self._page = page
        self.name = RECOMMENDED
        page.show_method(self.name)

    def open(self, offers: Sequence[MethodOffer]) -> None:
        """Show all methods."""
        sheet = MethodsSheet(self._page, offers, self.name)
        sheet.chosen.connect(self._choose)
        sheet.compared.connect(self.comparison_wanted)
        sheet.open()

    def _choose(self, name: str) -> None:
        self.name = name
        self._page.show_method(name)
        self.changed.emit()
