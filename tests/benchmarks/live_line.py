"""Run a line at 5 MP and 30 pictures a second with every original kept, and say what came of every part.

    python tests/benchmarks/live_line.py WORKSPACE --recipe NAME [--colour] [--rate HZ] [--seconds N] [--json FILE]

The pictures are those that the recipe was taught from, stretched to 5 MP, with the noise of a camera; the recipe judges
them without region of interest, limits of quality and form. A camera in
memory delivers them in real time; from there on everything is as on a line: the judgement, the news, the pictures and
records on the disk of WORKSPACE, in a copy of it. Printed are the verdicts, the overruns, the originals that are on the
disk, and the longest queue of the recorder. Exit code 1 if a part was not inspected or an original is missing.
"""

import argparse
import json
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from station.app import Station
from station.camera.frame_timer import Due, FrameTimer
from station.camera.source import CameraInfo
from station.cli.bench import _enlarged, _for_any_picture, _pictures
from station.domain.clock import utc_now
from station.domain.frame import Delivery, Frame, Image, LostFrame, NotInspectedCause
from station.domain.inspection import Inspection
from station.settings import RecordingSettings, Settings

_NOISE = 2.0
_VARIANTS = 8


class MemoryCamera:
    """Delivers pictures at a rate, as a camera that overwrites what is not fetched."""

    live_features = None

    def __init__(self, images: Sequence[Image], rate_hz: float) -> None:
        self._images = images
        self._timer = FrameTimer("memory:", rate_hz, "free")
        self._next = 1
        self.info = CameraInfo("genicam:memory", "Lineside", "pictures in memory", "1", on_demand=False)

    def apply(self, settings: object) -> None:
        """Take no settings."""

    def settings(self) -> dict[str, float]:
        """Return the rate."""
        return {"AcquisitionFrameRate": self._timer.rate_hz}

    def features(self) -> tuple[()]:
        """Return none."""
        return ()

    def start(self) -> None:
        """Deliver from now on."""
        self._timer.restart()

    def fetch(self, timeout_s: float) -> Delivery | None:
        """Return the next picture in memory of its own, as from the ring of a camera."""
        due = self._timer.wait_for_frame(timeout_s)
        if due is Due.NOTHING:
            return None
        number, self._next = self._next, self._next + 1
        if due is Due.OVERWRITTEN:
            return LostFrame(number, NotInspectedCause.LOST_FRAME, f"frame {number}")
        image = self._images[number % len(self._images)].copy()
        return Frame(image, number, utc_now(), time.monotonic_ns(), f"frame {number}", timestamp_ns=time.monotonic_ns())

    def stop(self) -> None:
        """Nothing has to be stopped."""

    close = stop


def noisy(images: Sequence[Image]) -> list[Image]:
    """Return some pictures with the noise of a camera: it is what makes them hard to compress."""
    rng = np.random.default_rng(1)
    return [(image + rng.normal(0, _NOISE, image.shape)).clip(0, 255).astype(np.uint8) for image in images[:_VARIANTS]]


@contextmanager
def copied(workspace: Path) -> Iterator[Path]:
    """A copy of the workspace without its pictures, on the same disk."""
    with tempfile.TemporaryDirectory(dir=workspace.parent) as folder:
        copy = Path(folder) / "workspace"
        shutil.copytree(workspace, copy, ignore=shutil.ignore_patterns("pictures", "*.db*"))
        for name in workspace.glob("*.db*"):
            shutil.copy(name, copy)
        (copy / "pictures").mkdir(exist_ok=True)
        yield copy


def measure(workspace: Path, asked: argparse.Namespace) -> dict[str, object]:
    """Run the line, and return what came of the parts."""
    settings = Settings(recording=RecordingSettings(keep_pass_every=1))
    parts: list[Inspection] = []
    waiting: list[int] = []
    with Station.open(workspace, settings) as station:
        recipe = station.recipes.find(*_name_and_revision(asked.recipe)).recipe
        (view,) = recipe.views
        recipe = replace(recipe, views=(_for_any_picture(view),))
        large = _enlarged(
            _pictures(station.workspace.datasets / recipe.product, view.dataset_version), grey=not asked.colour
        )
        camera = MemoryCamera(noisy([frame.image for frame in large]), asked.rate)

        def note(part: Inspection) -> None:
            parts.append(part)
            workers = station.line._line._line._workers
            waiting.append(workers._parts.ledger.unrecorded if workers else 0)

        used, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        with patch("station.pipeline.run_setup.open_source", lambda *_: camera):
            station.line.run(
                {"": "genicam:memory"}, on_part=note, recipe=recipe, count=round(asked.rate * asked.seconds)
            )
        wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF)
    kept = [path for path in (workspace / "pictures").rglob("*.png") if not path.name.endswith("-map.png")]
    core_s = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    return {
        "parts": len(parts),
        "verdicts": dict(Counter(part.verdict.value for part in parts)),
        "causes": dict(Counter(str(part.deciding.cause) for part in parts if part.deciding.cause)),
        "originals": len(kept),
        "original, MB": sum(path.stat().st_size for path in kept) / max(1, len(kept)) / 1e6,
        "longest queue": max(waiting, default=0),
        "from the first to the last record, s": wall,
        "cores": core_s / wall,
    }


def _name_and_revision(text: str) -> tuple[str, int | None]:
    name, _, revision = text.partition("@")
    return name, int(revision) if revision else None


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--recipe", required=True)
    parser.add_argument("--colour", action="store_true")
    parser.add_argument("--rate", type=float, default=30.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with copied(asked.workspace.resolve()) as workspace:
        result = measure(workspace, asked)
    print(json.dumps(result, indent=1))
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=1))
    return 0 if not result["causes"] and result["originals"] == result["parts"] else 1


if __name__ == "__main__":
    sys.exit(main())
