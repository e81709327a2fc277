"""The commands of `lineside`: the window, and the window on a demo line."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import station
from station.app import Station
from station.domain.errors import BadInputError, StationError
from station.loading import loading
from ui.shell.application import close_on_signals, make_application


def run(arguments: Sequence[str] | None = None) -> int:
    """Show the window. Return 0 when it was closed, 2 for bad input, 3 for a fault of the station."""
    asked = parser().parse_args(arguments)
    try:
        code: int = asked.run(asked)
    except StationError as error:
        print(f"lineside: {error}", file=sys.stderr)
        return error.exit_code
    return code


def _refused(error: StationError) -> NoReturn:
    """Show why the station cannot be opened: started from an icon, a terminal with the sentence is not there."""
    from ui.shell.refusal_dialog import RefusalDialog  # noqa: PLC0415 - only a station that cannot be opened needs it

    dialog = RefusalDialog(error)
    close_on_signals(dialog, dialog.reject)
    dialog.exec()
    dialog.deleteLater()
    raise error


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="lineside", description="The inspection station's window.")
    top.add_argument("--version", action="version", version=f"Lineside {station.__version__}")
    top.add_argument("--workspace", type=Path, metavar="DIR", help=f"the station's folder ({Station.default_folder()})")
    top.add_argument("--fullscreen", action="store_true", help="fill the screen")
    top.set_defaults(run=_window)
    words = top.add_subparsers(metavar="COMMAND")
    demo = words.add_parser("demo", help="a simulated line, to look at")
    demo.add_argument("--parts", type=_positive, metavar="N", help="stop and close after N parts")
    demo.add_argument("--screenshot", type=Path, metavar="PNG", help="with --parts: the page with the last reject")
    demo.add_argument("--json", type=Path, metavar="FILE", help="with --parts: a summary; - is stdout")
    demo.set_defaults(run=_demo)
    words.add_parser("probe", help="open a window and close it: can this machine show one?").set_defaults(run=_probe)
    return top


def _window(asked: argparse.Namespace) -> int:
    application = make_application()
    try:
        station_opened = Station.open(asked.workspace)
    except StationError as error:
        _refused(error)
    with station_opened as opened, opened.audit.program("window"):
        if opened.clock_warning:
            print(f"lineside: {opened.clock_warning}", file=sys.stderr)
        opened.line.prepare()  # the model is opened while the window is loaded and built
        with loading():
            from ui.shell.main_window import MainWindow  # noqa: PLC0415 - see above

        opened.candidates.resume_shadow()
        opened.training.resume()
        opened.plant.keep_sending()
        window = MainWindow(opened)
        close_on_signals(window, window.close_when_idle)
        if asked.fullscreen:
            window.showFullScreen()
        else:
            window.show()
        if not opened.recipes.entries():  # a station that inspects already is not covered by a card at each start
            window.log_in.offer_first_account()
        return application.exec()


def _demo(asked: argparse.Namespace) -> int:
    from ui.demo import run_demo  # noqa: PLC0415 - only the demo needs it

    if asked.workspace is not None or asked.fullscreen:
        raise BadInputError("The demo has its own window and workspace.", "Leave --workspace and --fullscreen out.")
    if asked.parts is None and (asked.screenshot or asked.json):
        raise BadInputError("Without --parts the demo never ends, so it cannot write a file.", "Give --parts.")
    return run_demo(make_application(), asked.parts, asked.screenshot, asked.json)


def _probe(_asked: argparse.Namespace) -> int:
    """Open the window on an empty workspace, show every page, and close it."""
    from ui.shell.main_window import MainWindow  # noqa: PLC0415 - see `_window`
    from ui.shell.page_registry import PAGES  # noqa: PLC0415

    application = make_application()
    with TemporaryDirectory(prefix="lineside-probe-") as folder, Station.open(Path(folder)) as opened:
        window = MainWindow(opened)
        window.show()
        for page in PAGES:
            window.show_page(page.name)
        window.close_when_idle()
        return application.exec()


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' must be a whole number above 0")
    return int(text)
