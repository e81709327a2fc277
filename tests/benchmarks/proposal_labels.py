"""What labels bring whose marks are proposals alone, over the same masks drawn by hand.

    python tests/benchmarks/proposal_labels.py DATA [--sets tile,bottle] [--labels 10] [--draws 3] [--json FILE]

DATA holds a folder in the MVTec layout for each set. In every draw the defects are halved at random. Of one half ten
are labelled, first those that the model of good parts misses: what an operator disputes. The other half is measured,
with all good test pictures. The lines:

    distance   without labels
    drawn      the masks of the set, as drawn by hand
    first      the first proposal, accepted whatever it shows
    chosen     the first proposal that lies on the defect, all before it rejected; without any, a label without a mask

"lies on the defect": a fifth of the proposed pixels are marked in the set's mask. For each draw the number of the
accepted proposal is printed, 0 for the first. Model and limits are made by the station's own code, as in
`defect_labels.py`.
"""

import argparse
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from defect_labels import SIGMA, Product, look_at, marked_in, measure, print_means
from numpy.typing import NDArray

from station.camera.pictures.reading import read_picture
from station.inference.normalisation import Normalisation
from station.learning.limits import limits_from_good
from station.trainer.detector import smoothed
from station.vision.coverage import coverage
from station.vision.mask_proposal import propose_masks
from station.vision.preprocess import eight_bit

_ON_THE_DEFECT = 0.2
LINES = ("drawn", "first", "chosen")


def main() -> None:
    """Measure, and print the mean of each line."""
    asked = _arguments()
    found = []
    for name in asked.sets.split(","):
        product = look_at(Path(asked.data) / name, asked.seed)
        scale = limits_from_good(smoothed(product.good.held_out.anomaly, SIGMA)).normalisation
        by_draw = [_measure_lines(product, scale, *draw, asked) for draw in _draws(product, scale, asked)]
        print_means(name, ("distance", *LINES), by_draw)
        found.append({"set": name, "draws": by_draw})
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", default="tile,bottle")
    parser.add_argument("--labels", type=int, default=10)
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    parser.set_defaults(without_masks=False, pixels=False)
    return parser.parse_args()


def _draws(product: Product, scale: Normalisation, asked: argparse.Namespace) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the places of the disputed defects of each draw, and of the defects to measure."""
    for draw in range(asked.draws):
        places = np.random.default_rng(1000 * asked.labels + draw).permutation(product.defects()).tolist()
        disputed, measured = places[: len(places) // 2], places[len(places) // 2 :]
        disputed.sort(key=lambda place: _map_of(product, scale, place).max() > 0.5)
        yield sorted(disputed[: asked.labels]), sorted(measured)


def _measure_lines(
    product: Product, scale: Normalisation, labels: list[int], measured: list[int], asked: argparse.Namespace
) -> dict[str, dict[str, float]]:
    proposed = {place: list(_proposals(product, scale, place)) for place in labels}
    chosen = {place: _choice(product, place, masks) for place, masks in proposed.items()}
    print(json.dumps({"accepted": list(chosen.values())}))
    covers = {
        "drawn": {place: product.cells[place].cover for place in labels},
        "first": {place: _cover(product, place, masks, 0 if masks else None) for place, masks in proposed.items()},
        "chosen": {place: _cover(product, place, proposed[place], choice) for place, choice in chosen.items()},
    }
    figures = {}
    for line in LINES:
        cells = list(product.cells)
        for place, cover in covers[line].items():
            cells[place] = dataclasses.replace(cells[place], cover=cover)
        measures = measure(dataclasses.replace(product, cells=cells), labels, measured, asked)
        figures |= {"distance": measures["distance"], line: measures["labels"]}
    return figures


def _map_of(product: Product, scale: Normalisation, place: int) -> NDArray[np.float32]:
    return scale.anomaly_map(smoothed(product.cells[place].anomaly, SIGMA))


def _proposals(product: Product, scale: Normalisation, place: int) -> Iterator[NDArray[np.bool_]]:
    read = read_picture(product.pictures[place].path)
    picture = eight_bit(read.image, read.significant_bits)
    height, width = picture.shape[:2]
    return propose_masks(picture, _map_of(product, scale, place), (0, 0, width, height), 0.5)


def _choice(product: Product, place: int, masks: list[NDArray[np.bool_]]) -> int | None:
    """Return which proposal a person accepts who sees the defect; None if all are rejected."""
    if not masks:
        return None
    truth = marked_in(product.pictures[place], masks[0].shape)
    on_it = ((mask & truth).sum() / mask.sum() >= _ON_THE_DEFECT for mask in masks)
    return next((number for number, accepted in enumerate(on_it) if accepted), None)


def _cover(
    product: Product, place: int, masks: list[NDArray[np.bool_]], number: int | None
) -> NDArray[np.float32] | None:
    return None if number is None else coverage(masks[number], product.cells[place].anomaly.shape)


if __name__ == "__main__":
    main()
