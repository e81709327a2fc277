"""The alarms of a station: raised, seen, returned to normal. A seen alarm stays until its condition is normal again."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from station.domain.alarm import Alarm, AlarmEntry, AlarmKind, AlarmState
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.messages import AlarmRaised, AlarmsChanged, Message

_KEPT = 200


class AlarmList:
    """The open alarms, and those that are over. Safe from any thread; nothing here waits.

    Every change is published as `AlarmsChanged`; an alarm that needs a person, new or worse, as `AlarmRaised` before.
    """

    def __init__(self, publish: Callable[[Message], None], now: Callable[[], datetime] = utc_now) -> None:
        """Start without an alarm.

        Args:
            publish: Takes the messages; must not wait.
            now: The wall clock, UTC.
        """
        self._publish = publish
        self._now = now
        self._lock = threading.RLock()
        self._open: dict[tuple[AlarmKind, str], AlarmEntry] = {}
        self._over: deque[AlarmEntry] = deque(maxlen=_KEPT)
        self._numbers = 0

    @property
    def open(self) -> tuple[AlarmEntry, ...]:
        """Return the alarms that are not over, the one raised last first."""
        with self._lock:
            return tuple(sorted(self._open.values(), key=lambda entry: (entry.renewed, entry.number), reverse=True))

    @property
    def over(self) -> tuple[AlarmEntry, ...]:
        """Return the last 200 alarms that are over, the newest first."""
        with self._lock:
            return tuple(reversed(self._over))

    def raise_alarm(self, kind: AlarmKind, alarm: Alarm, subject: str = "") -> None:
        """Raise an alarm. One that is open already gets the new sentences and needs to be seen again."""
        with self._lock:
            now = self._now()
            before = self._open.get((kind, subject))
            if before is None:
                self._numbers += 1
                entry = AlarmEntry(self._numbers, kind, subject, alarm, now, now)
            else:
                entry = replace(before, alarm=alarm, renewed=now, seen=None, returned=None)
            self._open[kind, subject] = entry
            self._publish(AlarmRaised(alarm))
            self._publish_change()

    def end_alarm(self, kind: AlarmKind, subject: str | None = "") -> None:
        """Note that the condition is normal again; an alarm that nobody has seen yet stays until it is seen.

        Args:
            kind: The kind.
            subject: The subject; None for all subjects of this kind.
        """
        with self._lock:
            keys = [key for key in self._open if key[0] is kind and subject in (None, key[1])]
            holding = [key for key in keys if self._open[key].returned is None]
            for key in holding:
                self._keep(replace(self._open[key], returned=self._now()))
            if holding:
                self._publish_change()

    def acknowledge(self, number: int, shown: AlarmEntry | None = None) -> AlarmEntry:
        """Note that a person has seen this alarm. Return it as it is then.

        Args:
            number: Which alarm.
            shown: The alarm as the person saw it. If it was raised again since, nobody has seen what it says now, and
                it stays as it is: 3 fails in a row were seen, but not the 10 of now.

        Raises:
            BadInputError: There is no open alarm of this number.
        """
        with self._lock:
            entry = next((each for each in self._open.values() if each.number == number), None)
            if entry is None:
                raise BadInputError(
                    f"There is no open alarm {number}.", for_operator="This alarm is over already. Nothing was changed."
                )
            as_seen = shown is None or (shown.alarm, shown.renewed) == (entry.alarm, entry.renewed)
            if entry.seen is None and as_seen:
                entry = replace(entry, seen=self._now())
                self._keep(entry)
                self._publish_change()
            return entry

    def _keep(self, entry: AlarmEntry) -> None:
        if entry.state is AlarmState.OVER:
            del self._open[entry.kind, entry.subject]
            self._over.append(entry)
        else:
            self._open[entry.kind, entry.subject] = entry

    def _publish_change(self) -> None:
        self._publish(AlarmsChanged(self.open))
