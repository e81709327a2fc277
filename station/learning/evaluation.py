"""How good a recipe is on labelled pictures, judged by the code that judges on the line."""

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from station.camera.pictures import read_picture
from station.domain.errors import BadInputError
from station.domain.geometry import Box, Region, RegionOfInterest
from station.domain.rates import Rate
from station.domain.recipe import View
from station.domain.verdict import Limits, Prediction, Verdict, anomalous, judge
from station.inference.model_package import Manifest, ModelPackage, Parity
from station.inference.openvino_predictor import OpenVinoPredictor
from station.inference.predictor import Predictor
from station.learning.datasets import read_mask
from station.learning.layout import GOOD, LabelledPicture, read_layout
from station.learning.metrics import PixelCurves, auroc, best_f1, f1
from station.learning.progress import OnProgress, no_progress, with_progress
from station.vision.overlay import full_size_map
from station.vision.preprocess import Preprocessor
from station.vision.regions import find_regions

_NO_DEFECT = "there is no defect among the pictures"
_NO_GOOD = "there is no good part among the pictures"
_NO_PICTURE = "there is no picture to test with"
_NO_MASK = "no defect has a mask"


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The figures of one view of a recipe on one set of pictures. None stands where `reasons` says why.

    Attributes:
        image_auroc: Chance that a defect scores above a good part.
        image_f1: At the recipe's limit.
        image_f1_best: At the limit that would be best on these very pictures.
        pixel_auroc: Chance that a defect's pixel scores above a normal one.
        aupro: Mean overlap of each defect region, over false positive rates up to 30 %.
        pixel_f1: At the recipe's pixel limit.
        escapes: Defects that passed.
        overkill: Good parts that failed.
        confusion: For each kind of part, how many got each verdict.
        train_s: Seconds the model took to train.
        infer_ms_p50: Median time of one inference on this machine, milliseconds.
        parity: The exported model against the trained network.
        reasons: For each figure that is None, rests on nothing, or is not what one would take it for: why.
    """

    image_auroc: float | None
    image_f1: float | None
    image_f1_best: float | None
    pixel_auroc: float | None
    aupro: float | None
    pixel_f1: float | None
    escapes: Rate
    overkill: Rate
    confusion: dict[str, dict[str, int]]
    train_s: float | None = None
    infer_ms_p50: float | None = None
    parity: Parity | None = None
    reasons: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, JsonValue]:
        """The report by the names of the command line's JSON."""
        return {
            "image_auroc": self.image_auroc,
            "image_f1": self.image_f1,
            "image_f1_best": self.image_f1_best,
            "pixel_auroc": self.pixel_auroc,
            "aupro": self.aupro,
            "pixel_f1": self.pixel_f1,
            "escapes": _rate_as_json(self.escapes),
            "overkill": _rate_as_json(self.overkill),
            "confusion": {kind: dict(verdicts) for kind, verdicts in self.confusion.items()},
            "train_s": self.train_s,
            "infer_ms_p50": self.infer_ms_p50,
            "parity": self.parity.model_dump() if self.parity else None,
            "reasons": dict(self.reasons),
        }


def evaluate_folder(
    folder: Path, view: View, package: ModelPackage, cache: Path, on_progress: OnProgress = no_progress
) -> EvaluationReport:
    """Measure a view of a recipe on its test pictures of a folder in MVTec layout; on all of one that has no other.

    Raises:
        BadInputError: No such folder, a picture that cannot be read, or one that does not fit the view.
    """
    pictures = read_layout(folder)
    tested = [picture for picture in pictures if picture.split == "test"] or pictures
    predictor = OpenVinoPredictor(package, view.inference, cache)
    try:
        return evaluate(tested, predictor, view.limits, view.roi, package.manifest, on_progress)
    finally:
        predictor.close()


def evaluate(
    pictures: Sequence[LabelledPicture],
    predictor: Predictor,
    limits: Limits,
    roi: RegionOfInterest | None,
    manifest: Manifest,
    on_progress: OnProgress = no_progress,
) -> EvaluationReport:
    """Judge every picture and count.

    Args:
        pictures: What to judge, with labels.
        predictor: The model.
        limits: The recipe's limits.
        roi: The recipe's region of interest.
        manifest: What the model's package says of its training.
        on_progress: Told after each picture.

    Raises:
        BadInputError: A picture cannot be read or does not fit the recipe, or a mask does not fit its picture.
    """
    tally = Tally(limits)
    preprocessor = Preprocessor(predictor.input_size, roi)
    for picture in with_progress(pictures, "Evaluating", on_progress):
        _judge_one(picture, predictor, preprocessor, tally)
    return tally.report(manifest)


