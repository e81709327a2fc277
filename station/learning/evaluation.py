"""Measure how good a recipe is on labelled pictures, judged by the code that judges on the line."""

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from station.domain.frame import NotInspectedCause
from station.domain.part_images import ViewResult
from station.domain.rates import Rate
from station.domain.recipe import View
from station.domain.verdict import Limits, Verdict, anomalous
from station.inference.model_package import Manifest, ModelPackage, Parity
from station.inference.openvino_predictor import OpenVinoPredictor
from station.inference.predictor import Predictor
from station.learning.ahead import Background
from station.learning.labels import GOOD
from station.learning.layout.labelled import LabelledPicture, Reading
from station.learning.layout.reading import read_layout
from station.learning.masks import MaskNote, read_mask, sentences_on
from station.learning.metrics import PixelCurves, auroc, best_f1, f1
from station.learning.picture_judge import PictureJudge
from station.learning.progress import OnProgress, no_progress, with_progress
from station.learning.repeats import repeats_of_learned
from station.vision.overlay import full_size_map

_NO_DEFECT = "there is no defect among the pictures"
_NO_GOOD = "there is no good part among the pictures"
_NO_PICTURE = "there is no picture to test with"
_NO_MASK = "no defect has a mask"
_EMPTY_MASKS = "no mask marks anything"


OnJudged = Callable[[LabelledPicture, ViewResult], None]


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The figures of one view of a recipe on one set of pictures. If a figure is None, `reasons` says why.

    Attributes:
        image_auroc: Chance that a defect scores above a good part.
        image_f1: At the recipe's limit.
        image_f1_best: At the limit that is best for these pictures.
        pixel_auroc: Chance that a defect's pixel scores above a normal one.
        aupro: Mean overlap of each defect region, over false positive rates up to 30 %.
        pixel_f1: At the recipe's pixel limit.
        escapes: Defects that passed.
        overkill: Good parts that failed.
        confusion: For each kind of part, how many got each verdict.
        train_s: Seconds the model took to train.
        infer_ms_p50: Median time of one inference on this machine, milliseconds.
        parity: The exported model against the trained network.
        differing: How pictures differ from those of the teaching, in sentences; empty if they do not.
        masks: What was taken for marked in the masks, in sentences; empty without masks.
        repeated: Which pictures were also learned, in sentences; empty if none is known to be.
        reasons: Why a figure is None, was counted from no picture, or has another meaning than usual.
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
    differing: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
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
            "differing": list(self.differing),
            "masks": list(self.masks),
            "repeated": list(self.repeated),
            "reasons": dict(self.reasons),
        }


def evaluate_folder(
    folder: Path | Reading,
    view: View,
    package: ModelPackage,
    cache: Path,
    on_progress: OnProgress = no_progress,
    learned: Path | None = None,
) -> EvaluationReport:
    """Measure a view of a recipe on the pictures of a folder: on its test pictures, or on all if it has none.

    Args:
        folder: Labelled folders, or what `read_layout` took them for.
        view: The recipe's view.
        package: Its model.
        cache: Folder for compiled models.
        on_progress: Called after each picture.
        learned: The dataset version that it was taught from, to name pictures that it has learned; it may be missing.

    Raises:
        BadInputError: The folder does not exist, or a picture cannot be read or does not fit the view.
        FaultError: The model failed.
    """
    tested = (folder if isinstance(folder, Reading) else read_layout(folder)).measured
    predictor = OpenVinoPredictor(package, view.inference, cache)
    try:
        report = evaluate(tested, predictor, view, package.manifest, on_progress)
        repeated = repeats_of_learned(learned, tested) if learned is not None else ()
        return dataclasses.replace(report, repeated=repeated)
    finally:
        predictor.close()


def evaluate(
    pictures: Sequence[LabelledPicture],
    predictor: Predictor,
    view: View,
    manifest: Manifest,
    on_progress: OnProgress = no_progress,
    on_judged: OnJudged = lambda *_: None,
) -> EvaluationReport:
    """Judge every picture as on the line, and count.

    A picture that the quality limits refuse is NOT INSPECTED on the line. Here its score counts all the same, because
    published figures are taken over all pictures of a set; the report says how many there are.

    Args:
        pictures: The pictures to judge, with labels.
        predictor: The model.
        view: The recipe's view: limits, region of interest and quality limits.
        manifest: The manifest of the model's package.
        on_progress: Called after each picture.
        on_judged: Called with each picture and its judgement, in their order.

    Raises:
        BadInputError: A picture cannot be read or does not fit the recipe, or a mask does not fit its picture.
        FaultError: The model failed.
    """
    judge = PictureJudge(view, predictor)
    tally = Tally(view.limits)
    with Background() as background:
        judged = background.each(judge.inspect_picture, pictures)
        for picture, result in zip(with_progress(pictures, "Evaluating", on_progress), judged, strict=True):
            tally.count(picture.kind, result)
            if picture.good:
                tally.count_pixels(_full_map(result), None)
            elif picture.masks:
                tally.count_masks(picture.masks, result)
            on_judged(picture, result)
    differing = tuple(f"{count} of {len(pictures)} pictures: {what}" for what, count in judge.differing.most_common())
    report = tally.report(manifest, judge.refused)
    return dataclasses.replace(report, infer_ms_p50=judge.infer_ms_p50, differing=differing)


