"""When a free-running camera is silent: one rule for the camera process, its connection and the pages."""

MISSED_INTERVALS = 2
"""A camera is silent once this many pictures are overdue; a single late picture does not raise an alarm."""

LEAST_S = 1.0
"""Seconds without a picture that no page calls silence, however fast the camera is."""


def longest_silence_s(interval_s: float | None, least_s: float = LEAST_S) -> float:
    """Return how many seconds a camera may deliver nothing before it is silent.

    With `least_s` = 1, a camera at 25 Hz may deliver nothing for 1 s, one at 0.5 Hz (an interval of 2 s) for 4 s.

    Args:
        interval_s: The time between two pictures; None if it is not known.
        least_s: The silence that is always allowed, such as the setting `lost_after_s`.
    """
    return max(least_s, MISSED_INTERVALS * (interval_s or 0.0))


def is_silent(waited_s: float, interval_s: float | None) -> bool:
    """Return whether a picture is overdue.

    Args:
        waited_s: Seconds since the last picture.
        interval_s: The time between two pictures; None if a trigger decides: such a camera is never silent.
    """
    return interval_s is not None and waited_s > longest_silence_s(interval_s)
