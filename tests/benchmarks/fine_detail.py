"""Marks of 6 pixels in pictures of 5 megapixels: what `fine` finds of those that `balanced` misses, and its time.

    python tests/benchmarks/fine_detail.py ../shared/data [--sets pan] [--good 24] [--tested 20] [--marks 40]
        [--size 2448x2048] [--mark-px 6] [--seed 0] [--kinds stain,missing]
        [--models balanced,fine] [--json FILE]

A picture is the middle of a small real one of the set, mirrored side by side from a random place on to the size, with
new noise of the sensor (tests/doubles/large_surface.py): no pixel is enlarged. The marks are the product's own drawn
defects, one in each picture, the kinds in turn: stains and missing pieces are spots of that width; of a scratch, a
dent or a foreign object of that length fewer pixels change, and less. Their contrast is printed. Pictures to learn come
from train/good, all others from test/good. Each model is trained as `linesidectl teach` does, but in this process; the
exported graph judges at the model's own limit. The times are the processor's, of one inference with one thread, in
turns. Exit code 1 if the last model finds less than 90 % of what the first one misses.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "doubles"))
from large_surface import large_surface, marked

from station.domain.frame import Image
from station.domain.synthetic import SyntheticKind
from station.inference.silent_openvino import ov
from station.learning.datasets import DatasetVersion, import_folder
from station.learning.jobs import TrainingJob
from station.learning.layout.reading import read_layout
from station.learning.limits import limits_from_good
from station.learning.presets import method_named
from station.learning.progress import no_progress
from station.learning.seen import input_size
from station.learning.spread import spread_out
from station.trainer.fitting import fit
from station.vision.preprocess import Preprocessor

BOUND = 0.9
_ONE_THREAD = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32", "ENABLE_CPU_PINNING": False}


@dataclass(frozen=True)
class Shown:
    """One picture to judge; `contrast` is how far its marked pixels are changed in the mean, 0 for a good one."""

    image: Image
    kind: str
    contrast: float


@dataclass
class Judged:
    """One trained model with what it rejected."""

    compiled: "ov.CompiledModel"
    preprocessor: Preprocessor
    limit: float
    rejected: list[bool] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def score(self, image: Image) -> float:
        """Return the raw score of a picture; the time of the graph is kept."""
        pixels = self.preprocessor.run(image).model_input[None]
        began = time.process_time()
        answer = self.compiled([pixels])
        self.times.append(time.process_time() - began)
        return float(answer["score"].flat[0])


def main() -> int:
    """Measure each set and print its figures; return 1 if one misses the bound."""
    asked = _asked()
    figures = {name: _measured(asked, name) for name in asked.sets.split(",")}
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1))
    return int(any(each["found of the missed"] < BOUND for each in figures.values()))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", default="pan")
    parser.add_argument("--models", default="balanced,fine")
    for name, number in (("good", 24), ("tested", 20), ("marks", 40), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=number)
    parser.add_argument("--kinds", default="stain,missing")
    parser.add_argument("--size", default="2448x2048")
    parser.add_argument("--mark-px", type=float, default=6.0)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _measured(asked: argparse.Namespace, name: str) -> dict[str, float]:
    with TemporaryDirectory() as folder:
        root, size = Path(folder), _size(asked.size)
        _draw_good(asked.data / name / "train/good", root / "good", asked.good, size, asked.seed)
        dataset = import_folder(read_layout(root / "good"), "surface", root / "datasets", no_progress)
        models = {model: _trained(dataset, root / model, model, size) for model in asked.models.split(",")}
    shown = []
    for picture in _tested(asked, name, size):
        for model in models.values():
            model.rejected.append(model.score(picture.image) > model.limit)
        shown.append((picture.kind, picture.contrast))
    return _printed(name, models, shown)


def _size(text: str) -> tuple[int, int]:
    width, height = map(int, text.split("x"))
    return height, width


def _draw_good(source: Path, target: Path, count: int, size: tuple[int, int], seed: int) -> None:
    target.mkdir()
    sources = spread_out(sorted(source.iterdir()), count)
    for number in range(count):
        draw = np.random.default_rng([seed, number])
        cv2.imwrite(str(target / f"{number:04}.png"), large_surface(sources[number % len(sources)], size, draw))


def _trained(dataset: DatasetVersion, output: Path, name: str, size: tuple[int, int]) -> Judged:
    output.mkdir()
    method = method_named(name)
    wanted = input_size([size], method.side_for([size]))
    job = TrainingJob(dataset=dataset.folder, output=output, cache=output, method=method, input_size=wanted)
    began = time.process_time()
    trained = fit(job, no_progress)
    limit = limits_from_good(np.load(trained.held_out)).normalisation.image_threshold_raw
    took, megabytes = time.process_time() - began, sum(each.stat().st_size for each in output.glob("model.*")) / 1e6
    print(f"{name}: {wanted[1]} x {wanted[0]} pixels, processor {took:.0f} s, model {megabytes:.0f} MB", flush=True)
    return Judged(ov.Core().compile_model(output / "model.xml", "CPU", _ONE_THREAD), Preprocessor(wanted), limit)


def _tested(asked: argparse.Namespace, name: str, size: tuple[int, int]) -> Iterator[Shown]:
    sources = sorted((asked.data / name / "test/good").iterdir())
    kinds = [SyntheticKind(f"synthetic-{kind}") for kind in asked.kinds.split(",")]
    for number in range(asked.tested + asked.marks):
        draw = np.random.default_rng([asked.seed, 1, number])
        surface = large_surface(sources[number % len(sources)], size, draw)
        place = number - asked.tested
        if place < 0:
            yield Shown(surface, "", 0)
            continue
        kind = kinds[place % len(kinds)]
        drawn = marked(surface, kind, asked.mark_px, draw)
        change = np.abs(drawn.image.astype(np.float32) - surface)[drawn.mask].mean()
        yield Shown(drawn.image, kind, float(change))


def _printed(name: str, models: dict[str, Judged], shown: Sequence[tuple[str, float]]) -> dict[str, float]:
    is_mark = np.array([bool(kind) for kind, _ in shown])
    contrast = np.array([change for _, change in shown])[is_mark]
    quartiles = ", ".join(f"{value:.0f}" for value in np.quantile(contrast, (0.25, 0.5, 0.75)))
    print(f"{name}: {is_mark.sum()} marks, contrast {quartiles} levels of 255 (quartiles)")
    rejected = {model: np.array(each.rejected) for model, each in models.items()}
    for model, verdicts in rejected.items():
        found, overkill = verdicts[is_mark], verdicts[~is_mark]
        by_kind = ", ".join(
            f"{kind.removeprefix('synthetic-')} {_counted(found, [each == kind for each, _ in shown if each])}"
            for kind in dict.fromkeys(kind for kind, _ in shown if kind)
        )
        print(
            f"{name}: {model} finds {found.sum()} and misses {(~found).sum()}; overkill {overkill.sum()} of "
            f"{len(overkill)} ({by_kind})"
        )
    first, *_, last = models
    missed = is_mark & ~rejected[first]
    share = float(rejected[last][missed].mean()) if missed.any() else 1.0
    times = {model: float(np.median(each.times)) for model, each in models.items()}
    print(
        f"{name}: of the {missed.sum()} that {first} misses, {last} finds {share:.0%} (bound {BOUND:.0%}); processor "
        f"time {1000 * times[last]:.0f} ms over {1000 * times[first]:.1f} ms: {times[last] / times[first]:.1f}",
        flush=True,
    )
    return {
        "missed": float(missed.sum()),
        "found of the missed": share,
        "overkill": float(rejected[last][~is_mark].mean()),
        "time ratio": times[last] / times[first],
    }


def _counted(found: np.ndarray, chosen: Sequence[bool]) -> str:
    return f"{found[chosen].sum()}/{sum(chosen)}"


if __name__ == "__main__":
    sys.exit(main())
