"""A plate beside the picture for what needs a person: what happened and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from station.domain.alarm import Alarm, AlarmEntry, AlarmState
from station.domain.formatting import time_of_day
from ui.actions.action import SharedAct
from ui.actions.action_table import Actions
from ui.background.press_moment import pressed_s
from ui.pages.line.actions import LineAct
from ui.pages.line.pressed_subjects import PressedSubjects
from ui.theme.restyle import restyle
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import label
from ui.widgets.text.fitted_notice import FittedNotice

_MOST_KEPT = 30
_WIDER = 1.0, 1.4, 1.8
_READABLE_SHARE = 0.75
_FRAME_PX = 2


class Kind(StrEnum):
    """How much it presses: an alarm blinks until it is seen, a seen one and a message wait calmly."""

    MESSAGE = "message"
    ALARM = "alarm"
    SEEN = "seen"


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
    def of_alarm(cls, alarm: Alarm, kind: Kind = Kind.ALARM) -> Self:
        """Return an alarm of the core as an entry: what happened, its likely cause, and what to do."""
        return cls(kind, alarm.event, f"{alarm.cause} {alarm.action}".strip())


class Banner(QFrame):
    """Shows what needs a person: alarms that nobody has seen, then messages, then alarms that still hold.

    An alarm is the core's: it stays here, calm, after a person has seen it, until its condition is normal again. A
    message is the window's own, and goes when it is seen. What comes again is counted, and of too many the oldest
    message goes: the banner never outgrows a long night.

    Signals:
        acknowledged: The `AlarmEntry` that a person has seen, as it was shown.
    """

    acknowledged = Signal(object)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._unseen: dict[Entry, int] = {}
        self._alarms: tuple[AlarmEntry, ...] = ()
        self._time_zone = "UTC"
        self._pressed: PressedSubjects[AlarmEntry | Entry] = PressedSubjects()
        self.notice = FittedNotice()
        self._more = label("", "muted", wrap=True)
        self._seen = KeyButton(actions[LineAct.ACKNOWLEDGE], "tool")
        self._list = KeyButton(actions[SharedAct.ALARMS], "tool", text="List")
        self._action = actions[LineAct.ACKNOWLEDGE]
        self._lay_out()
        self._show()

    @property
    def entry(self) -> Entry | None:
        """What is on show."""
        alarm = self._alarm
        if alarm is not None:
            return Entry.of_alarm(alarm.alarm, Kind.SEEN if alarm.state is AlarmState.SEEN else Kind.ALARM)
        return self._own

    @property
    def words(self) -> str:
        """All that can be read on it."""
        return "\n".join(words.text() for words in (self.notice, self._more))

    def count(self, kind: Kind) -> int:
        """Return how many different entries of this kind there are."""
        states = {Kind.ALARM: (AlarmState.NOT_SEEN, AlarmState.RETURNED), Kind.SEEN: (AlarmState.SEEN,)}.get(kind, ())
        return len(self._of_kind(kind)) + sum(entry.state in states for entry in self._alarms)

    def show_alarms(self, alarms: Sequence[AlarmEntry], time_zone: str) -> None:
        """Show the open alarms of the station, the one raised last first."""
        self._alarms, self._time_zone = tuple(alarms), time_zone
        self._show()

    def tell(self, entry: Entry) -> None:
        """Show this; one that is waiting already is counted."""
        self._unseen[entry] = self._unseen.get(entry, 0) + 1
        if len(self._unseen) > _MOST_KEPT:
            del self._unseen[(self._of_kind(Kind.MESSAGE) or self._of_kind(Kind.ALARM))[0]]
        self._show()

    def acknowledge(self) -> None:
        """A person has seen what was on show when the key was pressed; what came under the finger stays."""
        match self._pressed.at(LineAct.ACKNOWLEDGE, pressed_s(self._action)):
            case AlarmEntry() as alarm:
                if self._is_as_shown(alarm):
                    self.acknowledged.emit(alarm)
            case Entry() as own:
                self._unseen.pop(own, None)
                self._show()
            case None:
                pass

    def _is_as_shown(self, alarm: AlarmEntry) -> bool:
        """Return whether an alarm has become no worse since: 3 fails in a row were seen, but not the 10 of now."""
        return any(now.number == alarm.number and now.renewed == alarm.renewed for now in self._alarms)

    def blink(self, lit: bool) -> None:
        """Light an alarm up or not; called by the page's clock."""
        lit = lit and self.entry is not None and self.entry.kind is Kind.ALARM
        if lit != bool(self.property("lit")):
            restyle(self, "lit", lit)

    def fit_width(self) -> None:
        """Be as wide as the theme has it; wider if the words would become too small, at the cost of the picture."""
        usual = current_theme().sizes.banner
        self.setFixedWidth(
            next(
                (width for width in map(round, (usual * more for more in _WIDER)) if self._suits(width)),
                round(usual * _WIDER[-1]),
            )
        )

    def _suits(self, width: int) -> bool:
        beside = 2 * current_theme().sizes.gap + 2 * _FRAME_PX
        return (self.notice.share_in(QSize(width - beside, self.notice.height())) or 0) >= _READABLE_SHARE

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Find the width for the new height."""
        super().resizeEvent(event)
        if event.oldSize().height() != event.size().height():
            self.fit_width()

    @property
    def _alarm(self) -> AlarmEntry | None:
        """The alarm on show: the newest that nobody has seen; if nothing else waits, the newest that still holds."""
        unseen = [entry for entry in self._alarms if entry.seen is None]
        if unseen:
            return unseen[0]
        return self._alarms[0] if self._alarms and not self._unseen else None

    @property
    def _own(self) -> Entry | None:
        waiting = self._of_kind(Kind.ALARM) or self._of_kind(Kind.MESSAGE)
        return waiting[-1] if waiting else None

    def _of_kind(self, kind: Kind) -> list[Entry]:
        return [entry for entry in self._unseen if entry.kind is kind]

    def _show(self) -> None:
        entry = self.entry
        self._pressed.note({LineAct.ACKNOWLEDGE: self._alarm or self._own})
        self.setVisible(entry is not None)
        waits = entry is not None and entry.kind is not Kind.SEEN
        self._action.setEnabled(waits)
        self._seen.setVisible(waits)
        if entry is None:
            return
        self.notice.show_words(entry.sentence, entry.advice)
        more = self._counted(entry)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.fit_width()
        if entry.kind.value != self.property("kind"):
            restyle(self, "kind", entry.kind.value)

    def _counted(self, entry: Entry) -> str:
        others = len(self._unseen) + len(self._alarms) - 1
        more = f"{others} more" if others else ""
        alarm = self._alarm
        if alarm is not None:
            return ", ".join(filter(None, (*self._times(alarm), more)))
        times = self._unseen[entry]
        return ", ".join(filter(None, (f"{times} times" if times > 1 else "", more)))

    def _times(self, alarm: AlarmEntry) -> tuple[str, ...]:
        moments = ("since", alarm.since), ("seen", alarm.seen), ("normal again", alarm.returned)
        return tuple(f"{what} {time_of_day(at, self._time_zone)[:5]}" for what, at in moments if at is not None)

    def _lay_out(self) -> None:
        gap = current_theme().sizes.gap
        column = QVBoxLayout(self)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        column.addWidget(self.notice, 1)
        column.addWidget(self._more)
        keys = QHBoxLayout()
        keys.setSpacing(gap // 2)
        keys.addWidget(self._list)
        keys.addWidget(self._seen)
        column.addLayout(keys)
