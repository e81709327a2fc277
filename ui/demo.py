"""The demo: the real window on a simulated line. With a number of parts it runs by itself and writes a summary."""

import json
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from station.app import Station
from station.domain.errors import BadInputError
from station.loading import loading
from ui.shell.application import close_on_signals


def run_demo(application: QApplication, parts: int | None, screenshot: Path | None, summary: Path | None) -> int:
    """Show the demo line; with `parts`, run it to its end and close.

    Raises:
        StationError: The demo could not run, or a file cannot be written.
    """
    for path in (screenshot, summary):
        if path is not None:
            _require_place(path)
    with Station.open_demo() as station:
        # The camera opens and the model loads while the window is being built.
        station.line.start(count=parts)
        with loading():
            from ui.demo_run import DemoRun  # noqa: PLC0415 - see above
            from ui.shell.main_window import MainWindow  # noqa: PLC0415

        window = MainWindow(station)
        close_on_signals(window, window.close_when_idle)
        window.show()
        if parts is None:
            return application.exec()
        run = DemoRun(window, screenshot)
        application.exec()
        if run.failure is not None:
            raise run.failure
        _write_summary(station, run.first_verdict_s, summary)
    return 0


def _write_summary(station: Station, first_verdict_s: float | None, path: Path | None) -> None:
    if station.demo is None or path is None:
        return
    if str(path) == "-":
        sys.stdout.write(f"{json.dumps(station.demo.summary(first_verdict_s))}\n")
    else:
        station.demo.write_summary(path, first_verdict_s)


def _require_place(path: Path) -> None:
    """Refuse a path that could not be written, before the line starts."""
    if path.is_dir():
        raise BadInputError(f"{path} is a folder.", "Give the name of a file.")
    if not path.absolute().parent.is_dir():
        raise BadInputError(f"There is no folder {path.absolute().parent}.", "Make it, or give another file.")
