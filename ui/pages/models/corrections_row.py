"""Says on the models page that enough corrections have come together, with one key to where they are learned."""

from PySide6.QtCore import QObject

from station.domain.corrections import CorrectedView
from ui.actions.page_spec import PageContext
from ui.pages.models.actions import ModelsAct
from ui.pages.models.page import ModelsPage


class CorrectionsRow(QObject):
    """Asks the station when the page is opened; it shows nothing while nothing is offered."""

    def __init__(self, page: ModelsPage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._context = page, context
        self._offered: tuple[CorrectedView, ...] = ()
        context.actions.on(ModelsAct.LEARN, self._go)
        self._show(())

    def look(self) -> None:
        """Show what is offered now."""
        self._context.tasks.ask(
            self._context.station.corrections.offered, self._show, lambda error: self._page.say(str(error))
        )

    def _show(self, offered: tuple[CorrectedView, ...]) -> None:
        self._offered = offered
        self._context.actions[ModelsAct.LEARN].setEnabled(bool(offered))
        self._page.show_corrections(" ".join(each.sentence for each in offered))

    def _go(self) -> None:
        if self._offered:
            first = self._offered[0]
            self._context.open_page("datasets", (first.product, first.view))
