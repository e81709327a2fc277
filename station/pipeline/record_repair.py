"""Ends in the records what a crash or a power cut has cut off, and says that it happened."""

from contextlib import suppress
from datetime import datetime

from station.domain.alarm import Alarm, AlarmKind
from station.domain.formatting import day_and_time, time_of_day
from station.line_lock import LineBusyError, line_lock
from station.pipeline.context import LineContext
from station.pipeline.recovery import close_unfinished_runs, end_lost_reviews, lost_reviews
from station.review.unexpected_end import UnexpectedEnd
from station.storage.engine.database import Database
from station.workspace import Workspace


class RecordRepair:
    """Repairs the records of a workspace when the station starts, and before each run."""

    def __init__(self, workspace: Workspace, database: Database, context: LineContext) -> None:
        """Repair nothing yet.

        Args:
            workspace: Whose line must not run meanwhile.
            database: Where the records are.
            context: Of this only the records, the open reviews, the alarms and the settings of the station are used.
        """
        self._root = workspace.root
        self._database = database
        self._context = context
        self._unexpected_end = UnexpectedEnd(workspace.logs)

    def repair(self) -> None:
        """End the runs and the reviews that were cut off, unless a line is running in this workspace."""
        if self._context.inspections.unfinished_runs() or lost_reviews(self._database, self._review_time_limit_s):
            with suppress(LineBusyError), line_lock(self._root):
                self.end_what_was_cut_off()
        if (at := self._unexpected_end.when()) is not None:
            zone = self._context.settings.station.time_zone
            self._context.alarms.raise_alarm(AlarmKind.ENDED_UNEXPECTEDLY, _ended_unexpectedly(at, zone))
            self._context.alarms.end_alarm(AlarmKind.ENDED_UNEXPECTEDLY)

    def end_what_was_cut_off(self) -> None:
        """End them. The caller holds the lock of the line."""
        still_open = self._context.open_reviews()
        ended = close_unfinished_runs(self._database, self._context.inspections, self._context.events, still_open)
        if ended is not None:
            self._unexpected_end.keep(ended)
        end_lost_reviews(self._database, self._review_time_limit_s, still_open)

    def forget_unexpected_end(self) -> None:
        """A person has seen that the station ended unexpectedly."""
        self._unexpected_end.forget()

    @property
    def _review_time_limit_s(self) -> float:
        return self._context.settings.screen.review_time_limit_s


def _ended_unexpectedly(at: datetime, time_zone: str) -> Alarm:
    return Alarm(
        f"The station ended unexpectedly at {time_of_day(at, time_zone)[:5]}, {day_and_time(at, time_zone)[:6]}.",
        "A power cut, or the program was ended from outside.",
        "Parts that passed after that time were not inspected.",
        "Check the parts since then. Nothing that was recorded is lost.",
    )
