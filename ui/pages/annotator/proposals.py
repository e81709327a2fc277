"""The proposal for the shown picture: asked for off the GUI thread, then accepted, or rejected for the next one."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from station.app import Station
from station.domain.errors import StationError
from ui.actions.action_table import Actions
from ui.background.tasks import BackgroundTasks
from ui.pages.annotator.actions import AnnotatorAct
from ui.pages.annotator.page import AnnotatorPage
from ui.pages.annotator.shown_item import ShownItem

_ACTS = (AnnotatorAct.ACCEPT, AnnotatorAct.TRIM, AnnotatorAct.REJECT)
_MARKED = "Nothing is proposed: this picture has marks."
_PROPOSED = "Is this the defect? Reject shows another place."
_ACCEPTED = "Marked."
_NO_MORE = "No other place looks unusual. Draw it by hand."

Proposal = NDArray[np.bool_]


class Proposals(QObject):
    """Shows one proposal after the other.

    Attributes:
        tasks: Where they are made.
    """

    def __init__(self, page: AnnotatorPage, actions: Actions, station: Station) -> None:
        super().__init__(page)
        self.tasks = BackgroundTasks(self)
        self._page, self._actions, self._station = page, actions, station
        self._shown: Proposal | None = None
        self._accepted: Proposal | None = None
        self._others: Iterator[Proposal] = iter(())
        self._asked = 0
        self.forget()

    def ask(self, shown: ShownItem) -> None:
        """Propose a place on this picture, unless something is marked on it."""
        self.forget()
        if shown.mask.any():
            self._page.proposal.setText(_MARKED)
            return
        item_id = shown.item.item_id

        def begin() -> Proposal | None:
            self._others = self._station.proposals.proposals(item_id)
            return next(self._others, None)

        self._ask(begin)

    def _ask(self, work: Callable[[], Proposal | None]) -> None:
        asked = self._asked
        self._page.proposal.setText("Looking for the place \u2026")
        self.tasks.ask(
            lambda: work() if asked == self._asked else None,
            lambda proposal: self._show(proposal) if asked == self._asked else None,
            lambda error: self._fail(error) if asked == self._asked else None,
        )

    def accept(self) -> None:
        """Mark what is proposed with the chosen kind; what is marked already stays."""
        drawing, proposal = self._page.canvas.drawing, self._shown
        if drawing is None or proposal is None:
            return
        marked = drawing.mask.copy()
        marked[proposal & (marked == 0)] = self._page.canvas.pen.value
        self.forget()
        self._accepted = proposal
        self._page.proposal.setText(_ACCEPTED)
        self._page.canvas.put_mask(marked)

    def follow(self, *, marked: bool) -> None:
        """Propose again what was accepted if that was taken back, and no more once it is drawn again."""
        accepted = self._accepted
        if accepted is not None and not marked and self._shown is None:
            self._show(accepted)
        elif accepted is not None and marked and self._shown is accepted:
            self._show(None)
            self._page.proposal.setText(_ACCEPTED)

    def reject(self) -> None:
        """Remove the proposal, and propose the next place."""
        if self._shown is None:
            return
        self._show(None)
        self._asked += 1
        self._ask(lambda: next(self._others, None))

    def forget(self) -> None:
        """Show no proposal; one that is being made is not shown any more."""
        self._asked += 1
        self._accepted = None
        self._show(None)
        self._page.proposal.setText("")

    def _show(self, proposal: Proposal | None) -> None:
        self._shown = proposal
        self._page.canvas.show_proposal(None if proposal is None else np.ascontiguousarray(proposal, np.uint8))
        self._page.enable(_ACTS, proposal is not None)
        self._page.proposal.setText(_NO_MORE if proposal is None else _PROPOSED)

    def _fail(self, error: StationError) -> None:
        self._page.proposal.setText(str(error))
