"""What a few labelled defects bring: drawn at random, learned, and measured on all the others.

    python tests/benchmarks/defect_labels.py DATA [--sets tile,bottle] [--labels 10] [--draws 3] [--seed 0]
        [--without-masks] [--one-kind-out] [--pixels] [--json FILE] [--change MODULE.CONSTANT=VALUE] ...

DATA holds a folder in the MVTec layout for each set. Every draw is learned by the station's own code, with limits from
held-out good parts and left-out labels; the defects that were not drawn and all good test pictures are measured. With
--one-kind-out the labels are drawn from all kinds but one, and this kind alone is measured. The line "distance" is the
model without labels on the same pictures. --change tries another value of a constant of `station.trainer`, such as
`defect_head._PENALTY=0.1`. The trials are in `docs/trials/detector.md`.
"""

import argparse
import ast
import dataclasses
import importlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station.camera.pictures.reading import read_picture
from station.domain.picture_form import PictureForm
from station.learning.figures.counted_picture import CountedPicture
from station.learning.figures.marks import Marks, PackedMask
from station.learning.figures.pixel_figures import pixel_figures
from station.learning.jobs import TrainingJob
from station.learning.labels import GOOD
from station.learning.layout.labelled import LabelledPicture
from station.learning.layout.reading import read_layout
from station.learning.limits import limits_from_good, limits_with_defects
from station.learning.masks import read_mask
from station.learning.metrics import auroc
from station.learning.presets import METHODS
from station.learning.progress import no_progress
from station.learning.seen import input_size
from station.trainer.cell_head import CellHead
from station.trainer.coreset import Rows
from station.trainer.defect_cells import DefectCells
from station.trainer.defect_head import learn_defect_head
from station.trainer.detector import smoothed
from station.trainer.features import FeatureNetwork
from station.trainer.good_parts import GoodParts, learn_good_parts
from station.trainer.head_choice import choose_head
from station.trainer.labelled_pictures import cover_of
from station.trainer.pictures import prepared
from station.trainer.threads import each_on_a_core
from station.vision.preprocess import Preprocessor

CORES = os.cpu_count() or 1
METHOD = METHODS["balanced"]
SIGMA = METHOD.smoothing_cells


@dataclass(frozen=True, eq=False)
class Product:
    """One set, looked at once.

    Attributes:
        good: What its good pictures taught.
        pictures: The pictures to measure with.
        cells: The cells of each.
    """

    good: GoodParts
    pictures: Sequence[LabelledPicture]
    cells: Sequence[DefectCells]

    @property
    def good_places(self) -> list[int]:
        """Return the places of the good pictures."""
        return [place for place, picture in enumerate(self.pictures) if picture.good]

    def defects(self, *, kind: str = "", other_than: str = "") -> list[int]:
        """Return the places of the defects of one kind, or of all but one."""
        return [
            place
            for place, picture in enumerate(self.pictures)
            if not picture.good and (not kind or picture.kind == kind) and picture.kind != other_than
        ]


def main() -> None:
    """Measure, and print a line for each draw and their mean."""
    asked = _arguments()
    for change in asked.change:
        place, value = change.split("=")
        module, constant = place.split(".")
        setattr(importlib.import_module(f"station.trainer.{module}"), constant, ast.literal_eval(value))
    found = []
    for name in asked.sets.split(","):
        product = look_at(Path(asked.data) / name, asked.seed)
        by_draw = [measure(product, *draw, asked) for draw in draws(product, asked)]
        print_means(name, ("distance", "labels"), by_draw)
        found.append({"set": name, "draws": by_draw})
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1))


