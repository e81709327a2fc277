"""The figures of a part that are watched for a drift, from a small level of its picture."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from station.domain.drift import Stream
from station.domain.frame import Image
from station.domain.part_images import ViewResult, level_within
from station.vision.appearance import appearance_of

_SIDE_PX = 640
"""Level of the picture that is measured."""
_LEAST_ODDS = 3e-4
"""Scores nearer to 0 or 1 are alike."""

Figures = Mapping[Stream, float]
"""By stream; a figure that does not exist is not a number."""


def only_measured(view: ViewResult) -> ViewResult:
    """Return the same result with only what is measured, so that a part that waits holds no large picture."""
    level = level_within(view.levels, _SIDE_PX)
    return replace(view.without_original(), levels=() if level is None else (level,), anomaly_map=None)


def measure(view: ViewResult) -> Figures | None:
    """Return the figures of a judged view; None if it was not judged or has no picture.

    The score is the logarithm of its odds, a scale without ends; the others are those of `Appearance`.
    """
    score, level = view.inspection.pred_score, level_within(view.levels, _SIDE_PX)
    if score is None or level is None:
        return None
    seen = appearance_of(_inspected(level, view))
    return {
        Stream.SCORE: _log_odds(score),
        Stream.BRIGHTNESS: seen.brightness,
        Stream.COLOUR: seen.colour,
        Stream.SHARPNESS: seen.sharpness,
        Stream.ACROSS: seen.across,
        Stream.DOWN: seen.down,
    }


def _log_odds(score: float) -> float:
    if not 0 <= score <= 1:
        return math.nan
    return math.log(max(score, _LEAST_ODDS) / max(1 - score, _LEAST_ODDS))


def _inspected(level: Image, view: ViewResult) -> Image:
    """Return the region of interest of a level."""
    scale = level.shape[1] / view.inspection.width
    x, y, w, h = (round(each * scale) for each in view.roi)
    return np.ascontiguousarray(level[y : y + max(h, 1), x : x + max(w, 1)])
