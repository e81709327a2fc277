"""Prove how far each precision is from f32, when a model is exported, and repeat it on any machine."""

import logging
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station.domain.errors import StationError
from station.domain.frame import Image
from station.domain.recipe import InferenceSettings
from station.inference.certificate import MARGIN, Certificate, PrecisionCertificate
from station.inference.model_package import OPENVINO, ModelPackage
from station.inference.normalisation import Normalisation
from station.inference.plugin_predictor import PluginPredictor
from station.inference.predictor import RawPredictor
from station.inference.reference import Answers, Reference
from station.inference.silent_openvino import ov
from station.inference.ways import REFERENCE_WAY, Way, answers, name_of_device, precisions_here

KEPT = 8
"""As many reference pictures are kept in a package, of about 0.1 MB each; fewer if they are larger."""
_KEPT_BYTES, _LEAST_KEPT = 40_000_000, 2
_NEAR_STEPS = 3.0
"""Places are compared if they lie no more steps of the scale from the model's limit: 0.05 to 0.95."""
_ROUNDED = 1e-4
"""Steps of the scale: other processors round the sums of a plug-in otherwise."""
_AT_ONCE = 3
_OTHER_WAYS = (
    Way("f32 with 2 threads", threads=2),
    Way("f32 from its compiled form"),
    Way(f"f32 with {_AT_ONCE} pictures at once", hint="THROUGHPUT", requests=_AT_ONCE),
)
"""Beside the reference: that is compiled, and these are loaded from its compiled form."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WayResult:
    """The reference pictures, judged in one way on this machine.

    Attributes:
        way: Its name.
        score_difference, place_difference: The largest raw ones: of f32 to the answers in the package, of other
            precisions to f32 here.
        allowed_score, allowed_place: As far may they be apart.
    """

    way: str
    score_difference: float
    place_difference: float
    allowed_score: float
    allowed_place: float

    @property
    def as_certified(self) -> bool:
        """Return whether both differences are allowed."""
        return self.score_difference <= self.allowed_score and self.place_difference <= self.allowed_place


def prove(
    package: ModelPackage, pictures: Sequence[Image], raw_scores: NDArray[np.float64], cache: Path
) -> tuple[Certificate, Reference]:
    """Compare each precision of this machine with f32, and return what was found with pictures to repeat it by.

    Args:
        package: The exported model.
        pictures: uint8 RGB, shape (*input_size, 3), those nearest to the model's limit first; at least one.
        raw_scores: Of all pictures that were scored, and of good parts that were held out, (n,).
        cache: Where compiled models are kept.

    Raises:
        FaultError: The CPU failed.
    """
    exact = answers(package, REFERENCE_WAY, pictures, cache)
    compared = (_compared(package, settings, pictures, exact, raw_scores, cache) for settings in precisions_here())
    found = tuple(each for each in compared if each is not None)
    flags = tuple(sorted(np.show_config(mode="dicts")["SIMD Extensions"]["found"]))
    count = min(KEPT, max(_LEAST_KEPT, _KEPT_BYTES // pictures[0].nbytes))
    kept = Reference(np.stack(pictures[:count]), Answers(exact.scores[:count], exact.maps[:count]))
    return Certificate(precisions=found, openvino=ov.get_version(), processor_flags=flags), kept


def repeat(package: ModelPackage, reference: Reference, cache: Path) -> tuple[WayResult, ...]:
    """Judge the reference pictures of a package in every way on this machine.

    Args:
        package: The checked package.
        reference: Its reference pictures.
        cache: An empty folder, so that the model is compiled once and then loaded from its compiled form.

    Raises:
        FaultError: A device failed.
    """
    if package.manifest.kind != OPENVINO:
        return (_repeated_by_plugin(package, reference),)
    certificate = package.manifest.certificate
    assert certificate is not None, "a package with reference pictures has a certificate"
    scale, stored = package.manifest.normalisation, reference.answers
    here, f32 = set(precisions_here()), certificate.of("CPU", "f32")
    own = answers(package, REFERENCE_WAY, reference.pictures, cache)
    results = [_result(REFERENCE_WAY.name, own, stored, f32, scale)]
    for way in _OTHER_WAYS:
        results.append(_result(way.name, answers(package, way, reference.pictures, cache), stored, f32, scale))
    for each in certificate.precisions:
        settings = InferenceSettings(each.device, each.precision)
        if settings == InferenceSettings() or settings not in here:
            continue
        given = answers(package, _way_of(settings), reference.pictures, cache)
        results.append(_result(_way_of(settings).name, given, own, each, scale))
    return tuple(results)


def _repeated_by_plugin(package: ModelPackage, reference: Reference) -> WayResult:
    scale = package.manifest.normalisation
    with closing(PluginPredictor(package)) as predictor:
        given = plugin_answers(predictor, reference.pictures)
    score, place = differences(given, reference.answers, scale)
    way = f"the plug-in {package.manifest.kind}"
    return WayResult(way, score, place, _ROUNDED * scale.image_scale_raw, _ROUNDED * scale.pixel_scale_raw)


def plugin_answers(predictor: RawPredictor, pictures: Iterable[Image]) -> Answers:
    """Return the raw answers of a plug-in's model, each picture alone; at least one."""
    scores, maps = zip(*map(predictor.raw_answer, pictures), strict=True)
    return Answers(np.array(scores, np.float32), np.stack(maps))


