"""A plate beside the picture for what needs a person: what happened and what to do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from PySide6.QtWidgets import QFrame, QVBoxLayout

from station.domain.alarm import Alarm
from ui.actions.action_table import Actions
from ui.pages.line.actions import LineAct
from ui.theme.restyle import restyle
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import label

_MOST_KEPT = 30


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

    @classmethod
    def of(cls, kind: Kind, words: str) -> Self:
        """From words for the operator: the first sentence says what happened, the rest what to do."""
        cause, _, action = words.partition(". ")
        return cls(kind, f"{cause}." if action else cause, action)

    @classmethod
    def of_alarm(cls, alarm: Alarm) -> Self:
        """Return an alarm of the core as an entry: what happened, its likely cause, and what to do."""
        return cls(Kind.ALARM, alarm.event, f"{alarm.cause} {alarm.action}")


class Banner(QFrame):
    """Shows the newest entry that nobody has seen yet; alarms come before messages.

    What comes again is counted, and of too many the oldest message goes: the banner never outgrows a long night.
    """

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._unseen: dict[Entry, int] = {}
        self._sentence = label("", "title", wrap=True)
        self._advice = label("", "large", wrap=True)
        self._more = label("", "muted")
        self._seen = KeyButton(actions[LineAct.ACKNOWLEDGE])
        self._action = actions[LineAct.ACKNOWLEDGE]
        self._lay_out()
        self._show()

    @property
    def entry(self) -> Entry | None:
        """What is on show."""
        waiting = self._of_kind(Kind.ALARM) or self._of_kind(Kind.MESSAGE)
        return waiting[-1] if waiting else None

    @property
    def words(self) -> str:
        """All that can be read on it."""
        return "\n".join(words.text() for words in (self._sentence, self._advice, self._more))

    def count(self, kind: Kind) -> int:
        """Return how many different entries of this kind wait to be acknowledged."""
        return len(self._of_kind(kind))

    def tell(self, entry: Entry) -> None:
        """Show this; one that is waiting already is counted."""
        self._unseen[entry] = self._unseen.get(entry, 0) + 1
        if len(self._unseen) > _MOST_KEPT:
            del self._unseen[(self._of_kind(Kind.MESSAGE) or self._of_kind(Kind.ALARM))[0]]
        self._show()

    def acknowledge(self) -> None:
        """A person has seen what is on show."""
        if self.entry is not None:
            del self._unseen[self.entry]
            self._show()

    def blink(self, lit: bool) -> None:
        """Light an alarm up or not; called by the page's clock."""
        lit = lit and self.entry is not None and self.entry.kind is Kind.ALARM
        if lit != bool(self.property("lit")):
            restyle(self, "lit", lit)

    def _of_kind(self, kind: Kind) -> list[Entry]:
        return [entry for entry in self._unseen if entry.kind is kind]

    def _show(self) -> None:
        entry = self.entry
        self.setVisible(entry is not None)
        self._action.setEnabled(entry is not None)
        if entry is None:
            return
        self._sentence.setText(entry.sentence)
        self._advice.setText(entry.advice)
        self._more.setText(self._counted(entry))
        restyle(self, "kind", entry.kind.value)

    def _counted(self, entry: Entry) -> str:
        times, others = self._unseen[entry], len(self._unseen) - 1
        said = [f"{times} times" if times > 1 else "", f"{others} more" if others else ""]
        return ", ".join(filter(None, said))

    def _lay_out(self) -> None:
        gap = current_theme().sizes.gap
        column = QVBoxLayout(self)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        for words in (self._sentence, self._advice, self._more):
            column.addWidget(words)
        column.addStretch()
        column.addWidget(self._seen)
