"""Repair of the records after a crash or a power cut."""

from station.domain.clock import utc_now
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import Run
from station.domain.shift import EventKind, StationEvent
from station.storage.engine.database import Database
from station.storage.records.events import Events
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.inspections import Inspections
from station.storage.records.integrity import remove_leftovers

ENDED_UNEXPECTEDLY = "The station ended unexpectedly."


def close_unfinished_runs(database: Database, inspections: Inspections, events: Events) -> None:
    """End the runs that were cut off, each at the time of its last part. The caller must hold the lock of the line.

    A REVIEW of such a run that has no answer ends as FAIL: nobody can answer it any more.
    """
    feedback = FeedbackRecords(database)
    for run in inspections.unfinished_runs():
        remove_leftovers(database, inspections.pictures, run.run_id)
        _end_reviews(run, feedback)
        _end(run, inspections, events)


def _end_reviews(run: Run, feedback: FeedbackRecords) -> None:
    for key in feedback.unanswered_reviews(run.run_id):
        feedback.add(OperatorFeedback(key, Disposition.REVIEW_UNANSWERED, reason="", person="", made_at=utc_now()))


def _end(run: Run, inspections: Inspections, events: Events) -> None:
    at = inspections.last_of_run(run.run_id) or run.started_at
    events.add_event(StationEvent(at, EventKind.FAULT, ENDED_UNEXPECTEDLY, run_id=run.run_id))
    inspections.end_run(run.run_id, at)
