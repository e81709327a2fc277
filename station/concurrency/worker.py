"""The one kind of thread in the station."""

import logging
import threading
import time
from collections.abc import Callable

from station.domain.errors import is_lack_of_memory

_log = logging.getLogger(__name__)
_FAILURES_IN_A_ROW = 3
_PAUSE_AFTER_FAILURE_S = 0.05

Step = Callable[[], bool]
"""Do at most 100 ms of work, waiting included. Return False if there will never be more to do."""


class Worker:
    """A named thread that repeats a step.

        new --start()--> running --step returns False, or stop()--> ended
                          |   ^
            step raises   v   | step returns
                        failing --three times in a row--> failed

    Each failure is logged with its trace and given to `on_failure`, on this thread. Any exception is caught here, also
    one that would end the thread: the parts that a failed step holds must still get their verdict.

    A lack of memory passes, so it never makes a worker give up, however often it comes in a row; it is reported once
    until a step has returned.
    """

    def __init__(
        self,
        name: str,
        step: Step,
        on_failure: Callable[[str, BaseException], None],
        at_end: Callable[[], None] = lambda: None,
    ) -> None:
        """Create the thread without starting it.

        Args:
            name: What it does, as "inspection".
            step: Repeated until it returns False.
            on_failure: Called at each failure with the worker's name and the error.
            at_end: Called once after the last step, whatever the reason of the end.
        """
        self.name = name
        self._step = step
        self._on_failure = on_failure
        self._at_end = at_end
        self._stopping = threading.Event()
        self._failed = threading.Event()
        self._finished = threading.Event()
        self._lacks_memory = False
        self._began_s: float | None = None
        self._steps = 0
        self._thread = threading.Thread(target=self._run, name=f"lineside {name}", daemon=True)

    @property
    def alive(self) -> bool:
        """Return True while the thread runs."""
        return self._thread.is_alive()

    @property
    def busy_s(self) -> float:
        """Return the seconds since its present step began; 0 between two steps, and before and after all of them."""
        began_s = self._began_s
        return 0.0 if began_s is None else time.monotonic() - began_s

    @property
    def steps(self) -> int:
        """Return how many steps it has begun."""
        return self._steps

    @property
    def failed(self) -> bool:
        """Return True if it gave up after three failures in a row."""
        return self._failed.is_set()

    @property
    def finished(self) -> bool:
        """Return True if it ended because there was no more to do."""
        return self._finished.is_set()

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end after its current step. Returns at once."""
        self._stopping.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for its end; return False if it still runs. A worker that never started has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self.alive

    def _run(self) -> None:
        try:
            self._repeat()
        finally:
            self._at_end()

    def _repeat(self) -> None:
        failures = 0
        while not self._stopping.is_set() and failures < _FAILURES_IN_A_ROW:
            try:
                if not self._timed_step():
                    self._finished.set()
                    return
                failures, self._lacks_memory = 0, False
            except BaseException as error:  # noqa: BLE001 - see the docstring of the class
                if is_lack_of_memory(error):
                    self._report_lack(error)
                    continue
                failures += 1
                _log.exception("worker %s failed", self.name)
                self._report(error, gave_up=failures == _FAILURES_IN_A_ROW)

    def _timed_step(self) -> bool:
        self._steps += 1
        self._began_s = time.monotonic()
        try:
            return self._step()
        finally:
            self._began_s = None

    def _report_lack(self, error: BaseException) -> None:
        if self._lacks_memory:
            self._stopping.wait(_PAUSE_AFTER_FAILURE_S)
            return
        self._lacks_memory = True
        _log.error("worker %s has too little memory", self.name, exc_info=error)
        self._report(error, gave_up=False)

    def _report(self, error: BaseException, gave_up: bool) -> None:
        if gave_up:
            self._failed.set()
        try:
            self._on_failure(self.name, error)
        except BaseException:  # noqa: BLE001 - as for a step: at a lack of memory saying so lacks it too
            _log.exception("worker %s cannot report its failure", self.name)
        self._stopping.wait(_PAUSE_AFTER_FAILURE_S)
