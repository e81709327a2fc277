"""The widgets of the review page: a part, the most similar good part beside it, and what people said."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station.domain.shift import ShiftWindow
from station.reporting.wording import title_in_a_list
from ui.actions.action_table import Actions
from ui.background.rendered_part import RenderedView
from ui.pages.review.actions import ReviewAct
from ui.pages.review.shift_parts import Filter
from ui.pages.review.shown_review import AGREEMENT_HEADINGS, SAID_HEADINGS, ReviewView
from ui.theme.theme import current_theme
from ui.widgets.canvas.image_canvas import ImageCanvas, Marks
from ui.widgets.chooser import Chooser
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label
from ui.widgets.table import Table
from ui.widgets.text.fitted_text import heading
from ui.widgets.view_head import Said, ViewHead

_MAIN = ((ReviewAct.PREVIOUS, 1), (ReviewAct.NEXT, 1), (ReviewAct.CONFIRM, 2), (ReviewAct.OVERRULE, 2))
_TOOLS = (ReviewAct.HIDE, ReviewAct.VIEW, ReviewAct.HOLD, ReviewAct.ANNOTATE, ReviewAct.READ_AGAIN)
_NO_GOOD = "No picture of a good part of this recipe is kept."


class ReviewPage(QWidget):
    """Widgets only.

    Signals:
        shift_chosen: A `ShiftWindow`.
        filter_chosen: A `Filter`.
        row_chosen: The row of the agreement whose parts are wanted; -1 for none.
    """

    shift_chosen = Signal(object)
    filter_chosen = Signal(object)
    row_chosen = Signal(int)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self.shifts, self.filter = Chooser(), Chooser()
        for chooser, name in ((self.shifts, "Shift"), (self.filter, "Which parts")):
            chooser.setAccessibleName(name)
            chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.filter.setPlaceholderText("Parts of the chosen row")
        for each in Filter:
            self.filter.addItem(each.value, each)
        self.shifts.activated.connect(lambda row: self.shift_chosen.emit(self.shifts.itemData(row)))
        self.filter.activated.connect(lambda row: self.filter_chosen.emit(self.filter.itemData(row)))
        self.progress, self.place = label("", "strong", wrap=True), label("", "muted")
        self.verdict = ViewHead("")
        self.reason, self.hold = label("", wrap=True), label("", "strong", wrap=True)
        self.problem = label("", "strong", wrap=True)
        self.picture, self.good = ImageCanvas("The part"), ImageCanvas("The most similar good part")
        self.good.set_marks(Marks.HIDDEN)
        self.good_name = heading("Most similar good part")
        self.said = Table("What was said", SAID_HEADINGS, wraps=True)
        self.agreement = Table("People and station agree", AGREEMENT_HEADINGS, wraps=True, chooses=True)
        self.agreement.row_chosen.connect(self.row_chosen)
        # A page whose words wrap is scrolled below its wished height: these wish none, and take what is left.
        for taking in (self.picture, self.good, self.said, self.agreement):
            taking.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._lay_out()

    def offer_shifts(self, shifts: Sequence[ShiftWindow], chosen: ShiftWindow) -> None:
        """Let one of these be picked."""
        self.shifts.clear()
        for window in shifts:
            self.shifts.addItem(title_in_a_list(window), window)
        self.shifts.setCurrentIndex(list(shifts).index(chosen))

    def show_filter(self, chosen: Filter | None) -> None:
        """Show which parts are gone through; None for those of a row of the agreement."""
        self.filter.setCurrentIndex(-1 if chosen is None else list(Filter).index(chosen))

    def show_view(self, view: ReviewView) -> None:
        """Show everything but the pictures."""
        self.progress.setText(view.progress)
        self.place.setText(view.place)
        self.verdict.name = view.name
        self.verdict.show_said(Said(view.verdict))
        self.verdict.setAccessibleName(f"{view.name}: {view.verdict.word}" if view.verdict else "No part")
        self.verdict.update()
        self.reason.setText(view.reason)
        self.hold.setText(view.hold)
        self.hold.setVisible(bool(view.hold))
        self.said.show_rows(view.said)
        with QSignalBlocker(self.agreement):
            self.agreement.show_rows(view.agreement)
        if view.without_picture:
            self.show_picture(None)
            self.picture.set_empty_text(view.without_picture)
        self._actions[ReviewAct.HOLD].setText(view.hold_key)
        for act in ReviewAct:
            self._actions[act].setEnabled(act in view.may)

    def show_picture(self, view: RenderedView | None) -> None:
        """Show a view of the part; None for none, so that no picture is taken for that of another part."""
        self.picture.show_picture(view)

    def show_small(self, image: QImage) -> None:
        """Show a small picture of the part, without marks, until the whole one comes."""
        self.picture.show_picture(None)
        self.picture.show_levels((image,), image.size())

    def show_good(self, name: str, view: RenderedView | None, *, reading: bool = False) -> None:
        """Show the good part beside it.

        Args:
            name: Its number; "" if there is none.
            view: The same view of it.
            reading: Whether it is being looked for.
        """
        self.good_name.setText(f"Most similar good part: {name}" if name else "Most similar good part")
        self.good.set_empty_text("Looking for it \u2026" if reading else _NO_GOOD)
        self.good.show_picture(view)

    def turn_marks(self) -> None:
        """Show the bare picture, or the map again."""
        self.picture.set_marks(Marks.MAP if self.picture.marks is Marks.HIDDEN else Marks.HIDDEN)

    def say(self, problem: str) -> None:
        """Say what went wrong."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def _lay_out(self) -> None:
        gap = current_theme().sizes.gap
        page = QVBoxLayout(self)
        page.setContentsMargins(gap, gap, gap, gap)
        page.setSpacing(gap)
        head, body, keys, tools = QHBoxLayout(), QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (head, body, keys, tools):
            row.setSpacing(gap)
        for widget, share_of_width in ((self.shifts, 3), (self.filter, 2), (self.progress, 2)):
            head.addWidget(widget, share_of_width)
        body.addWidget(_titled(self.verdict, self.picture), 5)
        body.addWidget(_titled(self.good_name, self.good), 4)
        body.addWidget(self._words(), 4)
        for act, share_of_width in _MAIN:
            keys.addWidget(KeyButton(self._actions[act], "main", strong=act is ReviewAct.CONFIRM), share_of_width)
        for act in _TOOLS:
            tools.addWidget(KeyButton(self._actions[act]), 1)
        self.verdict.setFixedHeight(round(current_theme().sizes.title * 1.5))
        self.good_name.setFixedHeight(round(current_theme().sizes.title * 1.5))
        page.addLayout(head)
        page.addWidget(self.problem)
        page.addLayout(body, 1)
        page.addLayout(keys)
        page.addLayout(tools)
        self.problem.hide()

    def _words(self) -> Panel:
        panel = Panel()
        column = QVBoxLayout(panel)
        column.addWidget(self.place)
        column.addWidget(self.hold)
        column.addWidget(self.reason)
        column.addWidget(self.said, 3)
        column.addWidget(self.agreement, 4)
        return panel


def _titled(title: QWidget, widget: QWidget) -> Panel:
    panel = Panel()
    column = QVBoxLayout(panel)
    column.addWidget(title)
    column.addWidget(widget, 1)
    return panel
