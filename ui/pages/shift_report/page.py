"""The supervisor's page: one shift in numbers, counted from its records."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QLineEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from station.domain.feedback import OperatorFeedback
from station.domain.formatting import UNKNOWN, interval, number, share, shortened, time_of_day
from station.domain.inspection import Counts
from station.domain.rates import Rate
from station.domain.scanned_code import shown
from station.domain.shift import ShiftWindow
from station.domain.shift_summary import LotSummary, RevisionSummary, ShiftSummary, Stoppage
from station.reporting.wording import length_of, remarks, start_of, time_in, title_in_a_list
from ui.actions.action_table import Actions
from ui.background.fault_log import FaultEntry
from ui.pages.shift_report.actions import ShiftReportAct
from ui.pages.shift_report.counted_parts import NumberChooser
from ui.pages.shift_report.hour_strip import HourStrip
from ui.pages.shift_report.places_list import PlacesList
from ui.pages.shift_report.summary_box import SummaryBox
from ui.scanner.scan_filter import SEARCHES
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label
from ui.widgets.table import Table
from ui.widgets.text.fitted_text import ElidedLine

_NUMBERS = ("Parts", "Pass", "Review", "Fail", "Not inspected", "Yield")
_MOST_ROWS = 12
_LOT_ROOM = 40
_SAVES = (ShiftReportAct.SAVE_PDF, ShiftReportAct.SAVE_CSV, ShiftReportAct.SAVE_XLSX)
_WITH_THE_FILE = (ShiftReportAct.OPEN_FILE, ShiftReportAct.PRINT_FILE, ShiftReportAct.COPY_FILE)


class ShiftReportPage(QWidget):
    """Pick a shift, read it, save it; find a part of it again.

    Signals:
        shift_chosen: A `ShiftWindow`.
        day_chosen: A `date`: the shifts of this day and before are wanted.
        part_wanted: What was typed to find a part.
    """

    shift_chosen = Signal(object)
    day_chosen = Signal(object)
    part_wanted = Signal(str)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.shifts = Chooser()
        self.shifts.setAccessibleName("Shift")
        self.shifts.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.shifts.activated.connect(lambda row: self.shift_chosen.emit(self.shifts.itemData(row)))
        self.day = QDateEdit()
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setAccessibleName("Last day of the list")
        self.day.dateChanged.connect(lambda day: self.day_chosen.emit(day.toPython()))
        self.search = self._search_entry()
        self.said, self.remarks = ElidedLine(), label("", "strong", wrap=True)
        self.said.setProperty("role", "muted")
        self.remarks.hide()
        self.disk = label("", "muted", wrap=True)
        self.disk.hide()
        self.summary = SummaryBox()
        self.hours = HourStrip()
        self.recipes = Table("Recipes", ("Recipe", *_NUMBERS, "Interval (95 %)"), _NUMBERS)
        self.lots = Table("Lots and orders", ("Lot", "Order", *_NUMBERS, "Interval (95 %)"), _NUMBERS)
        self._made = _titled("Lots and orders", self.lots)
        self.places = PlacesList()
        self.stops = Table("Stops and faults", ("From", "Lasted", "What"), wraps=True)
        self.troubles = Table("Faults since the window was opened", ("At", "What"), wraps=True)
        self.disputes = Table("What people said", ("At", "Part", "By", "Said"), chooses=True)
        show, self.annotate = (KeyButton(actions[act]) for act in (ShiftReportAct.SHOW_PARTS, ShiftReportAct.ANNOTATE))
        self.numbers = NumberChooser(show)
        self._again = KeyButton(actions[ShiftReportAct.COUNT_AGAIN])
        self._keys = [KeyButton(actions[act]) for act in (*_SAVES, *_WITH_THE_FILE)]
        self._lay_out()

    def offer_shifts(self, calendar: Sequence[tuple[ShiftWindow, bool]], chosen: ShiftWindow) -> None:
        """Let one of these be picked; those without parts say so."""
        self.shifts.clear()
        for window, has_parts in calendar:
            self.shifts.addItem(f"{title_in_a_list(window)}{'' if has_parts else ', no parts'}", window)
        self.shifts.setCurrentIndex([window for window, _ in calendar].index(chosen))
        self.day.blockSignals(True)
        self.day.setDate(QDate(chosen.day.year, chosen.day.month, chosen.day.day))
        self.day.blockSignals(False)

    def show_shift(self, shift: ShiftSummary, disputes: Sequence[OperatorFeedback]) -> None:
        """Show one shift, and what people said of its parts."""
        self.summary.show_shift(shift.counts, shift.first_pass_yield)
        self.hours.show_hours(shift)
        self.places.show_places(shift.places, shift.causes, _reasons(disputes))
        said = remarks(shift)
        self.remarks.setText(" ".join(said))
        self.remarks.setVisible(bool(said))
        self.recipes.show_rows([_recipe_row(revision) for revision in shift.revisions])
        self.lots.show_rows([_lot_row(lot) for lot in shift.lots])
        self._made.setVisible(bool(shift.lots))
        self.stops.show_rows([_stop_row(stoppage, shift.window) for stoppage in shift.stoppages])
        self.disputes.show_rows([_dispute_row(dispute, shift.window) for dispute in disputes])
        for table in (self.recipes, self.lots, self.stops, self.disputes):
            table.grow_to_rows(_MOST_ROWS)

    def show_disk(self, sentence: str) -> None:
        """Say when the disk will be full, and of what."""
        self.disk.setText(sentence)
        self.disk.show()

    def show_troubles(self, faults: Sequence[FaultEntry], time_zone: str) -> None:
        """Show what failed in full."""
        self.troubles.show_rows([(time_of_day(each.at, time_zone), f"{each.fault.sentence} {each.fault.advice}")
                                 for each in faults])  # fmt: skip

    def say(self, text: str) -> None:
        """What was done or went wrong, in one line."""
        self.said.setText(text)
        self.said.setToolTip(in_a_hint(text))

    def _search_entry(self) -> QLineEdit:
        entry = QLineEdit()
        entry.setPlaceholderText("Find part: 0013, 09:41, serial, lot")
        entry.setClearButtonEnabled(True)
        entry.setProperty(SEARCHES, True)
        entry.setAccessibleName("Find a part by number, time, serial, lot or order")
        entry.returnPressed.connect(lambda: self.part_wanted.emit(entry.text()))
        return entry

    def _lay_out(self) -> None:
        gap = current_theme().sizes.gap
        page = QVBoxLayout(self)
        page.setContentsMargins(gap, gap, gap, gap)
        page.setSpacing(gap)
        head = QHBoxLayout()
        head.setSpacing(gap)
        head.addWidget(self.shifts, 4)
        head.addWidget(self.day, 1)
        head.addWidget(self.search, 2)
        head.addWidget(self._again, 1)
        keys = QHBoxLayout()
        keys.setSpacing(gap)
        for key in self._keys:
            keys.addWidget(key, 1)
        page.addLayout(head)
        page.addLayout(keys)
        page.addWidget(self.said)
        page.addWidget(self._scrolling(), 1)

    def _scrolling(self) -> QScrollArea:
        """Everything that is read scrolls together; a table shows its rows, not a part of them."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().sizes.gap)
        column.addWidget(self.remarks)
        column.addWidget(self.disk)
        column.addWidget(self.summary)
        column.addWidget(self.numbers)
        column.addLayout(
            _side_by_side((self.hours, 10), (self.places, 7), (_titled("Stops and faults", self.stops), 9)), 1
        )
        column.addWidget(_titled("Recipes", self.recipes))
        column.addWidget(self._made)
        self._made.hide()
        said = _titled("What people said", self.disputes, self.annotate)
        column.addLayout(_side_by_side((said, 1), (_titled("Faults since the window was opened", self.troubles), 1)))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inside)
        area.setAccessibleName("The shift")
        return area


