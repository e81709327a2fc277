"""Keep the pictures whose scores lie nearest to the model's limit: there another digit could change a verdict."""

import heapq

from station.domain.frame import Image
from station.domain.verdict import Prediction
from station.inference.normalisation import Normalisation
from station.inference.predictor import Predictor

MOST = 16
"""As many are compared when a model is exported."""


class NearestPictures:
    """A predictor that keeps the inputs whose scores lie nearest to the limit, and all raw scores."""

    def __init__(self, predictor: Predictor, scale: Normalisation, most: int = MOST) -> None:
        """Keep at most this many; the predictor is not closed with this."""
        self._predictor = predictor
        self._limit = scale.image_threshold_raw
        self._most = most
        self._seen: set[int] = set()
        self._farthest_first: list[tuple[float, int, Image]] = []

    @property
    def input_size(self) -> tuple[int, int]:
        """Return height and width of the model's input, pixels."""
        return self._predictor.input_size

    def predict(self, image: Image) -> Prediction:
        """Return the prediction of one picture; see `Predictor`."""
        prediction = self._predictor.predict(image)
        same = hash(image.tobytes())
        if same not in self._seen:
            self._seen.add(same)
            self._keep(image, -abs(prediction.raw_score - self._limit))
        return prediction

    def close(self) -> None:
        """Leave the predictor to whoever made it."""

    @property
    def count(self) -> int:
        """Return how many are kept."""
        return len(self._farthest_first)

    def nearest_first(self) -> list[Image]:
        """Return the kept pictures, uint8 RGB, (*input_size, 3)."""
        return [image for _, _, image in sorted(self._farthest_first, key=lambda kept: (-kept[0], kept[1]))]

    def _keep(self, image: Image, nearness: float) -> None:
        entry = nearness, -len(self._seen), image
        if len(self._farthest_first) < self._most:
            heapq.heappush(self._farthest_first, (*entry[:2], image.copy()))
        elif entry[:2] > self._farthest_first[0][:2]:
            heapq.heapreplace(self._farthest_first, (*entry[:2], image.copy()))
