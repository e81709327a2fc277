"""Which parts a failed check makes suspect: all of production between the good checks around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from station.domain.challenge import Check, Outcome
from station.domain.inspection import PartKey
from station.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Suspect:
    """A part of production that was inspected while the station may have been blind.

    Attributes:
        key: Its record.
        revision: Which revision of the recipe judged it.
        triggered_at: UTC.
        verdict: What the station said then.
        serial: Its own number; "" if none was scanned.
        lot, order: What it belongs to; "" if none was set.
    """

    key: PartKey
    revision: int
    triggered_at: datetime
    verdict: Verdict
    serial: str
    lot: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class SuspectSummary:
    """The suspects of one product, counted.

    Attributes:
        recipe_name: The product's recipe.
        count: How many parts are suspect.
        passed: How many of them passed.
        first, last: The first and the last of them; None if there is none.
        since: When the last good check before them began; None if there is none.
    """

    recipe_name: str
    count: int
    passed: int
    first: PartKey | None
    last: PartKey | None
    since: datetime | None

    @property
    def sentence(self) -> str:
        """Return the summary in words."""
        if not self.count:
            return "No part is suspect."
        parts = "1 part is" if self.count == 1 else f"{self.count} parts are"
        return f"{parts} suspect, {self.passed} of them passed."


@dataclass(frozen=True, slots=True)
class CheckInShift:
    """A check, and the parts that it made suspect: what the shift report prints."""

    check: Check
    suspects: SuspectSummary | None


@dataclass(frozen=True, slots=True)
class SuspectWindow:
    """Which runs of a product are suspect: after the run `after`, before the run `before`; None for no end."""

    after: int
    before: int | None

    def holds(self, run_id: int) -> bool:
        """Return whether the parts of a run of production are suspect by this window."""
        return run_id > self.after and (self.before is None or run_id < self.before)


def suspect_windows(checks: Iterable[tuple[int, Outcome]]) -> tuple[SuspectWindow, ...]:
    """Return which runs are suspect: for each failed check, all between the good check before and the one after it.

    Runs are ordered by their numbers and not by the clock, which may be set back.

    Args:
        checks: The ended checks of one product as (run, outcome), in the order of their runs.
    """
    windows: list[SuspectWindow] = []
    after, failed = 0, False
    for run_id, outcome in checks:
        if outcome is Outcome.FAILED:
            failed = True
        elif outcome is Outcome.PASSED:
            if failed:
                windows.append(SuspectWindow(after, run_id))
            after, failed = run_id, False
    return (*windows, SuspectWindow(after, None)) if failed else tuple(windows)
