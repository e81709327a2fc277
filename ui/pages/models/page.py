"""The models page: figures of one revision or of several side by side, and the worst mistakes."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QSizePolicy, QVBoxLayout, QWidget

from ui.actions.action_table import Actions
from ui.pages.models.actions import ModelsAct
from ui.pages.models.mistakes import Mistakes
from ui.pages.models.models_view import ModelsView, Offer, Subject, version_words
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, empty, label
from ui.widgets.table import Table
from ui.widgets.text.fitted_text import ElidedLine, heading

_KINDS = ("Kind", "PASS", "REVIEW", "FAIL", "Wrong (95 %)", "AUROC")
_MOST_FIGURES, _MOST_KINDS = 12, 5
_KEYS = (
    ModelsAct.MEASURE,
    ModelsAct.STOP,
    ModelsAct.DRAWN,
    ModelsAct.SAVE_PDF,
    ModelsAct.SAVE_CSV,
    ModelsAct.SAVE_MLFLOW,
    ModelsAct.CALIBRATE,
)


class ModelsPage(QWidget):
    """Widgets only.

    Signals:
        chosen: Another revision or version is chosen.

    Attributes:
        below: Room below the keys for a panel of another subject: the drift.
    """

    chosen = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.first, self.beside, self.version = Chooser(), Chooser(), Chooser()
        names = ((self.first, "Revision"), (self.beside, "Revision beside it"), (self.version, "Dataset version"))
        for chooser, name in names:
            chooser.setAccessibleName(name)
            chooser.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            chooser.setMinimumContentsLength(6)
            chooser.setSizeAdjustPolicy(Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            chooser.activated.connect(lambda _row: self.chosen.emit())
        self.said = ElidedLine()
        self.said.setProperty("role", "strong")
        self.said.hide()
        self.remarks = label("", "muted", wrap=True)
        self.corrected = label("", "strong", wrap=True)
        self.learn = Panel()
        self.kinds = Table("Verdicts by kind", _KINDS, ("PASS", "REVIEW", "FAIL"))
        self.mistakes = Mistakes(actions)
        self.below = QVBoxLayout()
        self._figures = QVBoxLayout()
        self._shown: ModelsView | None = None
        self._lay_out(actions)

    def offer(self, offers: Sequence[Offer], subjects: Sequence[Subject]) -> None:
        """Let these be chosen; the first one and one beside it are."""
        self.first.clear()
        self.beside.clear()
        self.beside.addItem("nothing beside it", None)
        for offer in offers:
            self.first.addItem(offer.words, offer.subject)
            self.beside.addItem(f"beside {offer.words}", offer.subject)
        known = [offer.subject for offer in offers]
        if subjects and subjects[0] in known:
            self.first.setCurrentIndex(known.index(subjects[0]))
        second = subjects[1] if len(subjects) > 1 else None
        self.beside.setCurrentIndex(known.index(second) + 1 if second in known else 0)

    def offer_versions(self, versions: Sequence[str], chosen: str) -> None:
        """Let one of these dataset versions be chosen."""
        self.version.clear()
        for version in versions:
            self.version.addItem(version_words(version), version)
        self.version.setCurrentIndex(max(0, self.version.findData(chosen)))

    def show_view(self, view: ModelsView) -> None:
        """Show the figures."""
        if view == self._shown:
            return
        self._shown = view
        self.remarks.setText(view.said)
        self.remarks.setVisible(bool(view.said))
        empty(self._figures)
        table = Table("Figures", view.headings)
        table.show_rows(view.figures)
        for column in range(1, len(view.headings)):
            table.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        table.grow_to_rows(_MOST_FIGURES)
        self._figures.addWidget(table)
        self.kinds.show_rows(view.kinds)
        self.kinds.grow_to_rows(_MOST_KINDS)
        self.mistakes.show_rows(view.mistakes)

    def show_corrections(self, sentence: str) -> None:
        """Say what can be learned from corrections, with a key to it; nothing if there are not enough."""
        self.learn.setVisible(bool(sentence))
        self.corrected.setText(sentence)

    def say(self, text: str) -> None:
        """What was done or went wrong, in one line."""
        self.said.setVisible(bool(text))
        self.said.setText(text)
        self.said.setToolTip(in_a_hint(text))

    def _lay_out(self, actions: Actions) -> None:
        gap = current_theme().sizes.gap
        column = QVBoxLayout(self)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        head, keys = QHBoxLayout(), QHBoxLayout()
        for row in (head, keys):
            row.setSpacing(gap)
        head.addWidget(self.first, 3)
        head.addWidget(self.beside, 3)
        head.addWidget(self.version, 2)
        for act in _KEYS:
            keys.addWidget(KeyButton(actions[act], strong=act is ModelsAct.MEASURE), 1)
        column.addLayout(head)
        column.addLayout(keys)
        column.addWidget(self.said)
        column.addWidget(self.remarks)
        learn = QHBoxLayout(self.learn)
        learn.setSpacing(gap)
        learn.addWidget(self.corrected, 3)
        learn.addWidget(KeyButton(actions[ModelsAct.LEARN], "tool"), 1)
        column.addWidget(self.learn)
        column.addLayout(self.below)
        column.addLayout(self._tables(gap), 1)

    def _tables(self, gap: int) -> QHBoxLayout:
        left = Panel()
        inside = QVBoxLayout(left)
        inside.addWidget(heading("Figures (95 % intervals)"))
        inside.addLayout(self._figures, 3)
        inside.addWidget(heading("Verdicts by kind"))
        inside.addWidget(self.kinds, 2)
        row = QHBoxLayout()
        row.setSpacing(gap)
        row.addWidget(left, 8)
        row.addWidget(self.mistakes, 5)
        return row
