"""The engineer's page for limits: what they would have made of scored parts, before anything is saved."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.actions.action_table import Actions
from ui.pages.limits.actions import LimitsAct
from ui.pages.limits.curve_plot import CurvePlot
from ui.pages.limits.limit_entries import LimitEntries, WaysToChoose
from ui.pages.limits.score_histogram import ScoreHistogram
from ui.pages.limits.shown_limits import ShownLimits
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.flip_tiles import FlipTiles
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel
from ui.widgets.sized_page import SizedPage
from ui.widgets.text.fitted_text import ElidedLine, FittedSentence

SHIFTS = ((1, "Last shift"), (5, "Last 5 shifts"), (20, "Last 20 shifts"), (60, "Last 60 shifts"))
_KEYS = (LimitsAct.COUNT_AGAIN, LimitsAct.SCORE, LimitsAct.CURVE, LimitsAct.SAVE_DRAFT)
_SIDE_SHARE = 0.86
_FIGURES_SHARE = 0.26
_SAID_SHARE = 0.11
_LEAST_SHARE = 0.7


class LimitsPage(SizedPage):
    """Scores and figures on the left with the parts that flip below, limits and ways to choose them on the right.

    Signals:
        source_chosen: Another recipe, view, dataset version or time was chosen.
    """

    source_chosen = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._columns: QHBoxLayout | None = None
        self.recipes, self.views, self.versions, self.shifts = Chooser(), Chooser(), Chooser(), Chooser()
        self.rests_on, self.said = ElidedLine(), FittedSentence(_LEAST_SHARE)
        # Qt gives a widget that ignores its hint no height in a layout, not even a fixed one: keys would cover it.
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.histogram = ScoreHistogram()
        self.sentences = tuple(FittedSentence(_LEAST_SHARE) for _ in range(3))
        self.turned, self.tiles = ElidedLine(), FlipTiles()
        self.turned.setProperty("role", "strong")
        self.entries, self.ways, self.curve = LimitEntries(actions), WaysToChoose(actions), CurvePlot()
        self._lay_out(actions)
        self.fit_sizes()

    def show_shown(self, shown: ShownLimits) -> None:
        """Show limits and what they do; the pictures come later."""
        self.histogram.show_limits(shown.limits, shown.saved)
        self.entries.show_limits(shown.limits)
        self.curve.show_limit(shown.limits.image_threshold)
        for place, sentence in zip(self.sentences, shown.sentences, strict=True):
            place.setText(sentence)
            place.setToolTip(in_a_hint(sentence))
        self._say_turned(shown.turned)

    def show_nothing(self, words: str) -> None:
        """Show why there is nothing to try limits on, and what to do."""
        self.histogram.show_bench(None, words)
        self.curve.show_curves(None)
        self.entries.show_nothing()
        self.tiles.show_flips(())
        for place in self.sentences:
            place.setText("")
        self._say_turned("")

    def say(self, text: str) -> None:
        """What was done or went wrong, or what a choice rests on."""
        self.said.setText(text)
        self.said.setToolTip(in_a_hint(text))

    def fill(self, chooser: Chooser, rows: Sequence[tuple[str, object]], chosen: object) -> None:
        """Fill a chooser with words and what they mean, and mark one; nothing is asked for by that."""
        chooser.blockSignals(True)
        chooser.clear()
        for words, meaning in rows:
            chooser.addItem(words, meaning)
        meanings = [meaning for _, meaning in rows]
        chooser.setCurrentIndex(meanings.index(chosen) if chosen in meanings else 0)
        chooser.blockSignals(False)

    def fit_sizes(self) -> None:
        """Apply the widths and gaps of the present theme."""
        if self._columns is None:
            return
        side, gap = current_theme().sizes.side, current_theme().sizes.gap
        self._right.setFixedWidth(round(side * _SIDE_SHARE))
        self._figures.setFixedHeight(round(side * _FIGURES_SHARE))
        self.said.setFixedHeight(round(side * _SAID_SHARE))
        self.curve.setMaximumHeight(side)
        self._columns.setContentsMargins(gap, gap, gap, gap)

    def _say_turned(self, text: str) -> None:
        self.turned.setText(text)
        self.turned.setToolTip(in_a_hint(text))

    def _lay_out(self, actions: Actions) -> None:
        self._columns = QHBoxLayout(self)
        self._columns.setSpacing(current_theme().sizes.gap)
        self._columns.addLayout(self._lay_out_left(actions), 1)
        self._columns.addWidget(self._lay_out_right(actions))

    def _lay_out_left(self, actions: Actions) -> QVBoxLayout:
        plot = Panel()
        inside = QVBoxLayout(plot)
        inside.addWidget(self.histogram)
        left = QVBoxLayout()
        left.setSpacing(current_theme().sizes.gap // 2)
        left.addLayout(self._lay_out_choosers())
        left.addWidget(self.rests_on)
        left.addWidget(plot, 1)
        left.addWidget(self._lay_out_figures())
        left.addWidget(self.turned)
        left.addWidget(self.tiles)
        left.addWidget(self.said)
        left.addLayout(_lay_out_keys(actions))
        return left

    def _lay_out_choosers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(current_theme().sizes.gap // 2)
        named = ((self.recipes, "Recipe"), (self.views, "View"), (self.versions, "Labels"), (self.shifts, "Line"))
        for chooser, name in named:
            chooser.setAccessibleName(name)
            chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            chooser.activated.connect(lambda _row: self.source_chosen.emit())
            row.addWidget(chooser, 1)
        self.fill(self.shifts, [(words, count) for count, words in SHIFTS], 5)
        return row

    def _lay_out_figures(self) -> Panel:
        self._figures = Panel()
        column = QVBoxLayout(self._figures)
        column.setSpacing(2)
        for sentence in self.sentences:
            column.addWidget(sentence, 1)
        return self._figures

    def _lay_out_right(self, actions: Actions) -> QWidget:
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(current_theme().sizes.gap // 2)
        right.addWidget(self.entries)
        right.addWidget(self.ways)
        right.addWidget(self.curve, 1)
        right.addStretch()
        return self._right


def _lay_out_keys(actions: Actions) -> QHBoxLayout:
    keys = QHBoxLayout()
    keys.setSpacing(current_theme().sizes.gap // 2)
    for act in _KEYS:
        keys.addWidget(KeyButton(actions[act], "tool", strong=act is LimitsAct.SAVE_DRAFT))
    return keys
