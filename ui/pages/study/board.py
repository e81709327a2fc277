"""The overview of a study: who has judged how much, the figures, what they say, and the parts judged wrong."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from station.domain.study.study import Study
from ui.actions.action_table import Actions
from ui.pages.study.actions import StudyAct
from ui.pages.study.study_view import HEADINGS, StudyView
from ui.theme.theme import current_theme
from ui.widgets.canvas.picture_canvas import PictureCanvas
from ui.widgets.chooser import Chooser
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label
from ui.widgets.table import Table
from ui.widgets.text.fitted_text import heading
from ui.widgets.wrapped_item import WrappedItem

_ITEM = Qt.ItemDataRole.UserRole
_OF_BOARD = (StudyAct.NEW, StudyAct.JUDGE, StudyAct.MODELS, StudyAct.SO_FAR, StudyAct.SAVE_PDF)


class Board(QWidget):
    """Widgets only.

    Signals:
        study_chosen: The number of a study.
        part_marked: The number of the picture of a part that was judged wrong.
    """

    study_chosen = Signal(int)
    part_marked = Signal(int)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self.studies, self.judges = Chooser(), Chooser()
        for chooser, name in ((self.studies, "Study"), (self.judges, "Who judges")):
            chooser.setAccessibleName(name)
            chooser.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            chooser.setMinimumContentsLength(6)
            chooser.setSizeAdjustPolicy(Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.studies.setPlaceholderText("no study")
        self.judges.setPlaceholderText("nobody has to judge")
        self.studies.activated.connect(lambda row: self.study_chosen.emit(self.studies.itemData(row)))
        self.state = label("", "strong", wrap=True)
        self.figures = Table("Figures", HEADINGS, wraps=True)
        self.said, self.wrong = _Lines("What the study says"), _Lines("Parts that were judged wrong")
        self.wrong.currentItemChanged.connect(self._mark)
        self.picture = PictureCanvas("Part that was judged wrong")
        # A page whose words wrap is scrolled below its wished height: these wish none, and take what is left.
        for taking in (self.figures, self.said, self.wrong, self.picture):
            taking.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._lay_out()

    def offer(self, studies: Sequence[Study], chosen: Study | None) -> None:
        """Let one of these studies be chosen."""
        self.studies.clear()
        for each in studies:
            self.studies.addItem(f"{each.number}: {each.product}, {each.created_at:%Y-%m-%d}", each.number)
        self.studies.setEnabled(bool(studies))
        if chosen is not None:
            self.studies.setCurrentIndex(self.studies.findData(chosen.number))

    def show_view(self, view: StudyView, person: str) -> None:
        """Show all of it; who judges stays chosen, and is the person who is logged in otherwise."""
        self.state.setText(view.state)
        self._body.setVisible(bool(view.rows))
        self.figures.show_rows(view.rows)
        self.said.show_lines([(0, sentence) for sentence in view.said])
        self.wrong.show_lines(view.wrong)
        self.picture.set_empty_text(view.without_picture)
        if not view.wrong:
            self.picture.show_levels((), QSize())
        judge = self.judges.currentText()
        self.judges.clear()
        self.judges.addItems(list(view.judges))
        known = (self.judges.findText(name) for name in (judge, person) if name)
        self.judges.setCurrentIndex(next((place for place in known if place >= 0), 0 if view.judges else -1))
        self.judges.setEnabled(bool(view.judges))
        for act in _OF_BOARD:
            self._actions[act].setEnabled(act in view.may)

    def show_picture(self, levels: tuple[QImage, ...]) -> None:
        """Show the part that is marked."""
        self.picture.show_levels(levels, levels[0].size())

    def rest(self) -> None:
        """Offer nothing while somebody judges."""
        for act in _OF_BOARD:
            self._actions[act].setEnabled(False)

    def _mark(self) -> None:
        item = self.wrong.currentItem()
        if item is not None:
            self.part_marked.emit(item.data(_ITEM))

    def _lay_out(self) -> None:
        gap = current_theme().sizes.gap
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        for widgets in (
            ((self.studies, 3), (self._key(StudyAct.NEW), 2), (self._key(StudyAct.SAVE_PDF), 2)),
            (
                (self.judges, 3),
                (self._key(StudyAct.JUDGE, strong=True), 2),
                (self._key(StudyAct.MODELS), 2),
                (self._key(StudyAct.SO_FAR), 2),
            ),
        ):
            row = QHBoxLayout()
            row.setSpacing(gap)
            for widget, share in widgets:
                row.addWidget(widget, share)
            column.addLayout(row)
        column.addWidget(self.state)
        self._body = QWidget()
        body = QHBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(gap)
        body.addWidget(_panel((("Figures", self.figures, 3), ("What the study says", self.said, 2))), 8)
        body.addWidget(_panel((("Judged wrong", self.wrong, 2), ("", self.picture, 3))), 5)
        column.addWidget(self._body, 1)
        column.addStretch()

    def _key(self, act: StudyAct, *, strong: bool = False) -> KeyButton:
        return KeyButton(self._actions[act], strong=strong)


def _panel(content: Sequence[tuple[str, QWidget, int]]) -> Panel:
    panel = Panel()
    column = QVBoxLayout(panel)
    for title, widget, share in content:
        if title:
            column.addWidget(heading(title))
        column.addWidget(widget, share)
    return panel


class _Lines(QListWidget):
    """Sentences below each other, each as high as its words."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(WrappedItem(self, lambda _column: self.viewport().width()))
        self.setWordWrap(True)
        self._shown: tuple[tuple[int, str], ...] = ()

    def show_lines(self, lines: Sequence[tuple[int, str]]) -> None:
        """Show these, with the number that belongs to each."""
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        with QSignalBlocker(self):
            self.clear()
            for number, words in lines:
                row = QListWidgetItem(words)
                row.setData(_ITEM, number)
                self.addItem(row)
