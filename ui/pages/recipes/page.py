"""The engineer's page for recipes: revisions on the left, the picture in the middle, the values on the right."""

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.actions.action_table import Actions
from ui.pages.recipes.actions import RecipesAct
from ui.pages.recipes.revision_list import RevisionList
from ui.pages.recipes.shown import RevisionShown
from ui.pages.recipes.value_editor import ValueEditor
from ui.pages.recipes.value_tree import ValueTree
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.canvas.region_canvas import Drawing, RegionCanvas
from ui.widgets.chooser import Chooser
from ui.widgets.key_button import KeyButton
from ui.widgets.sized_page import SizedPage
from ui.widgets.text.fitted_text import ElidedLine, FittedSentence

_DRAWS = (RecipesAct.DRAW_REGION, RecipesAct.NO_REGION, RecipesAct.DRAW_MASK, RecipesAct.PAINT_MASK, RecipesAct.NO_MASK)
_LIFE = (
    RecipesAct.COMPARE, RecipesAct.VALIDATE, RecipesAct.RELEASE_RECIPE, RecipesAct.ROLL_BACK, RecipesAct.RETIRE,
    RecipesAct.USE_ON_LINE, RecipesAct.OPEN_LIMITS, RecipesAct.TEACH_AGAIN,
)  # fmt: skip
_FILES = (RecipesAct.EXPORT_RECIPE, RecipesAct.IMPORT_RECIPE)
_LIST_SHARE, _VALUES_SHARE, _HEAD_SHARE, _EDITOR_SHARE = 0.66, 1.2, 0.22, 0.52
_KEYS_A_ROW = 4


class RecipesPage(SizedPage):
    """Shows one revision, and the changes of a draft that is not saved yet."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self._columns: QHBoxLayout | None = None
        self._shown = RevisionShown()
        self.revisions = RevisionList()
        self.title, self.state, self.said = ElidedLine(), ElidedLine(), FittedSentence(0.85)
        self.title.setProperty("role", "title")
        self.state.setProperty("role", "muted")
        self.views = Chooser()
        self.views.setAccessibleName("View")
        self.canvas = RegionCanvas("Picture of the product, with region and ignore mask")
        self.values = ValueTree()
        self.editor = ValueEditor(actions)
        self.values.chosen.connect(self.editor.show_value)
        self.changes = ElidedLine()
        self.changes.setProperty("role", "strong")
        for act in (RecipesAct.DRAW_REGION, RecipesAct.DRAW_MASK):
            actions[act].setCheckable(True)
        self._lay_out(actions)
        self.fit_sizes()

    def show_revision(self, shown: RevisionShown) -> None:
        """Show one revision; only what differs is written."""
        before, self._shown = self._shown, shown
        self.title.setText(shown.title)
        self.state.setText(shown.state)
        self.say(shown.said)
        self.values.show_sections(shown.sections)
        self.canvas.show_marks(shown.roi, shown.mask, shown.taught)
        self.changes.setText("; ".join(shown.changes) or "Nothing changed")
        self.changes.setToolTip(in_a_hint("\n".join(shown.changes)))
        for act in RecipesAct:
            if act is not RecipesAct.SET_VALUE:
                self._actions[act].setEnabled(act in shown.possible)
        if shown.views != before.views:
            self.views.clear()
            self.views.addItems([name or "only view" for name in shown.views])
            self.views.setVisible(len(shown.views) > 1)

    def say(self, text: str) -> None:
        """What was done or went wrong, or what to do next."""
        self.said.setText(text)
        self.said.setToolTip(in_a_hint(text))

    def draw(self, drawing: Drawing) -> None:
        """Draw this on the picture from now on; the keys go there."""
        self._actions[RecipesAct.DRAW_REGION].setChecked(drawing is Drawing.REGION)
        self._actions[RecipesAct.DRAW_MASK].setChecked(drawing is Drawing.MASK)
        self.canvas.draw(drawing)
        if drawing is not Drawing.NOTHING:
            self.canvas.setFocus()

    def fit_sizes(self) -> None:
        """Apply the widths and gaps of the present theme."""
        if self._columns is None:
            return
        side, gap = current_theme().sizes.side, current_theme().sizes.gap
        self._left.setFixedWidth(round(side * _LIST_SHARE))
        self._right.setFixedWidth(round(side * _VALUES_SHARE))
        self._head.setFixedHeight(round(side * _HEAD_SHARE))
        self.editor.setFixedHeight(round(side * _EDITOR_SHARE))
        self._columns.setContentsMargins(gap, gap, gap, gap)

    def _lay_out(self, actions: Actions) -> None:
        self._columns = QHBoxLayout(self)
        self._columns.setSpacing(current_theme().sizes.gap)
        self._columns.addWidget(self._lay_out_left(actions))
        self._columns.addLayout(self._lay_out_middle(actions), 1)
        self._columns.addWidget(self._lay_out_right(actions))

    def _lay_out_left(self, actions: Actions) -> QWidget:
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(current_theme().sizes.gap // 2)
        left.addWidget(self.revisions, 1)
        keys = QHBoxLayout()
        keys.setSpacing(current_theme().sizes.gap // 2)
        for act in _FILES:
            keys.addWidget(KeyButton(actions[act], "tool"))
        left.addLayout(keys)
        return self._left

    def _lay_out_middle(self, actions: Actions) -> QVBoxLayout:
        draws = QHBoxLayout()
        draws.setSpacing(current_theme().sizes.gap // 2)
        draws.addWidget(self.views)
        for act in _DRAWS:
            draws.addWidget(KeyButton(actions[act], "tool"))
        middle = QVBoxLayout()
        middle.setSpacing(current_theme().sizes.gap // 2)
        middle.addWidget(self._lay_out_head())
        middle.addLayout(draws)
        middle.addWidget(self.canvas, 1)
        middle.addLayout(self._lay_out_life(actions))
        return middle

    def _lay_out_head(self) -> QWidget:
        self._head = QWidget()
        above = QHBoxLayout()
        above.setSpacing(current_theme().sizes.gap)
        above.addWidget(self.title, 2)
        above.addWidget(self.state, 3)
        head = QVBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(0)
        head.addLayout(above)
        head.addWidget(self.said, 1)
        return self._head

    def _lay_out_life(self, actions: Actions) -> QGridLayout:
        keys = QGridLayout()
        keys.setSpacing(current_theme().sizes.gap // 2)
        for number, act in enumerate(_LIFE):
            key = KeyButton(actions[act], "tool", strong=act is RecipesAct.RELEASE_RECIPE)
            keys.addWidget(key, number // _KEYS_A_ROW, number % _KEYS_A_ROW)
        return keys

    def _lay_out_right(self, actions: Actions) -> QWidget:
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(current_theme().sizes.gap // 2)
        right.addWidget(self.values, 1)
        right.addWidget(self.editor)
        right.addWidget(self.changes)
        keys = QHBoxLayout()
        keys.setSpacing(current_theme().sizes.gap // 2)
        keys.addWidget(KeyButton(actions[RecipesAct.FORGET_CHANGES], "tool"))
        keys.addWidget(KeyButton(actions[RecipesAct.SAVE_DRAFT], "tool", strong=True))
        right.addLayout(keys)
        return self._right
