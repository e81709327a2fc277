"""Open the model of a recipe as the line judges with it: in f32, or in a certified precision with its guard band."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from station.domain.errors import BadInputError, ModelError
from station.domain.frame import Image
from station.domain.recipe import InferenceSettings
from station.domain.verdict import GuardBand, Prediction
from station.inference.certificate import MARGIN, MOST_REPEATED, PrecisionCertificate
from station.inference.model_package import ModelPackage
from station.inference.openvino_predictor import OpenVinoPredictor
from station.inference.predictor import Predictor
from station.inference.proof import differences
from station.inference.reference import Answers, read_reference

_REMEDY = "Set the precision of the recipe to f32 and its device to CPU, or teach the product again on this machine."


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
        ModelError: The package contradicts itself, or the precision is farther from f32 here than certified.
        FaultError: The device failed.
    """
    certificate = package.manifest.certificate
    certified = None if certificate is None else certificate.of(settings.device, settings.precision)
    if settings == InferenceSettings() and (certified is None or certified.equal):
        return OpenVinoPredictor(package, settings, cache, threads)
    fast = OpenVinoPredictor(package, settings, cache, threads)
    try:
        proof = _required(certified, package, settings)
        _require_as_certified(fast, proof, package)
        reference = OpenVinoPredictor(package, InferenceSettings(), cache, 1)
    except (BadInputError, ModelError):
        fast.close()
        raise
    band = proof.band(package.manifest.normalisation, whole_part=package.manifest.checks_whole_part)
    return GuardedPredictor(fast, reference, band)


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


def _required(
    certified: PrecisionCertificate | None, package: ModelPackage, settings: InferenceSettings
) -> PrecisionCertificate:
    way = f"{settings.precision} on {settings.device}"
    name = package.manifest.name
    if certified is None:
        raise BadInputError(f"The model package '{name}' has no certificate for {way}.", _REMEDY)
    if not certified.offered:
        raise BadInputError(
            f"In {way} the model '{name}' would judge {certified.repeat_rate:.1%} of the parts twice, and at most "
            f"{MOST_REPEATED:.0%} may be.",
            _REMEDY,
        )
    return certified


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
            _REMEDY,
        )
