"""The model on the line, from arrays alone; and the one that was just learned, with PyOD's own detector."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from plugins.classical_features.features import Rows, features_of, grid_of
from plugins.classical_features.laplacian import LaplacianAutoencoder
from plugins.classical_features.scoring import SCORERS, Scorer
from station.domain.frame import Image
from station.plugin_api import ModelData


@dataclass(frozen=True, slots=True)
class ClassicalModel:
    """Judges windows by their codes. See `PluginModel`."""

    autoencoder: LaplacianAutoencoder
    scorer: Scorer

    @classmethod
    def of_data(cls, data: ModelData) -> "ClassicalModel":
        """Return the model that was written as data."""
        scorer = SCORERS[str(data.values["scorer"])](data.arrays)
        return cls(LaplacianAutoencoder.of_arrays(data.arrays), scorer)

    def places(self, picture: Image) -> Rows:
        """Return how unlike good ones each window is."""
        return self.scorer.scores(self.autoencoder(features_of(picture))).reshape(grid_of(picture))


@dataclass(frozen=True, slots=True)
class LearnedClassicalModel:
    """The same, scored by the detector of PyOD that was fitted: the certificate compares the two. See `LearnedModel`.

    Attributes:
        scorer: "knn", "forest" or "svm".
        autoencoder: The codes.
        detector: PyOD's detector.
        arrays: What was exported of it.
    """

    scorer: str
    autoencoder: LaplacianAutoencoder
    detector: Any
    arrays: dict[str, Any]

    def places(self, picture: Image) -> Rows:
        """Return how unlike good ones each window is."""
        decisions = self.detector.decision_function(self.autoencoder(features_of(picture)))
        return np.asarray(SCORERS[self.scorer](self.arrays).from_decisions(decisions)).reshape(grid_of(picture))

    def data(self) -> ModelData:
        """Return the model as arrays."""
        return ModelData(self.autoencoder.arrays | self.arrays, {"scorer": self.scorer})
