"""Connects the pictures to mark with their page: reads, proposes and saves off the GUI thread."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

from station.domain.dataset import DatasetItem, Label
from station.domain.errors import StationError
from station.domain.inspection import PartKey
from station.domain.permissions import Permission
from ui.actions.page_spec import ClosingStep, PageContext, UnsavedWork
from ui.pages.annotator.actions import TOOLS, AnnotatorAct
from ui.pages.annotator.marks import Marks
from ui.pages.annotator.page import NO_DISPUTES, NO_PICTURE, NOT_PERMITTED, AnnotatorPage
from ui.pages.annotator.proposals import Proposals
from ui.pages.annotator.shown_item import ShownItem, disputed_items, items_of_parts, read_item, said_of
from ui.widgets.canvas.mask_drawing import Tool

_SAVED_WITHIN_S = 20.0
_READ_WITHIN_S = 5.0
_OPACITY_STEP = 0.12
_WITH_A_PICTURE = (
    *TOOLS,
    AnnotatorAct.UNDO,
    AnnotatorAct.REDO,
    AnnotatorAct.SMALLER,
    AnnotatorAct.LARGER,
    AnnotatorAct.FIT,
    AnnotatorAct.FULL_SIZE,
    AnnotatorAct.HIDE,
    AnnotatorAct.FAINTER,
    AnnotatorAct.STRONGER,
    AnnotatorAct.GOOD,
    AnnotatorAct.UNSURE,
    AnnotatorAct.NEW_KIND,
)

Subject = Sequence[int] | tuple[str, PartKey]
"""What the page is opened for: the numbers of items in their order, or ("part", key) for a part of the records."""


class AnnotatorPresenter(QObject):
    """Shows the pictures that the page was opened for, one at a time."""

    def __init__(self, page: AnnotatorPage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._station, self._actions = page, context.station, context.actions
        self._go_back = context.go_back
        self._reading = context.tasks.another(self)
        self._marks = Marks(page, context)
        self._proposals = Proposals(page, context.actions, self._station)
        self._items: tuple[int, ...] = ()
        self._place = 0
        self._wanted = 0
        self._shown: ShownItem | None = None
        self._connect()
        self._show_nothing(NO_PICTURE)

    def open(self) -> None:
        """Give the keys to the picture; only a person who may change a dataset draws on it."""
        self._marks.come()
        self._show_permission()
        self._page.canvas.setFocus()
        if self._shown is not None:
            self._look_again(self._shown.item.item_id)

    def show_subject(self, subject: object) -> None:
        """Show these pictures; see `Subject`.

        Raises:
            TypeError: It is not a `Subject`.
        """
        match subject:
            case ("part", PartKey() as key):
                self._show_nothing("Reading \u2026")
                self._read(lambda: items_of_parts(self._station, (key,)), self._show_items)
            case [*numbers]:
                self._show_items(tuple(number for number in numbers if isinstance(number, int)))
            case _:
                raise TypeError(f"the annotator cannot show {subject!r}")

    def leave(self) -> None:
        """Save what was drawn last."""
        self._marks.leave()

    def save_now(self) -> None:
        """Begin to save what is not saved."""
        self._marks.flush()

    def unsaved(self) -> UnsavedWork | None:
        """Return the marks that would be lost if the window closed now."""
        return self._marks.unsaved()

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return the waits for the last mask, and for what is being read or proposed."""
        steps = [ClosingStep("the marks to be saved", self._marks.tasks.wait, _SAVED_WITHIN_S)]
        for tasks in (self._reading, self._proposals.tasks):
            steps.append(ClosingStep("what is being read", tasks.wait, _READ_WITHIN_S))
        return tuple(steps)

    def close(self) -> None:
        """End all threads; what was drawn is saved by then, or a person gave it up."""
        self._marks.close()
        for tasks in (self._reading, self._proposals.tasks):
            tasks.close(within_s=0)

    # ---- what the person asks for

    def _connect(self) -> None:
        page, on, canvas = self._page, self._actions.on, self._page.canvas
        for act, tool in TOOLS.items():
            self._actions[act].setCheckable(True)
            on(act, partial(self.choose_tool, tool))
        self._actions[AnnotatorAct.HIDE].setCheckable(True)
        self._actions[AnnotatorAct.HIDE].toggled.connect(canvas.hide_mask)
        on(AnnotatorAct.UNDO, canvas.undo)
        on(AnnotatorAct.REDO, canvas.redo)
        on(AnnotatorAct.SMALLER, lambda: canvas.size_pen(-1))
        on(AnnotatorAct.LARGER, lambda: canvas.size_pen(1))
        on(AnnotatorAct.FIT, canvas.fit)
        on(AnnotatorAct.FULL_SIZE, canvas.show_full_size)
        on(AnnotatorAct.FAINTER, lambda: canvas.set_opacity(canvas.opacity - _OPACITY_STEP))
        on(AnnotatorAct.STRONGER, lambda: canvas.set_opacity(canvas.opacity + _OPACITY_STEP))
        on(AnnotatorAct.ACCEPT, self._proposals.accept)
        on(AnnotatorAct.TRIM, self._trim)
        on(AnnotatorAct.REJECT, self._proposals.reject)
        on(AnnotatorAct.GOOD, lambda: self._label(Label.GOOD))
        on(AnnotatorAct.UNSURE, lambda: self._label(Label.UNLABELLED))
        on(AnnotatorAct.PREVIOUS, lambda: self.show_place(self._place - 1))
        on(AnnotatorAct.NEXT, lambda: self.show_place(self._place + 1))
        on(AnnotatorAct.NEW_KIND, page.palette_of_kinds.new_kind.setFocus)
        on(AnnotatorAct.DISPUTED, self._show_disputed)
        on(AnnotatorAct.BACK, self._go_back)
        page.kind_wanted.connect(self._choose_key)
        page.palette_of_kinds.chosen.connect(self.choose_kind)
        page.palette_of_kinds.named.connect(self._add_kind)
        self._marks.changed.connect(self._follow_stroke)
        self._marks.saved.connect(self._note_saved)
        self._marks.refused.connect(self._fail)

    def choose_tool(self, tool: Tool) -> None:
        """Draw with this tool."""
        self._page.canvas.set_pen(replace(self._page.canvas.pen, tool=tool))
        for act, each in TOOLS.items():
            self._actions[act].setChecked(each is tool)

    def choose_kind(self, number: int) -> None:
        """Draw this kind of defect."""
        if self._shown is not None and number in (kind.number for kind in self._shown.kinds):
            self._page.canvas.set_pen(replace(self._page.canvas.pen, value=number))
            self._page.palette_of_kinds.mark(number)

    def show_place(self, place: int) -> None:
        """Show the picture at this place of those the page was opened for; at the ends nothing happens."""
        if not 0 <= place < len(self._items):
            return
        self._marks.flush()
        self._place = place
        self._wanted += 1
        wanted, item_id = self._wanted, self._items[place]
        self._actions[AnnotatorAct.PREVIOUS].setEnabled(place > 0)
        self._actions[AnnotatorAct.NEXT].setEnabled(place + 1 < len(self._items))
        # A mask that is being saved must be there when the same picture is read again.
        self._marks.tasks.ask(
            lambda: None,
            lambda _: self._read(
                lambda: read_item(self._station, item_id), lambda item: self._show_item(item, wanted), wanted
            ),
            self._fail,
        )

    def _look_again(self, item_id: int) -> None:
        """Read the picture again if somebody has said something else of it meanwhile, on another page or elsewhere."""
        wanted, place = self._wanted, self._place

        def compare(now: DatasetItem) -> None:
            if wanted == self._wanted and self._shown is not None and now != self._shown.item:
                self.show_place(place)

        self._marks.tasks.ask(lambda: self._station.datasets.item(item_id), compare, self._fail)

    def _show_disputed(self) -> None:
        self._marks.flush()
        self._read(lambda: disputed_items(self._station), self._show_disputed_items)

    def _show_disputed_items(self, items: tuple[int, ...]) -> None:
        if items:
            self._show_items(items)
        else:
            self._page.say(NO_DISPUTES)

    def _choose_key(self, key: int) -> None:
        numbers = self._page.palette_of_kinds.numbers()
        if key <= len(numbers):
            self.choose_kind(numbers[key - 1])

    def _trim(self) -> None:
        self._proposals.accept()
        self.choose_tool(Tool.ERASER)

    def _label(self, label: Label) -> None:
        """Label the shown picture, and go to the next; a good part has no marks."""
        if self._shown is None or self._shown.item.item_id != self._items[self._place]:
            return  # the next picture is on its way: a second press would skip it
        self._proposals.forget()
        self._marks.label(label)
        if self._place + 1 < len(self._items):
            self.show_place(self._place + 1)

    def _add_kind(self, name: str) -> None:
        if self._shown is None:
            return
        product, datasets = self._shown.item.product, self._station.datasets

        def added(number: int) -> None:
            if self._shown is not None and self._shown.item.product == product:
                self._shown = replace(self._shown, kinds=datasets.kinds(product))
                self._page.palette_of_kinds.show_kinds(self._shown.kinds, number)
                self.choose_kind(number)
                self._page.canvas.setFocus()

        self._reading.ask(lambda: datasets.add_kind(product, name).number, added, self._fail)

    # ---- what is shown

    def _show_permission(self) -> None:
        allowed = self._station.authority.allows(Permission.EDIT_DATASET)
        if allowed is self._page.canvas.read_only:
            self._page.say("" if allowed else NOT_PERMITTED)
        self._page.canvas.read_only = not allowed

    def _show_items(self, items: tuple[int, ...]) -> None:
        self._items = items
        if items:
            self.show_place(0)
        else:
            self._show_nothing(NO_PICTURE)

    def _read(self, work: Callable[[], object], answer: Callable[..., object], wanted: int | None = None) -> None:
        def failed(error: StationError) -> None:
            if wanted is None or wanted == self._wanted:
                self._show_nothing(error.sentence)
            self._fail(error)

        self._reading.ask(work, answer, failed)

    def _show_item(self, shown: ShownItem, wanted: int) -> None:
        if wanted != self._wanted:
            return
        self._shown = shown = self._marks.show(shown)
        page = self._page
        page.canvas.show_item(shown.levels, shown.levels[0].size(), shown.picture, shown.mask)
        page.palette_of_kinds.show_kinds(shown.kinds, shown.kind)
        page.enable(_WITH_A_PICTURE, True)
        page.say(NOT_PERMITTED if page.canvas.read_only else "")
        self.choose_kind(shown.kind)
        self.choose_tool(Tool.BRUSH if page.canvas.pen.tool is Tool.ERASER else page.canvas.pen.tool)
        self._show_words()
        self._show_undo()
        self._proposals.ask(shown)

    def _show_nothing(self, why: str) -> None:
        self._shown = None
        self._page.canvas.show_nothing()
        self._page.canvas.set_empty_text(why)
        self._page.show_state("", "")
        self._marks.forget()
        self._page.palette_of_kinds.show_kinds((), 0)
        self._page.enable(_WITH_A_PICTURE, False)
        for act in TOOLS:
            self._actions[act].setChecked(False)
        self._page.enable((AnnotatorAct.PREVIOUS, AnnotatorAct.NEXT), bool(self._items))
        self._proposals.forget()

    def _show_words(self) -> None:
        if self._shown is not None:
            item = self._shown.item
            place = self._items.index(item.item_id) + 1
            self._page.show_state(item.name, f"{place} of {len(self._items)}, {said_of(item)}")

    def _follow_stroke(self) -> None:
        drawing = self._page.canvas.drawing
        self._proposals.follow(marked=drawing is not None and bool(drawing.mask.any()))
        self._show_undo()

    def _show_undo(self) -> None:
        drawing = self._page.canvas.drawing
        self._actions[AnnotatorAct.UNDO].setEnabled(drawing is not None and drawing.can_undo)
        self._actions[AnnotatorAct.REDO].setEnabled(drawing is not None and drawing.can_redo)

    def _note_saved(self, item: DatasetItem) -> None:
        if self._shown is not None and self._shown.item.item_id == item.item_id:
            self._shown = replace(self._shown, item=item)
            self._page.say("")
            self._show_words()

    def _fail(self, error: StationError) -> None:
        self._page.say(str(error))
