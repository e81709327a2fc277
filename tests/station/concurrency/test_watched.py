"""When a worker is taken for one that hangs: not because its computer slept."""

from dataclasses import dataclass

import pytest

from station.concurrency.watched import Watched

LONGEST_S, SEEN_FOR_S = 15.0, 1.0


@dataclass
class Clock:
    """A clock, and a worker whose step began at a time of it."""

    now_s: float = 100.0
    began_s: float | None = 100.0
    steps: int = 1

    @property
    def busy_s(self) -> float:
        return 0.0 if self.began_s is None else self.now_s - self.began_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watched(clock: Clock) -> Watched:
    return Watched(clock, LONGEST_S, SEEN_FOR_S, lambda: clock.now_s)


def looks(watched: Watched, clock: Clock, seconds: float) -> list[bool]:
    """Look ten times a second."""
    seen = []
    for _ in range(round(seconds * 10)):
        clock.now_s += 0.1
        seen.append(watched.hangs)
    return seen


def test_that_a_step_that_does_not_come_back_hangs_a_second_after_the_longest(watched: Watched, clock: Clock) -> None:
    assert not any(looks(watched, clock, LONGEST_S + SEEN_FOR_S - 0.2))
    assert looks(watched, clock, 0.5)[-1]


def test_that_a_computer_that_slept_in_the_middle_of_a_step_finds_no_worker_hanging(
    watched: Watched, clock: Clock
) -> None:
    looks(watched, clock, 1)
    clock.now_s += 3600
    assert not any(looks(watched, clock, 0.5))
    clock.steps, clock.began_s = 2, clock.now_s
    assert not any(looks(watched, clock, 5))


def test_that_two_naps_in_a_row_are_no_second_look(watched: Watched, clock: Clock) -> None:
    for _ in range(2):
        clock.now_s += 3600
        assert not watched.hangs


def test_that_a_step_after_a_long_one_is_another_one(watched: Watched, clock: Clock) -> None:
    clock.now_s += 3600
    assert not watched.hangs
    clock.steps, clock.began_s = 2, clock.now_s
    clock.now_s += 3600
    assert not watched.hangs
