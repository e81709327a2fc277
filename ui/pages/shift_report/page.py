"""The supervisor's page: one shift in numbers, counted from its records."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station.domain.feedback import OperatorFeedback
from station.domain.formatting import interval, number, share, time_of_day
from station.domain.shift import ShiftWindow
from station.domain.shift_summary import RevisionSummary, ShiftSummary, Stoppage
from station.reporting.wording import length_of, start_of, time_in, title_in_a_list
from ui.actions.action_table import Actions
from ui.background.fault_log import FaultEntry
from ui.pages.shift_report.actions import ShiftReportAct
from ui.pages.shift_report.hour_strip import HourStrip
from ui.pages.shift_report.places_list import PlacesList
from ui.pages.shift_report.summary_box import SummaryBox
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label
from ui.widgets.table import Table
from ui.widgets.text.fitted_text import ElidedLine

_NUMBERS = ("Parts", "Fail", "Yield")


class ShiftReportPage(QWidget):
    """Pick a shift, read it, save it."""

    shift_chosen = Signal(object)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.shifts = Chooser()
        self.shifts.setAccessibleName("Shift")
        self.shifts.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.shifts.activated.connect(lambda row: self.shift_chosen.emit(self.shifts.itemData(row)))
        self.said = ElidedLine()
        self.said.setProperty("role", "muted")
        self.summary = SummaryBox()
        self.hours = HourStrip()
        self.recipes = Table("Recipes", ("Recipe", *_NUMBERS, "Interval (95 %)"), _NUMBERS)
        self.places = PlacesList()
        self.stops = Table("Stops and faults", ("From", "Lasted", "What"))
        self.troubles = Table("Faults since the window was opened", ("At", "What"))
        self.disputes = Table("What people said", ("At", "Part", "By", "Said"))
        self._keys = [KeyButton(actions[act]) for act in ShiftReportAct]
        self._lay_out()

    def offer_shifts(self, windows: Sequence[ShiftWindow], chosen: ShiftWindow) -> None:
        """Let one of these be picked."""
        self.shifts.clear()
        for window in windows:
            self.shifts.addItem(title_in_a_list(window), window)
        self.shifts.setCurrentIndex(max(0, list(windows).index(chosen)))

    def show_shift(self, shift: ShiftSummary, disputes: Sequence[OperatorFeedback]) -> None:
        """Show one shift, and what people said of its parts."""
        self.summary.show_shift(shift.counts, shift.first_pass_yield)
        self.hours.show_hours(shift.hours, shift.window)
        self.places.show_places(shift.places, shift.causes)
        self.recipes.show_rows([_recipe_row(revision) for revision in shift.revisions])
        self.stops.show_rows([_stop_row(stoppage, shift.window) for stoppage in shift.stoppages])
        self.disputes.show_rows([_dispute_row(dispute, shift.window) for dispute in disputes])

    def show_troubles(self, faults: Sequence[FaultEntry], time_zone: str) -> None:
        """Show what failed in full; where a line is too short, its tool tip has all of it."""
        self.troubles.show_rows([(time_of_day(each.at, time_zone), f"{each.fault.sentence} {each.fault.advice}")
                                 for each in faults])  # fmt: skip

    def say(self, text: str) -> None:
        """What was done or went wrong, in one line."""
        self.said.setText(text)
        self.said.setToolTip(text)

    def _lay_out(self) -> None:
        gap = current_theme().sizes.gap
        page = QVBoxLayout(self)
        page.setContentsMargins(gap, gap, gap, gap)
        page.setSpacing(gap)
        head = QHBoxLayout()
        head.setSpacing(gap)
        head.addWidget(self.shifts, 3)
        for key in self._keys:
            head.addWidget(key, 1)
        page.addLayout(head)
        page.addWidget(self.said)
        page.addWidget(self.summary)
        page.addLayout(self._lay_out_body(), 1)

    def _lay_out_body(self) -> QHBoxLayout:
        left = QVBoxLayout()
        left.addWidget(self.hours, 3)
        left.addWidget(_titled("Recipes", self.recipes), 2)
        right = QVBoxLayout()
        right.addWidget(_titled("Stops and faults", self.stops), 2)
        right.addWidget(_titled("Faults since the window was opened", self.troubles), 2)
        right.addWidget(_titled("What people said", self.disputes), 2)
        body = QHBoxLayout()
        body.addLayout(left, 11)
        body.addWidget(self.places, 7)
        body.addLayout(right, 8)
        for layout in (left, right, body):
            layout.setSpacing(current_theme().sizes.gap)
        return body


def _titled(title: str, widget: QWidget) -> Panel:
    panel = Panel()
    column = QVBoxLayout(panel)
    column.addWidget(label(title, "strong"))
    column.addWidget(widget, 1)
    return panel


def _recipe_row(revision: RevisionSummary) -> tuple[str, ...]:
    counts, rate = revision.counts, revision.first_pass_yield
    name = f"{revision.run.recipe_name}@{revision.run.recipe_revision}"
    return name, number(counts.triggers), number(counts.failed), share(rate.value), interval(rate)


def _stop_row(stoppage: Stoppage, window: ShiftWindow) -> tuple[str, ...]:
    return start_of(stoppage, window), length_of(stoppage), f"{stoppage.kind}: {stoppage.sentence}"


def _dispute_row(dispute: OperatorFeedback, window: ShiftWindow) -> tuple[str, ...]:
    """Return when, which part, who, and what was said with its reason."""
    said = ", ".join(filter(None, (dispute.claim.value, dispute.reason)))
    return time_in(window, dispute.made_at), dispute.key.label, dispute.author, said