def _judge_one(picture: LabelledPicture, predictor: Predictor, preprocessor: Preprocessor, tally: "Tally") -> None:
    read = read_picture(picture.path)
    try:
        prepared = preprocessor.run(read.image, read.significant_bits)
    except BadInputError as error:
        raise BadInputError(f"{picture.path}: {error.sentence}", error.advice) from error
    began = time.perf_counter()
    prediction = predictor.predict(prepared.model_input)
    tally.infer_ms.append(1000 * (time.perf_counter() - began))
    size = (read.image.shape[0], read.image.shape[1])
    tally.count(picture.kind, prediction, prepared.roi, size)
    if picture.good or picture.mask:
        mask = read_mask(picture.mask, size) if picture.mask else None
        tally.count_pixels(full_size_map(prediction.anomaly_map, prepared.roi, size), mask)


class Tally:
    """Counts judged pictures, and makes the report of them."""

    def __init__(self, limits: Limits) -> None:
        self.infer_ms: list[float] = []
        self._limits = limits
        self._scores: defaultdict[str, list[float]] = defaultdict(list)
        self._verdicts: defaultdict[str, Counter[Verdict]] = defaultdict(Counter)
        self._curves = PixelCurves()
        self._pixels = np.zeros(3, np.int64)

    def count(self, kind: str, prediction: Prediction, roi: Box, picture_size: tuple[int, int]) -> None:
        """Count the verdict on one picture."""
        regions: tuple[Region, ...] = ()
        if self._limits.min_area_px:
            regions = find_regions(prediction.anomaly_map, roi, picture_size, self._limits.pixel_threshold)
        self._verdicts[kind][judge(prediction, self._limits, regions)] += 1
        self._scores[kind].append(prediction.raw_score)

    def count_pixels(self, full_map: NDArray[np.float32], mask: NDArray[np.bool_] | None) -> None:
        """Count the places of one picture: a good one, or one whose defect is marked by `mask`."""
        self._curves.add(full_map, mask)
        found = anomalous(full_map, self._limits.pixel_threshold)
        marked = mask if mask is not None else np.zeros_like(found)
        self._pixels += (found & marked).sum(), (found & ~marked).sum(), (~found & marked).sum()

    def report(self, manifest: Manifest) -> EvaluationReport:
        """What was counted so far."""
        good, defects = self._scores_of(good=True), self._scores_of(good=False)
        best = best_f1(good, defects)
        marked = self._pixels[0] + self._pixels[2] > 0
        return EvaluationReport(
            image_auroc=auroc(good, defects),
            image_f1=self._image_f1() if len(defects) else None,
            image_f1_best=best.f1 if best else None,
            pixel_auroc=self._curves.auroc,
            aupro=self._curves.aupro,
            pixel_f1=f1(*map(int, self._pixels)) if marked else None,
            escapes=Rate(self._judged(Verdict.PASS, good=False), len(defects)),
            overkill=Rate(self._judged(Verdict.FAIL, good=True), len(good)),
            confusion={kind: {str(v): n for v, n in sorted(self._verdicts[kind].items())} for kind in self._verdicts},
            train_s=_number(manifest.evaluation.get("train_s")),
            infer_ms_p50=float(np.median(self.infer_ms)) if self.infer_ms else None,
            parity=manifest.parity,
            reasons=_reasons(bool(len(good)), bool(len(defects)), bool(marked), manifest),
        )

    def _image_f1(self) -> float | None:
        found = self._judged(Verdict.FAIL, good=False)
        missed = len(self._scores_of(good=False)) - found
        return f1(found, self._judged(Verdict.FAIL, good=True), missed)

    def _judged(self, verdict: Verdict, *, good: bool) -> int:
        return sum(verdicts[verdict] for kind, verdicts in self._verdicts.items() if (kind == GOOD) is good)

    def _scores_of(self, *, good: bool) -> NDArray[np.float64]:
        return np.array([score for kind, scores in self._scores.items() if (kind == GOOD) is good for score in scores])


def _reasons(good: bool, defects: bool, marked: bool, manifest: Manifest) -> dict[str, str]:
    reasons = {}
    if not (good and defects):
        reasons["image_auroc"] = _NO_GOOD if defects else _NO_DEFECT
    if not defects:
        reasons |= dict.fromkeys(("image_f1", "image_f1_best", "escapes"), _NO_DEFECT)
    if not good:
        reasons["overkill"] = _NO_GOOD
    if not (good or defects):
        reasons |= dict.fromkeys(("confusion", "infer_ms_p50"), _NO_PICTURE)
    if not marked:
        reasons |= dict.fromkeys(("pixel_auroc", "aupro", "pixel_f1"), _NO_MASK if defects else _NO_DEFECT)
    if "train_s" not in manifest.evaluation:
        reasons["train_s"] = "the model package does not say"
    if manifest.parity is None:
        reasons["parity"] = "the model package does not say"
    return reasons


def _number(value: JsonValue) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _rate_as_json(rate: Rate) -> dict[str, JsonValue]:
    low, high = rate.interval
    return {"count": rate.count, "n": rate.n, "rate": rate.value, "low": low, "high": high}
