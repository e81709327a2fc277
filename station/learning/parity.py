"""Parity: the exported model, as the line runs it, against the trained detector, on the same pictures."""

from collections.abc import Mapping

import numpy as np

from station.domain.errors import FaultError
from station.domain.names import few_of
from station.domain.verdict import Limits, Prediction, judge
from station.inference.normalisation import Normalisation
from station.inference.parity import ComparedPicture, Parity

_NAMED_AT_MOST = 5


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


def require_same_verdicts(parity: Parity, normalisation: Normalisation) -> None:
    """Refuse a model that judges one of the compared pictures otherwise than the trained detector does.

    Raises:
        FaultError: It does; the pictures are named.
    """
    turned = [each.name for each in parity.compared if flipped(each.trained, each.exported, normalisation)]
    if turned:
        raise FaultError(
            f"The exported model gives {len(turned)} of {parity.pictures} compared pictures another verdict than the "
            f"trained one: {few_of(turned, _NAMED_AT_MOST)}.",
            "The model was not kept, and no recipe was changed. Teach again; if it happens again, report this fault "
            "with the pictures.",
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
