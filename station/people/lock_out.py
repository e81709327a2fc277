"""How long a log-in waits after failed tries: the same for a name that exists and one that does not."""

from datetime import datetime, timedelta

FREE_TRIES = 3
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)
_FORGOTTEN_AFTER = timedelta(hours=12)
_NO_WAIT = timedelta(0)
_DOUBLINGS = 10
"""More than lead from the first wait to the longest."""


def wait_after(failures: int) -> timedelta:
    """Return how long nobody can log in after this many failed tries in a row: 5 s, 10 s, 20 s ... 5 min."""
    if failures < FREE_TRIES:
        return _NO_WAIT
    doubled: int = 2 ** min(failures - FREE_TRIES, _DOUBLINGS)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def still_to_wait(failures: int, last_try: datetime, now: datetime) -> timedelta:
    """Return how much of the wait is left.

    It is never longer than the wait itself, also if the clock was set back meanwhile.
    """
    whole = wait_after(failures)
    return max(_NO_WAIT, min(whole, last_try + whole - now))


def failures_that_count(failures: int, last_try: datetime, now: datetime) -> int:
    """Return the failed tries in a row that count now: those before a pause of half a day are forgotten."""
    return 0 if now - last_try > _FORGOTTEN_AFTER else failures
