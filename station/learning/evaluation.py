"""Measure how good a recipe is on labelled pictures, judged by the code that judges on the line."""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

from station.domain.part_images import ViewResult
from station.domain.recipe import View
from station.inference.model_package import Manifest, ModelPackage
from station.inference.opening import open_predictor
from station.inference.predictor import Predictor
from station.learning.ahead import Background
from station.learning.figures.report import EvaluationReport
from station.learning.figures.saturation import Saturation, read_saturation
from station.learning.figures.tally import Tally
from station.learning.layout.labelled import LabelledPicture, Reading
from station.learning.layout.reading import read_layout
from station.learning.picture_judge import PictureJudge
from station.learning.progress import OnProgress, no_progress, with_progress
from station.learning.repeats import repeats_of_learned

OnJudged = Callable[[LabelledPicture, ViewResult], None]
_OF_PLACES = frozenset({"pixel_auroc", "pixel_f1", "aupro", "aupro_5", "spro"})


def evaluate_folder(
    folder: Path | Reading,
    view: View,
    package: ModelPackage,
    cache: Path,
    on_progress: OnProgress = no_progress,
    learned: Path | None = None,
    on_judged: OnJudged = lambda *_: None,
) -> EvaluationReport:
    """Measure a view of a recipe on the pictures of a folder: on its test pictures, or on all if it has none.

    Args:
        folder: Labelled folders, or what `read_layout` took them for.
        view: The recipe's view.
        package: Its model.
        cache: Folder for compiled models.
        on_progress: Called after each picture.
        learned: The dataset version that it was taught from, to name pictures that it has learned; it may be missing.
        on_judged: Called with each picture and its judgement, in their order.

    Raises:
        BadInputError: The folder does not exist, or a picture cannot be read or does not fit the view.
        FaultError: The model failed.
    """
    reading = folder if isinstance(folder, Reading) else read_layout(folder)
    tested, saturation = reading.measured, read_saturation(reading.folder)
    predictor = open_predictor(package, view.inference, cache)
    try:
        report = evaluate(tested, predictor, view, package.manifest, on_progress, on_judged, saturation)
        if learned is None:
            return report
        with_defects = bool(package.manifest.evaluation.get("kinds_learned"))
        return dataclasses.replace(report, repeated=repeats_of_learned(learned, tested, with_defects=with_defects))
    finally:
        predictor.close()


def judge_as_line(
    pictures: Sequence[LabelledPicture],
    view: View,
    package: ModelPackage,
    cache: Path,
    on_progress: OnProgress = no_progress,
) -> tuple[tuple[LabelledPicture, ViewResult], ...]:
    """Judge every picture as the line would, with its quality limits too.

    Args:
        pictures: The pictures, with labels.
        view: The recipe's view.
        package: Its model.
        cache: Folder for compiled models.
        on_progress: Called after each picture.

    Raises:
        BadInputError: A picture cannot be read.
        FaultError: The model cannot be opened.
    """
    predictor = open_predictor(package, view.inference, cache)
    try:
        judge = PictureJudge(view, predictor)
        with Background() as background:
            judged = background.each(lambda each: judge.inspect_as_line(each).without_picture(), pictures)
            return tuple(zip(with_progress(pictures, "Judging", on_progress), judged, strict=True))
    finally:
        predictor.close()


def evaluate(
    pictures: Sequence[LabelledPicture],
    predictor: Predictor,
    view: View,
    manifest: Manifest,
    on_progress: OnProgress = no_progress,
    on_judged: OnJudged = lambda *_: None,
    saturation: Saturation | None = None,
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
        saturation: How much of each defect is enough, for sPRO.

    Raises:
        BadInputError: A picture cannot be read or does not fit the recipe, or a mask does not fit its picture.
        FaultError: The model failed.
    """
    judge = PictureJudge(view, predictor)
    tally = Tally(view.limits, saturation)
    with Background() as background:
        judged = background.each(judge.inspect_picture, pictures)
        for picture, result in zip(with_progress(pictures, "Evaluating", on_progress), judged, strict=True):
            tally.count(picture, result)
            on_judged(picture, result)
    differing = tuple(f"{count} of {len(pictures)} pictures: {what}" for what, count in judge.differing.most_common())
    report = tally.report(manifest, judge.refused)
    report = report if manifest.has_map else _without_places(report)
    return dataclasses.replace(report, infer_ms_p50=judge.time_inference(), differing=differing)


def _without_places(report: EvaluationReport) -> EvaluationReport:
    """Return the figures of a model without a map: those of places say nothing of it."""
    kept = {name: interval for name, interval in report.intervals.items() if name not in _OF_PLACES}
    kinds = {
        kind: dataclasses.replace(each, figures=each.figures | dict.fromkeys(each.figures.keys() & _OF_PLACES))
        for kind, each in report.per_kind.items()
    }
    return dataclasses.replace(
        report,
        pixel_auroc=None,
        pixel_f1=None,
        aupro=None,
        aupro_5=None,
        spro=None,
        intervals=kept,
        per_kind=kinds,
        reasons=report.reasons | dict.fromkeys(_OF_PLACES, "the model has no map"),
    )
