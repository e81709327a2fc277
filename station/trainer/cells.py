"""The projected cells of the good pictures: all that is kept of them while a product is taught."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from station.learning.presets import Method
from station.learning.progress import OnProgress
from station.learning.spread import spread_out
from station.trainer.backbone import CHANNELS
from station.trainer.coreset import Axes, Moments, Rows, moments_of_all, principal_axes
from station.trainer.threads import each_on_a_core

Picture = TypeVar("Picture")
_FOR_AXES = 60
"""Pictures that the principal components come from. Their features are 3 MB each; the cells of all are 0.4 MB each."""
_WHOLE = 6
_VERY_FEW, _SOME = 10, 30
_WHOLE_OF_VERY_FEW = 1.75
"""How many times the weight of stage 6 is raised. What it sees is alike in all good parts, and found in ten of them;
the fine texture of a further part is not."""
_LOOKING = "Looking at good parts"
_REMEMBERING = "Remembering good parts"


@dataclass(frozen=True, slots=True)
class GoodCells:
    """The cells of the good pictures.

    Attributes:
        axes: The principal components of their features.
        projected: Shape (n, gh, gw, k), in the order of the pictures; 16 bits are half the memory at the same accuracy.
    """

    axes: Axes
    projected: NDArray[np.float16]


def learn_cells(
    features_of: Callable[[Picture], Rows],
    pictures: Sequence[Picture],
    method: Method,
    cores: int,
    on_progress: OnProgress,
) -> GoodCells:
    """Return the cells of good pictures.

    The principal components come from pictures spread evenly over all; the features of no others are ever kept.

    Args:
        features_of: Gives the features of a picture, (gh, gw, c) float32, from several threads.
        pictures: The good pictures, in the order of their names.
        method: The preset of the detector.
        cores: Number of pictures at a time.
        on_progress: Called after each picture.
    """
    spread = spread_out(range(len(pictures)), _FOR_AXES)
    features = each_on_a_core(features_of, [pictures[place] for place in spread], cores, _LOOKING, on_progress)
    axes = _axes(features, method, cores)
    projected = np.empty((len(pictures), *features[0].shape[:2], axes.directions.shape[1]), np.float16)

    known = dict(zip(spread, features, strict=True))
    features.clear()

    def keep(place: int) -> None:
        projected[place] = axes.project(known.pop(place) if place in known else features_of(pictures[place]))

    places = [*spread, *sorted(set(range(len(pictures))) - set(spread))]  # in this order those that are kept end soon
    each_on_a_core(keep, places, cores, _REMEMBERING, on_progress)
    return GoodCells(axes, projected)


def _axes(features: Sequence[Rows], method: Method, cores: int) -> Axes:
    with ThreadPoolExecutor(cores) as pool:
        moments = pool.map(lambda one: Moments.of_rows(one.reshape(-1, one.shape[-1])), features)
        return principal_axes(moments_of_all(moments), method.pca_components, _weights(method, len(features)))


def _weights(method: Method, pictures: int) -> NDArray[np.float64] | None:
    """Return the weight of each feature, (c,), for a number of pictures; None if all are 1."""
    raised = float(np.interp(pictures, (_VERY_FEW, _SOME), (_WHOLE_OF_VERY_FEW, 1.0)))
    whole = method.whole_weight * raised
    if _WHOLE not in method.stages or whole == 1:
        return None
    of_stages = [whole if stage == _WHOLE else 1.0 for stage in method.stages]
    return np.repeat(of_stages, [CHANNELS[stage] for stage in method.stages])
