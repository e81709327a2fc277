"""What all tests share."""

import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from cheap_steps import CHEAP, upgrade_quickly
from contrast_model import contrast_package, release_plate
from everybody import EVERYBODY
from hypothesis import settings
from numpy.typing import NDArray
from postgres_server import postgres  # noqa: F401 - a fixture
from side_run import SIDE_TESTS, WAITER, SideRun
from soak_process import SoakProcess

from station.domain.recipe import Recipe, RecipeState, View
from station.inference.model_package import ModelDescription, ModelPackage, write_package
from station.people.pin_hash import PinHasher
from station.storage.engine import database

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from station.app import Station
    from ui.shell.main_window import MainWindow

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

# Where it is set, every program that a test starts compiles the whole station again: half of its start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# How long an example takes says something of the machine's load and nothing of the rule.
settings.register_profile("station", deadline=None)
settings.register_profile("fast", deadline=None, max_examples=10)
settings.load_profile("station")

_TESTS = Path(__file__).parent
_DATA = _TESTS.parents[1] / "shared" / "data"


# Folders whose tests start cameras, lines or programs; `--fast` leaves them out.
_WHOLE_STATION = ("benchmarks", "contracts", "faults", "installer", "journeys", "soak", "wire")
_LONG_FILES = {
    "test_cameras.py",
    "test_contracts.py",
    "test_demo.py",
    "test_demo_models.py",
    "test_jobs.py",
    "test_line_commands.py",
    "test_network.py",
    "test_views.py",
}
_NOT_FAST_MARKERS = ("slow", "data", "genicam", "soak")
_NOT_FAST_FIXTURES = {"station", "taught", "postgres"}


