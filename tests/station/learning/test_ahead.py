"""Work in the background: in order, not too far ahead, and below the line's priority."""

import os
import sys
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.learning.ahead import Background


@given(st.lists(st.integers(), max_size=30), st.integers(1, 4))
def test_that_results_keep_the_order_of_the_items(items, threads):
    with Background(threads) as background:
        assert list(background.each(lambda item: item * 2, items)) == [item * 2 for item in items]


def test_that_it_does_not_run_far_ahead():
    begun = []
    with Background(2) as background:
        results = background.each(begun.append, range(100))
        next(results)
        time.sleep(0.05)
        assert len(begun) <= 5


def test_that_an_error_comes_at_its_place_and_ends_the_work():
    def work(item):
        return 1 // item

    with Background() as background:
        results = background.each(work, [1, 1, 0, 1])
        assert [next(results), next(results)] == [1, 1]
        with pytest.raises(ZeroDivisionError):
            next(results)


def test_that_the_end_waits_unless_nothing_depends_on_it():
    for awaited in (True, False):
        going_on, done = threading.Event(), threading.Event()

        def work(going_on=going_on, done=done):
            going_on.wait(0.2)
            done.set()

        with Background(awaited=awaited) as background:
            background.submit(work)
        assert done.is_set() == awaited
        going_on.set()
        assert done.wait(5)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_that_its_threads_have_a_low_priority_and_this_one_keeps_its_own():
    def priority():
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    own = priority()
    with Background() as background:
        lowered = background.submit(priority).result()
    assert lowered == min(own + 10, 19)
    assert priority() == own
