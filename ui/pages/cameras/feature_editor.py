"""One feature of the camera: what it is, which values it takes, and a new one."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from station.domain.camera import CameraFeature, FeatureKind
from station.domain.errors import BadInputError
from station.domain.formatting import sentence_case
from station.domain.recipe import SettingValue
from ui.actions.action_table import Actions
from ui.pages.cameras.actions import CamerasAct
from ui.pages.cameras.feature_value import stepped, value_of
from ui.pages.cameras.value_entry import ValueEntry
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label
from ui.widgets.text.fitted_text import FittedSentence

_CHOICES = {FeatureKind.BOOLEAN: ("True", "False")}
_LEAST_SHARE = 0.85
_NUMBERS = (FeatureKind.INTEGER, FeatureKind.FLOAT)


class FeatureEditor(Panel):
    """An entry, a choice or a command, as the feature's kind demands; an error is shown below it."""

    write_wanted = Signal(str, object)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._feature: CameraFeature | None = None
        self._touched = self._waits = False
        self._action = actions[CamerasAct.WRITE_FEATURE]
        self.name, self.limits = label("", "strong"), label("", "muted", wrap=True)
        self.about, self.said = FittedSentence(_LEAST_SHARE), FittedSentence(_LEAST_SHARE)
        self.about.setProperty("role", "small")
        self.said.setProperty("role", "strong")
        self.entry, self.choice = ValueEntry(), Chooser()
        for widget in (self.entry, self.choice):
            widget.setAccessibleName("Value")
            widget.setToolTip("the new value")
        self.entry.step_wanted.connect(self._step)
        self.entry.returnPressed.connect(self.write)
        self.entry.textEdited.connect(self._touch)
        self.choice.activated.connect(self._touch)
        self.less, self.more = _step("\u2212", "Less", "one step less (Down)"), _step("+", "More", "one step more (Up)")
        self.less.clicked.connect(lambda: self._step(-1))
        self.more.clicked.connect(lambda: self._step(1))
        self.key = KeyButton(self._action)
        self._lay_out()
        self.show_feature(None)

    def show_feature(self, feature: CameraFeature | None) -> None:
        """Edit this one; what a person put in stays while the same one comes again."""
        if self._feature == feature and feature is not None:
            return
        another = self._feature is None or feature is None or self._feature.name != feature.name
        self._feature = feature
        if another:
            self._touched = False
            self.say("")
        self._describe(feature)
        if feature is not None and not self._touched:
            self._offer(feature)

    def edits(self, name: str) -> bool:
        """This feature is being edited."""
        return self._feature is not None and self._feature.name == name

    def show_waiting(self) -> None:
        """The camera is being asked to take the value."""
        self._waits = True
        self.say("Setting \u2026")

    def show_taken(self, name: str, asked: SettingValue) -> None:
        """Show the value that the camera took, unless the person has changed the entry meanwhile."""
        if self._feature is not None and self.edits(name) and self._waits:
            self._touched = False
            self.say(_taken(self._feature, asked))
            self._offer(self._feature)

    def say(self, text: str) -> None:
        """What came of the last try; while there is nothing to say, the explanation has all the room."""
        self.said.setVisible(bool(text))
        self.said.setText(text)
        self.said.setToolTip(in_a_hint(text))

    def write(self) -> None:
        """Ask for the value in the entry."""
        feature = self._feature
        if feature is None or not self._action.isEnabled():
            return
        try:
            value = value_of(feature, self._text())
        except BadInputError as error:
            self.say(str(error))
            return
        self.write_wanted.emit(feature.name, value)

    def _describe(self, feature: CameraFeature | None) -> None:
        settable = feature is not None and feature.access.writable
        for widget in (self._values, self.key):
            widget.setEnabled(settable)
        self._action.setEnabled(settable)
        if feature is None:
            self.name.setText("No feature is chosen")
            self.limits.setText("")
            self.about.setText("Choose a feature of a connected camera to see its limits, and to set it.")
            self.entry.clear()
            return
        own = "" if feature.own_name == feature.name else f"  ({feature.own_name} on this camera)"
        self.name.setText(f"{feature.name}{own}")
        self.limits.setText(". ".join(filter(None, (_capital(feature.limits), _capital(feature.access)))))
        self.about.setText(feature.about)
        self.about.setToolTip(in_a_hint(feature.about))

    def _offer(self, feature: CameraFeature) -> None:
        choices = feature.entries or _CHOICES.get(feature.kind, ())
        self._values.setCurrentWidget(self.choice if choices else self._typed)
        self._values.setVisible(feature.kind is not FeatureKind.COMMAND)
        self._action.setText("Run" if feature.kind is FeatureKind.COMMAND else "Set")
        self.choice.clear()
        self.choice.addItems(list(choices))
        self.choice.setCurrentText(feature.text)
        self.entry.setText(feature.text)
        for widget in (self.entry, self.choice):
            widget.setAccessibleName(f"Value of {feature.name}")
        for key in (self.less, self.more):
            key.setVisible(feature.kind in _NUMBERS)

    def _text(self) -> str:
        return self.choice.currentText() if self._values.currentWidget() is self.choice else self.entry.text()

    def _step(self, steps: int) -> None:
        if self._feature is not None:
            self.entry.setText(stepped(self._feature, self.entry.text(), steps))
            self._touch()

    def _touch(self) -> None:
        """What was said is about a value that does not stand here any more."""
        self._touched, self._waits = True, False
        self.say("")

    def _lay_out(self) -> None:
        gap = current_theme().sizes.gap // 2
        self._typed = QWidget()
        typed = QHBoxLayout(self._typed)
        typed.setContentsMargins(0, 0, 0, 0)
        typed.setSpacing(gap)
        for widget, stretch in ((self.less, 0), (self.entry, 1), (self.more, 0)):
            typed.addWidget(widget, stretch)
        self._values = QStackedWidget()
        self._values.addWidget(self._typed)
        self._values.addWidget(self.choice)
        row = QHBoxLayout()
        row.setSpacing(gap)
        row.addWidget(self._values, 3)
        row.addWidget(self.key, 1)
        column = QVBoxLayout(self)
        column.setSpacing(gap)
        column.addWidget(self.name)
        column.addWidget(self.limits)
        column.addWidget(self.about, 1)
        column.addLayout(row)
        column.addWidget(self.said, 3)


def _taken(feature: CameraFeature, asked: SettingValue) -> str:
    """A camera may take another value than it was asked to, the nearest that it can."""
    if feature.kind is FeatureKind.COMMAND:
        return "Done."
    same = feature.value is None or feature.text == replace(feature, value=asked).text
    return "Set." if same else f"The camera took {feature.text} {feature.unit}".rstrip() + "."


def _step(text: str, name: str, explanation: str) -> QPushButton:
    key = QPushButton(text)
    key.setAccessibleName(name)
    key.setToolTip(explanation)
    key.setAutoRepeat(True)
    return key


def _capital(words: str) -> str:
    return sentence_case(words)
