"""`linesidectl doctor`: checks everything that a station needs, one line per check, each with its remedy."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence, Set
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from importlib.metadata import distributions
from pathlib import Path

from station.app import Station
from station.camera.factory import open_source
from station.cli.arguments import add_json
from station.cli.output import Results
from station.domain.clock import utc_now
from station.domain.errors import NoCameraError, StationError
from station.domain.formatting import counted, plain
from station.domain.names import expanded, readable
from station.domain.recipe import Recipe, RecipeState
from station.inference.openvino_predictor import available_devices
from station.recipes.view_editing import free_running_warning, view_mismatch
from station.settings import CameraSettings
from station.storage.records.integrity import Finding, Severity

_MIB, _GIB = 1024**2, 1024**3
_LEAST_FREE_GIB = 2
_SOON = timedelta(days=30)
_LEAST_SOCKET_BUFFER = 8 * _MIB
_GOOD_SOCKET_BUFFER = 32 * _MIB
_SOCKET_BUFFER = Path("/proc/sys/net/core/rmem_max")


class State(StrEnum):
    """The result of one check."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the output: what was checked, the result, and what to do about it."""

    what: str
    state: State
    text: str
    remedy: str = ""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print every remark; return 1 if something is wrong."""
    with Results(asked.json) as results:
        remarks = [*_machine(), *_station(asked.workspace)]
        for remark in remarks:
            results.line(f"{remark.state:5}  {remark.what}: {remark.text}")
            if remark.remedy:
                results.line(f"       {remark.remedy}")
            results.record(asdict(remark))
    return int(any(remark.state is State.WRONG for remark in remarks))


def _machine() -> list[Remark]:
    return [_python(), _opencv(), _devices(), _window_system(), _socket_buffer()]


def _station(root: Path) -> list[Remark]:
    try:
        with Station.open_to_read(root) if expanded(root).is_dir() else Station.open(root) as station:
            return [
                _workspace(station),
                _disk(station),
                _clock(station),
                _people(station),
                *_cameras(station.settings.camera),
                *_plant(station),
                *_stored(station),
            ]
    except StationError as error:
        return [Remark("workspace", State.WRONG, error.sentence, error.advice)]


def _workspace(station: Station) -> Remark:
    if station.unwritable is None:
        return Remark("workspace", State.OK, readable(str(station.workspace.root)))
    return Remark(
        "workspace", State.WRONG, f"{station.unwritable.sentence} It is only read.", station.unwritable.advice
    )


def _python() -> Remark:
    version = sys.version.split()[0]
    cores = os.cpu_count() or 1
    state = State.OK if (3, 11) <= sys.version_info[:2] <= (3, 13) else State.WRONG
    remedy = "" if state is State.OK else "Install Python 3.11 to 3.13."
    return Remark("machine", state, f"Python {version}, {sys.platform}, {counted(cores, 'core')}", remedy)


def _opencv() -> Remark:
    names = sorted({str(d.metadata["Name"]) for d in distributions() if str(d.metadata["Name"]).startswith("opencv")})
    if names == ["opencv-python-headless"]:
        return Remark("OpenCV", State.OK, names[0])
    remedy = "Delete .venv and run installer/bootstrap.py again: two OpenCV packages overwrite each other."
    return Remark("OpenCV", State.WRONG, ", ".join(names) or "not installed", remedy)


def _devices() -> Remark:
    names = available_devices()
    state, remedy = (State.OK, "") if names else (State.WRONG, "Install OpenVINO's plug-in for this processor.")
    return Remark("inference devices", state, ", ".join(names) or "none", remedy)


def _window_system() -> Remark:
    """Open a window in another process, because a missing library would end this one."""
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    probe = [sys.executable, "-m", "ui", "probe"]
    result = subprocess.run(probe, capture_output=True, text=True, errors="replace", check=False, env=environment)
    if result.returncode == 0:
        return Remark("window system", State.OK, "a window opens")
    message = (result.stderr.strip().splitlines() or ["no message"])[-1]
    return Remark(
        "window system", State.WRONG, message, "Run installer/bootstrap.py run; it names the missing library."
    )


def _socket_buffer() -> Remark:
    """Check the receive buffer; with the kernel's default, GigE Vision cameras lose packets."""
    if not _SOCKET_BUFFER.exists():
        return Remark("network buffer", State.NOTE, "cannot be checked on this system")
    size = int(_SOCKET_BUFFER.read_text())
    if size >= _LEAST_SOCKET_BUFFER:
        return Remark("network buffer", State.OK, f"{size} bytes")
    remedy = f"For GigE cameras run as root: sysctl -w net.core.rmem_max={_GOOD_SOCKET_BUFFER}"
    return Remark("network buffer", State.NOTE, f"{size} bytes, with which GigE cameras lose packets", remedy)


