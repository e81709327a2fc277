"""Repeat trials of `docs/trials/detector.md` that the other benchmarks do not, on cells that are made once and kept.

    python tests/benchmarks/detector_trials.py DATA distance|places|limits|heads [--sets bottle,cookie,tile] [--seeds 0]
        [--draws 3] [--cache FOLDER]

`distance`: the share of the distance in spacings, and the smoothing. `places`: the map set against the mean held-out
map. `limits`: rules that set the limit from held-out good pictures. `heads`: forms of likeness h to ten labelled
defects beside the distance r, both in deviations of good cells; on the defects that were not drawn, and ("unseen") on a
kind without labels. Each prints a table, means of seeds or draws; overkill and escapes are in percent. The cache is
kept for each set, seed and program.
"""

import argparse
import math
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from accuracy import figures
from defect_labels import CORES, SIGMA, Product, draws, look_at
from numpy.typing import NDArray

from station.learning.limits import REJECTED_WITH_DEFECTS, exceeded_by, limits_from_good
from station.learning.metrics import auroc
from station.learning.progress import no_progress
from station.trainer.cell_head import value_of
from station.trainer.coreset import Rows
from station.trainer.defect_head import learn_defect_head
from station.trainer.detector import smoothed
from station.trainer.good_cache import program
from station.trainer.threads import each_on_a_core

Scores = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Looked:
    """A set that was looked at, and the distances of its test pictures.

    Attributes:
        product: What defect labels are tried on as well.
        near, in_spacings: Both distances of the cells of each test picture, (n, gh, gw).
    """

    product: Product
    near: Rows
    in_spacings: Rows

    def maps(self, share: float, sigma: float) -> tuple[Rows, Rows]:
        """Return the maps of the held-out good pictures and of the test pictures.

        Args:
            share: Of the distance in spacings.
            sigma: Of the smoothing, cells.
        """
        held_out = self.product.good.held_out
        scale = held_out.scale

        def smooth(distance: Rows, spacings: Rows) -> Rows:
            r = (1 - share) * distance / scale.distance + share * spacings / scale.in_spacings
            return smoothed(r.astype(np.float32), sigma)

        return smooth(held_out.distance, held_out.in_spacings), smooth(self.near, self.in_spacings)

    @property
    def good(self) -> NDArray[np.bool_]:
        """Return which test pictures are good."""
        return np.array([picture.good for picture in self.product.pictures])


def looked(folder: Path, seed: int, cache: Path) -> Looked:
    """Look at a set, or take what was kept of it."""
    kept = cache / f"{folder.name}_{seed}_{program()[:16]}.pickle"
    if not kept.exists():
        product = look_at(folder, seed)

        def distances(cells: NDArray[np.floating]) -> tuple[Rows, Rows]:
            return product.good.bank.distances(cells)

        of_all = each_on_a_core(distances, [one.projected for one in product.cells], CORES, "", no_progress)
        near, in_spacings = (np.array(each) for each in zip(*of_all, strict=True))
        cache.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(Looked(product, near, in_spacings), protocol=5))
    found: Looked = pickle.loads(kept.read_bytes())
    return found


def distance(sets: Sequence[Looked]) -> Iterator[tuple[str, list[float]]]:
    """Yield figures for shares of the distance in spacings, and for smoothings."""
    for share in (0, 0.25, 0.5, 0.75, 1):
        for sigma in (1.0, 1.5, 2.0, 2.5):
            yield f"share {share}, {sigma} cells", _mean(_all_figures(one, *one.maps(share, sigma)) for one in sets)


def places(sets: Sequence[Looked]) -> Iterator[tuple[str, list[float]]]:
    """Yield figures for maps that are divided by the mean held-out map, or from which it is subtracted."""
    forms: dict[str, Callable[[Rows, Rows], Rows]] = {
        "none": lambda maps, mean: maps,
        "divide by its root": lambda maps, mean: maps / np.sqrt(mean),
        "divide": lambda maps, mean: maps / mean,
        "subtract half": lambda maps, mean: maps - mean / 2 + mean.mean() / 2,
        "subtract": lambda maps, mean: maps - mean + mean.mean(),
    }
    for name, form in forms.items():
        found = []
        for one in sets:
            held_out, tested = one.maps(0.25, SIGMA)
            mean = held_out.mean(0)
            found.append(_all_figures(one, form(held_out, mean), form(tested, mean)))
        yield name, _mean(found)


