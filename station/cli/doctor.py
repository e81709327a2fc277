"""`linesidectl doctor`: everything a station needs, line by line, each with its remedy."""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence, Set
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING

from station.app import Station
from station.camera.opening import open_source
from station.cli.arguments import add_json
from station.cli.output import Results
from station.commands.recipe_views import views_apart, views_that_run_freely
from station.domain.errors import StationError
from station.domain.recipe import Recipe, RecipeState
from station.inference.openvino_predictor import available_devices
from station.settings import CameraSettings
from station.storage import integrity
from station.storage.integrity import Severity

if TYPE_CHECKING:
    from station.cli.arguments import Commands

_GIB = 1024**3
_SOCKET_BUFFER = Path("/proc/sys/net/core/rmem_max")


class State(StrEnum):
    """How a finding stands."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: what was looked at, how it stands, and what to do about it."""

    what: str
    state: State
    text: str
    remedy: str = ""


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser = commands.add_parser("doctor", parents=[common], help="check everything a station needs")
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print every finding; 1 when something is wrong."""
    with Results(asked.json) as results:
        findings = [*_machine(), *_station(asked.workspace)]
        for finding in findings:
            results.line(f"{finding.state:5}  {finding.what}: {finding.text}")
            if finding.remedy:
                results.line(f"       {finding.remedy}")
            results.record(asdict(finding))
    return int(any(finding.state is State.WRONG for finding in findings))


def _machine() -> list[Finding]:
    return [_python(), _opencv(), _devices(), _window_system(), _training(), _socket_buffer()]


def _station(root: Path) -> list[Finding]:
    try:
        with Station.open(root) as station:
            return [
                Finding("workspace", State.OK, str(station.workspace.root)),
                _disk(station.workspace.root),
                _clock(station),
                *_cameras(station.settings.camera),
                *_kept(station),
            ]
    except StationError as error:
        return [Finding("workspace", State.WRONG, error.sentence, error.advice)]


def _python() -> Finding:
    version = sys.version.split()[0]
    cores = os.cpu_count() or 1
    state = State.OK if (3, 11) <= sys.version_info[:2] <= (3, 13) else State.WRONG
    remedy = "" if state is State.OK else "Install Python 3.11 to 3.13."
    return Finding("machine", state, f"Python {version}, {sys.platform}, {cores} cores", remedy)


def _opencv() -> Finding:
    names = sorted({str(d.metadata["Name"]) for d in distributions() if str(d.metadata["Name"]).startswith("opencv")})
    if names == ["opencv-python-headless"]:
        return Finding("OpenCV", State.OK, names[0])
    remedy = "Delete .venv and run installer/bootstrap.py again: two OpenCV packages overwrite each other."
    return Finding("OpenCV", State.WRONG, ", ".join(names) or "not installed", remedy)


def _devices() -> Finding:
    names = available_devices()
    state, remedy = (State.OK, "") if names else (State.WRONG, "Install OpenVINO's plug-in for this processor.")
    return Finding("inference devices", state, ", ".join(names) or "none", remedy)


def _window_system() -> Finding:
    """Qt's libraries are loaded in a process of their own: a missing one would end this one."""
    probe = [sys.executable, "-c", "import PySide6.QtWidgets"]
    result = subprocess.run(probe, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return Finding("window system", State.OK, "Qt loads")
    said = (result.stderr.strip().splitlines() or ["no message"])[-1]
    return Finding("window system", State.WRONG, said, "Run installer/bootstrap.py run; it names the missing library.")


def _training() -> Finding:
    if importlib.util.find_spec("torch") and importlib.util.find_spec("anomalib"):
        return Finding("teaching", State.OK, "torch and anomalib are installed")
    return Finding("teaching", State.NOTE, "not installed", "Run: python3 installer/bootstrap.py train")


def _socket_buffer() -> Finding:
    """GigE Vision loses packets with the kernel's default receive buffer."""
    if not _SOCKET_BUFFER.exists():
        return Finding("network buffer", State.NOTE, "not known on this system")
    size = int(_SOCKET_BUFFER.read_text())
    if size >= 8 * 1024**2:
        return Finding("network buffer", State.OK, f"{size} bytes")
    remedy = "For GigE cameras run as root: sysctl -w net.core.rmem_max=33554432"
    return Finding("network buffer", State.NOTE, f"{size} bytes; GigE cameras lose packets", remedy)


def _disk(root: Path) -> Finding:
    free = shutil.disk_usage(root).free / _GIB
    state, remedy = (State.OK, "") if free >= 2 else (State.WRONG, "Make room, or move the workspace to a larger disk.")
    return Finding("disk", state, f"{free:.1f} GiB free", remedy)


def _clock(station: Station) -> Finding:
    newest = station.records.recent(1)
    ahead_s = newest[0].triggered_at.timestamp() - time.time() if newest else 0.0
    if ahead_s <= 1:
        zone = station.settings.station.time_zone
        return Finding("clock", State.OK, f"{time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime())} UTC, shown in {zone}")
    text = f"the newest record lies {ahead_s:.0f} s in the future"
    return Finding("clock", State.WRONG, text, "Set this machine's clock.")


def _cameras(settings: CameraSettings) -> list[Finding]:
    """One after the other: each is let go of before the next is opened."""
    looked_through = [_camera(f"{view} {words}".lstrip(), words, settings) for view, words in settings.sources.items()]
    return [*looked_through, *_together(settings)]


def _together(settings: CameraSettings) -> list[Finding]:
    """Pictures of one part are known by their time; cameras that run freely take theirs when each likes."""
    freely = views_that_run_freely(settings.views, settings.trigger)
    if not freely:
        return []
    return [Finding("trigger", State.NOTE, freely, 'Write trigger = "software" or "hardware" under [camera].')]


def _camera(name: str, words: str, settings: CameraSettings) -> Finding:
    try:
        source = open_source(words, settings)
        try:
            source.start()
        finally:
            source.close()
    except StationError as error:
        return Finding(f"camera {name}", State.WRONG, error.sentence, error.advice)
    info = source.info
    return Finding(f"camera {name}", State.OK, f"{info.vendor} {info.model} {info.serial}".strip())


def _kept(station: Station) -> list[Finding]:
    """One verification tells of the records, and of every recipe with its models."""
    broken = [finding for finding in station.records.verify() if finding.severity is Severity.ERROR]
    entries = station.recipes.entries()
    recipes = {entry.recipe.label for entry in entries}
    released = [entry.recipe for entry in entries if entry.state is RecipeState.RELEASED]
    return [
        *_records([one for one in broken if one.where not in recipes]),
        *(_wrong(f"recipe {one.where}", one.sentence, one) for one in broken if one.where in recipes),
        *_released(released, {one.where for one in broken}, station.settings.camera),
    ]


def _records(broken: Sequence[integrity.Finding]) -> list[Finding]:
    if not broken:
        return [Finding("records", State.OK, "database and pictures are whole")]
    return [_wrong("records", f"{one.where}: {one.sentence}", one) for one in broken]


def _wrong(what: str, text: str, broken: integrity.Finding) -> Finding:
    remedy = broken.advice or "Keep the workspace as it is, and go on in an earlier copy of the whole folder."
    return Finding(what, State.WRONG, text, remedy)


def _released(recipes: Sequence[Recipe], broken: Set[str], cameras: CameraSettings) -> list[Finding]:
    if not recipes:
        return [
            Finding("recipes", State.NOTE, "none is released", "linesidectl teach FOLDER --product NAME makes one.")
        ]
    whole = [recipe for recipe in recipes if recipe.label not in broken]
    return [
        *(Finding(f"recipe {one.label}", State.OK, f"whole, with model {_models(one)}") for one in whole),
        *(remark for recipe in recipes for remark in _views_of(recipe, cameras)),
    ]


def _models(recipe: Recipe) -> str:
    return recipe.of_each_view(lambda view: view.model.name)


def _views_of(recipe: Recipe, cameras: CameraSettings) -> list[Finding]:
    """A recipe may be for other cameras than those of today."""
    if apart := views_apart(recipe, cameras.sources):
        remedy = "Teach the missing views with --view, or mend [camera.views] in station.toml."
        return [Finding(f"recipe {recipe.label}", State.NOTE, apart, remedy)]
    return []
