import pytest

from station.domain.messages import LineState


@pytest.mark.parametrize("state", LineState)
def test_that_a_line_can_be_either_started_or_stopped_but_while_it_is_stopping(state: LineState) -> None:
    assert state.running + state.at_rest == (state is not LineState.STOPPING)


def test_that_a_line_that_waits_for_the_disk_is_running_and_in_trouble_and_inspects_nothing() -> None:
    assert LineState.DISK_BEHIND.running
    assert LineState.DISK_BEHIND.troubled
    assert not LineState.DISK_BEHIND.inspecting_parts


@pytest.mark.parametrize("state", LineState)
def test_that_nothing_is_inspected_in_trouble_or_at_rest(state: LineState) -> None:
    assert not (state.inspecting_parts and (state.troubled or state.at_rest))