def _side_by_side(*widgets: tuple[QWidget, int]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(current_theme().sizes.gap)
    for widget, share_of_width in widgets:
        row.addWidget(widget, share_of_width)
    return row


def _titled(title: str, widget: QWidget, key: KeyButton | None = None) -> Panel:
    """Return a panel with a title and a widget; a key, if there is one, is at the right of the title."""
    panel = Panel()
    column = QVBoxLayout(panel)
    head = QHBoxLayout()
    head.addWidget(label(title, "strong"), 1)
    if key is not None:
        key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        head.addWidget(key)
    column.addLayout(head)
    column.addWidget(widget, 1)
    return panel


def _recipe_row(revision: RevisionSummary) -> tuple[str, ...]:
    name = f"{revision.run.recipe_name}@{revision.run.recipe_revision}"
    return name, *_figures(revision.counts, revision.first_pass_yield)


def _lot_row(lot: LotSummary) -> tuple[str, ...]:
    named = (shortened(shown(text), _LOT_ROOM) or UNKNOWN for text in (lot.made.lot, lot.made.order))
    return (*named, *_figures(lot.counts, lot.first_pass_yield))


def _figures(counts: Counts, rate: Rate) -> tuple[str, ...]:
    parts = (counts.triggers, counts.passed, counts.review, counts.failed, counts.not_inspected)
    return (*map(number, parts), share(rate.value), interval(rate))


def _reasons(disputes: Sequence[OperatorFeedback]) -> list[tuple[str, int]]:
    """Return why people disagreed with a verdict or confirmed it, most frequent first."""
    return Counter(said.reason for said in disputes if said.reason).most_common()


def _stop_row(stoppage: Stoppage, window: ShiftWindow) -> tuple[str, ...]:
    return start_of(stoppage, window), length_of(stoppage), f"{stoppage.kind}: {stoppage.sentence}"


def _dispute_row(dispute: OperatorFeedback, window: ShiftWindow) -> tuple[str, ...]:
    """Return when, which part, who, and what was said with its reason."""
    said = ", ".join(filter(None, (dispute.words, dispute.reason)))
    return time_in(window, dispute.made_at), dispute.key.label, dispute.author, said
