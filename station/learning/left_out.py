"""Judge labelled defects that were learned by models made without them: all else would flatter."""

import numpy as np

from station.domain.digest import sha256_hex
from station.domain.errors import FaultError
from station.domain.frame import Image
from station.domain.verdict import Prediction
from station.inference.normalisation import Normalisation
from station.inference.predictor import Predictor
from station.learning.labelled_defects import LabelledDefects


class LeftOutPredictor:
    """A predictor that shows the left-out map of each labelled defect, and its own for every other picture."""

    def __init__(self, predictor: Predictor, defects: LabelledDefects, normalisation: Normalisation) -> None:
        """Read the maps.

        Args:
            predictor: The model that learned the labelled defects; it is not closed with this.
            defects: The labelled defects, and their maps.
            normalisation: That of the model.
        """
        self._predictor = predictor
        self._normalisation = normalisation
        self._inputs = defects.inputs
        self._maps = dict(
            zip(dict.fromkeys(defects.inputs.values()), np.load(defects.maps, allow_pickle=False), strict=True)
        )
        self._added = dict(zip(self._maps, defects.added, strict=True)) if defects.added else {}
        self._own: dict[str, float] = {}

    @property
    def input_size(self) -> tuple[int, int]:
        """Return height and width of the model's input, pixels."""
        return self._predictor.input_size

    def predict(self, image: Image) -> Prediction:
        """Return the prediction of one picture; see `Predictor`."""
        prediction = self._predictor.predict(image)
        digest = sha256_hex(image.tobytes())
        if digest not in self._maps:
            return prediction
        self._own[digest] = prediction.raw_score
        raw_map = self._maps[digest]
        raw_score = float(raw_map.max()) + self._added.get(digest, 0.0)
        return Prediction(
            self._normalisation.pred_score(raw_score), raw_score, self._normalisation.anomaly_map(raw_map)
        )

    def close(self) -> None:
        """Leave the predictor to whoever made it."""

    def own_scores(self) -> dict[str, float]:
        """Return the raw score of each labelled defect by the model that learned it, by the name of its picture.

        Raises:
            FaultError: If one was not met, so that its figures are those of a model that learned it.
        """
        missed = [name for name, digest in self._inputs.items() if digest not in self._own]
        if missed:
            raise FaultError(
                f"{missed[0]} was learned, and could not be measured by a model made without it.",
                "Report this fault with the pictures; the model was not kept.",
            )
        return {name: self._own[digest] for name, digest in self._inputs.items()}
