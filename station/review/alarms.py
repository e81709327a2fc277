"""The alarm after several FAILs in a row, with its likely cause."""

import threading
from collections import deque
from collections.abc import Callable

from station.domain.alarm import Alarm
from station.domain.inspection import Inspection
from station.domain.messages import AlarmRaised, Message
from station.domain.verdict import fails_after

_CONSEQUENCE = "Every part may be rejected until this is solved."
_ANYWHERE = "At different places."
_CHECK_THE_PLACE = "Check the fixture, the lens and the light there."
_CHECK_THE_MATERIAL = "Check the material, and whether the right product is chosen."


class FailsInARowAlarm:
    """Counts the FAILs in a row and raises one alarm for each row that reaches the limit. Safe from any thread."""

    def __init__(self, alarm_after: int, publish: Callable[[Message], None]) -> None:
        """Start without a row.

        Args:
            alarm_after: Number of FAILs in a row that raises the alarm; 0 switches it off.
            publish: Takes the alarm; must not wait.
        """
        self._alarm_after = alarm_after
        self._publish = publish
        self._lock = threading.Lock()
        self._length = 0
        self._row: deque[Inspection] = deque(maxlen=max(1, alarm_after))

    def add_part(self, inspection: Inspection) -> None:
        """Count one more part. Parts must be added in their order. Returns at once."""
        with self._lock:
            self._length = fails_after(self._length, inspection.verdict)
            if self._length == 0:
                self._row.clear()
                return
            self._row.append(inspection)
            raised = self._length == self._alarm_after
            places = {place for part in self._row if (place := part.deciding.place)}
        if raised:
            self._publish(AlarmRaised(_alarm(self._alarm_after, places)))


def _alarm(fails: int, places: set[str]) -> Alarm:
    event = f"{fails} parts failed in a row."
    if len(places) == 1:
        return Alarm(event, f"Always {places.pop()}.", _CONSEQUENCE, _CHECK_THE_PLACE)
    return Alarm(event, _ANYWHERE, _CONSEQUENCE, _CHECK_THE_MATERIAL)
