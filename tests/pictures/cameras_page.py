"""The Cameras page as pictures: live, lost, and without any camera; light and dark, on a small and a large screen.

    python tests/pictures/cameras_page.py FOLDER

Twelve PNG files, drawn without a screen.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1] / "doubles"))

from everybody import EVERYBODY
from PySide6.QtWidgets import QApplication

from station.app import Station
from station.domain.preview import PreviewState
from station.settings import CameraSettings, Settings
from ui.pages.cameras.actions import CamerasAct
from ui.shell.application import make_application
from ui.shell.main_window import MainWindow
from ui.theme.theme import THEMES, Theme, apply_theme, current_theme

SIZES = ((1280, 800), (1920, 1080))
SOON_S = 30.0
GONE = "simulated:flange?rate=25&disconnect=30&return=600"


def until(application: QApplication, condition: Callable[[], object]) -> None:
    """Let the window live until this holds."""
    deadline = time.monotonic() + SOON_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the page does not come to what it should show")
        application.processEvents()
        time.sleep(0.01)


def choose_row(window: MainWindow, source: str) -> None:
    """Mark the camera in the list."""
    rows = window.page_of("cameras").cameras.list
    rows.setCurrentItem(next(row for i in range(rows.count()) if source in (row := rows.item(i)).text()))


def show_live(application: QApplication, window: MainWindow, station: Station) -> None:
    """The GenICam test camera, white with a black square, and a feature of it chosen."""
    page = window.page_of("cameras")
    choose_row(window, "genicam:1")
    window.action_table[CamerasAct.CONNECT].trigger()
    until(application, lambda: "PixelFormat" in page.features.names)
    page.features.choose("PixelFormat")
    page.editor.choice.setCurrentText("Mono8")
    page.editor.write()
    until(application, lambda: page.figures.text_of("Picture").endswith("Mono8"))
    page.features.choose("Width")
    window.action_table[CamerasAct.CROSSHAIR].trigger()
    frames = station.cameras.status.frames
    until(application, lambda: station.cameras.status.frames > frames + 60)


def show_lost(application: QApplication, window: MainWindow, station: Station) -> None:
    """A camera that went away."""
    choose_row(window, "simulated:flange")
    station.cameras.connect(GONE)
    until(application, lambda: station.cameras.status.state is PreviewState.LOST)
    until(application, lambda: window.page_of("cameras").canvas.notice is not None)


def show_nothing(application: QApplication, window: MainWindow, station: Station) -> None:
    """Producers that cannot be used, and why."""
    until(application, lambda: window.page_of("cameras").cameras.why.sentences)


SCENES = {"live": show_live, "lost": show_lost, "empty": show_nothing}


def take_pictures(application: QApplication, window: MainWindow, name: str, folder: Path) -> None:
    """One for each theme and size."""
    for width, height in SIZES:
        window.resize(width, height)
        window.fit_sizes()
        for theme, colours in THEMES.items():
            apply_theme(Theme(colours, current_theme().sizes))
            soon = time.monotonic() + 0.5
            until(application, lambda soon=soon: time.monotonic() > soon)
            window.grab().save(str(folder / f"cameras-{name}-{theme}-{width}.png"))


def main(folder: Path) -> None:
    """Show each scene in a window of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    application = make_application()
    for name, show in SCENES.items():
        with tempfile.TemporaryDirectory() as root, station_in(Path(root)) as station:
            station.people.session.begin(EVERYBODY)
            window = MainWindow(station)
            window.show()
            window.show_page("cameras")
            until(application, lambda window=window: window.page_of("cameras").cameras.list.count())
            show(application, window, station)
            take_pictures(application, window, name, folder)
            window.shut_down()
            window.deleteLater()


def station_in(folder: Path) -> Station:
    """Its producers: one that is not there, one for other machines, and one that anybody may write to."""
    open_to_all, narrow = folder / "ProducerGEV.cti", folder / "ProducerU3V.cti"
    open_to_all.write_bytes(b"\x7fELF\x02" + bytes(64))
    open_to_all.chmod(0o666)
    narrow.write_bytes(b"\x7fELF\x01" + bytes(64))
    producers = (Path("/opt/vendor/lib/absent.cti"), narrow, open_to_all)
    return Station.open(folder / "station", Settings(camera=CameraSettings(source="genicam:4711", producers=producers)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
