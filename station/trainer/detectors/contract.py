"""The contract of every method that is taught through this room."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from station.inference.silent_openvino import ov
from station.learning.progress import OnProgress

Pixels = NDArray[np.uint8]
"""Pictures as the model's input: uint8 RGB, (n, h, w, 3); h and w are multiples of 32."""
Maps = NDArray[np.float32]
"""Raw anomaly maps, (n, gh, gw) float32; 0 or more, and proportional: 0 is as good parts are in the mean, or better."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a method is given besides pictures.

    Attributes:
        on_progress: Called with each step, at least every second; a loss is shown as a curve.
        cores: Number of CPU cores to use.
        seed: Seed of every random draw: the same seed gives the same detector on the same machine.
        backbones: Folder of the networks that the site brought; None if there is none.
    """

    on_progress: OnProgress
    cores: int
    seed: int
    backbones: Path | None


class LearnedDetector(Protocol):
    """What a method learned. Both, it and its graph, give the same scores."""

    def maps(self, pictures: Pixels) -> Maps | None:
        """Return the raw map of each picture, which depends on no other picture; None from a method without a map."""
        ...

    def scores(self, pictures: Pixels) -> NDArray[np.float32]:
        """Return the raw score of each picture, (n,): with a map its highest place."""
        ...

    def graph(self) -> "ov.Model":
        """Return the graph of a model package, for one picture of the size that was learned.

        uint8 RGB [1, h, w, 3] in, `score` [1, 1, 1, 1] and `map` [1, 1, gh, gw] out, both raw. Without a map the map
        is one place that is always 0.
        """
        ...


@runtime_checkable
class LearnedData(Protocol):
    """What a method of a plug-in learned: files in the place of a graph."""

    def maps(self, pictures: Pixels) -> Maps | None:
        """See `LearnedDetector`."""
        ...

    def scores(self, pictures: Pixels) -> NDArray[np.float32]:
        """See `LearnedDetector`."""
        ...

    def save(self, folder: Path) -> None:
        """Write the files of a model package into a folder."""
        ...


AnyLearned = LearnedDetector | LearnedData


class DetectorMethod(Protocol):
    """A method with its settings. An instance serves one teaching: it may keep what it computed of all pictures."""

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> AnyLearned:
        """Learn from the chosen ones of the pictures, all of which show good parts.

        Args:
            pictures: All good pictures; the same in each call.
            chosen: The numbers of those to learn, rising.
            session: See there.
        """
        ...
