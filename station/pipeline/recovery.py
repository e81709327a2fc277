"""Repair of the records after a crash or a power cut."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from station.domain.clock import utc_now
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import PartKey, Run
from station.domain.shift import EventKind, StationEvent
from station.storage.engine.database import Database
from station.storage.records.events import Events
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.inspections import Inspections
from station.storage.records.integrity import remove_leftovers

ENDED_UNEXPECTEDLY = "The station ended unexpectedly."
_LOOK_BACK = timedelta(days=7)
_MARGIN = timedelta(seconds=60)


def close_unfinished_runs(
    database: Database, inspections: Inspections, events: Events, open_reviews: Collection[PartKey] = ()
) -> datetime | None:
    """End the runs that were cut off, each at the time of its last part. The caller must hold the lock of the line.

    A REVIEW of such a run that has no answer ends as FAIL: nobody can answer it any more.

    Args:
        database: Where the history of the parts is.
        inspections: The records of runs and parts.
        events: The records of events.
        open_reviews: Parts that can still be answered in this program; their reviews do not end here.

    Returns:
        When the newest of them ended; None if no run was cut off.
    """
    ends = []
    feedback = FeedbackRecords(database)
    for run in inspections.unfinished_runs():
        remove_leftovers(database, inspections.pictures, run.run_id)
        _end_reviews(feedback.unanswered_reviews(run.run_id), feedback, open_reviews)
        ends.append(_end(run, inspections, events))
    return max(ends, default=None)


def lost_reviews(database: Database, time_limit_s: float) -> tuple[PartKey, ...]:
    """Return the reviews of the last week whose time was over more than 60 s ago, and that have no end.

    The program ended after the run had ended and before the review did, or the disk refused the end of the review.
    A younger review may be open in another program.
    """
    now = utc_now()
    end = now - timedelta(seconds=time_limit_s) - _MARGIN
    return FeedbackRecords(database).unanswered_reviews_between(now - _LOOK_BACK, end)


def end_lost_reviews(database: Database, time_limit_s: float, open_reviews: Collection[PartKey]) -> None:
    """End them as FAIL, except `open_reviews`. The caller must hold the lock of the line."""
    _end_reviews(lost_reviews(database, time_limit_s), FeedbackRecords(database), open_reviews)


def _end_reviews(keys: Iterable[PartKey], feedback: FeedbackRecords, open_reviews: Collection[PartKey]) -> None:
    for key in keys:
        if key not in open_reviews:
            feedback.add(OperatorFeedback(key, Disposition.REVIEW_UNANSWERED, reason="", person="", made_at=utc_now()))


def _end(run: Run, inspections: Inspections, events: Events) -> datetime:
    at = inspections.last_of_run(run.run_id) or run.started_at
    events.add_event(StationEvent(at, EventKind.FAULT, ENDED_UNEXPECTEDLY, run_id=run.run_id))
    inspections.end_run(run.run_id, at)
    return at
