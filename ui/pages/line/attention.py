"""What needs a person: alarms and messages on the plate, answers at the touch, sounds."""

from collections.abc import Sequence

from station.domain.alarm import AlarmEntry
from station.domain.errors import StationError
from station.domain.messages import FaultReported, ReviewEnded
from ui.actions.page_spec import PageContext
from ui.pages.line.actions import LineAct
from ui.pages.line.alarm_banner import Banner, Entry, Kind
from ui.theme.sound import Sound, Sounds


class Attention:
    """Says what happened and what to do; the whole of a failure goes to the log, for the engineer."""

    def __init__(self, banner: Banner, context: PageContext, sounds: Sounds) -> None:
        self._banner, self._context, self._sounds = banner, context, sounds
        self._alarms = context.station.alarms
        self._time_zone = context.station.settings.station.time_zone
        banner.acknowledged.connect(self._acknowledge)
        context.actions.on(LineAct.ACKNOWLEDGE, banner.acknowledge)

    def fail(self, error: StationError, kind: Kind = Kind.MESSAGE) -> None:
        """Say calmly what went wrong and what to do."""
        self._context.fault_log.add(FaultReported.of("window", error))
        self._banner.tell(Entry.of(kind, error.for_operator))

    def answer(self, error: StationError) -> None:
        """Say at the touch why what was asked for is not done: an alarm that waits must not hide the answer."""
        self._context.fault_log.add(FaultReported.of("window", error))
        said = Entry.of(Kind.MESSAGE, error.for_operator)
        self._context.answer(said.sentence, said.advice)

    def report(self, fault: FaultReported) -> None:
        """Say what failed in the station."""
        self._context.fault_log.add(fault)
        self._banner.tell(Entry.of(Kind.MESSAGE, fault.for_operator))

    def show_alarms(self, still_open: Sequence[AlarmEntry]) -> None:
        """Show the open alarms."""
        self._banner.show_alarms(still_open, self._time_zone)

    def note_review_end(self, ended: ReviewEnded) -> None:
        """Say that nobody has answered a review, if so: its part counts as a reject."""
        said = ended.feedback
        if not said.claim.by_person:
            self._sounds.play(Sound.REJECT)
            unanswered = f"Part {said.key.label}: not answered, counts as FAIL."
            self._banner.tell(Entry(Kind.MESSAGE, unanswered, "Take it off the line."))

    def _acknowledge(self, shown: AlarmEntry) -> None:
        try:
            self._alarms.acknowledge(shown.number, shown)
        except StationError as error:
            self.answer(error)
        self.show_alarms(self._alarms.open)
