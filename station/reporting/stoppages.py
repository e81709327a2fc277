"""When the line did not inspect: stops, pauses, lost cameras and faults, each with what ended it."""

from datetime import timedelta

from station.domain.shift import EventKind, ShiftRecords, StationEvent
from station.domain.shift_summary import Stoppage

_ENDED_BY = {
    EventKind.STOP: (EventKind.START,),
    EventKind.PAUSE: (EventKind.RESUME, EventKind.STOP, EventKind.START),
    EventKind.CAMERA_LOST: (EventKind.CAMERA_RETURNED, EventKind.STOP, EventKind.START),
    EventKind.FAULT: (EventKind.RESUME, EventKind.START),
}


def stoppages(records: ShiftRecords) -> tuple[Stoppage, ...]:
    """The stoppages that began in the window, in the order they were recorded."""
    events = records.events
    return tuple(
        _stoppage(event, events[position + 1 :]) for position, event in enumerate(events) if event.kind in _ENDED_BY
    )


def _stoppage(event: StationEvent, later: tuple[StationEvent, ...]) -> Stoppage:
    ending = next((candidate for candidate in later if candidate.kind in _ENDED_BY[event.kind]), None)
    end = ending.at if ending is not None else None
    return Stoppage(event.kind, event.at, end, _duration(event, ending), event.sentence, event.person)


def _duration(event: StationEvent, ending: StationEvent | None) -> timedelta | None:
    """Measured by the station's steady clock where it said so; else by the wall clock, unless that ran backwards."""
    measured = (
        ending.duration_s if ending is not None and ending.kind is EventKind.CAMERA_RETURNED else event.duration_s
    )
    if measured is not None:
        return timedelta(seconds=measured)
    if ending is None or ending.at < event.at:
        return None
    return ending.at - event.at
