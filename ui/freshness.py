"""Whether the picture on the screen may still be called live."""

from dataclasses import dataclass

from station.domain.messages import LineState
from ui.words import age

_PATIENCE = 3.0
_LEAST_PATIENCE_S = 1.0


@dataclass(frozen=True, slots=True)
class Notice:
    """What is written over a picture that is not live.

    Attributes:
        title: Large: "NO LIVE IMAGE - 12 s".
        text: One sentence below, may be empty.
        loud: Hatched and large; otherwise a label in the corner.
    """

    title: str
    text: str = ""
    loud: bool = True


def notice(state: LineState, text: str, age_s: float | None, expected_interval_s: float | None) -> Notice | None:
    """What must be said about the picture, None while it is live.

    Args:
        state: What the line does.
        text: Why, where the line said so.
        age_s: Age of the picture; None before the first.
        expected_interval_s: Time between pictures of a free-running source; None where a trigger decides.
    """
    since = "" if age_s is None else f" \u2013 {age(age_s)}"
    match state:
        case LineState.CAMERA_LOST:
            return Notice(f"CAMERA LOST{since}", text)
        case LineState.DISK_BEHIND:
            return Notice(f"{state.value}{since}", text)
        case LineState.FAULT:
            return Notice("FAULT", text)
        case LineState.STOPPED | LineState.PAUSED if age_s is not None:
            return Notice(f"{state.value} \u2013 last picture, {age(age_s)} old", loud=False)
        case _ if state.inspecting_parts and is_stale(age_s, expected_interval_s):
            return Notice(f"NO LIVE IMAGE{since}", "No new picture came in the expected time.")
        case _:
            return None


def is_stale(age_s: float | None, expected_interval_s: float | None) -> bool:
    """Whether a picture of a free-running source is overdue."""
    if age_s is None or expected_interval_s is None:
        return False
    return age_s > max(_PATIENCE * expected_interval_s, _LEAST_PATIENCE_S)
