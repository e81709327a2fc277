"""Why a disk refuses a file is said in words that a person at the line understands."""

import errno
import os

import pytest

from station.domain.disk import reason_of


@pytest.mark.parametrize("name", ["ENOSPC", "EDQUOT"])
def test_that_a_full_disk_is_said_to_be_full(name: str) -> None:
    if not hasattr(errno, name):
        pytest.skip(f"this system has no {name}")
    number = getattr(errno, name)
    assert reason_of(OSError(number, os.strerror(number))) == "the disk is full"


def test_that_any_other_reason_is_that_of_the_system() -> None:
    assert reason_of(OSError(errno.EACCES, "Permission denied")) == "Permission denied"
    assert reason_of(OSError("bad zip")) == "bad zip"
