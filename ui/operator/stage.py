"""Which part is on show: the live one, or one from the strip, and never the one for the other."""

import time

from station.domain.inspection import Inspection, PartKey
from station.domain.messages import LineState
from station.domain.verdict import Verdict
from ui.freshness import notice
from ui.operator.page import OperatorPage
from ui.screen_picture import ScreenPicture
from ui.words import clock


class Stage:
    """Keeps band, canvas and card in step.

    Attributes:
        live: The newest part, None before the first of a run.
        past: The part chosen from the strip, None while live.
        reject: The newest part that did not pass; it stays explained while good ones go by.
        review: The part that waits for a person's word.
    """

    def __init__(self, page: OperatorPage, time_zone: str) -> None:
        self._page = page
        self._zone = time_zone
        self.state = LineState.STOPPED
        self._why = ""
        self._stale = False
        self._running_since_s = time.monotonic()
        self._live_picture: ScreenPicture | None = None
        self.live: Inspection | None = None
        self.past: ScreenPicture | None = None
        self.reject: Inspection | None = None
        self.review: Inspection | None = None

    @property
    def card_part(self) -> Inspection | None:
        """The part that is explained."""
        if self.past is not None:
            return self.past.inspection
        return self.review or self.reject or self.live

    @property
    def picture_age_s(self) -> float | None:
        """Age of the newest picture; since the start, where none has come."""
        now_s = time.monotonic()
        if self._live_picture is not None and self._live_picture.received_ns is not None:
            return max(0.0, now_s - self._live_picture.received_ns / 1e9)
        return now_s - self._running_since_s if self.state.inspecting_parts else None

    def enter(self, state: LineState, why: str) -> None:
        """The line does something else now; a new run starts with an empty stage."""
        if state is LineState.STARTING:
            self.live = self.reject = self._live_picture = None
        if not self.state.inspecting_parts:
            self._running_since_s = time.monotonic()
        self.state, self._why, self._stale = state, why, False
        self._show_all()

    def judged(self, inspection: Inspection) -> None:
        """A part has its verdict."""
        self.live = inspection
        if inspection.verdict is not Verdict.PASS:
            self.reject = inspection
        self._show_band()
        self._show_card()

    def develop(self, picture: ScreenPicture) -> None:
        """The newest picture is ready."""
        self._live_picture = picture
        if self.past is None:
            self._page.canvas.show_picture(picture)
            self._show_crop(picture)

    def show_past(self, picture: ScreenPicture) -> None:
        """A part from the strip, exactly as it was."""
        self.past = picture
        self._show_all()
        self._show_crop(picture)

    def back_to_live(self) -> None:
        """The live picture again."""
        if self.past is not None:
            self.past = None
            self._show_all()

    def wait_for_review(self, inspection: Inspection | None) -> None:
        """This part waits for a person; None when no one does."""
        self.review = inspection
        self._show_card()

    def crop_missing(self, key: PartKey) -> bool:
        """Whether the card explains this part without its place."""
        part = self.card_part
        return part is not None and part.key == key and bool(part.width) and not self._page.card.has_crop

    def add_crop(self, picture: ScreenPicture) -> None:
        """The place of the explained part, fetched afterwards."""
        self._show_crop(picture)

    def watch(self, expected_interval_s: float | None) -> None:
        """Say so when the picture is not live; called by the page's clock."""
        said = notice(self.state, self._why, self.picture_age_s, expected_interval_s)
        self._page.canvas.set_notice(said if self.past is None else None)
        stale = self.state.inspecting_parts and said is not None
        if stale != self._stale:
            self._stale = stale
            self._show_band()

    def _show_all(self) -> None:
        self._show_band()
        self._show_canvas()
        self._show_card()

    def _show_band(self) -> None:
        if self.past is not None:
            self._page.band.show_past(self.past.inspection, f"Now: {self._live_word()}", self._zone)
        elif (verdict := self._live_verdict()) is not None:
            self._page.band.show_live(verdict)
        else:
            self._page.band.show_word(self._live_word(), troubled=self._stale or self.state.troubled)

    def _live_verdict(self) -> Verdict | None:
        stands = self.state.inspecting_parts and not self._stale
        return self.live.verdict if stands and self.live is not None else None

    def _live_word(self) -> str:
        verdict = self._live_verdict()
        if verdict is not None:
            return verdict.word
        if self._stale:
            return "NO LIVE IMAGE"
        return "READY" if self.state.inspecting_parts else self.state.value

    def _show_canvas(self) -> None:
        self._page.back_to_live.setVisible(self.past is not None)
        if self.past is None:
            self._page.canvas.show_picture(self._live_picture)
            return
        part = self.past.inspection
        when = clock(part.triggered_at, self._zone)
        self._page.canvas.show_picture(self.past, f"PAST PART {part.key.label}   {when}")
        self._page.canvas.set_notice(None)

    def _show_card(self) -> None:
        part = self.card_part
        if part is None:
            self._page.card.clear()
            return
        self._page.card.show_part(part, self._card_title(part))
        if self._live_picture is not None:
            self._show_crop(self._live_picture)

    def _card_title(self, part: Inspection) -> str:
        if self.past is not None or part is self.live:
            return f"Part {part.key.label}"
        return f"{'Review' if part is self.review else 'Last reject'}: part {part.key.label}"

    def _show_crop(self, picture: ScreenPicture) -> None:
        part = self.card_part
        if part is not None and picture.inspection.key == part.key and picture.crop is not None:
            self._page.card.show_crop(picture.crop)
