"""Priority of a thread."""

import os
import sys
import threading

import pytest

from station.concurrency.priority import step_back


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_that_a_thread_steps_back_once_and_the_others_do_not():
    found = []

    def work() -> None:
        for by in (5, 5, 3):
            step_back(by)
            found.append(os.getpriority(os.PRIO_PROCESS, 0))

    ours = os.getpriority(os.PRIO_PROCESS, 0)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [min(ours + 5, 19)] * 3
    assert os.getpriority(os.PRIO_PROCESS, 0) == ours
