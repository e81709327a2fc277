"""Runs the tests that only compute in a process of their own, beside those that measure time or show a window."""

import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_TESTS = Path(__file__).parents[1]
_DATA_ROOMS = ("domain", "people", "recipes", "reporting", "rescore", "review", "storage")
_PICTURE_ROOMS = ("inference", "judgement", "learning", "matching", "trainer", "vision")
_JOURNEYS = ("hostile_texts", "old_workspace", "rejudging", "teaching_real_products")
_BUSY_PAGES = {"annotator", "cameras", "challenge", "guide", "line"}
SIDE_TESTS = (
    *(_TESTS / "station" / room for room in (*_DATA_ROOMS, *_PICTURE_ROOMS)),
    *(page for page in sorted((_TESTS / "ui/pages").glob("[a-z]*")) if page.name not in _BUSY_PAGES),
    *(_TESTS / f"journeys/test_{journey}.py" for journey in _JOURNEYS),
    _TESTS / "contracts/test_detector.py",
    _TESTS / "station/test_command_line.py",
    _TESTS / "test_contracts.py",
    _TESTS / "test_fast_selection.py",
    _TESTS / "ui/test_nothing_clipped.py",
)
"""Folders and files of tests that another load makes slower, and nothing else: no time, no camera, no full disk."""

WAITER = "waits for a program of this test run"
"""The name of a thread that does nothing else, for tests that look for threads that were left."""


class SideRun:
    """A second run of pytest, at low priority; leaving the `with` block ends it.

    Args:
        report: The file that receives its output.
        longest_s: It is ended after this time, as a failure, seconds.
    """

    def __init__(self, report: Path, longest_s: float) -> None:
        self.report = report
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not nightly", *SIDE_TESTS]
        with report.open("w") as out:
            self._program = subprocess.Popen(["nice", *command], cwd=_TESTS.parent, stdout=out, stderr=out)
        self._longest_s = longest_s
        # Somebody waits for it from the start: an ended child that nobody waited for has no command line,
        # and tests ask every child of this run for its own.
        self._waiter = threading.Thread(target=self._program.wait, name=WAITER)
        self._waiter.start()

    def wait(self) -> int:
        """Return its exit code when it has ended."""
        self._waiter.join(self._longest_s)
        self._program.kill()
        return self._program.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._program.kill()
        self._waiter.join()
