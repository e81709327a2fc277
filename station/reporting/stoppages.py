"""When the line did not inspect: stops, pauses, lost cameras and faults, each with what ended it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from station.domain.shift import RESUMED, EventKind, ShiftRecords, ShiftWindow, StationEvent
from station.domain.shift_summary import Span, Stoppage

_ENDED_BY = {
    EventKind.STOP: (EventKind.START,),
    EventKind.PAUSE: (EventKind.RESUME, EventKind.STOP, EventKind.START),
    EventKind.CAMERA_LOST: (EventKind.CAMERA_RETURNED, EventKind.STOP, EventKind.START),
    EventKind.FAULT: (EventKind.RESUME, EventKind.STOP, EventKind.START),
}


def stoppages(records: ShiftRecords) -> tuple[Stoppage, ...]:
    """Return the stoppages of which a part lies in the window, cut at its edges, in the order they were recorded.

    before      | window                  | after
    STOP        |           START         |           from the start of the window to START
                |    STOP                 | START     from STOP to the end of the window, and it goes on
    STOP        |                         | START     the whole window
    """
    events = (*records.before, *records.events, *records.after)
    found = (_stoppage(event, events[place + 1 :], records) for place, event in enumerate(events) if _stops(event))
    return tuple(stoppage for stoppage in found if stoppage is not None)


def unknown_spans(records: ShiftRecords) -> tuple[Span, ...]:
    """Return when it is not known what the line did: before its first start ever, and what is still to come."""
    window, known_until = records.window, records.known_until
    events = (*records.before, *records.events)
    signs = [event.at for event in events if event.kind is EventKind.START or _stops(event)]
    signs += [part.inspection.triggered_at for part in records.parts[:1]]
    known_from = max(window.start, min(signs, default=known_until))
    spans = (Span(window.start, min(known_from, known_until)), Span(known_until, window.end))
    return tuple(span for span in spans if span.start < span.end)


def covers(found: Iterable[Stoppage], window: ShiftWindow, until: datetime) -> bool:
    """Return whether the line was stopped, in one way or another, from the start of the window until then."""
    reached = window.start
    for start, end in sorted((stoppage.start, stoppage.end or until) for stoppage in found):
        if start <= reached:
            reached = max(reached, end)
    return reached >= until


def _stops(event: StationEvent) -> bool:
    return event.kind in _ENDED_BY


def _stoppage(event: StationEvent, later: Sequence[StationEvent], records: ShiftRecords) -> Stoppage | None:
    window = records.window
    ending = _ending(event, later)
    began_before, end = event.at < window.start, _end(event, ending)
    if event.at >= window.end or (began_before and end is not None and end <= window.start):
        return None
    start = max(event.at, window.start)
    goes_on = end > window.end if end is not None else records.as_of is None
    if goes_on:
        end = window.end
    length = (end or records.known_until) - start
    return Stoppage(
        event.kind, start, end, _positive(length), _sentence(event, ending), event.person, began_before, goes_on
    )


def _sentence(event: StationEvent, ending: StationEvent | None) -> str:
    """Return what happened; for a pause that was explained when it ended, also why."""
    if event.kind is EventKind.PAUSE and ending is not None and ending.kind is EventKind.RESUME:
        return f"{event.sentence}{ending.sentence.removeprefix(RESUMED)}"
    return event.sentence


def _ending(event: StationEvent, later: Sequence[StationEvent]) -> StationEvent | None:
    """Return what ended it. Of several cameras that return, it is the one that was away since this event."""
    first = next((candidate for candidate in later if candidate.kind in _ENDED_BY[event.kind]), None)
    if first is None or first.kind is not EventKind.CAMERA_RETURNED:
        return first
    still_running = takewhile(lambda each: each.kind not in (EventKind.START, EventKind.STOP), later)
    returned = (each for each in still_running if each.kind is EventKind.CAMERA_RETURNED)
    return min(returned, key=lambda each: _apart(event, each))


def _apart(lost: StationEvent, returned: StationEvent) -> timedelta:
    """Return how far the loss is from the time since which the returned camera was away; 0 if that is not known."""
    if returned.duration_s is None:
        return timedelta(0)
    return abs(returned.at - timedelta(seconds=returned.duration_s) - lost.at)


def _end(event: StationEvent, ending: StationEvent | None) -> datetime | None:
    """Return when it ended: by the station's steady clock where it measured that, else by the wall clock."""
    if ending is None:
        return None
    measured_s = ending.duration_s if ending.kind is EventKind.CAMERA_RETURNED else event.duration_s
    return ending.at if measured_s is None else event.at + timedelta(seconds=measured_s)


def _positive(length: timedelta) -> timedelta | None:
    """Return the length, None if the clock ran backwards meanwhile."""
    return None if length < timedelta(0) else length
