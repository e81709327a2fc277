"""The model that proposes masks, kept open from one picture to the next."""

from collections.abc import Callable
from contextlib import closing
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image
from station.domain.geometry import Box
from station.domain.recipe import View
from station.inference.predictor import Predictor
from station.vision.moved_region import map_in_frame
from station.vision.preprocess import Preprocessor


class ProposalModel:
    """The model that judged last for a proposal: the next picture is often of the same product. Safe from any thread.

    Args:
        open_predictor: Opens the model of a view.
    """

    def __init__(self, open_predictor: Callable[[View], Predictor]) -> None:
        self._open = open_predictor
        self._lock = Lock()
        self._view: View | None = None
        self._predictor: Predictor | None = None

    def map_of(self, picture: Image, view: View) -> tuple[NDArray[np.float32], Box]:
        """Return the anomaly map of a picture and the area that it covers; no limit on light or size is asked.

        Raises:
            StationError: The model is missing or failed, or the region of interest does not fit the picture.
        """
        with self._lock:
            predictor = self._predictor_of(view)
            prepared = Preprocessor(predictor.input_size, view.roi, view.location).run(picture)
            found = predictor.predict(prepared.model_input).anomaly_map
            if prepared.pose is None:
                return found, prepared.roi
            height, width = picture.shape[:2]
            return map_in_frame(found, prepared.roi, prepared.pose, (height, width)), (0, 0, width, height)

    def close(self) -> None:
        """Release the model."""
        with self._lock:
            self._release()

    def _predictor_of(self, view: View) -> Predictor:
        if self._predictor is None or view != self._view:
            self._release()
            self._predictor, self._view = self._open(view), view
        return self._predictor

    def _release(self) -> None:
        if self._predictor is not None:
            with closing(self._predictor):
                self._predictor = None
