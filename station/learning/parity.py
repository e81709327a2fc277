"""Parity: the exported model, as the line runs it, against the trained detector, on the same pictures."""

from collections.abc import Mapping

import numpy as np

from station.domain.verdict import Limits, Prediction, judge
from station.inference.normalisation import Normalisation
from station.inference.parity import ComparedPicture, Parity


def parity_of(
    trained: Mapping[str, float],
    exported: Mapping[str, float],
    sha256_of: Mapping[str, str],
    normalisation: Normalisation,
) -> Parity:
    """Compare on the normalised scale, and by verdict.

    Args:
        trained: Raw score of each picture by the trained detector, by its name.
        exported: Raw scores of these pictures, and perhaps of others, by the exported model.
        sha256_of: SHA-256 of the files of these pictures, and perhaps of others.
        normalisation: Of the raw scores.
    """
    compared = tuple(
        ComparedPicture(name=name, sha256=sha256_of[name], trained=score, exported=exported[name])
        for name, score in trained.items()
    )
    differences = [difference(each.trained, each.exported, normalisation) for each in compared]
    return Parity(
        pictures=len(compared),
        max_difference=max(differences),
        mean_difference=float(np.mean(differences)),
        verdict_flips=sum(flipped(each.trained, each.exported, normalisation) for each in compared),
        compared=compared,
    )


def difference(a: float, b: float, normalisation: Normalisation) -> float:
    """Return how far two raw scores are apart on the normalised scale, 0..1."""
    return abs(normalisation.pred_score(a) - normalisation.pred_score(b))


def flipped(a: float, b: float, normalisation: Normalisation) -> bool:
    """Return whether two raw scores get different verdicts at the model's own limit."""
    return _verdict(a, normalisation) != _verdict(b, normalisation)


def _verdict(raw_score: float, normalisation: Normalisation) -> str:
    score = normalisation.pred_score(raw_score)
    return judge(Prediction(score, raw_score, np.zeros((1, 1), np.float32)), Limits())
