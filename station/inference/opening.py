"""Open the model of a recipe as the line judges with it: in f32, or in a certified precision with its guard band."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from station.domain.errors import ModelError, StationError
from station.domain.frame import Image
from station.domain.recipe import InferenceSettings
from station.domain.verdict import GuardBand, Prediction
from station.inference import openvino_predictor
from station.inference.certificate import MARGIN, PrecisionCertificate
from station.inference.model_package import OPENVINO, ModelPackage
from station.inference.offered import REMEDY, certified, require_offered
from station.inference.openvino_predictor import OpenVinoPredictor, require_device
from station.inference.plugin_predictor import PluginPredictor
from station.inference.predictor import Predictor, RawPredictor
from station.inference.proof import differences, plugin_answers
from station.inference.reference import Answers, read_reference


def open_predictor(package: ModelPackage, settings: InferenceSettings, cache: Path, threads: int = 0) -> Predictor:
    """Return the model of a recipe.

    In f32 on the CPU the package needs no certificate; one that was made by an older version has none. Anything else
    is used only as far as the certificate goes: each answer has its guard band, and the model in f32 is opened too, so
    that no part waits until it is compiled.

    Args:
        package: The checked package.
        settings: Device and precision of the recipe.
        cache: Where compiled models are kept; may be emptied at any time.
        threads: CPU threads; 0 for one per core.

    Raises:
        BadInputError: The machine has no such device, the device does not support the precision, or the package does
            not prove that this precision gives the verdicts of f32.
        ModelError: The package contradicts itself, the precision is farther from f32 here than certified, or the
            plug-in that computes the model is not installed, or answers otherwise than when it was taught.
        FaultError: The device or the plug-in failed.
    """
    found = certified(package, settings)
    if settings == InferenceSettings() and (found is None or found.equal):
        exact = open_exact(package, cache, threads)
        if package.manifest.kind != OPENVINO:
            _require_as_taught(exact, package)
        return exact
    require_device(settings.device)
    proof = require_offered(package, settings)
    assert proof is not None, "without a certificate it is f32 on the CPU"
    fast = OpenVinoPredictor(package, settings, cache, threads)
    try:
        _require_as_certified(fast, proof, package)
        reference = OpenVinoPredictor(package, InferenceSettings(), cache, 1)
    except StationError:
        fast.close()
        raise
    band = proof.band(package.manifest.normalisation, whole_part=package.manifest.checks_whole_part)
    return GuardedPredictor(fast, reference, band)


def open_exact(package: ModelPackage, cache: Path, threads: int = 0) -> RawPredictor:
    """Return a model in f32 on the CPU, or as its plug-in computes it; for the arguments see `open_predictor`.

    Raises:
        ModelError: The package contradicts itself, or the plug-in that computes the model is not installed.
        FaultError: The device or the plug-in failed.
    """
    if package.manifest.kind == OPENVINO:
        return OpenVinoPredictor(package, InferenceSettings(), cache, threads)
    return PluginPredictor(package)


def map_grid(package: ModelPackage) -> tuple[int, int]:
    """Return rows and columns of the anomaly map of a checked package.

    Raises:
        ModelError: The package contradicts itself, or has no reference pictures of a plug-in's model.
    """
    if package.manifest.kind == OPENVINO:
        return openvino_predictor.map_grid(package)
    reference = read_reference(package)
    if reference is None:
        raise ModelError(f"The model package {package.folder} has no reference pictures.")
    rows, columns = reference.answers.maps.shape[1:]
    return int(rows), int(columns)


_AS_TAUGHT = 0.02
"""Steps of the scale: at most 0.005 of the scale 0 to 1. Another processor differs by less; `verify` is stricter."""


class GuardedPredictor:
    """A model in low precision, whose answers know how to be computed again in f32. See `Predictor`."""

    def __init__(self, fast: Predictor, reference: Predictor, band: GuardBand) -> None:
        self._fast, self._reference, self._band = fast, reference, band

    @property
    def input_size(self) -> tuple[int, int]:
        """Return height and width of the model's input, pixels."""
        return self._fast.input_size

    def predict(self, image: Image) -> Prediction:
        """Return scores and map of one downscaled picture, with the band; see `Predictor`."""
        kept = image.copy()  # the caller may fill its buffer with the next picture before this one is judged again
        answer = self._fast.predict(image)
        return replace(answer, band=self._band, judge_again=lambda: self._reference.predict(kept))

    def close(self) -> None:
        """Release both models."""
        self._fast.close()
        self._reference.close()


def _require_as_certified(fast: OpenVinoPredictor, proof: PrecisionCertificate, package: ModelPackage) -> None:
    """Judge the reference pictures: another processor may compute a low precision in another way."""
    reference = read_reference(package)
    if reference is None:
        raise ModelError(f"The model package {package.folder} has a certificate, and no reference pictures.")
    given = [fast.raw_answer(picture) for picture in reference.pictures]
    here = Answers(np.array([score for score, _ in given], np.float32), np.stack([each for _, each in given]))
    score, place = differences(here, reference.answers, package.manifest.normalisation)
    if score > MARGIN * proof.score_difference or place > MARGIN * proof.place_difference:
        raise ModelError(
            f"On this machine the model '{package.manifest.name}' in {proof.precision} on {proof.device} is farther "
            "from f32 than its certificate says.",
            REMEDY,
        )


def _require_as_taught(predictor: RawPredictor, package: ModelPackage) -> None:
    """Judge the reference pictures: no hash covers the plug-in, and another version of it may answer otherwise."""
    reference, scale = read_reference(package), package.manifest.normalisation
    if reference is None:
        return
    try:
        score, place = differences(plugin_answers(predictor, reference.pictures), reference.answers, scale)
        if score > _AS_TAUGHT * scale.image_scale_raw or place > _AS_TAUGHT * scale.pixel_scale_raw:
            raise ModelError(
                f"The plug-in '{package.manifest.kind}' that is installed here gives other answers than the one that "
                f"the model '{package.manifest.name}' was taught with.",
                "Install the version of the plug-in that it was taught with, or teach the product again.",
            )
    except StationError:
        predictor.close()
        raise