@dataclass(frozen=True, slots=True)
class TypeCheck:
    """A running type check, and the file that receives its output."""

    program: "subprocess.Popen[bytes]"
    report: Path


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--fast`: the selection for daily work, which ends within 90 s and covers every room."""
    parser.addoption("--fast", action="store_true", help="only tests that need no camera, no line and no whole station")


def pytest_configure(config: pytest.Config) -> None:
    """With `--fast`, properties are tried with fewer examples."""
    if config.option.fast:
        settings.load_profile("fast")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what a run of everything runs beside itself, see `side_run`, and import nothing that is not fast."""
    left_out = config.option.fast and _is_long(collection_path)
    return True if left_out or (_is_run_of_everything(config) and collection_path in SIDE_TESTS) else None


def _is_run_of_everything(config: pytest.Config) -> bool:
    option = config.option
    named = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    return not (named or option.fast or option.markexpr or option.keyword or option.collectonly)


def _is_long(path: Path) -> bool:
    return path.name in _LONG_FILES or (path.parent == _TESTS and path.name in _WHOLE_STATION)


def _is_fast(item: pytest.Item) -> bool:
    marked = any(item.get_closest_marker(name) for name in _NOT_FAST_MARKERS)
    fixtures = set(getattr(item, "fixturenames", ()))
    return not (marked or fixtures & _NOT_FAST_FIXTURES or _is_at_a_plant(item))


def _is_at_a_plant(item: pytest.Item) -> bool:
    """Whether the test runs on a server; the same one on a file stays."""
    return getattr(item, "callspec", None) is not None and item.callspec.params.get("engine") == "postgresql"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run fast tests first, and those that take an hour only if asked for."""
    if config.option.fast:
        left_out = [item for item in items if not _is_fast(item)]
        items[:] = [item for item in items if _is_fast(item)]
        config.hook.pytest_deselected(items=left_out)
    items.sort(key=_place_in_the_run)
    if "nightly" not in config.option.markexpr:
        nightly = [item for item in items if item.get_closest_marker("nightly")]
        items[:] = [item for item in items if item not in nightly]
        config.hook.pytest_deselected(items=nightly)


def pytest_collection_finish() -> None:
    """What stays anyway is not looked through again after every test of the window: a second, once torch is loaded."""
    gc.collect()
    gc.freeze()


def _place_in_the_run(item: pytest.Item) -> int:
    """Fast ones first; what waits for a program that runs beside the others comes when nothing else is left to do."""
    waits = item.get_closest_marker("soak") or item.name == "test_that_the_tests_that_only_compute_pass"
    return 2 if waits else int(item.get_closest_marker("slow") is not None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Below the results, what tests have measured."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for what, figures in report.user_properties:
            terminalreporter.line(f"measured: {what}: {figures}")


@pytest.fixture(scope="session", autouse=True)
def heeds_interrupts() -> None:
    """What a shell runs in its background ignores Ctrl+C, and so would every program that a test starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def soaks(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[float, SoakProcess]]:
    """The soaks of this run, by their minutes. They take longest, so they begin first and run beside the others."""
    marked = {mark.args[0] for item in request.session.items if (mark := item.get_closest_marker("soak"))}
    package = request.getfixturevalue("tiny_package") if marked else None
    with ExitStack() as held:
        yield {
            minutes: held.enter_context(SoakProcess(tmp_path_factory.mktemp("soak"), package, minutes))
            for minutes in marked
        }


@pytest.fixture(scope="session", autouse=True)
def type_check(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TypeCheck | None]:
    """The type check of this run, if it is asked for. It takes long, so it begins first and runs beside the others."""
    if not any(item.name == "test_that_the_types_hold" for item in request.session.items):
        yield None
        return
    report = tmp_path_factory.mktemp("types") / "mypy.txt"
    with report.open("w") as out:
        program = subprocess.Popen([sys.executable, "-m", "mypy"], cwd=_TESTS.parent, stdout=out, stderr=out)
    # Somebody waits for it from the start: an ended child that nobody waited for has no command line,
    # and tests ask every child of this run for its own.
    waiter = threading.Thread(target=program.wait, name=WAITER)
    waiter.start()
    try:
        yield TypeCheck(program, report)
    finally:
        program.kill()
        waiter.join()


@pytest.fixture(scope="session", autouse=True)
def side_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SideRun | None]:
    """The tests that only compute, while everything is run. They begin first and run beside the others."""
    if not _is_run_of_everything(request.config):
        yield None
        return
    with SideRun(tmp_path_factory.mktemp("side") / "pytest.txt", longest_s=3000) as run:
        yield run


@pytest.fixture(scope="session", autouse=True)
def cheap_steps() -> Iterator[None]:
    """What a station does seldom and at length is done quickly in the process of the tests, not in what they start.

    The tables of a new file are copied; tests of `storage/engine` run every migration. Hashes of PINs cost nothing.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PinHasher.__init__, "__defaults__", CHEAP)
        patch.setattr(database, "upgrade", upgrade_quickly)
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real pictures beside the checkout."""
    folder = Path(os.environ.get("LINESIDE_DATA", _DATA))
    if not folder.is_dir():
        pytest.skip(f"the real pictures are not at {folder}; set LINESIDE_DATA to their folder")
    return folder


@pytest.fixture(scope="session")
def tiny_package(tmp_path_factory: pytest.TempPathFactory) -> ModelPackage:
    """A real model package that needs no teaching, see `contrast_package`; copy its folder into a workspace."""
    return contrast_package(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def draw_part() -> Callable[..., NDArray[np.uint8]]:
    """Pictures for `tiny_package`: `draw_part(seed)` passes, `draw_part(seed, defective=True)` fails."""
    return _draw_part


def _draw_part(seed: int = 0, *, defective: bool = False, size: tuple[int, int] = (240, 320)) -> NDArray[np.uint8]:
    """Noisy grey, (h, w) uint8; where defective, with a black mark a quarter as high and as wide as the picture."""
    rng = np.random.default_rng(seed)
    picture = rng.integers(120, 136, size, np.uint8)
    if defective:
        height, width = size[0] // 4, size[1] // 4
        y, x = rng.integers(0, size[0] - height), rng.integers(0, size[1] - width)
        picture[y : y + height, x : x + width] = 0
    return picture


@pytest.fixture
def triggered() -> str:
    """What opens an inspection on the station of the test."""
    return "free"


@pytest.fixture
def station(
    tmp_path: Path, tiny_package: ModelPackage, draw_part: Callable[..., NDArray[np.uint8]], triggered: str
) -> "Iterator[Station]":
    """A real station in its own workspace: recipe "plate" is released, its camera replays good and bad parts."""
    from station.app import Station  # noqa: PLC0415 - most tests need no station
    from station.settings import CameraSettings, Settings  # noqa: PLC0415

    parts = tmp_path / "parts"
    parts.mkdir()
    for i in range(6):
        cv2.imwrite(str(parts / f"{i}.png"), draw_part(i, defective=i % 3 == 1))
    release_plate(tmp_path / "workspace", tiny_package)
    camera = CameraSettings(source=f"replay:{parts}?rate=25&loop=1", trigger=triggered)
    with Station.open(tmp_path / "workspace", Settings(camera=camera)) as opened:
        yield opened


@pytest.fixture
def duo(station: "Station", tiny_package: ModelPackage) -> Recipe:
    """On that station, the released recipe "duo" with the views "top" and "side"; each has a model of its own."""
    models = station.workspace.models
    described = tiny_package.manifest.model_dump(include=set(ModelDescription.model_fields))
    files = {name: tiny_package.folder / name for name in ("model.xml", "model.bin")}
    side = write_package(models, "tiny-side", ModelDescription(**described | {"made_by": "tests, side"}), files)
    views = (View(tiny_package.reference, "top"), View(side.reference, "side"))
    return station.recipes.add(Recipe("duo", 1, "duo", views), RecipeState.RELEASED).recipe


@pytest.fixture
def window(station: "Station", dressed: None, nothing_left_behind: None) -> "Iterator[MainWindow]":
    """The real window on that station, 1280 x 800, on the screen, for somebody who may do everything."""
    from ui.shell.main_window import MainWindow  # noqa: PLC0415

    station.people.session.begin(EVERYBODY)
    shown = MainWindow(station)
    shown.show()
    shown.fit_sizes()
    yield shown
    shown.shut_down()
    shown.deleteLater()


@pytest.fixture
def dressed(qapp: "QApplication") -> None:
    """Qt with the program's own style and typeface, so that sizes and pixels are the same everywhere."""
    from ui.theme.sizes import sizes_for  # noqa: PLC0415
    from ui.theme.theme import LIGHT, Theme, apply_theme, load_fonts  # noqa: PLC0415

    qapp.setStyle("Fusion")
    load_fonts()
    apply_theme(Theme(LIGHT, sizes_for(1280, 800, 96)))


@pytest.fixture(scope="session")
def pages_loaded(qapp: "QApplication") -> None:
    """What earlier tests, the window and its pages loaded stays: it is not looked through after every test."""
    from ui.shell import main_window  # noqa: F401, PLC0415 - most tests need no window
    from ui.shell.page_registry import PAGES  # noqa: PLC0415

    for page in PAGES:
        page.load()
    gc.collect()
    gc.freeze()


@pytest.fixture
def nothing_left_behind(qapp: "QApplication", pages_loaded: None) -> Iterator[None]:
    """Fails when a thread, a running timer or a top-level widget outlives its test."""
    from PySide6.QtCore import QEvent  # noqa: PLC0415

    threads, widgets = set(threading.enumerate()), set(qapp.topLevelWidgets())
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()
    gc.collect()
    assert set(threading.enumerate()) <= threads
    assert set(qapp.topLevelWidgets()) <= widgets
    assert _running_timers() == []


def _running_timers() -> list[object]:
    import shiboken6  # noqa: PLC0415
    from PySide6.QtCore import QTimer  # noqa: PLC0415

    return [
        each
        for each in gc.get_objects()
        if issubclass(type(each), QTimer) and shiboken6.isValid(each) and each.isActive()
    ]
