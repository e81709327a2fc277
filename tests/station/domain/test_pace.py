"""How often parts come, and whether they still do."""

import pytest

from station.domain.pace import Pace


def paced(*moments_s: float) -> Pace:
    pace = Pace()
    for moment_s in moments_s:
        pace.add(moment_s)
    return pace


def test_that_the_pace_needs_two_parts() -> None:
    assert paced().per_minute(0.0) is None
    assert paced(1.0).per_minute(1.0) is None
    assert paced(1.0, 1.25).per_minute(1.3) == pytest.approx(240)


def test_that_a_line_without_new_parts_has_no_pace() -> None:
    pace = paced(*(i / 4 for i in range(20)))
    assert pace.per_minute(4.75 + 4.9) is not None
    assert pace.per_minute(4.75 + 5.1) is None


def test_that_parts_that_come_at_once_after_a_delay_make_the_line_no_faster() -> None:
    pace = Pace()
    for part in range(20):
        pace.add(5 + part / 1000, part / 4)
    assert pace.per_minute(5.1) == pytest.approx(240)


@pytest.mark.parametrize("jump_s", [-3600.0, 3600.0])
def test_that_a_clock_that_is_set_stops_no_pace(jump_s: float) -> None:
    pace = Pace()
    for part in range(20):
        pace.add(part / 4, part / 4 + (jump_s if part > 9 else 0))
    assert 15 < pace.per_minute(4.8) <= 241


def test_that_one_long_pause_is_not_the_usual_interval() -> None:
    assert paced(0.0, 8.0, 16.0, 300.0, 308.0).usual_interval_s == pytest.approx(8.0)


@pytest.mark.parametrize(
    ("moments_s", "current_s"), [((0.0, 8.0, 16.0), 32.0), ((0.0, 0.25, 0.5), 10.0), ((5.0,), 30.0)]
)
def test_that_a_verdict_is_history_after_a_few_usual_intervals(moments_s, current_s: float) -> None:
    pace, last_s = paced(*moments_s), moments_s[-1]
    assert not pace.outlived(last_s + current_s - 0.1)
    assert pace.outlived(last_s + current_s + 0.1)


def test_that_nothing_is_history_before_the_first_part_and_after_a_rest() -> None:
    assert not paced().outlived(1e6)
    pace = paced(1.0, 2.0)
    pace.forget()
    assert not pace.outlived(1e6)
