"""What good pictures taught, kept in the cache folder, so that new labels on them are learned in seconds.

One file for each set of good pictures, method, size of the model's input, seed and backbone, named by the hash of all
these and of the program. The folder may be emptied at any time; what is missing, damaged or by another program is
learned again.
"""

import logging
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station.domain.digest import sha256_hex
from station.learning.jobs import TrainingJob
from station.learning.leftovers import remove_leftovers
from station.trainer.backbone import backbones, origin
from station.trainer.bank import MemoryBank
from station.trainer.cells import GoodCells
from station.trainer.coreset import Axes
from station.trainer.good_parts import GoodParts
from station.trainer.held_out import HeldOut

_LOG = logging.getLogger(__name__)
_ENDING = ".npz"
_MOST_BYTES = 2_000_000_000
"""Of all files together; the cells of 200 pictures are 80 MB, of 2,000 they are 800 MB."""


class GoodCache:
    """The folder of what good pictures taught."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get_or_learn(self, key: str, learn: Callable[[], GoodParts]) -> GoodParts:
        """Return what is kept under `key`, or learn it and keep it."""
        kept = self._read(key)
        if kept is not None:
            return kept
        learned = learn()
        try:
            self._keep(key, learned)
        except OSError as error:  # a full disk must not cost the training
            _LOG.warning("what good pictures taught is not kept: %s", error)
        return learned

    def _read(self, key: str) -> GoodParts | None:
        path = self._path(key)
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                kept = _good_parts({name: arrays[name] for name in arrays.files})
        except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile):
            return None  # a RuntimeError comes from a damaged file that seems to be encrypted or compressed
        with suppress(OSError):  # the folder may be for reading only
            os.utime(path)  # the files that were used last are kept longest
        return kept

    def _keep(self, key: str, good: GoodParts) -> None:
        """Write the file completely or not at all, and remove the oldest ones if all together are too large."""
        self._folder.mkdir(parents=True, exist_ok=True)
        remove_leftovers(self._folder, f".*{_ENDING}")
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".", suffix=_ENDING, delete=False) as file:
            temporary = Path(file.name)
        try:
            _write(temporary, good)
            temporary.replace(self._path(key))
        finally:
            temporary.unlink(missing_ok=True)
        self._remove_oldest()

    def _remove_oldest(self) -> None:
        """Keep the newest files up to `_MOST_BYTES`."""
        files = [(path.stat(), path) for path in self._folder.iterdir() if path.suffix == _ENDING]
        total = 0
        for state, path in sorted(files, key=lambda each: -each[0].st_mtime_ns):
            total += state.st_size
            if total > _MOST_BYTES:
                path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{_ENDING}"


def key_of(job: TrainingJob, pictures: Sequence[str]) -> str:
    """Return the name of what these good pictures teach with this job.

    Args:
        job: The job.
        pictures: SHA-256 of the file of each good picture, in the order of their names.
    """
    parts = [
        program(),
        *origin(backbones()).files.values(),
        job.patchcore.model_dump_json(exclude={"whole_part", "kind"}),
        repr((job.input_size, job.unstated_bits, job.seed, *([job.region] if job.region else []))),
        *([repr(job.location)] if job.location else []),
        *pictures,
    ]
    return sha256_hex("\n".join(parts).encode())


@cache
def program() -> str:
    """Return a hash that changes with the training, the choice and scaling of pictures, and the versions it runs with.

    A number that is raised by hand is forgotten, and a model would be made of rows and distances of two programs.
    """
    versions = [version("lineside").encode(), version("openvino").encode()]
    rooms = (files(room).iterdir() for room in ("station.trainer", "station.vision"))
    sources = [path for room in rooms for path in sorted(room, key=lambda path: path.name) if path.name.endswith(".py")]
    sources.append(files("station.learning") / "spread.py")
    return sha256_hex(b"\0".join([*versions, *(path.read_bytes() for path in sources)]))


def _write(path: Path, good: GoodParts) -> None:
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **_arrays(good))
        file.flush()
        os.fsync(file.fileno())


def _arrays(good: GoodParts) -> dict[str, NDArray[np.generic]]:
    axes = good.cells.axes
    return {
        "mean": axes.mean,
        "directions": axes.directions,
        "variances": axes.variances,
        "cells": good.cells.projected,
        "distance": good.held_out.distance,
        "in_spacings": good.held_out.in_spacings,
        "rows": good.bank.rows,
        "spacing": good.bank.spacing,
    }


def _good_parts(arrays: Mapping[str, NDArray[np.generic]]) -> GoodParts:
    """Return what the arrays hold.

    Raises:
        KeyError: If one is missing.
    """
    axes = Axes(*(np.asarray(arrays[name], np.float32) for name in ("mean", "directions", "variances")))
    distance, in_spacings, rows, spacing = (
        np.asarray(arrays[name], np.float32) for name in ("distance", "in_spacings", "rows", "spacing")
    )
    cells = GoodCells(axes, np.asarray(arrays["cells"], np.float16))
    return GoodParts(cells, HeldOut(distance, in_spacings), MemoryBank(rows, spacing))
