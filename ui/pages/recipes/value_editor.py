"""One value of the draft: what it may be, when it takes effect, and the key that sets it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from station.domain.errors import BadInputError
from station.domain.recipe_values import CODE_REGION, Effect, RecipeValue
from ui.actions.action_table import Actions
from ui.pages.recipes.actions import RecipesAct
from ui.pages.recipes.shown import ValueShown
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel
from ui.widgets.text.fitted_text import ElidedLine, FittedSentence

_NOT_AS_SAID = ("roi", "ignore", CODE_REGION)


class ValueEditor(Panel):
    """Enter or the key sets what is written.

    Signals:
        wanted: The `RecipeValue` and what it becomes.
    """

    wanted = Signal(object, object)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._action = actions[RecipesAct.SET_VALUE]
        self._shown: ValueShown | None = None
        self._value: RecipeValue | None = None
        self.name = ElidedLine()
        self.name.setProperty("role", "strong")
        self.entry = QLineEdit()
        self.entry.returnPressed.connect(self._action.trigger)
        self.range = FittedSentence(0.85)
        self.range.setProperty("role", "muted")
        column, row = QVBoxLayout(self), QHBoxLayout()
        row.addWidget(self.entry, 3)
        row.addWidget(KeyButton(self._action, "tool", strong=True), 1)
        column.addWidget(self.name)
        column.addLayout(row)
        column.addWidget(self.range, 1)
        self.show_value(None)

    def show_value(self, shown: ValueShown | None) -> None:
        """Show the marked value; what is typed stays if it is shown again as it was."""
        if shown is not None and shown == self._shown:
            return  # something else on the page has changed
        self._shown = shown
        value = shown.value if shown else None
        self._value = value
        settable = value is not None and value.key != "ignore"
        self.entry.setEnabled(settable)
        self._action.setEnabled(settable)
        self.name.setText("Mark a value to change it" if shown is None else shown.name.capitalize())
        self.entry.setAccessibleName("New value" if value is None else f"New value: {value.words}")
        self.entry.clear()
        self.range.setText(_range(shown))
        if shown and value and value.key not in _NOT_AS_SAID:
            words = shown.becomes or shown.was
            self.entry.setText(words.removesuffix(f" {value.unit}") if value.unit else words)

    def set_value(self) -> None:
        """Send what is written, or say what may be given."""
        if self._value is None:
            return
        try:
            self.wanted.emit(self._value, self._value.parsed(self.entry.text()))
        except BadInputError as error:
            self.range.setText(f"{error.sentence} {error.advice}")


def _range(shown: ValueShown | None) -> str:
    if shown is None:
        return ""
    value = shown.value
    if value is None:
        return "Made by teaching; it cannot be changed in a draft."
    if value.key == "ignore":
        return "Draw it on the picture: Ctrl+I."
    effect = (
        "a model taught on another region needs teaching again" if value.effect is Effect.TEACHING else value.effect
    )
    return f"{value.advice} Takes effect: {effect}."
