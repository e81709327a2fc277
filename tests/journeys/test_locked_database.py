"""Another program holds the database, or the disk is slow: the window goes on, whatever is touched."""

import sqlite3
import time
from contextlib import closing

import pytest
from PySide6.QtCore import QTimer

from station.domain.feedback import Disposition
from station.domain.inspection import PartKey
from ui.actions.action import SharedAct

_TICK_MS = 20
_LONGEST_GAP_S = 2.0
"""A tenth of what a locked database takes, and a hundred ticks: a busy machine must not fail the test."""


class Heartbeat:
    """A timer of the GUI thread, and the longest time that it was kept from ticking."""

    def __init__(self) -> None:
        self.ticks = 0
        self.longest_gap_s = 0.0
        self._last_s = time.monotonic()
        self._timer = QTimer(interval=_TICK_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now_s = time.monotonic()
        self.ticks += 1
        self.longest_gap_s = max(self.longest_gap_s, now_s - self._last_s)
        self._last_s = now_s

    def stop(self) -> None:
        self._beat()
        self._timer.stop()


@pytest.fixture
def heartbeat():
    made = Heartbeat()
    yield made
    made.stop()


@pytest.fixture
def locked(station):
    """A product is chosen; from then on nobody else writes until the test is over."""
    station.line.load_recipe("plate")
    with closing(sqlite3.connect(station.workspace.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other
        if other.in_transaction:
            other.execute("ROLLBACK")


def choose(window, station) -> None:
    window.presenter_of("line").commands.load(station.recipes.find("plate").recipe)


def start(window, station) -> None:
    window.action_table[SharedAct.START].trigger()


def say(window, station) -> None:
    window.presenter_of("line").feedback._record(PartKey(1, 1), Disposition.CONFIRMED, "dust")


def read_shift(window, station) -> None:
    window.show_page("shift_report")


@pytest.mark.slow
@pytest.mark.parametrize("touch", [choose, start, say, read_shift])
def test_that_the_window_goes_on_while_the_database_is_locked(window, station, locked, heartbeat, qtbot, touch) -> None:
    touch(window, station)
    qtbot.waitUntil(lambda: heartbeat.ticks >= 25, timeout=20_000)
    locked.execute("ROLLBACK")
    window.shut_down()
    assert heartbeat.longest_gap_s < _LONGEST_GAP_S
