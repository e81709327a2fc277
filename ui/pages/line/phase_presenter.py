"""What the line does, in words: on this page, and in short on all others."""

from station.app import Station
from station.domain.formatting import age
from station.domain.messages import LineState, LineStateChanged
from station.domain.phase import phase_words
from ui.background.line_window import call_line_window
from ui.pages.line.displayed_part import DisplayedPart
from ui.pages.line.phase_line import PhaseLine
from ui.pages.line.wording import CHECKING, ELSEWHERE, WHY_CHECKING, WHY_ELSEWHERE, state_words, why_words

_LOOKS_ELSEWHERE_EVERY_S = 1.0


class PhasePresenter:
    """Joins the state of the line, its cameras and its pictures to the phase.

    Attributes:
        elsewhere: Another window or program runs the line of this workspace.
    """

    def __init__(self, phase: PhaseLine, displayed_part: DisplayedPart, station: Station) -> None:
        self._phase, self._displayed_part, self._station = phase, displayed_part, station
        self._why_stopped = ""
        self.elsewhere, self._looked_elsewhere_s = False, 0.0

    @property
    def words(self) -> str:
        """What the line does, in the same words on this page and on the strip of all others."""
        displayed = self._displayed_part
        if self.elsewhere:
            return ELSEWHERE
        if self._checking:
            return CHECKING
        return phase_words(
            displayed.state,
            free_running=self._station.settings.camera.trigger == "free",
            has_parts=displayed.live is not None,
            per_minute=displayed.live_verdict.pace.per_minute(displayed.image_monitor.clock()),
        )

    @property
    def _checking(self) -> bool:
        return self._displayed_part.state.inspecting_parts and self._station.challenge.running

    def enter_state(self, change: LineStateChanged) -> None:
        """Show what the line does now."""
        said = change.state in (LineState.STOPPED, LineState.CHECK_DUE)
        self._why_stopped = change.for_operator if said else ""
        due = f"{self._why_stopped} " if change.state is LineState.CHECK_DUE else ""
        self._displayed_part.enter_state(change.state, f"{due}{state_words(change.state)}")
        self.show()

    def show(self) -> None:
        """Show the phase, and why."""
        state, stale = self._displayed_part.state, self._displayed_part.stale
        why = why_words(state, self._displayed_part.image_monitor.lost, self._why_stopped, stale=stale)
        if self.elsewhere or self._checking:
            why = WHY_ELSEWHERE if self.elsewhere else WHY_CHECKING
        self._phase.show_state(state, self.words, why, stale=stale)

    def beat(self, now_s: float) -> None:
        """Show that the window is alive, what the line does, and the age of the picture."""
        self._phase.beat()
        self._look_elsewhere(now_s)
        self.show()
        self._phase.show_figures(self._figures())

    def call_line_window(self) -> bool:
        """Bring the window that runs the line to the front; return whether there is one."""
        return self.elsewhere and call_line_window(self._station.workspace.root)

    def _look_elsewhere(self, now_s: float) -> None:
        """See, once a second, whether another window runs the line: this one would say that it is stopped.

        A window that is opened while another one runs the line brings that one to the front.
        """
        if now_s - self._looked_elsewhere_s < _LOOKS_ELSEWHERE_EVERY_S:
            return
        first_look, self._looked_elsewhere_s = not self._looked_elsewhere_s, now_s
        self.elsewhere = self._displayed_part.state.at_rest and self._station.line.runs_elsewhere()
        if first_look:
            self.call_line_window()

    def _figures(self) -> str:
        old_s = self._displayed_part.image_monitor.picture_age_s
        return "" if old_s is None or self._displayed_part.live is None else f"picture {age(old_s)} old"
