"""Why a disk refuses a file is said in words that a person at the line understands."""

import errno
import os
from datetime import date

import pytest

from station.domain.disk import DiskState, reason_of


@pytest.mark.parametrize("name", ["ENOSPC", "EDQUOT"])
def test_that_a_full_disk_is_said_to_be_full(name: str) -> None:
    if not hasattr(errno, name):
        pytest.skip(f"this system has no {name}")
    number = getattr(errno, name)
    assert reason_of(OSError(number, os.strerror(number))) == "the disk is full"


def test_that_any_other_reason_is_that_of_the_system() -> None:
    assert reason_of(OSError(errno.EACCES, "Permission denied")) == "Permission denied"
    assert reason_of(OSError("bad zip")) == "bad zip"


def test_that_the_forecast_is_said_with_its_cause() -> None:
    state = DiskState(41 * 10**9, 120 * 10**9, 10 * 10**9, 8 * 10**9, 2.05e9)
    assert state.sentence(date(2026, 11, 28)) == (
        "Disk: full on 18 December 2026. Pictures that are never given up take 2.05 GB a day; 41.0 of 120 GB are free."
    )
    new = DiskState(41 * 10**9, 120 * 10**9)
    assert new.sentence(date(2026, 11, 28)) == (
        "Disk: no forecast: no part was recorded in the last 7 days; 41.0 of 120 GB are free."
    )
