"""Memory of a line with live view, database and pictures: fresh pages per frame of 5 MP, and growth over many frames.

Fresh pages are the minor page faults of the whole process, so they count the libraries' own allocations too: a block as
large as a frame that is taken from the system for each frame shows as that many megabytes. The camera of the
measurement copies each frame into new memory, as the reader of a ring does; what that copy alone takes is the peer.
The growth is that of the private memory, over many small frames with a small model, after a warm-up that fills what is
bounded: the page caches of the database, Python's table of the names of files, the last block of its memory. What they
took is a figure of its own (docs/trials/speed.md, "Growth of the first parts").
"""

import gc
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
from figure import Figure, Setting
from prepared import taught

from station.cli.bench_line import OnePart, running_line
from station.domain.frame import Image
from station.domain.recipe import ModelReference, QualityLimits, Recipe, View
from station.inference.openvino_predictor import OpenVinoPredictor

sys.path.insert(0, str(Path(__file__).parents[2] / "doubles"))

from contrast_model import contrast_package

NAME = "fresh memory per frame and growth"
MOST_GROWTH_MB = 1.0
_MB = 1024 * 1024
_WARM_UP, _FRAMES = 40, 60
_FIRST, _SMALL_WARM_UP, _QUICK, _MANY = 1_000, 4_000, 5_000, 100_000


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return the figures of both kinds of frames, and the growth."""
    return (*_of_large_frames(setting), *_growth(setting))


def _of_large_frames(setting: Setting) -> list[Figure]:
    figures = []
    with taught(setting) as (station, one):
        for kind, frames in (("grey", one.grey), ("colour", one.colour)):
            images = [frame.image for frame in frames]
            recipe = Recipe("measured", 1, "measured", (one.view,))
            with running_line(recipe, one.predictor, images, station.workspace.root) as part:
                ours = _fresh_mb(part.run)
            size = images[0].nbytes / _MB
            name = f"fresh memory per frame, {kind}, whole line"
            figures.append(
                Figure(
                    name, ours, None, "MB", None, size, _FRAMES, f"a frame has {size:.1f} MB; its copy is not counted"
                )
            )
    return figures


def _fresh_mb(work: Callable[[], object]) -> float:
    for _ in range(_WARM_UP):
        work()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(_FRAMES):
        work()
    return (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) * resource.getpagesize() / _MB / _FRAMES


def _growth(setting: Setting) -> tuple[Figure, Figure]:
    frames = _QUICK if setting.quick else _MANY
    view = View(ModelReference("tiny", "0" * 64), quality=QualityLimits())
    with tempfile.TemporaryDirectory(dir=setting.folder) as folder:
        (package := Path(folder) / "package").mkdir()
        predictor = OpenVinoPredictor(contrast_package(package), view.inference, Path(folder) / "cache", threads=1)
        recipe = Recipe("plate", 1, "plate", (view,))
        with running_line(recipe, predictor, _small_pictures(), Path(folder)) as part:
            begun, filled, grown = (_mb_after(part, count) for count in (_FIRST, _SMALL_WARM_UP - _FIRST, frames))
    fills = f"from part {_FIRST:,} to {_SMALL_WARM_UP:,}; bounded"
    note = f"over {frames:,} parts after {_SMALL_WARM_UP:,}" + f"; {_MANY:,} without --quick" * setting.quick
    return (
        Figure("what a running line fills", filled - begun, None, "MB", None, None, _SMALL_WARM_UP - _FIRST, fills),
        Figure("growth of a running line", grown - filled, None, "MB", None, MOST_GROWTH_MB, frames, note),
    )


def _mb_after(part: OnePart, parts: int) -> float:
    """Return the private memory after this number of further parts."""
    for _ in range(parts):
        part.run()
    return _private_mb()


def _private_mb() -> float:
    gc.collect()
    return float(psutil.Process().memory_full_info().uss) / _MB


def _small_pictures() -> list[Image]:
    rng = np.random.default_rng(1)
    return [rng.integers(100, 120, (128, 160), np.uint8) for _ in range(8)]
