"""The audit page: conditions, the state of the chain, the entries, and the chosen one in full."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from station.domain.audit import AuditEntry
from station.domain.shift import ShiftWindow
from station.reporting.wording import title_in_a_list
from ui.actions.action_table import Actions
from ui.pages.audit.actions import AuditAct
from ui.pages.audit.entries_model import EntriesModel
from ui.pages.audit.shown_audit import Wanted, change_of
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import label
from ui.widgets.text.fitted_text import ElidedLine

_DIGITS = (6, 17, 14, 15, 13)
"""Width of the first columns, in digits; the change and its reason share the rest."""
_BESIDE = 2
_CHOICES = ("Person", "What was done", "Shift")


class AuditPage(QWidget):
    """Widgets only.

    Signals:
        changed: Other conditions.
        chosen: The row that a person chose, -1 for none.
    """

    changed = Signal()
    chosen = Signal(int)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.people, self.deeds, self.shifts = Chooser(), Chooser(), Chooser()
        for name, chooser in zip(_CHOICES, (self.people, self.deeds, self.shifts), strict=True):
            chooser.setAccessibleName(name)
            chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            chooser.setMinimumWidth(1)
            chooser.activated.connect(lambda _row: self.changed.emit())
        self.subject = QLineEdit()
        self.subject.setPlaceholderText("Of: plate@3, run 12")
        self.subject.setAccessibleName("A part of the subject")
        self.subject.setClearButtonEnabled(True)
        self.subject.editingFinished.connect(self.changed)
        self.chain = label("", "strong", wrap=True)
        self.counted = label("", "muted", wrap=True)
        self.counted.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.said = ElidedLine()
        self.said.setProperty("role", "muted")
        self.said.hide()
        self.entries = EntriesModel()
        self.table = self._table()
        self.whole = QPlainTextEdit()
        self.whole.setReadOnly(True)
        self.whole.setTabChangesFocus(True)
        self.whole.setAccessibleName("The chosen entry")
        self.whole.setPlaceholderText("Choose an entry to read it whole.")
        self._lay_out(actions)

    @property
    def wanted(self) -> Wanted:
        """The conditions that are chosen."""
        return Wanted(
            self.people.currentData() or "",
            self.deeds.currentData() or "",
            self.shifts.currentData(),
            self.subject.text(),
        )

    def offer(self, people: Sequence[str], deeds: Sequence[str], shifts: Sequence[ShiftWindow]) -> None:
        """Let one of these be chosen; what is chosen stays."""
        _fill(self.people, "Anybody", [(name, name) for name in people if name])
        _fill(self.deeds, "Anything", [(deed, deed) for deed in deeds])
        _fill(self.shifts, "Any time", [(title_in_a_list(window), window) for window in shifts])

    def show_state(self, chain: str, counted: str) -> None:
        """Say whether the chain holds, and how many entries there are."""
        self.chain.setText(chain)
        self.counted.setText(counted)

    def show_whole(self, entry: AuditEntry | None) -> None:
        """Show everything of one entry."""
        self.whole.setPlainText("" if entry is None else _in_full(entry))

    def say(self, text: str) -> None:
        """What was done or went wrong, in one line."""
        self.said.setVisible(bool(text))
        self.said.setText(text)
        self.said.setToolTip(in_a_hint(text))

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.entries)
        table.setAccessibleName("Entries of the audit trail")
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().hide()
        # A fixed height: to measure 100,000 rows would take seconds.
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setHighlightSections(False)
        for column in range(len(_DIGITS)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        table.selectionModel().currentRowChanged.connect(self._choose)
        return table

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give the first columns the room that their words need in the present font."""
        super().resizeEvent(event)
        digit = self.table.fontMetrics().horizontalAdvance("0")
        for column, digits in enumerate(_DIGITS):
            self.table.setColumnWidth(column, digit * (digits + _BESIDE))

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.chosen.emit(current.row())

    def _lay_out(self, actions: Actions) -> None:
        gap = current_theme().sizes.gap
        column = QVBoxLayout(self)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        conditions, keys = QHBoxLayout(), QHBoxLayout()
        for row in (conditions, keys):
            row.setSpacing(gap)
        for widget in (self.people, self.deeds, self.shifts, self.subject):
            conditions.addWidget(widget, 1)
        for act in (AuditAct.READ_AGAIN, AuditAct.SAVE_CSV, AuditAct.SAVE_SYSLOG):
            keys.addWidget(KeyButton(actions[act]), 1)
        keys.addWidget(KeyButton(actions[AuditAct.VERIFY], strong=True), 1)
        column.addLayout(conditions)
        column.addLayout(keys)
        state = QHBoxLayout()
        state.setSpacing(gap)
        state.addWidget(self.chain, 4)
        state.addWidget(self.counted, 1)
        column.addLayout(state)
        column.addWidget(self.said)
        column.addWidget(self.table, 4)
        column.addWidget(self.whole, 1)
        self.whole.setMinimumHeight(3 * current_theme().sizes.title)


def _fill(chooser: Chooser, everything: str, choices: Sequence[tuple[str, object]]) -> None:
    before = chooser.currentText()
    chooser.clear()
    chooser.addItem(everything, None)
    for words, value in choices:
        chooser.addItem(words, value)
    chooser.setCurrentIndex(max(0, chooser.findText(before)))


def _in_full(entry: AuditEntry) -> str:
    who = entry.person or "station"
    lines = [f"{entry.number}  {who}, {entry.station}: {entry.action}, {entry.subject}", change_of(entry)]
    lines += [f"Why: {entry.reason}" if entry.reason else "", f"SHA-256 {entry.hash}"]
    return "\n".join(filter(None, lines))
