"""The interface of every model to the rest of the station."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image
from station.domain.verdict import Prediction


class Predictor(Protocol):
    """A loaded model. Calls may come from any thread, one at a time."""

    @property
    def input_size(self) -> tuple[int, int]:
        """Return height and width of the model's input, pixels."""
        ...

    def predict(self, image: Image) -> Prediction:
        """Return scores and map of one downscaled picture.

        Args:
            image: uint8 RGB, shape (*input_size, 3), C-contiguous.

        Raises:
            FaultError: The model or its device failed.
        """
        ...

    def close(self) -> None:
        """Release the device."""
        ...


class RawPredictor(Predictor, Protocol):
    """A loaded model that also says what it computed before it was normalised."""

    def raw_answer(self, image: Image) -> tuple[float, NDArray[np.float32]]:
        """Return the raw score, and the raw map of shape (gh, gw).

        Raises:
            FaultError: The model or its device failed.
        """
        ...
