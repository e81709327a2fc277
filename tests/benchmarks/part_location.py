"""What finding the part brings: AUROC of straight parts, and of parts drawn shifted and turned, with and without it.

    python tests/benchmarks/part_location.py ../shared/data [--sets bottle,cookie] [--shift 10] [--turn 15] [--seed 0]

Each set is learned from its own good pictures, once without and once with part location. Its test pictures are judged
as they are, and drawn again: moved by up to `--shift` percent of each side and turned by up to `--turn` degrees, with
the outermost pixels continued. `--good` and `--tested` take that many of each kind, spread over all; 0 takes all.
The last column is the processor's time to find a part in a picture of some 5 megapixels whose pyramid is there.
"""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from station.camera.pictures.reading import read_picture
from station.domain.frame import Image
from station.domain.part_location import PartLocation, Pose, SearchRange
from station.domain.picture_form import PictureForm
from station.learning.jobs import TrainingJob
from station.learning.layout.labelled import LabelledPicture
from station.learning.layout.reading import read_layout
from station.learning.metrics import auroc
from station.learning.part_location import learn_location
from station.learning.presets import METHODS, Method
from station.learning.progress import no_progress
from station.learning.seen import input_size
from station.learning.spread import spread_out
from station.trainer.cell_head import CellHead
from station.trainer.detector import Detector
from station.trainer.features import FeatureNetwork
from station.trainer.good_parts import learn_good_parts
from station.vision.part_locator import PartLocator
from station.vision.preprocess import Prepared, Preprocessor, pyramid

_DEPTH = PictureForm(bits=8, stored_bits=8)
_MARGIN_PERCENT, _MARGIN_DEG = 10, 15
"""A good part need not lie in the middle of its own picture, so the range is wider than what is drawn."""
_TIMES = 20
_CORES = os.cpu_count() or 1


@dataclass(frozen=True)
class Learned:
    """A detector with the preprocessor that it was learned by."""

    score: Callable[[Image], float]
    prepare: Callable[[Image], Prepared]
    location: PartLocation | None

    def measure(self, pictures: Sequence[LabelledPicture], images: Sequence[Image]) -> tuple[float, int]:
        """Return the AUROC, and in how many pictures the part is not found; their scores count all the same."""
        scores = np.array([self.score(image) for image in images])
        good = np.array([picture.good for picture in pictures])
        found = auroc(scores[good], scores[~good])
        return float("nan") if found is None else found, sum(map(self._lost, images))

    def _lost(self, image: Image) -> bool:
        if self.location is None:
            return False
        prepared = self.prepare(image)
        assert prepared.pose is not None
        return not self.location.accepts(prepared.pose, prepared.roi)


def main() -> None:
    """Print one line for each set."""
    asked = _asked()
    print(f"{'set':8} {'straight':>9} {'with':>7} {'moved':>7} {'with':>7} {'not found':>10} {'ms at 5 MP':>11}")
    for name in asked.sets.split(","):
        print(_line(asked, name), flush=True)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", default="bottle,cookie")
    parser.add_argument("--shift", type=float, default=10.0)
    parser.add_argument("--turn", type=float, default=15.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--good", type=int, default=0)
    parser.add_argument("--tested", type=int, default=0)
    return parser.parse_args()


def _line(asked: argparse.Namespace, name: str) -> str:
    pictures = read_layout(asked.data / name).pictures
    good = _some([picture for picture in pictures if picture.split == "train"], asked.good)
    tested = [
        picture
        for is_good in (True, False)
        for picture in _some([each for each in pictures if each.split == "test" and each.good is is_good], asked.tested)
    ]
    straight = [read_picture(picture.path, picture.page).image for picture in tested]
    draw = np.random.default_rng(asked.seed)
    moved = [_moved(image, asked.shift, asked.turn, draw) for image in straight]
    search = SearchRange(asked.shift + _MARGIN_PERCENT, asked.turn + _MARGIN_DEG)
    location = learn_location(good, search, None, _DEPTH)
    plain, located = _learn(good, None), _learn(good, location)
    figures = [learned.measure(tested, images) for images in (straight, moved) for learned in (plain, located)]
    (before, _), (after, _), (moved_before, _), (moved_after, lost) = figures
    shown = f"{before:9.4f} {after:7.4f} {moved_before:7.4f} {moved_after:7.4f}"
    return f"{name:8} {shown} {lost:4} of {len(tested)} {_time_ms(location, moved[0]):9.1f}"


def _some(pictures: Sequence[LabelledPicture], count: int) -> Sequence[LabelledPicture]:
    return spread_out(pictures, count or len(pictures))


def _learn(good: Sequence[LabelledPicture], location: PartLocation | None) -> Learned:
    method = METHODS["balanced"]
    assert isinstance(method, Method)
    shape = read_picture(good[0].path, good[0].page).image.shape[:2]
    size = input_size([(shape[0], shape[1])], method.side_px)
    job = TrainingJob(dataset=Path(), output=Path(), cache=Path(), method=method, input_size=size, location=location)
    network, preprocessor = FeatureNetwork(method, size, _CORES), Preprocessor(size, None, location)
    parts = learn_good_parts(
        job,
        good,
        lambda picture: network(preprocessor.run(read_picture(picture.path, picture.page).image).model_input),
        no_progress,
    )
    scale, smoothing = parts.held_out.scale, method.smoothing_cells
    detector = Detector(method.stages, method.cell_px, parts.cells.axes, parts.bank, scale, CellHead(), smoothing)
    return Learned(
        lambda image: detector.score(network(preprocessor.run(image).model_input)), preprocessor.run, location
    )


def _moved(image: Image, shift: float, turn: float, draw: np.random.Generator) -> Image:
    height, width = image.shape[:2]
    by = draw.uniform(-shift / 100, shift / 100, 2) * (width, height)
    matrix = Pose(*by, draw.uniform(-turn, turn)).in_frame((0, 0, width, height))
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    return cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def _time_ms(location: PartLocation, image: Image) -> float:
    times_larger = round((5e6 / (image.shape[0] * image.shape[1])) ** 0.5)
    height, width = (side * times_larger for side in image.shape[:2])
    levels, locator = pyramid(cv2.resize(image, (width, height))), PartLocator(location)
    times = []
    for _ in range(_TIMES):
        began = time.process_time()
        locator.find(levels, (0, 0, width, height))
        times.append(time.process_time() - began)
    return 1000 * float(np.median(times))


if __name__ == "__main__":
    main()
