"""Fit PyOD's detectors, and write them as arrays. This file alone imports PyOD, when a model is taught."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyod.models.iforest import IForest
from pyod.models.knn import KNN
from pyod.models.ocsvm import OCSVM

from plugins.classical_features import ClassicalSettings
from plugins.classical_features.features import Rows, features_of
from plugins.classical_features.laplacian import LaplacianAutoencoder
from plugins.classical_features.model import LearnedClassicalModel
from station.domain.frame import Image
from station.plugin_api import Lesson

_NEIGHBOURS = 5
_JOINED = 2000
"""As many windows are joined to their neighbours in the autoencoder's graph."""
_OUTSIDE = 0.05
"""Share of the good windows that the one-class SVM may leave outside; the limits come from held-out parts anyway."""


def learn(scorer: str, pictures: Sequence[Image], settings: ClassicalSettings, lesson: Lesson) -> LearnedClassicalModel:
    """Return the model of these pictures.

    Args:
        scorer: "knn", "forest" or "svm".
        pictures: Of good parts, uint8 RGB.
        settings: See there.
        lesson: Seed and progress.
    """
    rows = _some(_features(pictures, lesson), settings.windows, lesson.seed)
    drawn = _some(rows, _JOINED, lesson.seed + 1)
    autoencoder = LaplacianAutoencoder.learn(drawn, settings.code, settings.neighbours, settings.smoothness)
    detector, arrays = fitted(scorer, autoencoder(rows), lesson.seed)
    return LearnedClassicalModel(scorer, autoencoder, detector, arrays)


def _features(pictures: Sequence[Image], lesson: Lesson) -> Rows:
    found = []
    for done, picture in enumerate(pictures, start=1):
        found.append(features_of(picture))
        lesson.step("Looking at good parts", done, len(pictures))
    return np.concatenate(found)


def _some(rows: Rows, most: int, seed: int) -> Rows:
    """Return the rows, or `most` of them, drawn by the seed, in their order."""
    if len(rows) <= most:
        return rows
    return rows[np.sort(np.random.default_rng(seed).choice(len(rows), most, replace=False))]


def fitted(scorer: str, rows: Rows, seed: int) -> tuple[Any, dict[str, Any]]:
    """Return the detector of PyOD that learned these rows, and its arrays.

    Args:
        scorer: "knn", "forest" or "svm".
        rows: Of good parts, (n, k).
        seed: Of the forest's draws.
    """
    return {"knn": _knn, "forest": _forest, "svm": _svm}[scorer](rows, seed)


def _knn(rows: Rows, _: int) -> tuple[Any, dict[str, Any]]:
    detector = KNN(n_neighbors=_NEIGHBOURS, method="mean").fit(rows)
    return detector, {"remembered": rows, "neighbours": np.array(_NEIGHBOURS)}


def _forest(rows: Rows, seed: int) -> tuple[Any, dict[str, Any]]:
    detector = IForest(n_estimators=200, random_state=seed).fit(rows)
    forest = detector.detector_
    return detector, _trees(forest.estimators_, forest.estimators_features_) | {
        "expected": _mean_path(np.array(forest.max_samples_)),
        "offset": np.array(forest.offset_),
    }


def _trees(estimators: Sequence[Any], features: Sequence[Any]) -> dict[str, Any]:
    parts: dict[str, list[Any]] = {name: [] for name in ("left", "right", "feature", "threshold", "length")}
    roots = []
    for estimator, asked in zip(estimators, features, strict=True):
        tree, first = estimator.tree_, sum(map(len, parts["left"]))
        roots.append(first)
        inner = tree.children_left >= 0
        for name, children in (("left", tree.children_left), ("right", tree.children_right)):
            parts[name].append(np.where(inner, children + first, -1))
        parts["feature"].append(np.where(inner, asked[tree.feature], -1))
        parts["threshold"].append(tree.threshold)
        parts["length"].append(_depths(tree) + _mean_path(tree.n_node_samples))
    return {name: np.concatenate(part) for name, part in parts.items()} | {"roots": np.array(roots)}


def _depths(tree: Any) -> Rows:  # noqa: ANN401 - a class of scikit-learn that it does not name
    """Return how many questions lead to each node; parents come before their children."""
    depth = np.zeros(tree.node_count)
    for node in range(tree.node_count):
        for child in (tree.children_left[node], tree.children_right[node]):
            if child >= 0:
                depth[child] = depth[node] + 1
    return depth


def _mean_path(samples: NDArray[np.intp]) -> Rows:
    """Return how many questions part one sample from all in the mean (Liu and others, Isolation Forest, 2008)."""
    n = np.maximum(samples, 3).astype(np.float64)
    long = 2 * (np.log(n - 1) + np.euler_gamma) - 2 * (n - 1) / n
    return np.where(samples <= 1, 0.0, np.where(samples == 2, 1.0, long))


def _svm(rows: Rows, _: int) -> tuple[Any, dict[str, Any]]:
    detector = OCSVM(nu=_OUTSIDE, gamma=1 / (rows.shape[1] * float(rows.var()) or 1.0)).fit(rows)
    machine = detector.detector_
    return detector, {
        "vectors": machine.support_vectors_,
        "weights": machine.dual_coef_[0],
        "gamma": np.array(machine.gamma),
        "offset": np.array(machine.intercept_[0]),
    }
