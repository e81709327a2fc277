"""Keep pictures to compare precisions on: those nearest to the model's limit, and a sample of all others.

Near the limit another digit could change a verdict. The sample is for limits that are set elsewhere later.
"""

import heapq

from station.domain.digest import sha256_hex
from station.domain.frame import Image
from station.domain.verdict import Prediction
from station.inference.normalisation import Normalisation
from station.inference.predictor import Predictor

NEAREST, SAMPLED = 8, 8


class NearestPictures:
    """A predictor that keeps the inputs whose scores lie nearest to the limit, and a sample of all."""

    def __init__(
        self, predictor: Predictor, scale: Normalisation, nearest: int = NEAREST, sampled: int = SAMPLED
    ) -> None:
        """Keep at most as many; the predictor is not closed with this."""
        self._predictor = predictor
        self._limit = scale.image_threshold_raw
        self._seen: set[str] = set()
        self._nearest, self._sample = _Largest(nearest), _Largest(sampled)

    @property
    def input_size(self) -> tuple[int, int]:
        """Return height and width of the model's input, pixels."""
        return self._predictor.input_size

    def predict(self, image: Image) -> Prediction:
        """Return the prediction of one picture; see `Predictor`."""
        prediction = self._predictor.predict(image)
        digest = sha256_hex(image.tobytes())
        if digest not in self._seen:
            self._seen.add(digest)
            self._nearest.offer(-abs(prediction.raw_score - self._limit), digest, image)
            # The digest knows nothing of the picture's content: those with the largest ones are a random sample.
            self._sample.offer(float(int(digest[:12], 16)), digest, image)
        return prediction

    def close(self) -> None:
        """Leave the predictor to whoever made it."""

    def kept(self) -> list[Image]:
        """Return the kept pictures, uint8 RGB, (*input_size, 3): those nearest to the limit first, then the sample."""
        return list((self._nearest.largest_first() | self._sample.largest_first()).values())


class _Largest:
    """Keeps the pictures with the largest values."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[float, str, Image]] = []

    def offer(self, value: float, digest: str, image: Image) -> None:
        if len(self._heap) < self._most:
            heapq.heappush(self._heap, (value, digest, image.copy()))
        elif self._heap and (value, digest) > self._heap[0][:2]:
            heapq.heapreplace(self._heap, (value, digest, image.copy()))

    def largest_first(self) -> dict[str, Image]:
        """Return the pictures by their digests."""
        return {digest: image for _, digest, image in sorted(self._heap, key=lambda kept: kept[:2], reverse=True)}
