"""Methods from before there were networks: gradients, wavelet edges and moments of windows, in a Laplacian autoencoder.

Whether a window is unlike good ones is said by PyOD's nearest neighbours, isolation forest or one-class SVM: three
methods, `classical-knn`, `classical-forest`, `classical-svm`. Only teaching needs PyOD (extra `classical`); the line
computes the same scores from arrays, without it. All else is loaded when it is needed: each start imports this file.
"""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from pydantic import Field

from station.plugin_api import Lesson, ModelData, PluginModel, PluginSettings, TeachingMethod, hookimpl

if TYPE_CHECKING:
    from plugins.classical_features.model import LearnedClassicalModel
    from station.domain.frame import Image

_WORDS = {
    "knn": "gradients, edges and moments beside those of the nearest good places; a minute to teach",
    "forest": "the same features, in an isolation forest; the fastest of the classical ones",
    "svm": "the same features, in a one-class SVM; a small model",
}


class ClassicalSettings(PluginSettings):
    """Settings of each of the three methods."""

    code: int = Field(16, ge=2, le=48, description="Length of the autoencoder's code")
    neighbours: int = Field(8, ge=1, le=50, description="Nearest neighbours of each window in the autoencoder's graph")
    smoothness: float = Field(1.0, ge=0, le=100, description="Weight of the neighbours beside the reconstruction")
    windows: int = Field(
        4000, ge=200, le=50_000, description="Windows of good parts that are learned, drawn by the seed"
    )


class ClassicalFeatures:
    """The plug-in."""

    @hookimpl
    def teaching_methods(self) -> Sequence[TeachingMethod]:
        """Return one method for each way to score."""
        return [
            TeachingMethod(
                f"classical-{scorer}",
                words,
                partial(_learn, scorer),
                ClassicalSettings,
                packages=("pyod",),
                install="Install the extra: pip install 'lineside[classical]' -c installer/constraints.txt.",
            )
            for scorer, words in _WORDS.items()
        ]

    @hookimpl
    def open_model(self, data: ModelData) -> PluginModel:
        """Return the model that these arrays describe."""
        from plugins.classical_features.model import ClassicalModel  # noqa: PLC0415 - see the head of this file

        return ClassicalModel.of_data(data)


def _learn(
    scorer: str, pictures: "Sequence[Image]", settings: ClassicalSettings, lesson: Lesson
) -> "LearnedClassicalModel":
    from plugins.classical_features.teaching import learn  # noqa: PLC0415 - loads PyOD

    return learn(scorer, pictures, settings, lesson)


plugin = ClassicalFeatures()
