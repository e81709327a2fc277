"""How good the detector is on labelled sets, by seeds and by variants of how it learns.

    python tests/benchmarks/accuracy.py DATA [--sets bottle,cookie,tile] [--seeds 0,1,2] [--good N] [--json FILE]
        [--variant side=256,rows=1000] ...

DATA holds a folder in the MVTec layout for each set. Every seed learns from the good pictures by the station's own
code, judges the test pictures, and sets the limit from held-out good pictures alone. A variant changes some fields of
`Variant` by name; without one, the default of the station is measured. The trials in
`docs/trials/detector.md` were made so.
"""

import argparse
import dataclasses
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from station.camera.pictures.reading import read_picture
from station.domain.picture_form import PictureForm
from station.learning.depth import Depth, DepthSearch
from station.learning.figures.counted_picture import CountedPicture
from station.learning.figures.marks import Marks, PackedMask
from station.learning.figures.pixel_figures import pixel_figures
from station.learning.layout.labelled import LabelledPicture
from station.learning.layout.reading import read_layout
from station.learning.limits import limits_from_good
from station.learning.masks import read_mask
from station.learning.metrics import auroc
from station.learning.presets import METHODS, Method
from station.learning.progress import no_progress
from station.learning.seen import input_size
from station.learning.spread import spread_out
from station.trainer import bank, folds, held_out, metric
from station.trainer.cells import GoodCells, learn_cells
from station.trainer.coreset import Rows
from station.trainer.detector import smoothed
from station.trainer.features import FeatureNetwork
from station.trainer.pictures import prepared
from station.trainer.threads import each_on_a_core
from station.trainer.whole_part import learn_whole_part
from station.vision.preprocess import Preprocessor

CORES = os.cpu_count() or 1
DEFAULT = METHODS["balanced"]


@dataclass(frozen=True)
class Variant:
    """What can be changed.

    Attributes:
        side, cell, components, rows, smoothing: Those of `Method`.
        stages: Stages of the backbone, joined by "+".
        candidates: Cells that the rows are chosen among.
        shrunk: Share of the metric of good parts that is replaced by the metric of the features, of 200 and more
            pictures; 1 leaves it out.
        whole: The weight of stage 6.
        density: Share of the distance in units of the row's spacing.
        whole_part: 1 checks the whole part as well.
        folds: "runs" as the station does, "blocks" of neighbours (5, up to 60 pictures 10), or "single" pictures.
    """

    side: int = DEFAULT.side_px
    cell: int = DEFAULT.cell_px
    stages: str = "+".join(map(str, DEFAULT.stages))
    components: int = DEFAULT.pca_components
    rows: int = DEFAULT.coreset_size
    candidates: int = bank._CANDIDATES
    shrunk: float = metric._SHRUNK
    whole: float = DEFAULT.whole_weight
    density: float = bank._IN_SPACINGS
    smoothing: float = DEFAULT.smoothing_cells
    whole_part: int = 0
    folds: str = "runs"

    @property
    def method(self) -> Method:
        """Return the preset with the changes."""
        return Method(
            name="variant",
            stages=tuple(map(int, self.stages.split("+"))),
            side_px=self.side,
            cell_px=self.cell,
            whole_weight=self.whole,
            pca_components=self.components,
            coreset_size=self.rows,
            smoothing_cells=self.smoothing,
        )

    def folds_of(self, count: int) -> list[NDArray[np.intp]]:
        """Return the numbers of the pictures of each fold."""
        if self.folds == "single":
            return [np.array([number]) for number in range(count)]
        if self.folds == "blocks":
            return np.array_split(np.arange(count), min(count, 10 if count <= 60 else 5))
        return folds.folds_of(count)


def variant_of(text: str) -> Variant:
    """Return the variant of `side=256,rows=1000`; "" is the default."""
    types = {field.name: type(field.default) for field in dataclasses.fields(Variant)}
    pairs = [pair.partition("=") for pair in text.split(",") if pair]
    return Variant(**{name: types[name](value) for name, _, value in pairs})


class Set:
    """The pictures of one set, and their features while the network stays the same."""

    def __init__(self, folder: Path, good: int) -> None:
        pictures = read_layout(folder).pictures
        learned = [picture for picture in pictures if picture.split == "train"]
        self.learned = spread_out(learned, good or len(learned))
        self.tested = [picture for picture in pictures if picture.split == "test"]
        self._shapes, search = [], DepthSearch()
        for picture in self.learned:
            read = read_picture(picture.path, picture.page)
            self._shapes.append(read.image.shape[:2])
            search.add(Depth.of(read))
        self._depth: PictureForm = search.result(self.tested)
        self._cells: dict[object, tuple[GoodCells, NDArray[np.float16]]] = {}

    def cells(self, method: Method) -> tuple[GoodCells, NDArray[np.float16]]:
        """Return the cells of the good pictures, and those of the test pictures on the same axes."""
        key = method.stages, method.side_px, method.cell_px, method.pca_components, method.whole_weight
        if key not in self._cells:
            self._cells = {key: self._project(method)}
        return self._cells[key]

    def _project(self, method: Method) -> tuple[GoodCells, NDArray[np.float16]]:
        size = input_size(self._shapes, method.side_px)
        as_input = partial(prepared, preprocessor=Preprocessor(size, None), depth=self._depth)
        network = FeatureNetwork(method, size, CORES)

        def features_of(picture: LabelledPicture) -> NDArray[np.float32]:
            return network(as_input(picture).model_input)

        good = learn_cells(features_of, self.learned, method, CORES, no_progress)

        def projected(picture: LabelledPicture) -> NDArray[np.float16]:
            return good.axes.project(features_of(picture)).astype(np.float16)

        return good, np.array(each_on_a_core(projected, self.tested, CORES, "", no_progress))


