"""One page at a time: each is built when it is first seen, and its presenter hears when it is hidden."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ui.actions.page_spec import AnyPage, BadgeTaker, PageContext, PagePresenter
from ui.widgets.quiet_place import QuietPlace
from ui.widgets.signed_dialog import SignedDialog


class PageStack(QStackedWidget):
    """Holds a place for each registered page. The shortcuts of a page work while its place is visible."""

    def __init__(self, pages: Sequence[AnyPage]) -> None:
        super().__init__()
        self._specs = {page.name: page for page in pages}
        self._places: dict[str, QWidget] = {}
        self._presenters: dict[str, PagePresenter] = {}
        self._pages: dict[str, QWidget] = {}
        for name in self._specs:
            self._places[name] = place = QWidget()
            self.addWidget(place)

    @property
    def current(self) -> AnyPage:
        """The page that is shown."""
        return next(self._specs[name] for name, place in self._places.items() if place is self.currentWidget())

    @property
    def presenters(self) -> Iterator[PagePresenter]:
        """The presenters of the pages that were built."""
        return iter(self._presenters.values())

    def page_of(self, name: str) -> QWidget:
        """Return the widgets of a page.

        Raises:
            KeyError: There is no page of this name, or it was not built yet.
        """
        return self._pages[name]

    def presenter_of(self, name: str) -> PagePresenter:
        """Return the presenter of a page.

        Raises:
            KeyError: There is no page of this name, or it was not built yet.
        """
        return self._presenters[name]

    def waiting_for_badge(self) -> BadgeTaker | None:
        """Return what takes the next badge that is scanned: an open dialog that is signed, or a page; None if none."""
        takers = (each for each in (*self.findChildren(SignedDialog), *self.presenters) if isinstance(each, BadgeTaker))
        return next((each for each in takers if each.wants_badge()), None)

    def add_actions(self, context: PageContext) -> None:
        """Add the actions of each page; they work while the page is visible."""
        for name, spec in self._specs.items():
            context.actions.add(spec.actions, self._places[name])

    def open_page(self, name: str, context: PageContext) -> None:
        """Show a page, and tell the page before that it is hidden."""
        before = self.current.name
        self._build(name, context)
        self.setCurrentWidget(self._places[name])
        if before != name and before in self._presenters:
            self._presenters[before].leave()
        self._presenters[name].open()

    def _build(self, name: str, context: PageContext) -> None:
        if name in self._pages:
            return
        self._pages[name], self._presenters[name] = self._specs[name].make(context)
        column = QVBoxLayout(self._places[name])
        column.setContentsMargins(0, 0, 0, 0)
        first = name == next(iter(self._specs))
        column.addWidget(QuietPlace(self._pages[name]) if first else _scrolled(self._pages[name]))


def _scrolled(page: QWidget) -> QScrollArea:
    """On a screen that is too small for a page, its end must be reachable; the line's page fits itself instead."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area
