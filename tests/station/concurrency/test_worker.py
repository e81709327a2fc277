import threading

from station.concurrency.worker import Worker


class Told:
    """What a worker reported."""

    def __init__(self) -> None:
        self.failures: list[tuple[str, str]] = []
        self.ends = 0

    def failure(self, name: str, error: Exception) -> None:
        self.failures.append((name, str(error)))

    def end(self) -> None:
        self.ends += 1


def worker(step, told: Told) -> Worker:
    return Worker("test", step, told.failure, told.end)


def test_that_a_worker_ends_when_there_is_no_more_to_do() -> None:
    told, left = Told(), [1, 1, 1]
    one = worker(lambda: bool(left.pop()) and bool(left), told)
    one.start()
    assert one.join(5)
    assert (told.failures, told.ends, one.failed, left) == ([], 1, False, [])


def test_that_a_worker_ends_when_asked_to() -> None:
    told, going = Told(), threading.Event()
    one = worker(lambda: going.set() or True, told)
    one.start()
    assert going.wait(5)
    assert one.alive
    one.stop()
    assert one.join(5)
    assert told.ends == 1


def test_that_a_failure_is_told_and_the_worker_goes_on(caplog) -> None:
    told, answers = Told(), [ValueError("once"), ValueError("twice"), None, ValueError("thrice"), None]

    def step() -> bool:
        if answer := answers.pop(0):
            raise answer
        return bool(answers)

    one = worker(step, told)
    one.start()
    assert one.join(5)
    assert told.failures == [("test", "once"), ("test", "twice"), ("test", "thrice")]
    assert not one.failed
    assert len(caplog.records) == 3


def test_that_three_failures_in_a_row_are_the_end() -> None:
    told = Told()

    def step() -> bool:
        raise ValueError("always")

    one = worker(step, told)
    one.start()
    assert one.join(5)
    assert one.failed
    assert len(told.failures) == 3
    assert told.ends == 1


def test_that_a_worker_that_never_started_has_ended() -> None:
    assert worker(lambda: False, Told()).join(0)
