"""Which part is on show: the live one, or one from the strip, and never the one for the other."""

from station.domain.formatting import time_of_day
from station.domain.inspection import Inspection, PartKey
from station.domain.live_verdict import BandContent, LiveVerdict
from station.domain.messages import LineState
from station.domain.scanned_code import shown
from station.domain.verdict import Verdict
from ui.background.rendered_part import RenderedPart
from ui.background.timers import single_timer
from ui.pages.line.live_image_monitor import LiveImageMonitor
from ui.pages.line.page import LinePage
from ui.pages.line.wording import lost_word
from ui.widgets.live_notice import NO_LIVE_IMAGE

_PICTURE_WITHIN_MS = 40
"""A picture comes a few milliseconds after its verdict: until then that of the part before stays as it is."""


class DisplayedPart:
    """Keeps band, pictures and card in step. The band always speaks of the live part, also beside a past one.

    Attributes:
        image_monitor: How live the pictures are.
        live_verdict: The newest part for the band, and the pace of the line.
        live: The newest part, None before the first of a run.
        past: The part chosen from the strip, None while live.
        reject: The newest part that did not pass; it stays explained while good ones go by.
        review: The part that waits for a person's word.
        stale: The line inspects, and no part came in time when the clock last asked.
    """

    def __init__(self, page: LinePage, time_zone: str) -> None:
        self._page = page
        self._zone = time_zone
        self.image_monitor = LiveImageMonitor()
        self.live_verdict = LiveVerdict()
        self.stale = False
        self._view_names: tuple[str, ...] = ("",)
        self._live_part: RenderedPart | None = None
        self.live: Inspection | None = None
        self.past: RenderedPart | None = None
        self._past_held = False
        self.reject: Inspection | None = None
        self.review: Inspection | None = None
        self._missing = single_timer(page, _PICTURE_WITHIN_MS, self._outdate_pictures)

    @property
    def state(self) -> LineState:
        """What the line does."""
        return self.image_monitor.state

    @property
    def card_part(self) -> Inspection | None:
        """The part that is explained."""
        if self.past is not None:
            return self.past.inspection
        return self._newer_reject or self.review or self.reject or self.live

    @property
    def _newer_reject(self) -> Inspection | None:
        """A part that came after the one that waits for a review, and asks for no review itself."""
        reject, review = self.reject, self.review
        if reject is None or review is None or reject.verdict is Verdict.REVIEW or reject.key < review.key:
            return None
        return reject

    def expect_views(self, view_names: tuple[str, ...]) -> None:
        """The next parts have these views."""
        self._view_names = view_names
        if self._live_part is not None and self._live_part.view_names != view_names:
            self._live_part = None
        self._show_pictures()

    def enter_state(self, state: LineState, why: str) -> None:
        """The line does something else now; a new run starts with an empty page."""
        if state is LineState.STARTING:
            self.live = self.reject = self._live_part = None
            self.live_verdict.forget()
        elif not (state.inspecting_parts or state is LineState.CAMERA_LOST):
            self.live_verdict.pace.forget()
        self.image_monitor.enter_state(state, why)
        self.stale = False
        self._show_all()

    def mark_camera_lost(self, view: str) -> None:
        """The camera of this view is gone."""
        self.image_monitor.mark_camera_lost(view)
        self._show_loss()

    def mark_camera_returned(self, view: str) -> None:
        """It is there again."""
        self.image_monitor.mark_camera_returned(view)
        self._show_loss()

    def show_verdict(self, inspection: Inspection) -> None:
        """A part has its verdict."""
        self.live = inspection
        self.live_verdict.add_part(inspection, self.image_monitor.clock())
        self.image_monitor.note_verdict()
        if inspection.verdict is not Verdict.PASS:
            self.reject = inspection
        self._show_band()
        self._show_card()
        if not self._missing.isActive():
            self._missing.start()

    def show_rendered(self, part: RenderedPart) -> None:
        """The pictures of the newest part are ready."""
        self._live_part = part
        self.image_monitor.add_part(part)
        if self.past is None:
            self._page.pictures.show_part(part)
            self._show_notices()
            self._show_crop(part)
        if self._is_behind:
            self._missing.start()
        else:
            self._missing.stop()

    def show_past(self, part: RenderedPart, *, held: bool = False) -> None:
        """A part from the strip, exactly as it was; and whether it is on hold."""
        self.past, self._past_held = part, held
        self._show_all()
        self._show_crop(part)

    def back_to_live(self) -> None:
        """The live pictures again."""
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
        return part is not None and part.key == key and bool(part.deciding.width) and not self._page.card.has_crop

    def add_crop(self, part: RenderedPart) -> None:
        """The place of the explained part, fetched afterwards."""
        self._show_crop(part)

    def close_clock(self) -> None:
        """Wait for no picture any more."""
        self._missing.stop()

    def refresh_age(self, expected_interval_s: float | None) -> None:
        """Say so when pictures are not live; called by the page's clock."""
        self.image_monitor.expected_interval_s = expected_interval_s
        if self._outlived:
            self.image_monitor.note_outlived()
        self._show_notices()
        self.stale = self.image_monitor.stale
        self._show_band()

    def _show_all(self) -> None:
        self._show_band()
        self._show_pictures()
        self._show_card()

    def _show_loss(self) -> None:
        self._show_band()
        self._show_notices()

    def _show_band(self) -> None:
        content = self._band_content()
        if content.verdict is not None:
            self._page.band.show_live(content.verdict, content.beside)
        else:
            troubled = self.stale or self.state.troubled
            self._page.band.show_word(self._live_word(), troubled=troubled, beside=content.beside)

    @property
    def current_verdict(self) -> Verdict | None:
        """What the band says of the live part; None unless the line inspects and its pictures are live."""
        return self._band_content().verdict

    @property
    def _outlived(self) -> bool:
        return self.state.inspecting_parts and self.live_verdict.outlived(self.image_monitor.clock())

    def _band_content(self) -> BandContent:
        if not self.state.inspecting_parts or self.stale:
            return BandContent()
        if self.image_monitor.goes_on and not self._outlived:
            return BandContent()
        return self.live_verdict.content(self.image_monitor.clock())

    def _live_word(self) -> str:
        if self.stale:
            return NO_LIVE_IMAGE
        if self.state is LineState.CAMERA_LOST:
            return lost_word(self.image_monitor.lost)
        return "READY" if self.state.inspecting_parts else self.state.value

    def _show_pictures(self) -> None:
        if self.past is not None:
            part = self.past.inspection
            when = time_of_day(part.triggered_at, self._zone) + (", ON HOLD" if self._past_held else "")
            self._page.pictures.show_part(self.past, past=(f"PAST PART {part.key.label}: {part.verdict.word}", when))
        elif self._live_part is not None:
            self._page.pictures.show_part(self._live_part)
            self._outdate_pictures()
        else:
            self._page.pictures.show_views(self._view_names)
        self._show_notices()

    @property
    def _is_behind(self) -> bool:
        """Band and card are of the newest part; the pictures may still be of the one before."""
        shown = self._live_part
        return shown is not None and self.live is not None and shown.inspection.key != self.live.key

    def _outdate_pictures(self) -> None:
        if self.past is None and self._is_behind:
            self._page.pictures.outdate()

    def _show_notices(self) -> None:
        for tile in self._page.pictures.tiles:
            tile.set_notice(self.image_monitor.notice(tile.name) if self.past is None else None)
        self._page.pictures.tell()

    def _show_card(self) -> None:
        part = self.card_part
        if part is None:
            self._page.card.clear()
            return
        self._page.card.show_part(part, self._card_title(part))
        if self._live_part is not None:
            self._show_crop(self._live_part)

    def _card_title(self, part: Inspection) -> str:
        if self.past is not None or part is self.live:
            return f"Part {_number(part)}"
        return f"{'Review' if part is self.review else 'Last reject'}: part {_number(part)}"

    def _show_crop(self, part: RenderedPart) -> None:
        explained = self.card_part
        crop = part.deciding.crop
        if explained is not None and part.inspection.key == explained.key and crop is not None:
            self._page.card.show_crop(crop)


def _number(part: Inspection) -> str:
    """Return the part's number, and its serial if one was scanned."""
    return f"{part.key.label}, {shown(part.serial)}" if part.serial else part.key.label
