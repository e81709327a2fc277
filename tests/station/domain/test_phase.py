"""The words of the phase line: steady while parts flow."""

import pytest

from station.domain.messages import LineState
from station.domain.phase import BEFORE_THE_FIRST, phase_words

BOTH = [LineState.WAITING, LineState.INSPECTING]


@pytest.mark.parametrize("state", BOTH)
def test_that_a_free_running_line_says_the_same_between_and_during_parts(state: LineState) -> None:
    words = phase_words(state, free_running=True, has_parts=True, per_minute=241.4)
    assert words == "INSPECTING, 241 parts/min"


@pytest.mark.parametrize("state", BOTH)
def test_that_a_free_running_line_waits_for_no_trigger(state: LineState) -> None:
    assert phase_words(state, free_running=True, has_parts=False, per_minute=None) == BEFORE_THE_FIRST
    assert phase_words(state, free_running=True, has_parts=True, per_minute=None) == "INSPECTING"


@pytest.mark.parametrize("state", BOTH)
def test_that_a_slow_triggered_line_says_what_it_does(state: LineState) -> None:
    assert phase_words(state, free_running=False, has_parts=True, per_minute=7.0) == state.value
    assert phase_words(state, free_running=False, has_parts=False, per_minute=None) == state.value


@pytest.mark.parametrize("state", BOTH)
def test_that_a_fast_triggered_line_does_not_flicker(state: LineState) -> None:
    words = phase_words(state, free_running=False, has_parts=True, per_minute=60.0)
    assert words == "INSPECTING, 60 parts/min"


@pytest.mark.parametrize("state", [state for state in LineState if not state.inspecting_parts])
@pytest.mark.parametrize("free_running", [True, False])
def test_that_every_other_state_is_said_as_it_is(state: LineState, free_running: bool) -> None:
    assert phase_words(state, free_running=free_running, has_parts=True, per_minute=100.0) == state.value
