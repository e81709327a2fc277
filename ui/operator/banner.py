"""One line above the picture for what needs a person: what happened and what to do."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from ui.actions import Act, Actions
from ui.restyle import restyle
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import label


class Kind(StrEnum):
    """How much it presses: an alarm blinks until it is seen, a message waits calmly."""

    MESSAGE = "message"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said.

    Attributes:
        kind: Message or alarm.
        sentence: What happened.
        advice: What the person can do.
    """

    kind: Kind
    sentence: str
    advice: str


class Banner(QFrame):
    """Shows the newest entry that nobody has seen yet; alarms come before messages."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._unseen: list[Entry] = []
        self._sentence = label("", "strong", wrap=True)
        self._advice = label("", wrap=True)
        for words in (self._sentence, self._advice):
            words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._seen = KeyButton(actions[Act.ACKNOWLEDGE])
        self._seen.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._action = actions[Act.ACKNOWLEDGE]
        self._lay_out()
        self._show()

    @property
    def entry(self) -> Entry | None:
        """What is on show."""
        alarms = [entry for entry in self._unseen if entry.kind is Kind.ALARM]
        waiting = alarms or self._unseen
        return waiting[-1] if waiting else None

    def tell(self, entry: Entry) -> None:
        """Show this, unless it is waiting already."""
        if entry not in self._unseen:
            self._unseen.append(entry)
            self._show()

    def acknowledge(self) -> None:
        """A person has seen what is on show."""
        if self.entry is not None:
            self._unseen.remove(self.entry)
            self._show()

    def blink(self, lit: bool) -> None:
        """Light an alarm up or not; called by the page's clock."""
        lit = lit and self.entry is not None and self.entry.kind is Kind.ALARM
        if lit != bool(self.property("lit")):
            restyle(self, "lit", lit)

    def _show(self) -> None:
        entry = self.entry
        self.setVisible(entry is not None)
        self._action.setEnabled(entry is not None)
        if entry is None:
            return
        more = f"  ({len(self._unseen)})" if len(self._unseen) > 1 else ""
        self._sentence.setText(entry.sentence + more)
        self._advice.setText(entry.advice)
        restyle(self, "kind", entry.kind.value)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._sentence)
        words.addWidget(self._advice)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 6, 4)
        row.addLayout(words, 1)
        row.addWidget(self._seen)
