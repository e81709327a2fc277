"""All alarms with their times, over any page: what is open, and what is over."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from station.domain.alarm import AlarmEntry, AlarmState
from station.domain.formatting import UNKNOWN, day_and_time
from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog
from ui.widgets.panel import empty, label
from ui.widgets.table import Table

_HEADINGS = "Since", "Seen", "Normal again", "Alarm"
_OVER_SHOWN = 50
_WIDTH_SHARE, _HEIGHT_SHARE = 0.8, 0.7


class AlarmListDialog(Dialog):
    """The open alarms, each with a key to acknowledge it, and below them those that are over.

    Args:
        parent: The window.
        time_zone: IANA name, for the times.
        acknowledge: Called with an alarm that a person has seen, as it was shown.
    """

    def __init__(self, parent: QWidget, time_zone: str, acknowledge: Callable[[AlarmEntry], object]) -> None:
        super().__init__(parent, "Alarms")
        self._time_zone, self._acknowledge = time_zone, acknowledge
        self._open = QVBoxLayout()
        self._open.setSpacing(current_theme().sizes.gap)
        self.over = Table("Alarms that are over", _HEADINGS)
        self._nothing = label("No alarm is open.", "large")
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._nothing)
        column.addLayout(self._open)
        column.addStretch()
        area = QScrollArea(widgetResizable=True)
        area.setWidget(inside)
        self.column.addWidget(area, 3)
        self.column.addWidget(label("Over", "strong"))
        self.column.addWidget(self.over, 2)
        close = QPushButton("Close  (Esc)")
        close.clicked.connect(self.accept)
        self.column.addWidget(close)
        self.resize(round(parent.width() * _WIDTH_SHARE), round(parent.height() * _HEIGHT_SHARE))

    @property
    def words(self) -> list[str]:
        """What is said of the open alarms, from above."""
        return [each.text() for each in self.findChildren(QLabel, "alarm_words")]

    def show_alarms(self, still_open: Sequence[AlarmEntry], over: Sequence[AlarmEntry]) -> None:
        """Show these, each list with the newest first."""
        empty(self._open)
        self._nothing.setVisible(not still_open)
        for entry in still_open:
            self._open.addWidget(self._row(entry))
        self.over.show_rows([self._over_row(entry) for entry in over[:_OVER_SHOWN]])

    def _row(self, entry: AlarmEntry) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        said = label(f"{entry.alarm.event} {entry.alarm.cause}\n{entry.alarm.action}\n{self._times(entry)}", wrap=True)
        said.setObjectName("alarm_words")
        said.setProperty("troubled", entry.state is AlarmState.NOT_SEEN)
        layout.addWidget(said, 1)
        if entry.seen is None:
            seen = QPushButton("Seen")
            seen.setAccessibleName(f"Seen: {entry.alarm.event}")
            seen.setAutoDefault(False)
            seen.clicked.connect(partial(self._acknowledge, entry))
            layout.addWidget(seen)
        return row

    def _times(self, entry: AlarmEntry) -> str:
        said = [f"Since {self._time(entry.since)}"]
        if entry.renewed != entry.since:
            said.append(f"worse since {self._time(entry.renewed)}")
        said.append(f"seen {self._time(entry.seen)}" if entry.seen else "not seen")
        if entry.returned:
            said.append(f"normal again {self._time(entry.returned)}")
        return ", ".join(said)

    def _over_row(self, entry: AlarmEntry) -> list[str]:
        return [*map(self._time, (entry.since, entry.seen, entry.returned)), entry.alarm.event]

    def _time(self, moment: datetime | None) -> str:
        return UNKNOWN if moment is None else day_and_time(moment, self._time_zone)
