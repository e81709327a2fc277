"""The alarm after several FAILs in a row, with its likely cause."""

from collections import deque

from station.domain.inspection import Inspection, ViewInspection
from station.domain.verdict import Verdict
from ui.pages.line.alarm_banner import Entry, Kind


class FailsInARow:
    """Watches the verdicts; speaks once for each row of FAILs that gets too long.

    Args:
        alarm_after: So many in a row are an alarm; 0 never.
    """

    def __init__(self, alarm_after: int) -> None:
        self._alarm_after = alarm_after
        self._row: deque[Inspection] = deque(maxlen=max(1, alarm_after))
        self._length = 0

    def add(self, inspection: Inspection) -> Entry | None:
        """One more part; the alarm when the row has just become too long."""
        if inspection.verdict is not Verdict.FAIL:
            self._row.clear()
            self._length = 0
            return None
        self._row.append(inspection)
        self._length += 1
        return self._alarm() if self._length == self._alarm_after else None

    def _alarm(self) -> Entry:
        places = {_place(part.deciding) for part in self._row if part.deciding.regions}
        return Entry(Kind.ALARM, f"{self._length} parts failed in a row.", _likely_cause(places))


def _place(view: ViewInspection) -> str:
    return f"{view.name}, {view.regions[0].place}" if view.name else view.regions[0].place


def _likely_cause(places: set[str]) -> str:
    if len(places) == 1:
        return f"Always {places.pop()}: check the fixture, the lens and the light there."
    return "At different places: check the material, and whether the right product is chosen."
