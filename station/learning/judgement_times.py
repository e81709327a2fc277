"""How long several models take for one judgement, taken in turn, so that each has the same load of the machine."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from station.domain.recipe import InferenceSettings
from station.inference.model_package import ModelPackage
from station.inference.opening import open_predictor
from station.learning.progress import OnProgress, with_progress

_WARM_UP = 5
_STAGE = "Timing a judgement of each"


def judgement_ms(
    packages: Mapping[str, ModelPackage], cache: Path, rounds: int, on_progress: OnProgress
) -> dict[str, float]:
    """Return the median milliseconds of one inference of each package, by its name.

    Args:
        packages: The models by their names.
        cache: Folder for compiled models.
        rounds: How many timings of each are counted; every second round goes the other way round.
        on_progress: Called after each round.

    Raises:
        FaultError: A model cannot be opened, or failed.
    """
    with ExitStack() as opened:
        ways = []
        for name, package in packages.items():
            predictor = open_predictor(package, InferenceSettings(), cache)
            opened.callback(predictor.close)
            picture = np.random.default_rng(0).integers(0, 256, (*package.manifest.input_size, 3), np.uint8)
            ways.append((name, predictor, picture))
        taken: dict[str, list[float]] = {name: [] for name, _, _ in ways}
        for number in with_progress(range(-_WARM_UP, rounds), _STAGE, on_progress):
            for name, predictor, picture in ways if number % 2 == 0 else reversed(ways):
                began = time.perf_counter()
                predictor.predict(picture)
                taken[name].append((time.perf_counter() - began) * 1e3)
    return {name: round(float(np.median(ms[_WARM_UP:])), 2) for name, ms in taken.items()}
