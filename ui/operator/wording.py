"""What the operator is told of the line and its troubles: a cause and an action, never the engineer's words."""

from station.domain.errors import FaultError, StorageError
from station.domain.messages import LineState, StationTrouble

_OF_STATE = {
    LineState.CAMERA_LOST: "Check the camera's cable and power. The station reconnects by itself.",
    LineState.DISK_BEHIND: StorageError.for_operator,
    LineState.FAULT: "The line stopped by itself. Call the engineer.",
}
_OF_PLACE = {
    "camera": "The camera sent no picture in time. Check the light and the trigger, or call the engineer.",
    "acquisition": FaultError.for_operator,
    "recording": StorageError.for_operator,
    "line": FaultError.for_operator,
    "inspection": FaultError.for_operator,
}
_ELSEWHERE = "A device beside the line does not work. The line goes on; call the engineer."


def state_words(state: LineState) -> str:
    """Why the line is in this state and what to do, "" where nothing is wrong."""
    return _OF_STATE.get(state, "")


def trouble_words(trouble: StationTrouble) -> str:
    """The trouble's own words for the operator, else what can be said of the place where it happened."""
    return trouble.for_operator or _OF_PLACE.get(trouble.where, _ELSEWHERE)