def limits(sets: Sequence[Looked]) -> Iterator[tuple[str, list[float]]]:
    """Yield AUROC, overkill and escapes of the default score for rules that set the limit."""
    for name, rule in RULES.items():
        found = []
        for one in sets:
            held_out, tested = (maps.max((1, 2)).astype(np.float64) for maps in one.maps(0.25, SIGMA))
            found.append(_at_limit(tested[one.good], tested[~one.good], rule(held_out)))
        yield name, _mean(found)


def _robust(scores: Scores, deviations: float) -> float:
    lower, middle, upper = np.quantile(scores, [0.25, 0.5, 0.75])
    return float(middle + deviations * (upper - lower) / 1.349)


def _gumbel(scores: Scores) -> float:
    lower, middle, upper = np.quantile(scores, [0.25, 0.5, 0.75])
    scale = (upper - lower) / (math.log(math.log(4)) - math.log(math.log(4 / 3)))
    return float(middle + scale * (math.log(math.log(2)) - math.log(-math.log(0.95))))


def _conformal(scores: Scores) -> float:
    return float(np.sort(scores)[min(len(scores), math.ceil(0.95 * (len(scores) + 1))) - 1])


RULES: dict[str, Callable[[Scores], float]] = {
    **{
        f"exceeded by {share:.1%}": lambda scores, share=share: exceeded_by(scores, share)
        for share in (0.05, 0.045, 0.04, 0.03, 0.02, 0.01)
    },
    "5 %, between two scores": lambda scores: float(np.quantile(scores, 0.95)),
    "conformal, 5 %": _conformal,
    "the higher of 5 % and median + 2.33 robust deviations": lambda scores: max(
        exceeded_by(scores, 0.05), _robust(scores, 2.33)
    ),
    "median + 1.88 robust deviations": lambda scores: _robust(scores, 1.88),
    "Gumbel by the quartiles, 5 %": _gumbel,
}


@dataclass(frozen=True)
class Form:
    """The anomaly of a cell from likeness h, distance r, and the distances of all cells of held-out good pictures."""

    of: Callable[[Rows, Rows, Rows], Rows]
    sigma: float = 0.8 * SIGMA


def _beyond(h: Rows, bar: float) -> Rows:
    return np.maximum(h - np.float32(bar), 0)


def _share(r: Rows, good: Rows, begin: float, end: float) -> Rows:
    """Return 0 up to the distance that a share `begin` of good cells lies below, rising to 1 at that of `end`."""
    low, high = np.quantile(good, (begin, end))
    return np.clip((r - low) / (high - low), 0, 1)


def _above(r: Rows, good: Rows, share: float) -> NDArray[np.bool_]:
    return r > np.quantile(good, share)


FORMS = {
    "r": Form(lambda h, r, good: r, SIGMA),
    **{f"h + {weight} r": Form(lambda h, r, good, w=weight: h + w * r) for weight in (0.5, 2, 3, 8)},
    **{
        f"max(0, h - {bar}) + {weight} r": Form(lambda h, r, good, w=weight, bar=bar: _beyond(h, bar) + w * r)
        for bar, weight in ((0, 2), (1, 2), (1, 3), (1, 4), (2, 2), (3, 2))
    },
    "max(0, h - 1) + 2 r, 1.5 cells": Form(lambda h, r, good: _beyond(h, 1) + 2 * r, SIGMA),
    "2 max(0, h - 2) + 2 r": Form(lambda h, r, good: 2 * _beyond(h, 2) + 2 * r),
    "min(4, max(0, h - 1)) + 2 r": Form(lambda h, r, good: np.minimum(_beyond(h, 1), 4) + 2 * r),
    "r (1 + .15 max(0, h - 1))": Form(lambda h, r, good: r * (1 + 0.15 * _beyond(h, 1))),
    "max(0, h - 1) + 2 r, h smoothed before by 1 cell": Form(lambda h, r, good: _beyond(smoothed(h, 1), 1) + 2 * r),
    "max(0, h - 1) + 2 r, h smoothed before by 2 cells": Form(lambda h, r, good: _beyond(smoothed(h, 2), 1) + 2 * r),
    "max(0, h - 1) where r is above its mean, + 2 r": Form(
        lambda h, r, good: _beyond(h, 1) * (r > good.mean()) + 2 * r
    ),
    **{
        f"max(0, h - 1) where r is above that of {share:.0%} of good cells, + 2 r": Form(
            lambda h, r, good, share=share: _beyond(h, 1) * _above(r, good, share) + 2 * r
        )
        for share in (0.9, 0.98)
    },
    **{
        f"max(0, h - 1) rising in share with r from {begin:.0%} to {end:.1%} of good cells, + 2 r": Form(
            lambda h, r, good, begin=begin, end=end: _beyond(h, 1) * _share(r, good, begin, end) + 2 * r
        )
        for begin, end in ((0, 0.99), (0.5, 0.99), (0.5, 0.995), (0.8, 0.99), (0.8, 0.995), (0.9, 0.995), (0.2, 0.999))
    },
}


