"""A file system that frees space late: what was given up is not given up twice."""

from hypothesis import given
from hypothesis import strategies as st

from station.pipeline.freed_late import FreedLate


class Clock:
    """Seconds by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_that_what_was_removed_is_awaited_until_the_space_has_come() -> None:
    freed = FreedLate()
    assert freed.awaited(100) == 0
    freed.removed(50)
    assert freed.awaited(100) == 50
    assert freed.awaited(130) == 20
    assert freed.awaited(120) == 20  # somebody wrote
    assert freed.awaited(150) == 0


def test_that_space_that_never_comes_is_waited_for_twice_as_long_each_time() -> None:
    freed = FreedLate(clock := Clock())
    freed.awaited(0)
    for patience in (60, 120, 240, 480, 960, 1920, 3600, 3600):
        freed.removed(10)
        clock.now += patience
        assert freed.awaited(0) == 10
        clock.now += 1
        assert freed.awaited(0) == 0
    freed.removed(10)
    assert freed.awaited(4) == 6
    clock.now += 61
    assert freed.awaited(4) == 0


@given(st.lists(st.integers(1, 10), min_size=1), st.integers(0, 20))
def test_that_a_disk_that_frees_after_some_looks_loses_no_more_than_is_missing(sizes: list[int], late: int) -> None:
    freed, free, wanted, on_the_way = FreedLate(Clock()), 0, 30, list[tuple[int, int]]()
    gone, largest = 0, max(sizes)
    for look in range(60):
        free += sum(size for due, size in on_the_way if due == look)
        for size in sizes:
            if wanted - free - freed.awaited(free) <= 0:
                break
            gone += size
            freed.removed(size)
            on_the_way.append((look + 1 + late, size))
    assert gone < wanted + largest
    assert free >= wanted or sum(sizes) * 60 < wanted or late >= 58
