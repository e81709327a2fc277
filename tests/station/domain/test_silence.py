"""A free-running camera is silent by one rule, wherever that is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.silence import is_silent, longest_silence_s


@pytest.mark.parametrize(
    ("interval_s", "least_s", "silence_s"), [(None, 1, 1), (0.04, 1, 1), (2.0, 1, 4), (2.0, 5, 5), (3.0, 5, 6)]
)
def test_that_two_intervals_are_waited_for_and_never_less_than_the_least(
    interval_s: float | None, least_s: float, silence_s: float
) -> None:
    assert longest_silence_s(interval_s, least_s) == silence_s


def test_that_a_camera_with_a_picture_in_time_is_not_silent() -> None:
    assert not is_silent(1.0, 0.25)
    assert is_silent(1.01, 0.25)
    assert not is_silent(4.0, 2.0)
    assert is_silent(4.01, 2.0)


@given(st.floats(0, 1e9))
def test_that_a_camera_that_waits_for_a_trigger_is_never_silent(waited_s: float) -> None:
    assert not is_silent(waited_s, None)


@given(waited_s=st.floats(0, 1e6), later_s=st.floats(0, 1e6), interval_s=st.floats(1e-3, 1e3))
def test_that_silence_does_not_end_by_waiting(waited_s: float, later_s: float, interval_s: float) -> None:
    assert is_silent(waited_s + later_s, interval_s) >= is_silent(waited_s, interval_s)
