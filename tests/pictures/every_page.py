"""Every registered page as pictures: light and dark, on screens of four sizes.

    python tests/pictures/every_page.py FOLDER

The demo line inspects parts first, so that each page has something to show. Drawn without a screen.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from everybody import EVERYBODY
from PySide6.QtWidgets import QApplication

from station.app import Station
from station.domain.dataset import Label
from station.domain.messages import LineState
from station.domain.verdict import Verdict
from ui.pages.limits.score_histogram import LimitLine
from ui.pages.line.filmstrip import Strip
from ui.pages.line.filmstrip_model import StripModel
from ui.shell.application import make_application
from ui.shell.keys_page import KeysPage
from ui.shell.main_window import MainWindow
from ui.shell.page_registry import PAGES
from ui.theme.theme import THEMES, Theme, apply_theme, current_theme

SIZES = ((1280, 800), (1024, 640), (960, 500), (1920, 1080))
"""The usual panel, the least one, a full-HD screen at 200 %, and a full-HD screen."""
PARTS = 14
SOON_S = 90.0
SETTLED_S = 1.5


def until(application: QApplication, condition: Callable[[], object]) -> None:
    """Let the window live until the condition holds.

    Raises:
        TimeoutError: It did not hold in time.
    """
    deadline = time.monotonic() + SOON_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the window does not show what the picture needs")
        application.processEvents()
        time.sleep(0.01)


def settle(application: QApplication, seconds: float = SETTLED_S) -> None:
    """Let the window live for a while."""
    end = time.monotonic() + seconds
    until(application, lambda: time.monotonic() > end)


def take_pictures(application: QApplication, window: MainWindow, name: str, folder: Path) -> None:
    """Save a picture of the window for each size and theme."""
    for width, height in SIZES:
        window.resize(width, height)
        window.fit_sizes()
        for theme, colours in THEMES.items():
            apply_theme(Theme(colours, current_theme().sizes))
            settle(application, 0.6)
            window.grab().save(str(folder / f"{name}-{theme}-{width}.png"))


def show_reject(window: MainWindow) -> None:
    """Choose the newest FAIL in the strip of parts."""
    strip = window.page_of(PAGES[0].name).findChild(Strip)
    model = strip.model()
    assert isinstance(model, StripModel)
    rows = (model.part(row) for row in range(model.rowCount()))
    strip.choose(next(part for part in rows if part.verdict is Verdict.FAIL).key)


def take_line(application: QApplication, window: MainWindow, folder: Path) -> None:
    """The line while it runs, and a past reject after it has stopped."""
    take_pictures(application, window, "line-running", folder)
    window._station.line.stop()
    until(application, lambda: window._station.line.state is LineState.STOPPED)
    show_reject(window)
    settle(application)
    take_pictures(application, window, "line-past", folder)


def take_others(application: QApplication, window: MainWindow, station: Station, folder: Path) -> None:
    """Every other page: at rest, and while the line runs."""
    for page in PAGES[1:]:
        window.show_page(page.name)
        settle(application)
        if page.name == "cameras":
            station.cameras.connect("simulated:flange?rate=10")
            settle(application, 3.0)
        if page.name == "datasets":
            added = station.datasets.collect_parts([part.key for part in station.records.recent()])
            station.datasets.label(added.item_ids[:1], Label.DEFECT, "missing component")
            window.show_page(page.name)
            settle(application, 2.0)
        if page.name == "limits":
            window.page_of("limits").histogram.moved.emit(LimitLine.FAIL, 0.97)
            settle(application)
        if page.name == "annotator":
            collected = station.datasets.collect_parts([part.key for part in station.records.recent()])
            rejected = [item for item in station.datasets.items("flange") if item.verdict is Verdict.FAIL]
            window.open_page(page.name, [item.item_id for item in rejected] or collected.item_ids)
            settle(application, 3.0)
        take_pictures(application, window, page.name, folder)
    window.show_page(PAGES[1].name)
    station.line.start()
    until(application, lambda: window.live_strip.words[0] in {verdict.word for verdict in Verdict})
    take_pictures(application, window, f"{PAGES[1].name}-line-runs", folder)


def take_keys(application: QApplication, window: MainWindow, folder: Path) -> None:
    """The page of keys."""
    for width, height in SIZES:
        window.resize(width, height)
        window.fit_sizes()
        for theme, colours in THEMES.items():
            apply_theme(Theme(colours, current_theme().sizes))
            keys = KeysPage(window, PAGES)
            keys.show()
            settle(application, 0.3)
            keys.grab().save(str(folder / f"keys-{theme}-{width}.png"))
            keys.accept()


def main(folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    application = make_application()
    with Station.open_demo() as station:
        station.people.session.begin(EVERYBODY)
        window = MainWindow(station)
        window.show()
        station.line.start()
        until(application, lambda: station.line.counts().triggers >= PARTS and station.line.counts().failed)
        take_line(application, window, folder)
        take_others(application, window, station, folder)
        take_keys(application, window, folder)
        window.shut_down()
        window.deleteLater()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
