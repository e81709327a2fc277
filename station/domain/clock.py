"""The wall clock."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Now, UTC; for what is written down. Durations are measured on the monotonic clock."""
    return datetime.now(UTC)
