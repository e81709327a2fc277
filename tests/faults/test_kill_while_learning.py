"""Kill -9 of the window, or of the whole machine, while an engineer works: what was acknowledged is there and whole.

The kills of the trainer alone are in `tests/station/commands/test_training.py`.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from station.app import Station
from station.domain.digest import sha256_hex, sha256_of_file
from station.domain.training import RunState
from station.inference.model_package import find_package
from station.learning.datasets import load_dataset, require_unchanged
from station.learning.working_set.item_files import ItemFiles

LABELLER = Path(__file__).with_name("endless_labeller.py")
WINDOWS, MACHINES = 24, 6
PRODUCT = "disc"
TWO_DAYS_S = 2 * 86_400
Draw = Callable[..., NDArray[np.uint8]]
Started = subprocess.Popen[str]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="forks its stations"),
]


class Said(NamedTuple):
    """What a station acknowledged: what it did, to which picture, by which person, and the content."""

    deed: str
    item: int
    person: str
    content: str


@pytest.fixture
def root(tmp_path: Path, draw_part: Draw) -> Path:
    """A workspace with a frozen version of 12 good pictures of Ada, and of 8 defects that the stations work on."""
    for number in range(20):
        place = tmp_path / ("kept/good" if number < 12 else "free/scratch")
        place.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(place / f"{number:02}.png"), draw_part(number, defective=number >= 12, size=(96, 128)))
    (tmp_path / "source").mkdir()
    with Station.open(tmp_path / "station") as station:
        station.datasets.import_folder(tmp_path / "kept", PRODUCT, person="Ada")
        station.datasets.import_folder(tmp_path / "free", PRODUCT)
        frozen = station.datasets.freeze(PRODUCT)
        assert (frozen.good, frozen.defects) == (12, 8)
    return tmp_path / "station"


def _stations(root: Path, *arguments: str) -> Iterator[Started]:
    command = [sys.executable, str(LABELLER), str(root), str(root.parent / "source"), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as started:
        yield started
        started.communicate()


@pytest.fixture
def windows(root: Path) -> Iterator[Started]:
    yield from _stations(root)


@pytest.fixture
def teaching_windows(root: Path) -> Iterator[Started]:
    yield from _stations(root, "teach")
    for process in _trainers(root):
        process.kill()


def _trainers(root: Path) -> list[psutil.Process]:
    """The runner, its worker and what that has started."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if str(root) in (process.info["cmdline"] or ()) and "station.trainer" in process.info["cmdline"]:
            with suppress(psutil.NoSuchProcess):
                found += [process, *process.children(recursive=True)]
    return list(dict.fromkeys(found))


def _lines(started: Started) -> Iterator[str]:
    assert started.stdout is not None
    return iter(started.stdout.readline, "gone\n")


def _opened(started: Started) -> tuple[int, Iterator[str]]:
    """Start one station; its process, and what it will acknowledge until it is gone."""
    assert started.stdin is not None
    print(file=started.stdin, flush=True)
    lines = _lines(started)
    return int(next(lines)), lines


def _said(lines: Iterator[str]) -> list[Said]:
    parts = (line.split() for line in lines)
    return [Said(deed, int(item), person, content) for deed, item, person, content in parts]


def _require_all(root: Path, acknowledged: list[Said]) -> None:
    """Open the station again, and compare it with what was acknowledged."""
    with Station.open(root) as station:
        files = ItemFiles(station.workspace.datasets, PRODUCT)
        history = {
            (item.item_id, change.person): change
            for item in station.datasets.items(PRODUCT)
            for change in station.datasets.history(item.item_id)
        }
        versions = {version.version for version in station.datasets.versions(PRODUCT)}
        for said in acknowledged:
            match said.deed:
                case "label":
                    assert history[said.item, said.person].label == said.content
                case "mask":
                    mask = files.mask(history[said.item, said.person].mask_sha256)
                    assert sha256_hex(mask.tobytes()) == said.content
                case "picture":
                    kept = station.datasets.item(said.item).picture_sha256
                    assert kept == sha256_of_file(root.parent / "source" / said.content)
                    station.datasets.picture(said.item)
                case "version":
                    assert said.content in versions
        _require_whole_versions(station)


def _require_whole_versions(station: Station) -> None:
    """Whatever is offered to teach from, is whole; whatever was frozen, is offered."""
    offered = {version.version for version in station.training.versions(PRODUCT)}
    assert {version.version for version in station.datasets.versions(PRODUCT)} <= offered
    for version in offered:
        require_unchanged(load_dataset(station.workspace.datasets / PRODUCT / version))


def test_that_no_label_mask_picture_or_version_is_lost_when_the_window_is_killed(root: Path, windows: Started) -> None:
    chance = random.Random(2026)
    acknowledged: list[Said] = []
    for _ in range(WINDOWS):
        window, lines = _opened(windows)
        before = list(islice(lines, chance.randint(0, 10)))
        time.sleep(chance.expovariate(1 / 0.02))
        os.kill(window, signal.SIGKILL)
        acknowledged += _said(chain(before, lines))
        _require_all(root, acknowledged)
    assert {said.deed for said in acknowledged} == {"label", "mask", "picture", "version"}
    assert len(acknowledged) >= WINDOWS
    _require_no_leftovers(root)


def _require_no_leftovers(root: Path) -> None:
    """What the kills left is removed by the next engineer's work, once it is older than any work that may go on."""
    home = root / "datasets" / PRODUCT
    left = [home / ".importing-killed", *home.glob(".importing-*"), *_unfinished(home)]
    left[0].mkdir()
    (home / "items/masks/00").mkdir(exist_ok=True)
    left.append(home / "items/masks/00/.1-killed.tmp")
    left[-1].write_bytes(b"half a mask")
    for path in left:
        os.utime(path, (time.time() - TWO_DAYS_S,) * 2)
    with Station.open(root) as station:
        station.datasets.freeze(PRODUCT)
    assert [path for path in left if path.exists()] == []
    assert _unfinished(home) == []


def _unfinished(home: Path) -> list[Path]:
    return sorted(home.rglob("items/**/*.tmp"))


def test_that_no_half_model_is_offered_when_the_machine_is_killed(root: Path, teaching_windows: Started) -> None:
    chance = random.Random(2026)
    acknowledged: list[Said] = []
    for number in range(1, MACHINES + 1):
        window, lines = _opened(teaching_windows)
        assert next(lines) == f"run {number}\n"
        time.sleep(chance.uniform(0.0, 6.0))
        for process in [psutil.Process(window), *_trainers(root)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        acknowledged += _said(lines)
        _require_all(root, acknowledged)
        with Station.open(root) as station:
            _require_whole_models(station, number)


def _require_whole_models(station: Station, runs: int) -> None:
    """Each run is known. One that is done has its draft and model; one that was cut off has left nothing."""
    known = station.training.runs()
    assert len(known) == runs
    assert RunState.RUNNING not in {run.state for run in known}
    for run in known:
        if run.state is RunState.DONE:
            view = station.recipes.find(PRODUCT, run.revision).recipe.views[0]
            assert find_package(station.workspace.models, view.model).folder.name == run.package
        elif run.state is not RunState.QUEUED:
            assert run.sentence
    packages = {path.name for path in station.workspace.models.iterdir()} - {".compiled"}
    assert packages == {run.package for run in known if run.state is RunState.DONE}
