"""The training page: choose, teach, follow; the runs below."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from station.domain.training import VersionSummary
from ui.actions.action_table import Actions
from ui.pages.training.actions import TrainingAct
from ui.pages.training.progress_panel import ProgressPanel
from ui.pages.training.runs_table import RunsTable
from ui.pages.training.training_view import TeachView
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label
from ui.widgets.text.fitted_text import ElidedLine, heading

_SHORT = 8


class TrainingPage(QWidget):
    """Widgets only.

    Signals:
        choice_changed: Another version or view is chosen.
    """

    choice_changed = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.version, self.view, self.recipe = Chooser(), Chooser(), Chooser()
        self.method = KeyButton(actions[TrainingAct.METHOD])
        named = zip(("Dataset version", "View", "Recipe"), self._choosers, strict=True)
        for name, chooser in named:
            chooser.setAccessibleName(name)
            chooser.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            chooser.setMinimumContentsLength(6)
            chooser.setSizeAdjustPolicy(Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            chooser.activated.connect(lambda _row: self.choice_changed.emit())
        self.why = label("", "muted", wrap=True)
        self.said = ElidedLine()
        self.said.setProperty("role", "strong")
        self.said.hide()
        self.progress = ProgressPanel(actions)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setAccessibleName("Log of the run")
        self.log.setTabChangesFocus(True)
        self.log.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.runs = RunsTable()
        self._shown_log: tuple[str, ...] = ()
        self._lay_out(actions)

    @property
    def _choosers(self) -> tuple[Chooser, ...]:
        return self.version, self.view, self.recipe

    def offer_versions(self, versions: Sequence[VersionSummary], chosen: VersionSummary | None) -> None:
        """Let one of these be chosen."""
        self.version.clear()
        for each in versions:
            self.version.addItem(f"{each.product}  {each.version[:_SHORT]}  {each.words}", each)
        if chosen is not None and chosen in versions:
            self.version.setCurrentIndex(list(versions).index(chosen))

    def show_method(self, name: str) -> None:
        """Name the chosen method on its key."""
        self.method.say(f"Method: {name}")

    def offer_views(self, names: Sequence[str], chosen: str) -> None:
        """Let one of these views be chosen; nothing is shown if there is one only."""
        self.view.clear()
        for name in names:
            self.view.addItem(name or "one camera", name)
        self.view.setCurrentIndex(max(0, self.view.findData(chosen)))
        self.view.setVisible(len(names) > 1)

    def offer_recipes(self, names: Sequence[str], chosen: str) -> None:
        """Let one of these recipes get the draft; nothing is shown if there is no choice."""
        self.recipe.clear()
        for name in names:
            self.recipe.addItem(name, name)
        self.recipe.setCurrentIndex(max(0, self.recipe.findData(chosen)))
        self.recipe.setVisible(len(names) > 1)

    def show_choice(self, view: TeachView) -> None:
        """Say whether and why the choice can be taught."""
        self.why.setText(view.why)

    def show_log(self, lines: tuple[str, ...]) -> None:
        """Show the log of the run that is followed; the newest line is in view unless a person has scrolled."""
        if lines == self._shown_log:
            return
        self._shown_log = lines
        bar = self.log.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 1
        self.log.setPlainText("\n".join(lines))
        if at_end:
            bar.setValue(bar.maximum())

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
        head = QHBoxLayout()
        head.setSpacing(gap)
        head.addWidget(self.version, 5)
        head.addWidget(self.recipe, 2)
        head.addWidget(self.view, 1)
        keys = QHBoxLayout()
        keys.setSpacing(gap)
        keys.addWidget(self.method, 3)
        for act in (TrainingAct.WITH_DEFECTS, TrainingAct.WHOLE_PART):
            actions[act].setCheckable(True)
            keys.addWidget(KeyButton(actions[act]), 2)
        keys.addWidget(KeyButton(actions[TrainingAct.TEACH], strong=True), 3)
        column.addLayout(head)
        column.addLayout(keys)
        column.addWidget(self.why)
        column.addWidget(self.said)
        column.addLayout(self._followed(gap), 1)
        column.addWidget(self._runs(actions, gap), 1)

    def _followed(self, gap: int) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(gap)
        log = Panel()
        inside = QVBoxLayout(log)
        inside.addWidget(heading("Log"))
        inside.addWidget(self.log, 1)
        self.log.setMinimumHeight(4 * current_theme().sizes.title)
        row.addWidget(self.progress, 3)
        row.addWidget(log, 2)
        return row

    def _runs(self, actions: Actions, gap: int) -> Panel:
        panel = Panel()
        column = QVBoxLayout(panel)
        head = QHBoxLayout()
        head.setSpacing(gap)
        head.addWidget(heading("Runs"), 3)
        for act in (TrainingAct.AGAIN, TrainingAct.COMPARE):
            head.addWidget(KeyButton(actions[act]), 2)
        column.addLayout(head)
        column.addWidget(self.runs, 1)
        self.runs.setMinimumHeight(6 * current_theme().sizes.title)
        self.runs.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        return panel
