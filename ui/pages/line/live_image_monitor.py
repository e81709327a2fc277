"""Which pictures may be called live: of the line as a whole, and of each camera."""

import time
from collections.abc import Callable

from station.domain.formatting import age
from station.domain.inspection import ViewInspection
from station.domain.messages import LineState
from station.domain.silence import is_silent
from ui.background.rendered_part import RenderedPart, newest_received_ns
from ui.pages.line.wording import state_words
from ui.widgets.live_notice import Notice, notice, ready

_RESTING = (LineState.PAUSED, LineState.DISK_BEHIND)


class LiveImageMonitor:
    """Remembers when each camera was last seen, and says what must be written over its picture.

    Attributes:
        state: What the line does.
        expected_interval_s: Time between parts of a free-running line; None where a trigger decides.
        clock: The seconds that pictures are stamped with.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.state = LineState.STOPPED
        self.expected_interval_s: float | None = None
        self._why = ""
        self._running_since_s = self.clock()
        self._part: RenderedPart | None = None
        self._seen_s: dict[str, float] = {}
        self._lost: dict[str, float] = {}
        self._from_before: set[str] = set()

    def enter_state(self, state: LineState, why: str) -> None:
        """The line does something else now; `why` where the line said so."""
        if state is LineState.STARTING:
            self._part = None
            self._seen_s.clear()
            self._lost.clear()
            self._from_before.clear()
        if self.state in _RESTING:
            self._from_before.update(self._seen_s)
        if not self.state.inspecting_parts:
            self._running_since_s = self.clock()
        self.state, self._why = state, why

    def mark_camera_lost(self, view: str) -> None:
        """The camera of this view is gone: since its last picture, or since now where none was wanted."""
        now_s = self.clock()
        self._lost[view] = now_s if self.state in _RESTING else self._seen_s.get(view, now_s)

    def mark_camera_returned(self, view: str) -> None:
        """It is there again; what it saw last is from before."""
        self._lost.pop(view, None)
        self._from_before.update({view} & self._seen_s.keys())

    def note_verdict(self) -> None:
        """A part has come."""
        self._from_before.clear()

    def note_outlived(self) -> None:
        """No part has come for a few usual intervals: what is seen is from before."""
        self._from_before.update(self._seen_s)

    @property
    def lost(self) -> tuple[str, ...]:
        """The views whose cameras are gone, the one that is missed longest first."""
        return () if self.state.at_rest else tuple(self._lost)

    def add_part(self, part: RenderedPart) -> None:
        """The newest part."""
        self._part = part
        for picture in part.views:
            if picture.levels and picture.received_ns is not None:
                self._seen_s[picture.inspection.name] = picture.received_ns / 1e9

    @property
    def picture_age_s(self) -> float | None:
        """Age of the newest picture of any camera; since the start, where none has come."""
        return self._since(max(self._seen_s.values(), default=None))

    @property
    def goes_on(self) -> bool:
        """No part has come since the line rested or a camera was lost: what is seen is from before."""
        return bool(self._from_before)

    @property
    def stale(self) -> bool:
        """The line inspects, and no part comes."""
        received_ns = None if self._part is None else newest_received_ns(self._part)
        return self.state.inspecting_parts and self._overdue(None if received_ns is None else received_ns / 1e9)

    def notice(self, view: str) -> Notice | None:
        """What must be said about this view's picture, None while it is live."""
        state, seen_s = self._state_of(view), self._seen_s.get(view)
        stale, missing = self._overdue(seen_s), self._missing(view)
        if view in self._from_before and state.inspecting_parts and not stale:
            return ready(self._since(seen_s))
        if missing is not None and state.inspecting_parts and not self.stale:
            return self._no_picture(missing)
        why = self._why if state is self.state else ""
        age_s = self._since(self._lost[view] if view in self.lost else seen_s)
        return notice(state, why or state_words(state), age_s, stale=stale)

    def _state_of(self, view: str) -> LineState:
        """A lost camera is lost also while the line rests. One of several: the others are no worse for it."""
        if view in self.lost:
            return LineState.CAMERA_LOST
        if self.state is LineState.CAMERA_LOST and self._lost:
            return LineState.INSPECTING
        return self.state

    def _missing(self, view: str) -> ViewInspection | None:
        """This view of the newest part, where it has no picture."""
        pictures = () if self._part is None else self._part.views
        return next((each.inspection for each in pictures if each.inspection.name == view and not each.levels), None)

    def _no_picture(self, view: ViewInspection) -> Notice:
        seen_s = self._seen_s.get(view.name)
        since = "" if seen_s is None else f" \u2013 {age(self.clock() - seen_s)}"
        return Notice(f"NO PICTURE{since}", view.reason)

    def _overdue(self, seen_s: float | None) -> bool:
        """Return whether a picture is overdue; the wait starts when the line leaves a rest."""
        since_s = self._running_since_s if seen_s is None else max(seen_s, self._running_since_s)
        return is_silent(self.clock() - since_s, self.expected_interval_s)

    def _since(self, moment_s: float | None) -> float | None:
        now_s = self.clock()
        if moment_s is not None:
            return max(0.0, now_s - moment_s)
        return now_s - self._running_since_s if self.state.inspecting_parts else None
