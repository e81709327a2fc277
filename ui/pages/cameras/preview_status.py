"""Whether the picture of a camera that is set up may still be called live, and what is said over it where not."""

from station.domain.formatting import age
from station.domain.preview import PreviewState, PreviewStatus
from station.domain.silence import is_silent
from ui.widgets.live_notice import Notice

_SILENT = "NO LIVE IMAGE"
_RECENT_S = 2.0


def notice(status: PreviewStatus, age_s: float | None) -> Notice | None:
    """What must be said about the picture, None while it is live.

    Args:
        status: How the camera does.
        age_s: Age of the picture; None before the first.
    """
    if age_s is None:
        return None
    if status.state is PreviewState.LIVE:
        text = "No new picture came in the expected time."
        return Notice(f"{_SILENT} \u2013 {age(age_s)}", text) if is_silent(age_s, status.interval_s) else None
    if status.state is PreviewState.ON_LINE:
        return Notice(f"LAST PART \u2013 {age(age_s)}", loud=False) if age_s > _RECENT_S else None
    if status.state is PreviewState.LOST:
        return Notice(f"{status.state.value} \u2013 {age(age_s)}", "The station reconnects by itself.")
    return Notice(f"NOT CONNECTED \u2013 {age(age_s)}", loud=False)


def state_words(status: PreviewStatus, over_picture: Notice | None) -> str:
    """The state in large letters; a camera that is there and sends nothing is not called live."""
    silent = status.state is PreviewState.LIVE and over_picture is not None
    return _SILENT if silent else status.state.value
