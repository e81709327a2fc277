"""Whether the picture on the screen may still be called live."""

from dataclasses import dataclass

from station.domain.formatting import age
from station.domain.messages import LineState

NO_LIVE_IMAGE = "NO LIVE IMAGE"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is written over a picture that is not live.

    Attributes:
        title: Large: "NO LIVE IMAGE - 12 s".
        text: One sentence below, may be empty; a calm notice shows it only without a picture.
        loud: Hatched and large; otherwise a label in the corner.
    """

    title: str
    text: str = ""
    loud: bool = True


def notice(state: LineState, text: str, age_s: float | None, *, stale: bool) -> Notice | None:
    """What must be said about the picture, None while it is live.

    Args:
        state: What the line does.
        text: Why, where the line said so.
        age_s: Age of the picture, or of the loss of its camera; None before the first.
        stale: A picture is overdue.
    """
    since = "" if age_s is None else f" \u2013 {age(age_s)}"
    match state:
        case LineState.CAMERA_LOST:
            return Notice(f"CAMERA LOST{since}", text)
        case LineState.DISK_BEHIND:
            return Notice(f"{state.value}{since}", text)
        case LineState.CHECK_DUE | LineState.FAULT:
            return Notice(state.value, text)
        case LineState.PAUSED:
            return _calm(state.value, age_s, "The line is paused.")
        case LineState.STOPPED | LineState.STOPPING:
            return None if age_s is None else _calm(state.value, age_s)
    late = state.inspecting_parts and stale
    return Notice(f"{NO_LIVE_IMAGE}{since}", "No new picture came in the expected time.") if late else None


def ready(age_s: float | None) -> Notice:
    """The line goes on after a rest or a loss, and the picture on show is still the one from before."""
    return _calm("READY", age_s, "The line waits for the next part.")


def _calm(word: str, age_s: float | None, text: str = "") -> Notice:
    return Notice(word if age_s is None else f"{word} \u2013 last picture, {age(age_s)} old", text, loud=False)
