"""What is drawn on the shown picture and said of it, kept as it changes; what the disk refuses is never given up."""

import logging
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from station.domain.dataset import DatasetItem, ItemLabel, Label
from station.domain.messages import FaultReported
from ui.actions.page_spec import PageContext, UnsavedWork
from ui.pages.annotator.autosave import Autosave, Drawn
from ui.pages.annotator.label_steps import LabelSteps
from ui.pages.annotator.page import AnnotatorPage
from ui.pages.annotator.shown_item import ShownItem

_NOT_SAVED = "NOT SAVED"
_log = logging.getLogger(__name__)


class Marks(QObject):
    """Follows the canvas, and saves after each stroke.

    Signals:
        changed: A stroke was drawn or taken back.
        saved: The item as it is now.
        refused: A StationError, while the page is on show.
    """

    changed = Signal()
    saved = Signal(object)
    refused = Signal(object)

    def __init__(self, page: AnnotatorPage, context: PageContext) -> None:
        super().__init__(page)
        self.tasks = context.tasks.another(self)
        self._page, self._context = page, context
        self._autosave = Autosave(self, self.tasks)
        self._item_id: int | None = None
        self._steps = LabelSteps(ItemLabel(), ItemLabel())
        self._away = self._said_away = False
        page.canvas.drawn.connect(self._note_stroke)
        self._autosave.waiting.connect(lambda: page.saved.setText("saving \u2026"))
        self._autosave.saved.connect(self._note_saved)
        self._autosave.failed.connect(self._note_refused)

    # ---- the picture

    def show(self, shown: ShownItem) -> ShownItem:
        """Follow this picture; return it with what was drawn on it and is not saved yet."""
        self._page.canvas.end_stroke()
        unsaved = self._autosave.unsaved(shown.item.item_id)
        if unsaved is not None:
            shown = replace(shown, mask=unsaved.mask.copy())
        opened = ItemLabel(shown.item.label, shown.item.kind)
        said = unsaved.said if unsaved is not None else None
        self._item_id, self._steps = shown.item.item_id, LabelSteps(said or opened, said or shown.unmarked)
        self._page.saved.setText("" if unsaved is None else _NOT_SAVED)
        return shown

    def forget(self) -> None:
        """Follow no picture; what was drawn on others goes on being saved."""
        self._item_id = None
        self._page.saved.setText("")

    def label(self, label: Label) -> None:
        """Say of the picture that it is good, or that nothing is known: nothing is marked then. Undo takes it back."""
        canvas = self._page.canvas
        if canvas.drawing is None:
            return
        if canvas.drawing.mask.any():
            canvas.put_mask(np.zeros_like(canvas.drawing.mask))
        self._steps.say(label)
        self._keep()
        self.flush()

    def flush(self) -> None:
        """Save now what is not saved, also a stroke that is still drawn."""
        self._page.canvas.end_stroke()
        self._autosave.flush()

    # ---- while others are on show, and at the end

    def come(self) -> None:
        """Take note that the page is on show."""
        self._away = self._said_away = False

    def leave(self) -> None:
        """Save what was drawn last; if that fails while the page is hidden, the person hears of it all the same."""
        self._away = True
        self.flush()

    def unsaved(self) -> UnsavedWork | None:
        """Return what would be lost if the window closed now."""
        pictures = self._autosave.pictures
        if not pictures:
            return None
        return UnsavedWork(f"the marks on {pictures} picture{'s' if pictures > 1 else ''}", self._autosave.trouble)

    def close(self) -> None:
        """Save what is not saved, and end."""
        self.flush()
        self.tasks.wait(0)
        if (lost := self.unsaved()) is not None and lost.trouble is not None:
            _log.error("%s were not saved: %s", lost.what, lost.trouble)
        self.tasks.close()

    # ---- saving

    def _note_stroke(self) -> None:
        drawing = self._page.canvas.drawing
        if drawing is not None:
            self._steps.move_to(drawing.state)
            self._keep()
        self.changed.emit()

    def _keep(self) -> None:
        drawing = self._page.canvas.drawing
        if drawing is not None and self._item_id is not None:
            mask = drawing.mask.copy()
            said = self._steps.said(marked=bool(mask.any()))
            save = partial(self._context.station.datasets.save_mask, self._item_id, mask, said=said)
            self._autosave.note_stroke(self._item_id, Drawn(mask, said, self.tasks.bound(save)))

    def _note_saved(self, item: DatasetItem) -> None:
        if item.item_id == self._item_id:
            self._page.saved.setText("saved")
        self.saved.emit(item)

    def _note_refused(self, error: object) -> None:
        self._page.saved.setText(_NOT_SAVED)
        self.refused.emit(error)
        self._say_if_away()

    def _say_if_away(self) -> None:
        """Say once, over whatever page is on show, that marks are not saved."""
        lost = self.unsaved()
        if not self._away or self._said_away or lost is None or lost.trouble is None:
            return
        self._said_away = True
        self._context.fault_log.add(FaultReported.of("annotator", lost.trouble))
        self._context.answer(lost.sentence, lost.trouble.advice)
