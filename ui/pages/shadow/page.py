"""The widgets of the shadow page: a draft, how it agrees with the released revision, and its gate."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from station.domain.candidate import GateCheck
from station.domain.inspection import PartKey
from station.domain.recipe import RecipeEntry, RecipeState
from ui.actions.action_table import Actions
from ui.background.rendered_part import RenderedPart
from ui.pages.shadow.actions import ShadowAct
from ui.pages.shadow.shown_shadow import PromotionShown, ShadowView
from ui.theme.theme import current_theme
from ui.widgets.canvas.image_canvas import ImageCanvas
from ui.widgets.chooser import Chooser
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, empty, label
from ui.widgets.wrapped_item import WrappedItem

_KEY = Qt.ItemDataRole.UserRole
_ACTS = {
    "start": ShadowAct.START_SHADOW,
    "stop": ShadowAct.STOP_SHADOW,
    "try": ShadowAct.TRY_STORED,
    "check": ShadowAct.CHECK_GATE,
    "promote": ShadowAct.PROMOTE,
    "roll back": ShadowAct.ROLL_BACK,
}
_STOPPED_BY = {"try": (ShadowAct.TRY_STORED, "Try on stored parts"), "check": (ShadowAct.CHECK_GATE, "Check")}


class ShadowPage(QWidget):
    """Choose a draft, see where it differs, say what those parts are, and promote it.

    Signals:
        draft_chosen: A `RecipeEntry`.
        part_marked: The `PartKey` of the part whose picture is wanted.
    """

    draft_chosen = Signal(object)
    part_marked = Signal(object)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self.drafts = Chooser()
        self.drafts.setAccessibleName("Draft")
        self.drafts.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.drafts.activated.connect(lambda row: self.draft_chosen.emit(self.drafts.itemData(row)))
        self.state, self.notes = label("", "strong", wrap=True), label("", "muted", wrap=True)
        self.corrected = label("", wrap=True)
        self.numbers = [(label("0", "number"), label("", "muted", wrap=True)) for _ in range(4)]
        self.parts = _Parts()
        self.parts.currentItemChanged.connect(self._mark)
        self.picture = ImageCanvas("Part that is judged differently")
        # A page whose words wrap is scrolled below its wished height: the picture wishes none, and takes what is left.
        self.picture.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.verdict_of_gate = label("", "strong", wrap=True)
        self._checks = QVBoxLayout()
        self._gate_shown: tuple[object, object] | None = None
        self._lay_out()

    @property
    def marked(self) -> PartKey | None:
        """Return the part that is marked in the list."""
        item = self.parts.currentItem()
        key: PartKey | None = None if item is None else item.data(_KEY)
        return key

    def offer_drafts(self, drafts: Sequence[RecipeEntry], chosen: RecipeEntry | None) -> None:
        """Let one of these be chosen."""
        self.drafts.clear()
        for each in drafts:
            words = "released" if each.state is RecipeState.RELEASED else each.recipe.reason
            self.drafts.addItem(f"{each.recipe.label}  {words}".strip(), each)
        if chosen is not None and chosen in drafts:
            self.drafts.setCurrentIndex(list(drafts).index(chosen))
        self.drafts.setEnabled(bool(drafts))

    def show_view(self, view: ShadowView) -> None:
        """Show all of it."""
        self.state.setText(view.state)
        self.notes.setText(view.notes)
        self.notes.setVisible(bool(view.notes))
        self.corrected.setText(view.corrected)
        self.corrected.setVisible(bool(view.corrected))
        for (figure, words), (name, text) in zip(self.numbers, view.numbers, strict=True):
            figure.setText(text)
            words.setText(name)
        self.parts.show_parts(view.parts)
        if self.marked is None:
            self.picture.show_picture(None)
        self.picture.set_empty_text(view.without_picture)
        self.verdict_of_gate.setText(view.verdict_of_gate)
        self._show_gate(view)
        for name, act in _ACTS.items():
            self._actions[act].setEnabled(name in view.may)
        for name, (act, usual) in _STOPPED_BY.items():
            self._actions[act].setText("Stop" if view.running == name else usual)
        self._enable_words()

    def show_picture(self, part: RenderedPart | None) -> None:
        """Show the view that decided the part."""
        self.picture.show_picture(None if part is None else part.deciding)

    def _mark(self) -> None:
        """Show no picture until that of this part comes: a person would call the part good that is still shown."""
        self.picture.show_picture(None)
        self._enable_words()
        if (key := self.marked) is not None:
            self.part_marked.emit(key)

    def _enable_words(self) -> None:
        for act in (ShadowAct.CALL_GOOD, ShadowAct.CALL_DEFECT):
            self._actions[act].setEnabled(self.marked is not None)

    def _show_gate(self, view: ShadowView) -> None:
        """Show the conditions, and below them the promotions; both stay where they were scrolled to."""
        shown = view.checks, view.promotions
        if shown == self._gate_shown:
            return
        self._gate_shown = shown
        empty(self._checks)
        self._show_checks(view.checks)
        self._show_promotions(view.promotions)

    def _show_promotions(self, promotions: Sequence[PromotionShown]) -> None:
        self._checks.addWidget(label("Promotions", "small"))
        if not promotions:
            self._checks.addWidget(label("No draft of this recipe was promoted yet.", "muted", wrap=True))
        for each in promotions:
            self._checks.addWidget(label(each.head, "strong", wrap=True))
            self._checks.addWidget(label(each.reason, wrap=True))
            self._checks.addWidget(label("\n".join(each.gate), "muted", wrap=True))

    def _show_checks(self, checks: Sequence[GateCheck]) -> None:
        for check in checks:
            sign = "\u2713" if check.passed else "\u2717"
            name = label(f"{sign}  {check.name}", "strong", wrap=True)
            name.setAccessibleName(f"{check.name}: {'holds' if check.passed else 'does not hold'}")
            self._checks.addWidget(name)
            self._checks.addWidget(label(check.sentence, wrap=True))

    def _lay_out(self) -> None:
        gap = current_theme().sizes.gap
        page = QVBoxLayout(self)
        page.setContentsMargins(gap, gap, gap, gap)
        page.setSpacing(gap)
        head = QHBoxLayout()
        head.setSpacing(gap)
        head.addWidget(self.drafts, 1)
        for act in (ShadowAct.START_SHADOW, ShadowAct.STOP_SHADOW, ShadowAct.TRY_STORED):
            head.addWidget(KeyButton(self._actions[act]))
        page.addLayout(head)
        page.addWidget(self.state)
        page.addWidget(self._figures())
        body = QHBoxLayout()
        body.setSpacing(gap)
        body.addLayout(self._left(), 3)
        body.addWidget(self.picture, 4)
        body.addWidget(self._gate(), 3)
        page.addLayout(body, 1)

    def _figures(self) -> QWidget:
        panel = Panel()
        grid = QGridLayout(panel)
        for column, (figure, words) in enumerate(self.numbers):
            grid.addWidget(figure, 0, column)
            grid.addWidget(words, 1, column)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.corrected, 2, 0, 1, len(self.numbers))
        grid.addWidget(self.notes, 3, 0, 1, len(self.numbers))
        return panel

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(current_theme().sizes.gap)
        column.addWidget(label("Judged differently", "small"))
        column.addWidget(self.parts, 1)
        keys = QHBoxLayout()
        for act in (ShadowAct.CALL_GOOD, ShadowAct.CALL_DEFECT):
            keys.addWidget(KeyButton(self._actions[act]))
        column.addLayout(keys)
        return column

    def _gate(self) -> QWidget:
        panel = Panel()
        column = QVBoxLayout(panel)
        column.addWidget(label("Before it may judge", "small"))
        column.addWidget(self.verdict_of_gate)
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, current_theme().sizes.gap // 2, 0)
        rows.addLayout(self._checks)
        rows.addStretch()
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        area.setAccessibleName("Conditions and promotions")
        area.setWidget(inside)
        column.addWidget(area, 1)
        keys = QHBoxLayout()
        keys.addWidget(KeyButton(self._actions[ShadowAct.CHECK_GATE]))
        keys.addWidget(KeyButton(self._actions[ShadowAct.ROLL_BACK]))
        column.addLayout(keys)
        column.addWidget(KeyButton(self._actions[ShadowAct.PROMOTE], strong=True))
        return panel


class _Parts(QListWidget):
    """The parts that are judged differently. The marked one stays marked when others come."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Parts that are judged differently")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(WrappedItem(self, lambda _column: self.viewport().width()))
        self._shown: tuple[tuple[PartKey, str], ...] = ()

    def show_parts(self, parts: tuple[tuple[PartKey, str], ...]) -> None:
        """Show these rows."""
        if parts == self._shown:
            return
        item = self.currentItem()
        marked = None if item is None else item.data(_KEY)
        self._shown = parts
        with QSignalBlocker(self):
            self.clear()
            for key, words in parts:
                row = QListWidgetItem(words)
                row.setData(_KEY, key)
                self.addItem(row)
                if key == marked:
                    self.setCurrentItem(row)
