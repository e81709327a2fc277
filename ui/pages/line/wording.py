"""The operator's sentences on the line: a cause and an action, never the engineer's words."""

from collections.abc import Sequence

from station.domain.errors import StorageError
from station.domain.formatting import sentence_case
from station.domain.messages import LineState

_OF_STATE = {
    LineState.CAMERA_LOST: "Check the camera's cable and power. The station reconnects by itself.",
    LineState.DISK_BEHIND: StorageError.for_operator,
    LineState.CHECK_DUE: "Stop the line and run the check (Ctrl+F8). Until then no part is inspected.",
    LineState.FAULT: "The line stopped by itself. Call the engineer.",
}
ELSEWHERE = "RUN BY ANOTHER WINDOW"
WHY_ELSEWHERE = "Another window or program of this station runs the line: look there."
CHECKING = "CHALLENGE CHECK"
WHY_CHECKING = "Challenge parts are inspected now. They are not counted."
NO_CAMERA = "No camera is set"
_OVERDUE = "No new picture came in time. Check the trigger and the camera, or call the engineer."


def state_words(state: LineState) -> str:
    """Return why the line is in this state and what to do; empty if nothing is wrong."""
    return _OF_STATE.get(state, "")


def why_words(state: LineState, lost: Sequence[str], stopped: str = "", *, stale: bool) -> str:
    """Return why the line is in this state; for a paused line, what must be done before it can resume.

    Args:
        state: What the line does.
        lost: The views whose cameras are lost.
        stopped: Why it has stopped, or which check is due, in the words of the station.
        stale: A picture is overdue.
    """
    if state is LineState.STOPPED:
        return sentence_case(f"{stopped}.") if stopped else ""
    if state is LineState.CHECK_DUE:
        return f"{stopped} {state_words(state)}".strip()
    if stale:
        return _OVERDUE
    if state is LineState.PAUSED and lost:
        return f"{_lost_cameras(lost)}. Check the cable and the power."
    return state_words(state)


def lost_word(lost: Sequence[str]) -> str:
    """Return the words of the verdict band for lost cameras: with several cameras their names and the consequence."""
    words = _lost_cameras(lost)
    return f"{words}\nPARTS NOT INSPECTED" if any(lost) else words


def _lost_cameras(lost: Sequence[str]) -> str:
    if len(lost) > 1:
        return f"{len(lost)} CAMERAS LOST"
    return f"{LineState.CAMERA_LOST.value}: {lost[0]}" if any(lost) else LineState.CAMERA_LOST.value