def heads(sets: Sequence[Looked], asked: argparse.Namespace) -> Iterator[tuple[str, list[float]]]:
    """Yield, for forms of the head, figures of the defects that were not drawn, and AUROC of kinds without labels."""
    drawn = [_taught(one.product, draw) for one in sets for draw in draws(one.product, asked)]
    asked.one_kind_out = True
    several = [one for one in sets if len({picture.kind for picture in one.product.pictures}) > 2]
    unseen = [_taught(one.product, draw) for one in several for draw in draws(one.product, asked)]
    for name, form in FORMS.items():
        row = _mean(_at_limit(*taught.scores(form)) for taught in drawn)
        yield name, [*row, *_mean(_at_limit(*taught.scores(form))[:1] for taught in unseen)]


@dataclass(frozen=True, eq=False)
class Taught:
    """Likeness and distance of the cells of held-out good, good and defective pictures, each (n, gh, gw)."""

    held_out: tuple[Rows, Rows]
    good: tuple[Rows, Rows]
    defects: tuple[Rows, Rows]

    def scores(self, form: Form) -> tuple[Scores, Scores, float]:
        """Return the scores of good test pictures and of defects, and the limit that 4 % of held-out ones exceed."""
        spread = self.held_out[1].std()
        of_good = self.held_out[1] / spread
        held_out, good, defects = (
            smoothed(form.of(h, r / spread, of_good).astype(np.float32), form.sigma).max((1, 2)).astype(np.float64)
            for h, r in (self.held_out, self.good, self.defects)
        )
        return good, defects, exceeded_by(held_out, REJECTED_WITH_DEFECTS)


def _taught(product: Product, draw: tuple[list[int], list[int]]) -> Taught:
    labels, measured = draw
    anomaly = product.good.held_out.anomaly
    plain = limits_from_good(smoothed(anomaly, SIGMA)).normalisation.image_threshold_raw
    defects = [product.cells[place] for place in labels]
    learned = learn_defect_head(product.good.cells.projected, anomaly, defects, plain, CORES, no_progress)

    def both(places_of: Sequence[int]) -> tuple[Rows, Rows]:
        cells = [product.cells[place] for place in places_of]
        likeness = [value_of(learned.direction, one.projected, one.anomaly) for one in cells]
        return np.array(likeness), np.array([one.anomaly for one in cells])

    return Taught((learned.good, anomaly), both(product.good_places), both(measured))


def _all_figures(one: Looked, held_out: Rows, tested: Rows) -> list[float]:
    return list(figures(one.product.pictures, held_out, tested).values())


def _at_limit(good: Scores, defects: Scores, limit: float) -> list[float]:
    return [auroc(good, defects) or 0.0, 100 * float((good > limit).mean()), 100 * float((defects <= limit).mean())]


def _mean(rows: Iterable[Sequence[float]]) -> list[float]:
    of_all = list(rows)
    return [float(value) for value in np.mean(of_all, axis=0)] if of_all else [math.nan]


def main() -> None:
    """Print the table of one group of trials for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("trials", choices=("distance", "places", "limits", "heads"))
    parser.add_argument("--sets", default="bottle,cookie,tile")
    parser.add_argument("--seeds", default="0")
    parser.add_argument("--labels", type=int, default=10)
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "lineside-trials"))
    asked = parser.parse_args()
    asked.one_kind_out = False
    columns = {
        "heads": ["AUROC", "overkill", "escapes", "AUROC, unseen"],
        "limits": ["AUROC", "overkill", "escapes"],
    }.get(asked.trials, ["AUROC", "AUPRO", "overkill", "escapes"])
    trials = {"distance": distance, "places": places, "limits": limits, "heads": lambda sets: heads(sets, asked)}
    print("| set | " + " | ".join(["trial", *columns]) + " |\n" + "|---" * (len(columns) + 2) + "|")
    for name in asked.sets.split(","):
        sets = [looked(asked.data / name, int(seed), asked.cache) for seed in asked.seeds.split(",")]
        for trial, row in trials[asked.trials](sets):
            values = (
                f"{value:.4f}" if "AU" in column else f"{value:.1f}" for column, value in zip(columns, row, strict=True)
            )
            print(f"| {name} | {trial} | " + " | ".join(values) + " |", flush=True)


if __name__ == "__main__":
    main()
