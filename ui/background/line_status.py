"""What the line does, in one frozen value: for every part of the window that does not show the line itself."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from station.domain.messages import LineState
from station.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class LineStatus:
    """The line at one moment, as its own page shows it.

    Attributes:
        state: What the line does.
        phase: The same in words, with the pace: "INSPECTING, 241 parts/min"; "" for the bare state.
        stale: The line inspects, and no part came in the expected time.
        verdict: The verdict of the newest part while it is current; None after a pause, a loss or a stop.
        fails_in_a_row: FAILs since the last part with another verdict; None if they could not be counted.
        alarms: Alarms that nobody has acknowledged yet.
        seen_alarms: Alarms that a person has acknowledged, and whose condition still holds.
        messages: Messages that nobody has acknowledged yet.
        reviews: Parts that wait for a person's answer; each ends as FAIL when its time is over.
    """

    state: LineState
    stale: bool
    verdict: Verdict | None
    fails_in_a_row: int | None
    alarms: int
    messages: int
    reviews: int = 0
    phase: str = ""
    seen_alarms: int = 0


class LineStatusFeed(QObject):
    """Carries the status from the page that watches the line to those that show it in short."""

    published = Signal(LineStatus)

    def publish(self, status: LineStatus) -> None:
        """Send the present status; called at least once a second while the window lives."""
        self.published.emit(status)
