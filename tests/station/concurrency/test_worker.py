import threading

from station.concurrency.worker import Worker


class Reports:
    """What a worker reported."""

    def __init__(self) -> None:
        self.failures: list[tuple[str, str]] = []
        self.ends = 0

    def failure(self, name: str, error: Exception) -> None:
        self.failures.append((name, str(error)))

    def end(self) -> None:
        self.ends += 1


def worker(step, reports: Reports) -> Worker:
    return Worker("test", step, reports.failure, reports.end)


def test_that_a_worker_ends_when_there_is_no_more_to_do() -> None:
    reports, left = Reports(), [1, 1, 1]
    one = worker(lambda: bool(left.pop()) and bool(left), reports)
    one.start()
    assert one.join(5)
    assert (reports.failures, reports.ends, one.failed, left) == ([], 1, False, [])


def test_that_a_worker_ends_when_asked_to() -> None:
    reports, going = Reports(), threading.Event()
    one = worker(lambda: going.set() or True, reports)
    one.start()
    assert going.wait(5)
    assert one.alive
    one.stop()
    assert one.join(5)
    assert reports.ends == 1


def test_that_a_failure_is_reported_and_the_worker_goes_on(caplog) -> None:
    reports, answers = Reports(), [ValueError("once"), ValueError("twice"), None, ValueError("thrice"), None]

    def step() -> bool:
        if answer := answers.pop(0):
            raise answer
        return bool(answers)

    one = worker(step, reports)
    one.start()
    assert one.join(5)
    assert reports.failures == [("test", "once"), ("test", "twice"), ("test", "thrice")]
    assert not one.failed
    assert len(caplog.records) == 3


def test_that_three_failures_in_a_row_are_the_end() -> None:
    reports = Reports()

    def step() -> bool:
        raise ValueError("always")

    one = worker(step, reports)
    one.start()
    assert one.join(5)
    assert one.failed
    assert len(reports.failures) == 3
    assert reports.ends == 1


def test_that_a_worker_that_never_started_has_ended() -> None:
    assert worker(lambda: False, Reports()).join(0)


def test_that_a_failure_that_cannot_be_reported_does_not_end_the_worker() -> None:
    answers = [ValueError("once"), MemoryError(), None]

    def step() -> bool:
        if answer := answers.pop(0):
            raise answer
        return False

    def report(name: str, error: BaseException) -> None:
        raise MemoryError

    one = Worker("test", step, report)
    one.start()
    assert one.join(5)
    assert one.finished
    assert not one.failed
