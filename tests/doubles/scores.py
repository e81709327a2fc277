"""Scored pictures for tests of limits."""

from collections.abc import Sequence

import numpy as np

from station.domain.limit_bench.scored_pictures import (
    GOOD,
    NOTHING_SCORED,
    UNLABELLED,
    LabelledSet,
    LimitBench,
    LineParts,
    ScoredPictures,
    scored,
)
from station.domain.recipe import ModelReference, Recipe, View

VIEW = View(ModelReference("tile-model", "0" * 64))
RECIPE = Recipe("tile", 1, "tile", (VIEW,))


def of_set(
    scores: Sequence[float], labels: Sequence[int], largest_px: Sequence[int] = (), highest: Sequence[float] = ()
) -> ScoredPictures:
    """Return pictures of a dataset version; without areas each has a large region that has its score."""
    names = tuple(f"test/{place}.png" for place in range(len(scores)))
    keys = [(0, place) for place in range(len(scores))]
    return scored(scores, highest or scores, largest_px or [10_000] * len(scores), labels, keys, names)


def of_line(scores: Sequence[float], labels: Sequence[int] = ()) -> ScoredPictures:
    """Return parts of run 1, numbered from 1; without labels nobody said anything of them."""
    keys = [(1, place + 1) for place in range(len(scores))]
    return scored(scores, scores, [10_000] * len(scores), labels or [UNLABELLED] * len(scores), keys)


def bench_of(labelled: ScoredPictures = NOTHING_SCORED, parts: ScoredPictures = NOTHING_SCORED) -> LimitBench:
    """Return a bench of these."""
    return LimitBench(RECIPE, VIEW, LabelledSet("v1", labelled), LineParts(parts))


def drawn_parts(n: int, seed: int = 0) -> ScoredPictures:
    """Return parts of a line that is mostly good."""
    rng = np.random.default_rng(seed)
    return ScoredPictures(
        scores := np.concatenate([rng.beta(2, 8, n - n // 50), rng.beta(8, 2, n // 50)]),
        np.minimum(scores, 0.95),
        rng.integers(0, 500, n),
        np.full(n, GOOD, np.uint8),
        np.stack([np.ones(n, np.int64), np.arange(1, n + 1)], axis=1),
    )
