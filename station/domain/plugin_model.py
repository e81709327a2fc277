"""A model that a plug-in learns and computes: plain data on the disk, and how unlike a good part each place is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image

Places = NDArray[np.floating[Any]]
"""Of each place of a picture, (gh, gw), at most 500 a side: 0 or more, and the greater, the less like a good part. A
model that knows no places gives one, (1, 1). The greatest is the score of the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class ModelData:
    """All that a model consists of. The station writes and reads it; nothing in it is ever unpickled.

    Attributes:
        arrays: Arrays of numbers or truth values by their names.
        values: By their names what JSON can hold: numbers, texts, and lists of them.
    """

    arrays: Mapping[str, NDArray[Any]]
    values: Mapping[str, Any] = field(default_factory=dict)


class PluginModel(Protocol):
    """A model that a plug-in has opened. It gives the same picture the same answer, whatever it judged before."""

    def places(self, picture: Image) -> Places:
        """Return how unlike a good part each place of a picture is. Called by one thread at a time.

        Args:
            picture: uint8 RGB, of the shape that the model was taught with; it cannot be written to.
        """
        ...


class LearnedModel(PluginModel, Protocol):
    """A model that a plug-in has just learned."""

    def data(self) -> ModelData:
        """Return all that `open_model` needs to open the same model on any station."""
        ...


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a plug-in is given besides the pictures that it learns.

    Attributes:
        seed: Of every random draw: the same seed gives the same model on the same machine.
        cores: Number of CPU cores to use.
        step: Called with what is being done, how much is done, and of how much: `step("Looking at parts", 3, 20)`.
    """

    seed: int = 0
    cores: int = 1
    step: Callable[[str, int, int], None] = lambda *_: None