def _full_map(result: ViewResult) -> NDArray[np.float32]:
    """Return the map at the size of the picture, (H, W)."""
    assert result.anomaly_map is not None, "a judged view has a map"
    return full_size_map(result.anomaly_map, result.roi, _size(result))


def _size(result: ViewResult) -> tuple[int, int]:
    return result.inspection.height, result.inspection.width


class Tally:
    """Counts judged pictures, and makes the report of them."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._scores: defaultdict[str, list[float]] = defaultdict(list)
        self._verdicts: defaultdict[str, Counter[Verdict]] = defaultdict(Counter)
        self._curves = PixelCurves()
        self._pixels = np.zeros(3, np.int64)
        self._masks: list[MaskNote] = []

    def count(self, kind: str, result: ViewResult) -> None:
        """Count the verdict and the score of one judged picture."""
        assert result.inspection.raw_score is not None, "a judged view has a score"
        self._verdicts[kind][result.inspection.verdict] += 1
        self._scores[kind].append(result.inspection.raw_score)

    def count_masks(self, paths: Sequence[Path], result: ViewResult) -> None:
        """Count the pixels of a defect that any of its masks marks, and note what each marks; no pixel counts not."""
        marked = np.zeros(_size(result), np.bool_)
        for path in paths:
            mask = read_mask(path, _size(result))
            self._masks.append(mask.note(path))
            marked |= mask.marked
        if mask.marked.any():
            self.count_pixels(_full_map(result), mask.marked)

    def count_pixels(self, full_map: NDArray[np.float32], mask: NDArray[np.bool_] | None) -> None:
        """Count the pixels of one picture.

        Args:
            full_map: Normalised scores, (H, W), at the size of the picture.
            mask: True on the defect, (H, W); None for a good part.
        """
        self._curves.add(full_map, mask)
        found = anomalous(full_map, self._limits.pixel_threshold)
        marked = mask if mask is not None else np.zeros_like(found)
        self._pixels += (found & marked).sum(), (found & ~marked).sum(), (~found & marked).sum()

    def report(self, manifest: Manifest, refused: Counter[NotInspectedCause]) -> EvaluationReport:
        """Return the figures of the pictures counted until now, of which the quality limits refused some."""
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
            parity=manifest.parity,
            masks=sentences_on(self._masks),
            reasons=_reasons(bool(len(good)), bool(len(defects)), manifest) | self._no_marks() | _refusals(refused),
        )

    def _no_marks(self) -> dict[str, str]:
        """Return why the figures of pixels are None; empty if they are not."""
        if self._pixels[0] + self._pixels[2] > 0:
            return {}
        without = _EMPTY_MASKS if self._masks else _NO_MASK
        figures = ("pixel_auroc", "aupro", "pixel_f1")
        return dict.fromkeys(figures, without if len(self._scores_of(good=False)) else _NO_DEFECT)

    def _image_f1(self) -> float | None:
        found = self._judged(Verdict.FAIL, good=False)
        missed = len(self._scores_of(good=False)) - found
        return f1(found, self._judged(Verdict.FAIL, good=True), missed)

    def _judged(self, verdict: Verdict, *, good: bool) -> int:
        return sum(verdicts[verdict] for kind, verdicts in self._verdicts.items() if (kind == GOOD) is good)

    def _scores_of(self, *, good: bool) -> NDArray[np.float64]:
        return np.array([score for kind, scores in self._scores.items() if (kind == GOOD) is good for score in scores])


def _reasons(good: bool, defects: bool, manifest: Manifest) -> dict[str, str]:
    reasons = {}
    if not (good and defects):
        reasons["image_auroc"] = _NO_GOOD if defects else _NO_DEFECT
    if not defects:
        reasons |= dict.fromkeys(("image_f1", "image_f1_best", "escapes"), _NO_DEFECT)
    if not good:
        reasons["overkill"] = _NO_GOOD
    if not (good or defects):
        reasons |= dict.fromkeys(("confusion", "infer_ms_p50"), _NO_PICTURE)
    if "train_s" not in manifest.evaluation:
        reasons["train_s"] = "the model package does not say"
    if manifest.parity is None:
        reasons["parity"] = "the model package does not say"
    return reasons


def _refusals(refused: Counter[NotInspectedCause]) -> dict[str, str]:
    if not refused:
        return {}
    causes = ", ".join(f"{cause.sentence}: {count}" for cause, count in sorted(refused.items()))
    return {"confusion": f"{refused.total()} of the pictures would be NOT INSPECTED on the line ({causes})"}


def _number(value: JsonValue) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _rate_as_json(rate: Rate) -> dict[str, JsonValue]:
    low, high = rate.interval
    return {"count": rate.count, "n": rate.n, "rate": rate.value, "low": low, "high": high}
