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


def test_that_a_process_without_heartbeat_hangs_after_half_the_time_limit(clock: Clock) -> None:
    camera = Watchdog(1.0, runs_free=False, clock=clock)
    assert camera.loss_reason(0.49, busy=False) == ""
    assert "hangs" in camera.loss_reason(0.51, busy=False)


def test_that_a_busy_process_is_judged_by_the_time_limit_of_its_command(clock: Clock) -> None:
    assert Watchdog(1.0, runs_free=False, clock=clock).loss_reason(3.0, busy=True) == ""


def test_that_only_a_free_running_camera_is_lost_when_silent(clock: Clock) -> None:
    free, triggered = (Watchdog(1.0, runs_free=runs_free, clock=clock) for runs_free in (True, False))
    clock.now += 1.1
    assert "sends no pictures" in free.loss_reason(FRESH_S, busy=False)
    assert triggered.loss_reason(FRESH_S, busy=False) == ""
    free.note_delivery()
    assert free.loss_reason(FRESH_S, busy=False) == ""


def test_that_a_slow_camera_is_lost_after_two_of_its_frame_periods(clock: Clock) -> None:
    camera = Watchdog(1.0, runs_free=True, clock=clock)
    camera.set_frame_period(3.0)
    clock.now += 5.9
    assert camera.loss_reason(FRESH_S, busy=False) == ""
    clock.now += 0.2
    assert camera.loss_reason(FRESH_S, busy=False)


def test_that_the_poll_ends_when_the_camera_may_be_lost(clock: Clock) -> None:
    camera = Watchdog(1.0, runs_free=True, clock=clock)
    assert camera.poll_timeout_s(0.2) == pytest.approx(0.3)
    clock.now += 0.9
    assert camera.poll_timeout_s(FRESH_S) == pytest.approx(0.1)
    clock.now += 1.0
    assert camera.poll_timeout_s(FRESH_S) > 0, "or the loop would spin"
