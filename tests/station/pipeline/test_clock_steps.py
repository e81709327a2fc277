"""A clock that somebody sets while the line runs is in the audit trail, with the time before and after."""

from datetime import UTC, datetime, timedelta

import pytest
from waiting import until

from station.app import Station
from station.domain.alarm import AlarmKind, AlarmState
from station.domain.audit import AuditAction, AuditFilter
from station.domain.clock import utc_now
from station.pipeline.clock_steps import ClockSteps

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
STEPPED = AuditFilter(action=AuditAction.CLOCK_STEPPED)


class Clocks:
    """Two clocks: one goes on by itself, and one can be set."""

    def __init__(self) -> None:
        self.passed_s, self.set_by = 0.0, timedelta(0)

    def wall(self) -> datetime:
        return NOON + timedelta(seconds=self.passed_s) + self.set_by


@pytest.mark.parametrize("by_s", [-86_400 * 400, -3600, -1, 1, 7200, 86_400 * 400])
def test_that_a_step_is_seen_once_with_both_times(by_s: float) -> None:
    clocks, seen = Clocks(), []
    steps = ClockSteps(clocks.wall, lambda: clocks.passed_s)
    steps.on_step = lambda before, now: seen.append((before, now))
    with steps:
        clocks.passed_s, clocks.set_by = 5.0, timedelta(seconds=by_s)
        steps.look()
        clocks.passed_s = 9.0
        steps.look()
    at = NOON + timedelta(seconds=5)
    assert seen == [(at, at + timedelta(seconds=by_s))]


def test_that_a_clock_that_the_network_keeps_right_is_not_called_set() -> None:
    clocks, seen = Clocks(), []
    steps = ClockSteps(clocks.wall, lambda: clocks.passed_s)
    steps.on_step = lambda *both: seen.append(both)
    with steps:
        for second in range(1, 1000):
            clocks.passed_s, clocks.set_by = float(second), timedelta(seconds=0.4 * second)
            steps.look()
    assert not seen


def test_that_a_step_between_two_runs_is_not_seen_as_one_of_the_next_run() -> None:
    clocks, seen = Clocks(), []
    steps = ClockSteps(clocks.wall, lambda: clocks.passed_s)
    steps.on_step = lambda *both: seen.append(both)
    with steps:
        clocks.passed_s = 1.0
    clocks.set_by = timedelta(days=1)
    with steps:
        clocks.passed_s = 2.0
    assert not seen


@pytest.mark.slow
def test_that_a_step_while_the_line_runs_is_in_the_audit_and_raises_the_alarm(station: Station) -> None:
    steps = next(each for each in station._core.line._context.beside if isinstance(each, ClockSteps))
    set_by = timedelta(0)
    steps._now = lambda: utc_now() + set_by
    station._core.line.clock._now = steps._now
    station.line.load_recipe("plate")
    station.line.start()
    until(station.records.recent)
    set_by = timedelta(hours=-30)
    until(lambda: station.alarms.open)  # behind the audit entry, on the same thread
    set_by = timedelta(0)
    until(lambda: [entry.state for entry in station.alarms.open] == [AlarmState.RETURNED])
    station.line.stop()
    assert station.line.wait_stopped(30)
    back, forth = [
        datetime.fromisoformat(entry.new) - datetime.fromisoformat(entry.old)
        for entry in reversed(station.audit.entries(STEPPED))
        if entry.subject.startswith("clock,")
    ]
    assert (round(back.total_seconds()), round(forth.total_seconds())) == (-30 * 3600, 30 * 3600)
    alarms = [(entry.kind, entry.state) for entry in station.alarms.open]
    assert alarms == [(AlarmKind.CLOCK_BEHIND, AlarmState.RETURNED)]
