"""What a crash or a power cut left behind is put in order, and written down."""

from station.domain.inspection import Run
from station.domain.shift import EventKind, StationEvent
from station.storage.engine.database import Database
from station.storage.records.events import Events
from station.storage.records.inspections import Inspections
from station.storage.records.integrity import sweep

ENDED_UNEXPECTEDLY = "The station ended unexpectedly."


def close_unfinished_runs(database: Database, inspections: Inspections, events: Events) -> None:
    """End the runs that were cut off, with their last part. Only for who holds the line's lock."""
    for run in inspections.unfinished_runs():
        sweep(database, inspections.pictures, run.run_id)
        _end(run, inspections, events)


def _end(run: Run, inspections: Inspections, events: Events) -> None:
    at = inspections.last_of_run(run.run_id) or run.started_at
    events.add(StationEvent(at, EventKind.FAULT, ENDED_UNEXPECTEDLY, run_id=run.run_id))
    inspections.end_run(run.run_id, at)
