"""Which pictures may be called live: of the line as a whole, and of each camera."""

import time

from station.domain.inspection import ViewInspection
from station.domain.messages import LineState
from ui.freshness import Notice, is_stale, notice
from ui.operator.wording import state_words
from ui.screen_picture import ScreenPart
from ui.words import age


class Watch:
    """Remembers when each camera was last seen, and says what must be written over its picture.

    Attributes:
        state: What the line does.
        expected_interval_s: Time between parts of a free-running line; None where a trigger decides.
    """

    def __init__(self) -> None:
        self.state = LineState.STOPPED
        self.expected_interval_s: float | None = None
        self._why = ""
        self._running_since_s = time.monotonic()
        self._part: ScreenPart | None = None
        self._seen_s: dict[str, float] = {}
        self._lost: set[str] = set()

    def enter(self, state: LineState, why: str) -> None:
        """The line does something else now; `why` where the line said so."""
        if state is LineState.STARTING:
            self._part = None
            self._seen_s.clear()
            self._lost.clear()
        if not self.state.inspecting_parts:
            self._running_since_s = time.monotonic()
        self.state, self._why = state, why

    def lose(self, view: str) -> None:
        """The camera of this view is gone."""
        self._lost.add(view)

    def regain(self, view: str) -> None:
        """It is there again."""
        self._lost.discard(view)

    def see(self, part: ScreenPart) -> None:
        """The newest part."""
        self._part = part
        for picture in part.pictures:
            if picture.levels and picture.received_ns is not None:
                self._seen_s[picture.view.view] = picture.received_ns / 1e9

    @property
    def picture_age_s(self) -> float | None:
        """Age of the newest picture of any camera; since the start, where none has come."""
        return self._since(max(self._seen_s.values(), default=None))

    @property
    def stale(self) -> bool:
        """The line inspects, and no part comes."""
        received_ns = None if self._part is None else self._part.received_ns
        age_s = self._since(None if received_ns is None else received_ns / 1e9)
        return self.state.inspecting_parts and is_stale(age_s, self.expected_interval_s)

    def notice(self, view: str) -> Notice | None:
        """What must be said about this view's picture, None while it is live."""
        state = self._state_of(view)
        missing = self._missing(view)
        if missing is not None and state.inspecting_parts and not self.stale:
            return self._no_picture(missing)
        why = self._why or state_words(state)
        return notice(state, why, self._since(self._seen_s.get(view)), self.expected_interval_s)

    def _state_of(self, view: str) -> LineState:
        """One camera of several may be lost alone: the others are no worse for it."""
        if view in self._lost and self.state.inspecting_parts:
            return LineState.CAMERA_LOST
        if self.state is LineState.CAMERA_LOST and self._lost and view not in self._lost:
            return LineState.INSPECTING
        return self.state

    def _missing(self, view: str) -> ViewInspection | None:
        """This view of the newest part, where it has no picture."""
        pictures = () if self._part is None else self._part.pictures
        return next((each.view for each in pictures if each.view.view == view and not each.levels), None)

    def _no_picture(self, view: ViewInspection) -> Notice:
        seen_s = self._seen_s.get(view.view)
        since = "" if seen_s is None else f" \u2013 {age(time.monotonic() - seen_s)}"
        return Notice(f"NO PICTURE{since}", view.reason)

    def _since(self, moment_s: float | None) -> float | None:
        now_s = time.monotonic()
        if moment_s is not None:
            return max(0.0, now_s - moment_s)
        return now_s - self._running_since_s if self.state.inspecting_parts else None
