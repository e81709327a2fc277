"""A thread that gives work to a worker waits for the result, and not longer than it was given."""

import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor

import pytest

from station.concurrency.requests import Requests
from station.domain.errors import BadInputError, CameraError

SOON_S = 20.0


def refuse():
    raise BadInputError("no such thing")


@pytest.fixture
def asker():
    with ThreadPoolExecutor(1) as pool:
        yield pool


def test_that_work_is_done_by_the_one_who_serves(asker) -> None:
    requests = Requests("camera", SOON_S)
    answer = asker.submit(requests.ask_worker, threading.get_ident)
    requests.serve_requests(wait_s=SOON_S)
    assert answer.result(SOON_S) == threading.get_ident()


def test_that_a_refusal_reaches_only_the_one_who_asked(asker) -> None:
    requests = Requests("camera", SOON_S)
    answer = asker.submit(requests.ask_worker, refuse)
    requests.serve_requests(wait_s=SOON_S)
    with pytest.raises(BadInputError, match="no such thing"):
        answer.result(SOON_S)


def test_that_a_bug_goes_to_the_worker_and_ends_the_wait(asker) -> None:
    requests = Requests("camera", SOON_S)
    answer = asker.submit(requests.ask_worker, lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        requests.serve_requests(wait_s=SOON_S)
    with pytest.raises(CancelledError):
        answer.result(SOON_S)


def test_that_a_worker_that_has_ended_is_not_waited_for() -> None:
    requests = Requests("genicam:1", SOON_S)
    requests.end_requests()
    with pytest.raises(CameraError, match="genicam:1 is not connected"):
        requests.ask_worker(refuse)


def test_that_a_worker_that_does_not_serve_is_reported() -> None:
    with pytest.raises(CameraError, match="genicam:1 does not answer"):
        Requests("genicam:1", 0.01).ask_worker(refuse)