def _disk(station: Station) -> Remark:
    disk, today = station.disk.state(), utc_now().date()
    free = disk.free / _GIB
    remedy = "" if free >= _LEAST_FREE_GIB else "Delete files, or move the workspace to a larger disk."
    full_on = disk.full_on(today)
    if not remedy and full_on is not None and full_on - today < _SOON:
        remedy = "Make room before then, or move the workspace to a larger disk."
    state = State.OK if not remedy else State.WRONG if free < _LEAST_FREE_GIB else State.NOTE
    return Remark("disk", state, f"{free:.1f} GiB free, {disk.forecast(today)}", remedy)


def _clock(station: Station) -> Remark:
    if not station.clock_warning:
        zone = station.settings.station.time_zone
        return Remark("clock", State.OK, f"{time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime())} UTC, shown in {zone}")
    return Remark("clock", State.WRONG, plain(station.clock_warning), "Set this machine's clock.")


def _people(station: Station) -> Remark:
    accounts = [each for each in station.people.accounts() if not each.disabled]
    if not accounts:
        remedy = "Make the first account in the window, or by 'linesidectl users add'."
        return Remark("people", State.NOTE, "no accounts: the window does what an operator may", remedy)
    for found in station.people.findings():
        return Remark("people", State.WRONG, found.sentence, found.advice)
    return Remark("people", State.OK, f"{counted(len(accounts), 'account')}, and everybody can log in")


def _plant(station: Station) -> list[Remark]:
    """Say how far the plant is behind; a station without one has no line."""
    if not station.settings.plant.database:
        return []
    status = station.plant.status()
    state = State.WRONG if status.problem else State.OK if status.is_up_to_date else State.NOTE
    return [Remark("plant", state, status.sentence, status.advice)]


def _cameras(settings: CameraSettings) -> list[Remark]:
    """Open one camera after the other; each is released before the next is opened."""
    if not settings.is_set:
        return [Remark("camera", State.NOTE, "no camera is set", NoCameraError.advice)]
    checked = [_camera(f"{view} {words}".lstrip(), words, settings) for view, words in settings.sources.items()]
    return [*checked, *_together(settings)]


def _together(settings: CameraSettings) -> list[Remark]:
    """Several cameras need a trigger: pictures of one part are matched by time, and free-running cameras differ."""
    freely = free_running_warning(settings.views, settings.trigger)
    if not freely:
        return []
    return [Remark("trigger", State.NOTE, freely, 'Write trigger = "software" or "hardware" under [camera].')]


def _camera(name: str, words: str, settings: CameraSettings) -> Remark:
    try:
        source = open_source(words, settings)
        try:
            source.start()
        finally:
            source.close()
    except StationError as error:
        return Remark(f"camera {name}", State.WRONG, error.sentence, error.advice)
    info = source.info
    return Remark(f"camera {name}", State.OK, f"{info.vendor} {info.model} {info.serial}".strip())


def _stored(station: Station) -> list[Remark]:
    """Verify the database once, for the records and for every recipe with its models."""
    broken = [finding for finding in station.records.verify() if finding.severity is Severity.ERROR]
    entries = station.recipes.entries()
    recipes = {entry.recipe.label for entry in entries}
    released = [entry.recipe for entry in entries if entry.state is RecipeState.RELEASED]
    return [
        *_records([one for one in broken if one.where not in recipes]),
        *(_wrong(f"recipe {one.where}", one.sentence, one) for one in broken if one.where in recipes),
        *_released(released, {one.where for one in broken}, station.settings.camera),
    ]


def _records(broken: Sequence[Finding]) -> list[Remark]:
    if not broken:
        return [Remark("records", State.OK, "database and pictures are complete and unchanged")]
    return [_wrong("records", f"{one.where}: {one.sentence}", one) for one in broken]


def _wrong(what: str, text: str, broken: Finding) -> Remark:
    remedy = broken.advice or "Keep this workspace unchanged, and continue with an earlier copy of the whole folder."
    return Remark(what, State.WRONG, text, remedy)


def _released(recipes: Sequence[Recipe], broken: Set[str], cameras: CameraSettings) -> list[Remark]:
    if not recipes:
        return [Remark("recipes", State.NOTE, "no recipe is released", "Run: linesidectl teach FOLDER --product NAME")]
    intact = [recipe for recipe in recipes if recipe.label not in broken]
    return [
        *(Remark(f"recipe {one.label}", State.OK, f"complete, with model {_models(one)}") for one in intact),
        *(remark for recipe in recipes for remark in _views_of(recipe, cameras)),
    ]


def _models(recipe: Recipe) -> str:
    return recipe.of_each_view(lambda view: view.model.name)


def _views_of(recipe: Recipe, cameras: CameraSettings) -> list[Remark]:
    """Check that the views of a recipe match the cameras in the settings."""
    if apart := view_mismatch(recipe, cameras.sources):
        remedy = "Teach the missing views with --view, or correct [camera.views] in station.toml."
        return [Remark(f"recipe {recipe.label}", State.NOTE, apart, remedy)]
    return []
