import pytest

from station.camera.genicam.watchdog import Watchdog

FRESH_S = 0.01


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_that_a_process_without_heartbeat_hangs_after_half_the_time(clock: Clock) -> None:
    camera = Watchdog(1.0, runs_free=False, clock=clock)
    assert camera.gone(0.49, busy=False) == ""
    assert "hangs" in camera.gone(0.51, busy=False)


def test_that_a_process_that_carries_out_a_command_is_left_to_the_commands_time_limit(clock: Clock) -> None:
    assert Watchdog(1.0, runs_free=False, clock=clock).gone(3.0, busy=True) == ""


def test_that_only_a_camera_that_runs_free_may_not_be_silent(clock: Clock) -> None:
    free, triggered = (Watchdog(1.0, runs_free=runs_free, clock=clock) for runs_free in (True, False))
    clock.now += 1.1
    assert "sends no pictures" in free.gone(FRESH_S, busy=False)
    assert triggered.gone(FRESH_S, busy=False) == ""
    free.heard()
    assert free.gone(FRESH_S, busy=False) == ""


def test_that_a_slow_camera_is_given_two_of_its_own_periods(clock: Clock) -> None:
    camera = Watchdog(1.0, runs_free=True, clock=clock)
    camera.expect_every(3.0)
    clock.now += 5.9
    assert camera.gone(FRESH_S, busy=False) == ""
    clock.now += 0.2
    assert camera.gone(FRESH_S, busy=False)


def test_that_nobody_waits_past_the_moment_a_camera_may_be_lost(clock: Clock) -> None:
    camera = Watchdog(1.0, runs_free=True, clock=clock)
    assert camera.patience_s(0.2) == pytest.approx(0.3)
    clock.now += 0.9
    assert camera.patience_s(FRESH_S) == pytest.approx(0.1)
    clock.now += 1.0
    assert camera.patience_s(FRESH_S) > 0, "nor asks without pause"
