"""The wall clock."""

from datetime import UTC, datetime, timedelta

_SLACK = timedelta(hours=1)
"""Less than this is corrected by the network or by the summer time, and mixes nothing up."""


def utc_now() -> datetime:
    """Now, UTC; for what is written down. Durations are measured on the monotonic clock."""
    return datetime.now(UTC)


def behind(now: datetime, newest: datetime | None) -> timedelta | None:
    """Return how far the clock is behind the newest record; None up to an hour, or without a record."""
    if newest is None or newest - now <= _SLACK:
        return None
    return newest - now
