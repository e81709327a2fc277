"""Parity: the exported model, as the line runs it, against the trained detector, on the same pictures."""

from collections.abc import Mapping

import numpy as np

from station.domain.verdict import Limits, Prediction, judge
from station.inference.model_package import Parity
from station.inference.normalisation import Normalisation


def parity_of(trained: Mapping[str, float], exported: Mapping[str, float], normalisation: Normalisation) -> Parity:
    """Compare on the normalised scale, and by verdict.

    Args:
        trained: Raw score of each picture by the trained detector, by its name.
        exported: Raw scores of these pictures, and perhaps of others, by the exported model.
        normalisation: Of the raw scores.
    """
    pairs = [(score, exported[name]) for name, score in trained.items()]
    differences = [abs(normalisation.pred_score(a) - normalisation.pred_score(b)) for a, b in pairs]
    flips = sum(_verdict(a, normalisation) != _verdict(b, normalisation) for a, b in pairs)
    return Parity(
        pictures=len(pairs),
        max_difference=max(differences),
        mean_difference=float(np.mean(differences)),
        verdict_flips=flips,
    )


def _verdict(raw_score: float, normalisation: Normalisation) -> str:
    score = normalisation.pred_score(raw_score)
    return judge(Prediction(score, raw_score, np.zeros((1, 1), np.float32)), Limits())
