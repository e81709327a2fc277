"""The real window of a workspace whose settings start the line, with a clock beside it.

    python tests/benchmarks/window_start.py WORKSPACE

Prints one line of JSON: seconds from BEGAN (an environment variable with a time of the monotonic clock) until the
window is shown and the line takes parts, with the processor's seconds, and until the first verdict; the alarms that are
open then. Closes the window when its stdin ends. Runs in a process of its own with any build on its path.
"""

import json
import os
import signal
import sys
import threading
import time

from station.loading import loading

with loading():
    import ui.__main__ as window_program

    if hasattr(window_program, "load_qt"):  # an earlier build has none
        window_program.share_arenas()
        window_program.load_qt()
    from ui.program import run

from PySide6.QtWidgets import QMainWindow

from station.app import Station
from station.concurrency.fan_out import Subscription
from station.domain.messages import LineState, LineStateChanged, PartJudged

_READY = (LineState.WAITING, LineState.INSPECTING)


class Clock:
    """Notes when the window is shown, when the line takes parts, and when the first part is judged."""

    def __init__(self) -> None:
        self._began = float(os.environ["BEGAN"])
        self._shown = threading.Event()
        self._shown_s = self._ready_s = self._busy_s = 0.0

    def now(self) -> float:
        """Return the seconds since the program was started."""
        return time.monotonic() - self._began

    def note_shown(self) -> None:
        """The window is shown."""
        self._shown_s = self.now()
        self._shown.set()

    def follow(self, station: Station) -> None:
        """Follow the news of an opened station on a thread."""
        news = station.news.subscribe(LineStateChanged, PartJudged)
        threading.Thread(target=self._wait, args=(station, news), daemon=True).start()

    def _wait(self, station: Station, news: Subscription) -> None:
        while True:
            message = news.next_message(1.0)
            if isinstance(message, LineStateChanged) and message.state in _READY and not self._ready_s:
                self._ready_s, self._busy_s = self.now(), time.process_time()
            if isinstance(message, PartJudged):
                break
        first_s = self.now()
        self._shown.wait()
        found = {
            "ready_s": max(self._ready_s, self._shown_s),
            "first_s": max(first_s, self._shown_s),
            "busy_s": self._busy_s,
        }
        print(json.dumps(found | {"alarms": [each.kind.value for each in station.alarms.open]}), flush=True)
        sys.stdin.read()
        os.kill(os.getpid(), signal.SIGTERM)


def main() -> int:
    """Run the window until its stdin ends."""
    clock, open_station, show = Clock(), Station.open, QMainWindow.show

    def opened(*given: object) -> Station:
        station = open_station(*given)
        clock.follow(station)
        return station

    def shown(window: QMainWindow) -> None:
        show(window)
        clock.note_shown()

    Station.open, QMainWindow.show = opened, shown
    return run(["--workspace", sys.argv[1]])


if __name__ == "__main__":
    sys.exit(main())
