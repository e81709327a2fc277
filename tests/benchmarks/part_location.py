"""What finding the part brings: AUROC of straight parts, and of parts drawn shifted and turned, with and without it.

    python tests/benchmarks/part_location.py ../shared/data [--sets bottle,cookie] [--shift 10] [--turn 15] [--seed 0]

A moved part must not leave its picture, as it must not at a line: so each picture gets a wide edge of its outermost
pixels, and the region is what was the picture. Each set is learned from its own good pictures, once without and once
with part location. Its test pictures are judged as they are, and drawn again: moved by up to `--shift` percent of each
side of the region and turned by up to `--turn` degrees. `--good` and `--tested` take that many of each kind, spread
over all; 0 takes all. Wanted is that moved parts, with location, reach the better figure of straight ones less .01.
Parts that the line would not inspect, because they are not found or leave the picture, are counted, and scored.
The last column is the processor's time to find a part in a picture of some 5 megapixels whose pyramid is there.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from station.camera.pictures.reading import read_picture
from station.domain.frame import Image
from station.domain.geometry import RegionOfInterest
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
from station.vision.moved_region import leaves_picture
from station.vision.part_locator import PartLocator
from station.vision.preprocess import Prepared, Preprocessor, pyramid

_DEPTH = PictureForm(bits=8, stored_bits=8)
_MARGIN_PERCENT, _MARGIN_DEG = 10, 15
"""A good part need not lie in the middle of its own picture, so the range is wider than what is drawn."""
_EDGE = 0.35
"""Of the longer side: a tall picture that is turned and moved stays within."""
_LOSS = 0.01
_TIMES = 20
_CORES = os.cpu_count() or 1


@dataclass(frozen=True)
class Learned:
    """A detector with the preprocessor that it was learned by."""

    score: Callable[[Image], float]
    prepare: Callable[[Image], Prepared]
    location: PartLocation | None

    def measure(self, pictures: Sequence[LabelledPicture], images: Sequence[Image]) -> tuple[float, int]:
        """Return the AUROC, and in how many pictures a part would not be inspected; their scores count all the same."""
        scores = np.array([self.score(image) for image in images])
        good = np.array([picture.good for picture in pictures])
        found = auroc(scores[good], scores[~good])
        return float("nan") if found is None else found, sum(map(self._lost, images))

    def _lost(self, image: Image) -> bool:
        if self.location is None:
            return False
        prepared = self.prepare(image)
        assert prepared.pose is not None
        return not self.location.accepts(prepared.pose, prepared.roi) or leaves_picture(
            prepared.roi, prepared.pose, (image.shape[0], image.shape[1])
        )


def main() -> None:
    """Print one line for each set."""
    asked = _asked()
    heads = f"{'set':8} {'straight':>9} {'with':>7} {'moved':>7} {'with':>7} {'wanted':>7}"
    print(f"{heads}  {'':8} {'not inspected':>14} {'ms at 5 MP':>11}")
    for name in asked.sets.split(","):
        with tempfile.TemporaryDirectory() as folder:
            print(_line(asked, name, Path(folder)), flush=True)


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


def _line(asked: argparse.Namespace, name: str, folder: Path) -> str:
    pictures = read_layout(asked.data / name).pictures
    good = _some([picture for picture in pictures if picture.split == "train"], asked.good)
    tested = [
        picture
        for is_good in (True, False)
        for picture in _some([each for each in pictures if each.split == "test" and each.good is is_good], asked.tested)
    ]
    good, roi = _with_edges(good, folder)
    straight = [_with_edge(read_picture(picture.path, picture.page).image) for picture in tested]
    draw = np.random.default_rng(asked.seed)
    moved = [_moved(image, roi, asked.shift, asked.turn, draw) for image in straight]
    search = SearchRange(asked.shift + _MARGIN_PERCENT, asked.turn + _MARGIN_DEG)
    location = learn_location(good, search, roi, _DEPTH)
    plain, located = _learn(good, roi, None), _learn(good, roi, location)
    figures = [learned.measure(tested, images) for images in (straight, moved) for learned in (plain, located)]
    (before, _), (after, _), (moved_before, _), (moved_after, lost) = figures
    wanted = max(before, after) - _LOSS
    shown = f"{before:9.4f} {after:7.4f} {moved_before:7.4f} {moved_after:7.4f} {wanted:7.4f}"
    said = "reached" if moved_after >= wanted else "missed"
    return f"{name:8} {shown}  {said:8} {lost:7} of {len(tested):3} {_time_ms(location, moved[0], roi):11.1f}"


def _with_edges(
    pictures: Sequence[LabelledPicture], folder: Path
) -> tuple[Sequence[LabelledPicture], RegionOfInterest]:
    """Write the pictures with an edge, and return them with the region that they fill without it."""
    read = [read_picture(picture.path, picture.page).image for picture in pictures]
    written = [folder / f"{place}.png" for place in range(len(read))]
    for file, image in zip(written, read, strict=True):
        cv2.imwrite(str(file), cv2.cvtColor(_with_edge(image), cv2.COLOR_RGB2BGR))
    (height, width), edge = read[0].shape[:2], _edge_px(read[0])
    drawn = [replace(picture, path=file, page=0) for picture, file in zip(pictures, written, strict=True)]
    return drawn, RegionOfInterest(edge, edge, width, height)


def _with_edge(image: Image) -> Image:
    edge = _edge_px(image)
    return np.asarray(cv2.copyMakeBorder(image, edge, edge, edge, edge, cv2.BORDER_REPLICATE))


def _edge_px(image: Image) -> int:
    """Return how wide an edge is, a multiple of 16, so that the region lies on whole pixels of small levels."""
    return 16 * round(_EDGE * max(image.shape[:2]) / 16)


def _some(pictures: Sequence[LabelledPicture], count: int) -> Sequence[LabelledPicture]:
    return spread_out(pictures, count or len(pictures))


def _learn(good: Sequence[LabelledPicture], roi: RegionOfInterest, location: PartLocation | None) -> Learned:
    method = METHODS["balanced"]
    assert isinstance(method, Method)
    size = input_size([(roi.height, roi.width)], method.side_px)
    job = TrainingJob(dataset=Path(), output=Path(), cache=Path(), method=method, input_size=size, location=location)
    network, preprocessor = FeatureNetwork(method, size, _CORES), Preprocessor(size, roi, location)
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


def _moved(image: Image, roi: RegionOfInterest, shift: float, turn: float, draw: np.random.Generator) -> Image:
    height, width = image.shape[:2]
    by = draw.uniform(-shift / 100, shift / 100, 2) * (roi.width, roi.height)
    matrix = Pose(*by, draw.uniform(-turn, turn)).in_frame(roi.box)
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    return cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def _time_ms(location: PartLocation, image: Image, roi: RegionOfInterest) -> float:
    times_larger = round((5e6 / (image.shape[0] * image.shape[1])) ** 0.5)
    height, width = (side * times_larger for side in image.shape[:2])
    levels, locator = pyramid(cv2.resize(image, (width, height))), PartLocator(location)
    region = (roi.x * times_larger, roi.y * times_larger, roi.width * times_larger, roi.height * times_larger)
    times = []
    for _ in range(_TIMES):
        began = time.process_time()
        locator.find(levels, region)
        times.append(time.process_time() - began)
    return 1000 * float(np.median(times))


if __name__ == "__main__":
    main()