def judge(pictures: Set, variant: Variant, seed: int) -> dict[str, float]:
    """Learn with one seed, and return the figures of the test pictures."""
    raw, tested = pictures.cells(variant.method)
    good = GoodCells(raw.axes, raw.projected.copy())
    with (
        mock.patch.object(bank, "_CANDIDATES", variant.candidates),
        mock.patch.object(metric, "_SHRUNK", variant.shrunk),
        mock.patch.object(held_out, "folds_of", variant.folds_of),
    ):
        good = metric.in_good_metric(good, variant.method, seed)
        _, left_out = held_out.held_out(good.projected, variant.method, seed, CORES, no_progress)
        memory = bank.bank_of(good.projected, np.arange(len(good.projected)), variant.rows, seed)
    scaling = np.linalg.lstsq(raw.axes.directions, good.axes.directions, rcond=None)[0]
    at = each_on_a_core(
        lambda cells: memory.distances(cells.astype(np.float32) @ scaling), list(tested), CORES, "", no_progress
    )
    near, in_spacings = (np.array(each) for each in zip(*at, strict=True))
    scale, share = left_out.scale, variant.density

    def maps(distance: Rows, spacings: Rows) -> Rows:
        r = (1 - share) * distance / scale.distance + share * spacings / scale.in_spacings
        return smoothed(r.astype(np.float32), variant.smoothing)

    of_good, of_tested = maps(left_out.distance, left_out.in_spacings), maps(near, in_spacings)
    if not variant.whole_part:
        return figures(pictures.tested, of_good, of_tested)
    whole, held_out_adds = learn_whole_part(good.projected, of_good.max((1, 2)))
    adds = np.array([whole.added((cells.astype(np.float32) @ scaling)[None])[0] for cells in tested])
    return figures(pictures.tested, of_good, of_tested, held_out_adds, adds)


def figures(
    pictures: Sequence[LabelledPicture],
    left_out: Rows,
    maps: Rows,
    held_out_adds: Rows | float = 0.0,
    adds: Rows | float = 0.0,
) -> dict[str, float]:
    """Return AUROC, AUPRO, and overkill and escapes in percent at the limit from the held-out maps.

    Args:
        pictures: The test pictures.
        left_out: Maps of good pictures, held out.
        maps: Maps of the test pictures.
        held_out_adds, adds: What the whole part adds to the scores of both.
    """
    raised = left_out + np.reshape(held_out_adds, (-1, 1, 1)).astype(np.float32)
    normalisation = limits_from_good(raised).normalisation
    scores, limit = maps.max((1, 2)) + adds, normalisation.image_threshold_raw
    good = np.array([picture.good for picture in pictures])
    seen: dict[str, list[CountedPicture]] = {}
    for picture, raw_map in zip(pictures, maps, strict=True):
        if picture.good or picture.masks:
            seen.setdefault(picture.kind, []).append(_counted(picture, normalisation.anomaly_map(raw_map)))
    aupro = pixel_figures(seen).together.get("aupro")
    return {
        "auroc": auroc(scores[good], scores[~good]) or 0.0,
        "aupro": aupro.value if aupro else float("nan"),
        "overkill": 100 * float((scores[good] > limit).mean()),
        "escapes": 100 * float((scores[~good] <= limit).mean()),
    }


def _counted(picture: LabelledPicture, anomaly_map: Rows) -> CountedPicture:
    size = read_picture(picture.path, picture.page).image.shape[:2]
    marks = None
    if not picture.good:
        union = np.logical_or.reduce([read_mask(path, size).marked for path in picture.masks])
        marks = Marks(PackedMask.of(union))
    return CountedPicture.of(anomaly_map, (0, 0, size[1], size[0]), size, marks)[0]


def rows(arguments: argparse.Namespace) -> Iterator[dict[str, object]]:
    """Yield the figures of each set, variant and seed."""
    for name in arguments.sets.split(","):
        pictures = Set(arguments.data / name, arguments.good)
        for text in arguments.variant or [""]:
            for seed in map(int, arguments.seeds.split(",")):
                found = judge(pictures, variant_of(text), seed)
                yield {"set": name, "variant": text or "default", "seed": seed, **found}


def main() -> None:
    """Measure, and print a line for each set and variant: the mean over the seeds, and each seed's AUROC."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", default="bottle,cookie,tile")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--good", type=int, default=0, help="good pictures to learn from, spread over all (0: all)")
    parser.add_argument("--variant", action="append")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    found: defaultdict[tuple[object, object], list[dict[str, float]]] = defaultdict(list)
    everything = []
    print(
        "| set | variant | AUROC | AUPRO | overkill % | escapes % | AUROC of the seeds |\n|---|---|---|---|---|---|---|"
    )
    for row in rows(arguments):
        everything.append(row)
        of_seeds = found[row["set"], row["variant"]]
        of_seeds.append({name: value for name, value in row.items() if isinstance(value, float)})
        if len(of_seeds) == len(arguments.seeds.split(",")):
            mean = {name: float(np.mean([one[name] for one in of_seeds])) for name in of_seeds[0]}
            each = " ".join(f"{one['auroc']:.4f}" for one in of_seeds)
            figures_of_mean = (
                f"{mean['auroc']:.4f} | {mean['aupro']:.4f} | {mean['overkill']:.1f} | {mean['escapes']:.1f}"
            )
            print(f"| {row['set']} | {row['variant']} | {figures_of_mean} | {each} |", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(everything, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
