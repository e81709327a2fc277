"""The words of the phase line: steady while parts flow, so that a change means something."""

from station.domain.messages import LineState

BEFORE_THE_FIRST = "WAITING FOR THE FIRST PART"
_FLOWING_FROM_PER_MIN = 30.0


def phase_words(state: LineState, *, free_running: bool, has_parts: bool, per_minute: float | None) -> str:
    """Return what the line does: "INSPECTING, 241 parts/min".

    A line that inspects changes between WAITING and INSPECTING with each part. Where parts flow, that says nothing: a
    free-running camera has no trigger to wait for, and at more than one part in two seconds the words would flicker.

    Args:
        state: What the line does.
        free_running: No trigger opens an inspection; every picture is a part.
        has_parts: A part was judged since the start of the run.
        per_minute: The pace; None if no parts come at present.
    """
    if not state.inspecting_parts:
        return state.value
    flowing = per_minute is not None and per_minute >= _FLOWING_FROM_PER_MIN
    if free_running and not has_parts:
        return BEFORE_THE_FIRST
    if free_running or flowing:
        pace = "" if per_minute is None else f", {per_minute:.0f} parts/min"
        return f"{LineState.INSPECTING.value}{pace}"
    return state.value
