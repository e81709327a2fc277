"""When an alarm is raised and when its condition is normal again: rows of bad parts, reject rate, camera, disk."""

import threading
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass

from station.domain.alarm import Alarm, AlarmKind
from station.domain.frame import NotInspectedCause
from station.domain.inspection import Inspection, ViewInspection
from station.domain.messages import CameraLost, CameraReturned, LineState, LineStateChanged, Message
from station.domain.verdict import Verdict, fails_after
from station.review.alarm_list import AlarmList

_REJECTED = "Every part may be rejected until this is solved."
_NOT_JUDGED = "Parts are not inspected until this is solved."
_ANYWHERE = "At different places."
_CHECK_THE_PLACE = "Check the fixture, the lens and the light there."
_CHECK_THE_MATERIAL = "Check the material, and whether the right product is chosen."
_CHECK_THE_PRODUCT = "Check whether the right product is chosen, and whether the camera has moved."
_CHECK_THE_CAMERA = "Check the camera, the light and the trigger, or call the engineer."
_CENTRE_THE_PARTS = "Check where the parts lie, and whether the camera has moved."
_WRONGLY_LAID = {each.sentence for each in (NotInspectedCause.PART_NOT_FOUND, NotInspectedCause.PART_LEAVES_PICTURE)}
_CHECK_THE_CABLE = "Check its cable and its power. The station reconnects by itself."
_RATE_OVER, _RATE_FROM = 50, 20
_NORMAL_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class AlarmLimits:
    """When rows and rates are alarms; 0 switches an alarm off.

    Attributes:
        fails: FAILs in a row.
        not_inspected: NOT INSPECTED parts in a row.
        reject_rate: Share of FAILs among the last 50 judged parts, 0..1.
    """

    fails: int = 3
    not_inspected: int = 3
    reject_rate: float = 0.4


def alarms_at(length: int, first: int) -> bool:
    """Return whether a row of this length raises an alarm: at `first`, and again at 10, 30, 100, 300, 1000 ...

    A row that goes on must not be forgotten because somebody has seen its beginning. Example with `first` = 3: 3, 10,
    30, 100 ...; with `first` = 30: 30, 100 ...; with `first` = 0 never.
    """
    if first <= 0 or length < first:
        return False
    return length == first or (str(length).rstrip("0") in ("1", "3") and length >= 10)