def print_means(name: str, lines: Sequence[str], by_draw: Sequence[Mapping[str, Mapping[str, float]]]) -> None:
    """Print for each line the mean of its figures over the draws; draws without a figure are left out of it."""
    for line in lines:
        mean = {key: float(np.nanmean([draw[line][key] for draw in by_draw])) for key in by_draw[0][line]}
        print(f"{name:8} {line:8} " + "  ".join(f"{key} {value:.4g}" for key, value in mean.items()), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", default="tile,bottle,cookie")
    parser.add_argument("--labels", type=int, default=10)
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without-masks", action="store_true")
    parser.add_argument("--one-kind-out", action="store_true")
    parser.add_argument("--pixels", action="store_true", help="AUPRO too; takes longer")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--change", action="append", default=[], metavar="MODULE.CONSTANT=VALUE")
    return parser.parse_args()


def look_at(folder: Path, seed: int) -> Product:
    reading = read_layout(folder)
    learned = [picture for picture in reading.pictures if picture.split == "train"]
    size = input_size([read_picture(each.path).image.shape[:2] for each in learned], METHOD.side_px)
    as_input = partial(prepared, preprocessor=Preprocessor(size, None), depth=PictureForm(bits=16, stored_bits=16))
    network = FeatureNetwork(METHOD, size, CORES)
    job = TrainingJob(
        dataset=folder, output=folder, cache=folder, method=METHOD, input_size=size, cores=CORES, seed=seed
    )
    good = learn_good_parts(job, learned, lambda picture: network(as_input(picture).model_input), no_progress)

    def look(picture: LabelledPicture) -> DefectCells:
        cells = good.cells.axes.project(network(as_input(picture).model_input))
        r = good.held_out.scale.anomaly(*good.bank.distances(cells))
        return DefectCells(picture.kind, cells.astype(np.float16), r, cover_of(picture.masks, r))

    measured = reading.measured
    return Product(good, measured, each_on_a_core(look, measured, CORES, "", no_progress))


def draws(product: Product, asked: argparse.Namespace) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the places of the labels of each draw, and of the defects to measure."""
    kinds = sorted({picture.kind for picture in product.pictures} - {GOOD}) if asked.one_kind_out else [""]
    for kind in kinds:
        for draw in range(asked.draws):
            among = product.defects(other_than=kind)
            labels = sorted(
                np.random.default_rng(1000 * asked.labels + draw).permutation(among)[: asked.labels].tolist()
            )
            yield labels, product.defects(kind=kind) if kind else [each for each in among if each not in labels]


def measure(
    product: Product, labels: list[int], measured: list[int], asked: argparse.Namespace
) -> dict[str, dict[str, float]]:
    good, defects = product.good, [product.cells[place] for place in labels]
    if asked.without_masks:
        defects = [dataclasses.replace(defect, cover=None) for defect in defects]
    anomaly = good.held_out.anomaly
    plain = limits_from_good(smoothed(anomaly, SIGMA)).normalisation.image_threshold_raw
    learned = learn_defect_head(good.cells.projected, anomaly, defects, plain, CORES, no_progress)
    kinds = [defect.kind for defect in defects]
    choice = choose_head(learned, anomaly, np.stack([defect.anomaly for defect in defects]), kinds, SIGMA)
    left_out = choice.left_out.max((1, 2)).astype(np.float64)
    limit = plain
    if choice.learned:
        limit = limits_with_defects(choice.good, left_out, moved=False).normalisation.image_threshold_raw
    figures = {
        "distance": _figures(product, CellHead(), SIGMA, (measured, plain), pixels=asked.pixels),
        "labels": _figures(product, choice.head, choice.smoothing_cells, (measured, limit), pixels=asked.pixels),
    }
    figures["labels"] |= {"learned": choice.learned, "weight": choice.weight}
    print(
        json.dumps(
            {line: {key: round(float(value), 4) for key, value in each.items()} for line, each in figures.items()}
        )
    )
    return figures


def _figures(
    product: Product, head: CellHead, sigma: float, at_limit: tuple[list[int], float], *, pixels: bool
) -> dict[str, float]:
    measured, limit = at_limit

    def map_of(place: int) -> Rows:
        return smoothed(head.anomaly(product.cells[place].projected, product.cells[place].anomaly), sigma)

    maps = {place: map_of(place) for place in (*product.good_places, *measured)}
    good, bad = (
        np.array([maps[place].max() for place in each], np.float64) for each in (product.good_places, measured)
    )
    figures = {
        "auroc": auroc(good, bad) or 0.0,
        "overkill": 100 * float((good > limit).mean()),
        "escapes": 100 * float((bad <= limit).mean()),
    }
    return figures | ({"aupro": _aupro(product, maps)} if pixels else {})


def _aupro(product: Product, maps: dict[int, Rows]) -> float:
    lowest, highest = min(map(np.min, maps.values())), max(map(np.max, maps.values()))
    pictures: dict[str, list[CountedPicture]] = {GOOD: [], "defect": []}
    for place, anomaly_map in maps.items():
        picture = product.pictures[place]
        if not picture.good and not picture.masks:
            continue
        height, width = read_picture(picture.path).image.shape[:2]
        marks = None if picture.good else Marks(PackedMask.of(marked_in(picture, (height, width))))
        scaled = ((anomaly_map - lowest) / (highest - lowest)).astype(np.float32)
        one, _ = CountedPicture.of(scaled, (0, 0, width, height), (height, width), marks)
        pictures[GOOD if picture.good else "defect"].append(one)
    if not pictures["defect"]:
        return float("nan")
    return pixel_figures(pictures).together["aupro"].value


def marked_in(picture: LabelledPicture, size: tuple[int, int]) -> NDArray[np.bool_]:
    return np.logical_or.reduce([read_mask(mask, size).marked for mask in picture.masks])


if __name__ == "__main__":
    main()
