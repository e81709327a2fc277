import threading

import pytest

from station.concurrency.started import Started


def test_that_a_call_runs_on_a_thread_of_its_own_and_its_result_is_waited_for() -> None:
    go = threading.Event()
    started = Started("test", lambda: go.wait(10) and threading.current_thread().name)
    assert not started.wait(0)
    go.set()
    assert started.result() == "lineside test"
    assert started.result() == "lineside test"
    assert not started.failed()
    assert started.wait(0)


def test_that_what_the_call_raises_is_raised_where_its_result_is_asked_for() -> None:
    started = Started("test", lambda: 1 // 0)
    assert started.failed()
    with pytest.raises(ZeroDivisionError):
        started.result()


def test_that_a_call_that_hangs_keeps_no_program_from_ending() -> None:
    go = threading.Event()
    started = Started("test", lambda: go.wait(10))
    assert started._thread.daemon
    go.set()
    started.result()


def test_that_a_call_is_made_at_once_if_the_system_has_no_thread_left(monkeypatch, caplog) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    started, failing = Started("reading", lambda: 7), Started("reading", lambda: 1 // 0)
    assert (started.result(), started.failed(), started.wait(0), failing.failed()) == (7, False, True, True)
    with pytest.raises(ZeroDivisionError):
        failing.result()
    assert "no thread for reading: can't start new thread" in caplog.text