class AlarmRules:
    """Watches parts and messages of the line, and raises and ends alarms. Safe from any thread; nothing here waits."""

    def __init__(self, alarms: AlarmList, limits: AlarmLimits = AlarmLimits()) -> None:
        """Start without a row.

        Args:
            alarms: Where alarms are raised and ended.
            limits: When.
        """
        self._alarms = alarms
        self._limits = limits
        self._lock = threading.Lock()
        self._fails: deque[Inspection] = deque(maxlen=max(1, limits.fails))
        self._causes: deque[str] = deque(maxlen=max(1, limits.not_inspected))
        self._failed: deque[bool] = deque(maxlen=_RATE_OVER)
        self._fails_length = self._not_inspected_length = 0
        self._rate_is_high = False

    def add_part(self, inspection: Inspection) -> None:
        """Count one more part. Parts must be added in their order."""
        if inspection.deciding.cause in (NotInspectedCause.STOPPED, NotInspectedCause.CHECK_DUE):
            return  # a person has stopped the line, or has to run a check; that says nothing about parts or camera
        with self._lock:
            self._count_fails(inspection)
            self._count_not_inspected(inspection)
            self._count_rate(inspection.verdict)

    def note(self, message: Message) -> None:
        """Follow the line: its cameras, its disk, its start."""
        match message:
            case CameraLost():
                self._alarms.raise_alarm(AlarmKind.CAMERA_LOST, _camera_lost(message.view), message.view)
            case CameraReturned():
                self._alarms.end_alarm(AlarmKind.CAMERA_LOST, message.view)
            case LineStateChanged():
                self._follow_state(message)

    def _follow_state(self, change: LineStateChanged) -> None:
        if change.state is LineState.DISK_BEHIND:
            self._alarms.raise_alarm(AlarmKind.DISK_BEHIND, _DISK_BEHIND)
        else:
            self._alarms.end_alarm(AlarmKind.DISK_BEHIND)
        if change.state.at_rest:
            self._alarms.end_alarm(AlarmKind.CAMERA_LOST, None)
        if change.state is LineState.STARTING:
            self._begin_again()

    def _begin_again(self) -> None:
        """A new run has no row yet."""
        with self._lock:
            self._fails_length = self._not_inspected_length = 0
            self._rate_is_high = False
            for row in (self._fails, self._causes, self._failed):
                row.clear()
            for kind in (AlarmKind.FAILS_IN_A_ROW, AlarmKind.NOT_INSPECTED_IN_A_ROW, AlarmKind.REJECT_RATE):
                self._alarms.end_alarm(kind)

    def _count_fails(self, inspection: Inspection) -> None:
        before, self._fails_length = self._fails_length, fails_after(self._fails_length, inspection.verdict)
        if not self._fails_length:
            self._fails.clear()
            if before:
                self._alarms.end_alarm(AlarmKind.FAILS_IN_A_ROW)
            return
        self._fails.append(inspection)
        if alarms_at(self._fails_length, self._limits.fails):
            self._alarms.raise_alarm(AlarmKind.FAILS_IN_A_ROW, _fails_alarm(self._fails_length, self._fails))

    def _count_not_inspected(self, inspection: Inspection) -> None:
        if inspection.verdict is not Verdict.NOT_INSPECTED:
            self._causes.clear()
            if self._not_inspected_length:
                self._alarms.end_alarm(AlarmKind.NOT_INSPECTED_IN_A_ROW)
            self._not_inspected_length = 0
            return
        self._not_inspected_length += 1
        self._causes.append(_why(inspection.deciding))
        if alarms_at(self._not_inspected_length, self._limits.not_inspected):
            alarm = _not_inspected_alarm(self._not_inspected_length, set(self._causes))
            self._alarms.raise_alarm(AlarmKind.NOT_INSPECTED_IN_A_ROW, alarm)

    def _count_rate(self, verdict: Verdict) -> None:
        limit = self._limits.reject_rate
        if verdict is Verdict.NOT_INSPECTED or not limit:
            return
        self._failed.append(verdict is Verdict.FAIL)
        fails, parts = sum(self._failed), len(self._failed)
        if not self._rate_is_high and parts >= _RATE_FROM and fails > limit * parts:
            self._rate_is_high = True
            self._alarms.raise_alarm(AlarmKind.REJECT_RATE, _rate_alarm(fails, parts))
        elif self._rate_is_high and fails <= _NORMAL_SHARE * limit * parts:
            self._rate_is_high = False
            self._alarms.end_alarm(AlarmKind.REJECT_RATE)


def _fails_alarm(length: int, row: Collection[Inspection]) -> Alarm:
    event = f"{length} parts failed in a row."
    if all(part.deciding.unlike for part in row):
        return Alarm(event, "They do not look like the chosen product.", _REJECTED, _CHECK_THE_PRODUCT)
    places = {place for part in row if (place := part.deciding.place)}
    if len(places) == 1:
        return Alarm(event, f"Always {places.pop()}.", _REJECTED, _CHECK_THE_PLACE)
    return Alarm(event, _ANYWHERE, _REJECTED, _CHECK_THE_MATERIAL)


def _why(view: ViewInspection) -> str:
    """Return the cause; the whole reason if the picture does not fit the recipe: it names the camera's setting."""
    if view.cause is NotInspectedCause.WRONG_PICTURE and view.reason:
        return view.reason
    return view.cause.sentence if view.cause else ""


def _not_inspected_alarm(length: int, causes: Collection[str]) -> Alarm:
    said = sorted(filter(None, causes))
    cause = f"Always: {said[0]}." if len(said) == 1 else "For different reasons."
    action = _CENTRE_THE_PARTS if said and _WRONGLY_LAID.issuperset(said) else _CHECK_THE_CAMERA
    return Alarm(f"{length} parts in a row were not inspected.", cause, _NOT_JUDGED, action)


def _rate_alarm(fails: int, parts: int) -> Alarm:
    return Alarm(f"{fails} of the last {parts} parts failed.", "", _REJECTED, _CHECK_THE_MATERIAL)


def _camera_lost(view: str) -> Alarm:
    return Alarm(f"The camera {view} is lost.".replace("  ", " "), "", _NOT_JUDGED, _CHECK_THE_CABLE)


_DISK_BEHIND = Alarm(
    "The disk does not take the records.",
    "",
    "No part is inspected until it does.",
    "Call the engineer: free the disk.",
)
