"""What a new study is to be: product, parts, people, model, trials."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from station.domain.formatting import counted
from station.domain.study.study import MOST_PARTS, MOST_TRIALS, StudyPlan
from ui.pages.study.study_view import Offer
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label

_USUAL_PARTS, _USUAL_TRIALS = 25, 3


class NewStudySheet(Dialog):
    """Entries for a plan; what is labelled says how many parts can be had.

    Signals:
        wanted: A `StudyPlan`.
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget, offers: Sequence[Offer]) -> None:
        super().__init__(parent, "New study")
        self.offer, self.model, self.people = Chooser(), Chooser(), QLineEdit()
        self.good, self.defects, self.trials = (_number(most) for most in (MOST_PARTS, MOST_PARTS, MOST_TRIALS))
        self.trials.setText(str(_USUAL_TRIALS))
        self.labelled = label("", "muted", wrap=True)
        for each in offers:
            self.offer.addItem(each.words, each)
        self.people.setPlaceholderText("names with commas between them")
        form = QFormLayout()
        form.setSpacing(current_theme().sizes.gap)
        rows = {
            "Product": self.offer,
            "Good parts": self.good,
            "Defects": self.defects,
            "Trials": self.trials,
            "People": self.people,
            "Model": self.model,
        }
        for name, entry in rows.items():
            entry.setAccessibleName(name)
            form.addRow(name, entry)
        self.column.addWidget(self.labelled)
        self.column.addLayout(form)
        self.column.addLayout(self._keys())
        self.setMinimumWidth(round(current_theme().sizes.side * 1.5))
        self.offer.currentIndexChanged.connect(lambda _: self._show_offer())
        for entry in (self.good, self.defects, self.trials, self.people):
            entry.textChanged.connect(self._check)
        self.model.currentIndexChanged.connect(lambda _: self._check())
        self._show_offer()
        self.people.setFocus()

    @property
    def plan(self) -> StudyPlan:
        """Return what is entered."""
        offer: Offer = self.offer.currentData()
        model = self.model.currentData()
        return StudyPlan(
            offer.product,
            offer.view,
            int(self.good.text()),
            int(self.defects.text()),
            self._names(),
            (model,) if model else (),
            int(self.trials.text()),
        )

    def _names(self) -> tuple[str, ...]:
        return tuple(name for name in map(str.strip, self.people.text().split(",")) if name)

    def _show_offer(self) -> None:
        offer: Offer | None = self.offer.currentData()
        if offer is None:
            self.labelled.setText("No picture is labelled. Label good parts and defects on the Datasets page first.")
            self._check()
            return
        good, defects = counted(offer.good, "good part"), counted(offer.defects, "defect")
        self.labelled.setText(f"{good} and {defects} are labelled. Each label is the reference of its part.")
        self.good.setText(str(min(_USUAL_PARTS, offer.good)))
        self.defects.setText(str(min(_USUAL_PARTS, offer.defects)))
        self.model.clear()
        self.model.addItem("no model", "")
        for each in offer.models:
            self.model.addItem(each, each)
        self._check()

    def _check(self) -> None:
        numbers = all(entry.hasAcceptableInput() for entry in (self.good, self.defects, self.trials))
        who = bool(self._names()) or bool(self.model.currentData())
        self.start.setEnabled(self.offer.currentData() is not None and numbers and who)

    def _keys(self) -> QHBoxLayout:
        cancel, self.start = QPushButton("Cancel  (Esc)"), QPushButton("Set up  (Enter)")
        self.start.setDefault(True)
        self.start.setProperty("strong", True)
        cancel.clicked.connect(self.reject)
        self.start.clicked.connect(self._ask)
        keys = QHBoxLayout()
        keys.setSpacing(current_theme().sizes.gap)
        keys.addWidget(cancel)
        keys.addWidget(self.start)
        return keys

    def _ask(self) -> None:
        self.wanted.emit(self.plan)
        self.accept()


def _number(most: int) -> QLineEdit:
    entry = QLineEdit()
    entry.setValidator(QIntValidator(1, most, entry))
    return entry