def differences(given: Answers, exact: Answers, scale: Normalisation) -> tuple[float, float]:
    """Return the largest raw differences of a score, and of a place that is near a limit.

    They are infinite if an answer is not a number, or the maps have other rows and columns.
    """
    if given.maps.shape != exact.maps.shape or not (np.isfinite(given.scores).all() and np.isfinite(given.maps).all()):
        return float("inf"), float("inf")
    steps = np.abs(exact.maps - scale.pixel_threshold_raw) / scale.pixel_scale_raw
    apart = np.abs(given.maps.astype(np.float64) - exact.maps)[steps <= _NEAR_STEPS]
    score = np.abs(given.scores.astype(np.float64) - exact.scores).max()
    return float(score), float(apart.max(initial=0.0))


def _compared(
    package: ModelPackage,
    settings: InferenceSettings,
    pictures: Sequence[Image],
    exact: Answers,
    raw_scores: NDArray[np.float64],
    cache: Path,
) -> PrecisionCertificate | None:
    try:
        given = answers(package, _way_of(settings), pictures, cache)
    except StationError as error:
        _log.warning("%s in %s is not certified: %s", settings.device, settings.precision, error)
        return None
    scale = package.manifest.normalisation
    score, place = differences(given, exact, scale)
    if score and not place:  # no place was near the limit, or all of them are equal: the others say how far they may be
        place = float(np.abs(given.maps.astype(np.float64) - exact.maps).max())
    if not np.isfinite(score):
        _log.warning("%s in %s is not certified: its answers are no numbers", settings.device, settings.precision)
        return None
    limit, band = scale.image_threshold_raw, MARGIN * score
    turned = (given.scores > limit) != (exact.scores > limit)
    outside = np.abs(given.scores.astype(np.float64) - limit) > band
    return PrecisionCertificate(
        device=settings.device,
        precision=settings.precision,
        pictures=len(pictures),
        score_difference=score,
        place_difference=place,
        turned=int(turned.sum()),
        turned_with_guard=int((turned & outside).sum()),
        repeat_rate=float((np.abs(raw_scores - limit) <= band).mean()) if score and len(raw_scores) else 0.0,
        processor=name_of_device(settings.device),
    )


def _way_of(settings: InferenceSettings) -> Way:
    name = settings.precision if settings.device == "CPU" else f"{settings.precision} on {settings.device}"
    return Way(name, settings)


def _result(
    name: str, given: Answers, wanted: Answers, certified: PrecisionCertificate | None, scale: Normalisation
) -> WayResult:
    score, place = differences(given, wanted, scale)
    allowed = (MARGIN * certified.score_difference, MARGIN * certified.place_difference) if certified else (0.0, 0.0)
    return WayResult(name, score, place, *allowed)
