"""The alarm for a clock that is behind the records, as after a flat battery: new parts would lie before older ones."""

from collections.abc import Callable
from datetime import datetime

from station.domain.alarm import Alarm, AlarmKind
from station.domain.clock import behind, utc_now
from station.domain.formatting import day_and_year, span
from station.review.alarm_list import AlarmList


class ClockWatch:
    """Compares the clock with the newest record when the station and when its line is started."""

    def __init__(
        self,
        alarms: AlarmList,
        newest: Callable[[], datetime | None],
        time_zone: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Start without an alarm.

        Args:
            alarms: Where the alarm is raised and ended.
            newest: Returns the time of the newest record.
            time_zone: IANA name, for the sentences.
            now: The wall clock, UTC.
        """
        self._alarms = alarms
        self._newest = newest
        self._time_zone = time_zone
        self._now = now
        self.sentence = ""
        """What is wrong with the clock; "" if it is right."""
        self.on_behind: Callable[[datetime, datetime], object] = lambda newest, now: None
        """Called with the time of the newest record and the present one when the clock is found to be behind."""
        self.on_step: Callable[[datetime, datetime], object] = lambda before, now: None
        """Called with the time that the clock would show and the one it shows when it was set while the line ran."""

    def step(self, before: datetime, now: datetime) -> None:
        """Note that somebody set the clock while the line ran, and look whether it is behind the records now."""
        self.on_step(before, now)
        self.check()

    def check(self) -> None:
        """Raise the alarm if the clock is behind, end it if it is right again."""
        now, newest = self._now(), self._newest()
        late = behind(now, newest)
        if newest is None or late is None:
            self.sentence = ""
            self._alarms.end_alarm(AlarmKind.CLOCK_BEHIND)
            return
        if not self.sentence:
            self.on_behind(newest, now)
        event = f"The clock is {span(late)} behind the newest record."
        shown, newest_at = day_and_year(now, self._time_zone), day_and_year(newest, self._time_zone)
        self.sentence = f"{event} It shows {shown}, the newest record is of {newest_at}."
        cause = f"It shows {shown}, the newest record is of {newest_at}."
        consequence = "New parts are recorded at a wrong time, in another shift."
        self._alarms.raise_alarm(
            AlarmKind.CLOCK_BEHIND, Alarm(event, cause, consequence, "Set this machine's clock, or call the engineer.")
        )
