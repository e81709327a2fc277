"""Teach a product from a folder of pictures: import, train, calibrate, evaluate."""

import dataclasses
import importlib.metadata
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from station.domain.clock import utc_now
from station.domain.frame import Image
from station.domain.inspected_place import WHOLE_PICTURE, InspectedPlace
from station.domain.part_images import ViewResult
from station.domain.part_location import PartLocation
from station.domain.picture_form import PictureForm
from station.domain.rates import Rate
from station.domain.recipe import ModelReference, View
from station.inference.certificate import Certificate
from station.inference.model_package import (
    REFERENCE,
    ModelDescription,
    ModelPackage,
    model_files,
    write_package,
)
from station.inference.normalisation import Normalisation
from station.inference.opening import open_exact
from station.inference.parity import Parity
from station.learning.ahead import Background
from station.learning.datasets import DatasetVersion, good_parts, import_folder, require_unchanged
from station.learning.evaluation import evaluate
from station.learning.figures.report import EvaluationReport
from station.learning.figures.saturation import Saturation, read_saturation, with_own_masks
from station.learning.inspected_places import judged_places, require_fitting, require_maskable
from station.learning.jobs import Trained, TrainingJob, run_training, waiting_child
from station.learning.labelled_defects import LabelledDefects
from station.learning.layout.labelled import LabelledPicture, Reading
from station.learning.layout.reading import read_layout
from station.learning.left_out import LeftOutPredictor
from station.learning.leftovers import remove_leftovers
from station.learning.limits import Calibration, limits_from_good, limits_from_labels, limits_with_defects, raised
from station.learning.located_job import caution_of, located
from station.learning.manifest import read_manifest
from station.learning.nearest_pictures import NearestPictures
from station.learning.package_names import package_name
from station.learning.parity import parity_of, require_same_verdicts
from station.learning.picture_judge import PictureJudge
from station.learning.picture_quality import GoodPictures, measure_good
from station.learning.presets import ONLY_MEASURED, AnyMethod, LimitFrom, UseOfDefects, method_named, require_teachable
from station.learning.progress import OnProgress
from station.learning.proving import write_proof
from station.learning.repeats import repeats_in
from station.learning.seen import input_size, look_at
from station.learning.session import ALONE, Session
from station.learning.shown_defects import real_defects, require_defects, split_for_limits
from station.workspace import Workspace

Pictures = Sequence[LabelledPicture]
_LEFT_OUT = "each labelled defect by a model made without it"
_LIMIT_FROM_SAME = "the limit was set with the same scores"


@dataclass(frozen=True, slots=True)
class Taught:
    """The results of teaching.

    Attributes:
        dataset: The frozen pictures.
        package: The model, in the workspace.
        view: The recipe's view: model, limits, and the quality limits of its pictures.
        evaluation: The figures on pictures that were used for neither model nor limit.
        caution: A warning if the figures rest on few pictures, some were not learned, or judging takes long; else "".
        memory_mb: Most memory of the training process, 10^6 bytes; None if the system does not say.
    """

    dataset: DatasetVersion
    package: ModelPackage
    view: View
    evaluation: EvaluationReport
    caution: str
    memory_mb: float | None = None


def teach(
    folder: Path | Reading | DatasetVersion,
    product: str,
    workspace: Workspace,
    *,
    view: str = "",
    method: AnyMethod | str = "balanced",
    use: UseOfDefects = ONLY_MEASURED,
    session: Session = ALONE,
    place: InspectedPlace = WHOLE_PICTURE,
) -> Taught:
    """Teach a product from a folder of pictures.

    Args:
        folder: Labelled folders in any layout of the trade, or just pictures of good parts; or a frozen version.
        product: The type of part.
        workspace: Receives the dataset and the model.
        view: The camera that took the pictures; "" if there is only one.
        method: The method and its settings, or its name.
        use: What labelled defects are used for. If they move the limit, those of the first half of each kind do, and
            the other half is measured. If they are learned, all are, and each of them is measured, and moves the limit,
            by a model made without it.
        session: How it reports and is stopped.
        place: The region of interest that the model learns, and what neither its limits nor its figures look at.

    Raises:
        BadInputError: If the method lacks something, the pictures cannot be used or do not fit the place, or a frozen
            one was changed.
        TrainingCancelledError: If it was cancelled; only the imported pictures are kept.
        FaultError: If the training failed, or the exported model gives a picture another verdict than the trained one.
            Nothing is kept but the imported pictures.
    """
    method = method_named(method) if isinstance(method, str) else method
    on_progress = session.on_progress
    _require_possible(method, use, place, workspace)
    remove_leftovers(workspace.models, ".teaching-*")
    log = session.log_in(workspace.logs)
    with (
        waiting_child(log) as child,
        tempfile.TemporaryDirectory(prefix=f".teaching-{session.package}", dir=workspace.models) as temporary,
        Background(awaited=False) as background,
    ):
        dataset, reading = _frozen(folder, product, workspace.datasets, on_progress)
        saturation = read_saturation(reading.folder)
        good = good_parts(dataset)
        shown, measured = _split(dataset, use)
        job, depth = _job(dataset, good, shown, method, Path(temporary), workspace.cache / "good_parts", place)
        job, found = located(
            job.model_copy(update={"with_defects": use.learned, "backbones": workspace.backbones}),
            good,
            real_defects(dataset) if use.learned else [],
            place,
            depth,
            on_progress,
        )
        measured_light = background.submit(
            partial(measure_good, found, job.input_size, depth, roi=place.roi, location=job.location)
        )
        repeated = background.submit(partial(repeats_in, dataset.folder))
        trained = run_training(job, log, on_progress, session.cancellation, child)
        calibration = _calibrate(trained, shown, use.limit_from, place)
        looked = _view_without_model(measured_light.result(), place, job.location)
        description = _describe(dataset, job, trained, calibration.normalisation)
        unmeasured = trained.scores.keys() - {picture.name for picture in measured}
        others = [picture for picture in dataset.pictures if picture.name in unmeasured]
        measured = with_own_masks(measured, reading) if saturation else measured
        staged = write_package(job.output, "staged", description, _files(job))
        evaluation, exported, nearest = _evaluate(
            measured, others, job, staged, looked, trained.defects, saturation, on_progress
        )
        evaluation = _completed(
            evaluation,
            _certified(dataset, trained, exported, calibration.normalisation),
            calibration,
            repeated.result(),
            trained.limit_note,
        )
        proof = write_proof(staged, looked, nearest, found, exported, trained.held_out)
        if use.learned and use.limit_from == "labels":
            evaluation = _with_moved_limit(evaluation)
        package = _keep(
            workspace.models, session.package or package_name(product, view), description, evaluation, staged, proof
        )
    taught = dataclasses.replace(looked, model=package.reference, name=view, dataset_version=dataset.version)
    return Taught(
        dataset,
        package,
        taught,
        evaluation,
        caution_of(taught, job.left_out, " ".join(filter(None, (calibration.caution, method.cost_of(job.input_size))))),
        trained.memory_mb,
    )


def _require_possible(method: AnyMethod, use: UseOfDefects, place: InspectedPlace, workspace: Workspace) -> None:
    require_teachable(method, use, workspace.backbones)
    require_maskable(place, method, use)


def _split(dataset: DatasetVersion, use: UseOfDefects) -> tuple[Pictures, Pictures]:
    """Return the pictures that set the limit, and those that are measured."""
    shown, measured = split_for_limits(dataset, "good" if use.learned else use.limit_from)
    if use.learned:
        require_defects(dataset)
    return shown, measured


def _view_without_model(looks: GoodPictures, place: InspectedPlace, location: PartLocation | None) -> View:
    view = View(ModelReference("", ""), quality=looks.quality, form=looks.form, location=location)
    return dataclasses.replace(view, roi=place.roi, taught_roi=place.roi, ignore=place.ignore)


def _frozen(
    source: Path | Reading | DatasetVersion, product: str, datasets: Path, on_progress: OnProgress
) -> tuple[DatasetVersion, Reading]:
    """Return the frozen pictures, and what they were taken for; a version that is frozen already is not copied."""
    if isinstance(source, DatasetVersion):
        require_unchanged(source)
        return source, Reading(source.folder, source.pictures, has_split=True)
    reading = source if isinstance(source, Reading) else read_layout(source)
    return import_folder(reading, product, datasets, on_progress), reading


def _job(
    dataset: DatasetVersion,
    good: Sequence[LabelledPicture],
    shown: Sequence[LabelledPicture],
    method: AnyMethod,
    output: Path,
    cache: Path,
    place: InspectedPlace,
) -> tuple[TrainingJob, PictureForm]:
    """Return the job of the training, and how deep the pictures are."""
    learned = set(good)
    shapes, depth = look_at(dataset.folder, good, [each for each in dataset.pictures if each not in learned])
    require_fitting(place, shapes)
    roi = place.roi
    regions = [(roi.height, roi.width)] if roi else shapes
    size = input_size(regions, method.side_for(regions))
    job = TrainingJob(
        dataset=dataset.folder,
        output=output,
        cache=cache,
        method=method,
        input_size=size,
        region=roi.box if roi else None,
        unstated_bits=depth.bits,
        scored=tuple(picture.name for picture in shown),
    )
    return job, depth


def _calibrate(
    trained: Trained, shown: Sequence[LabelledPicture], limit_from: LimitFrom, place: InspectedPlace
) -> Calibration:
    held_out = judged_places(place, raised(np.load(trained.held_out, allow_pickle=False), trained.added))
    moved = limit_from == "labels"
    if trained.defects is not None and (trained.defects.learned or moved):
        maps = judged_places(place, raised(np.load(trained.defects.maps, allow_pickle=False), trained.defects.added))
        left_out = maps.max((1, 2)).astype(np.float64)
        return limits_with_defects(held_out, left_out, moved=moved)
    if not shown:
        return limits_from_good(held_out)
    return limits_from_labels(held_out, np.array([trained.scores[picture.name] for picture in shown]))


def _describe(
    dataset: DatasetVersion, job: TrainingJob, trained: Trained, normalisation: Normalisation
) -> ModelDescription:
    return ModelDescription(
        method=job.method.described,
        kind=job.method.package_kind,
        backbone=trained.backbone,
        input_size=job.input_size,
        precision_notes=job.method.computed,
        normalisation=normalisation,
        dataset_version=dataset.version,
        made_by=f"lineside {importlib.metadata.version('lineside')}",
        created_at=utc_now(),
        evaluation={"train_s": trained.train_s},
        members=trained.members,
    )


def _evaluate(
    pictures: Sequence[LabelledPicture],
    others: Sequence[LabelledPicture],
    job: TrainingJob,
    staged: ModelPackage,
    looked: View,
    defects: LabelledDefects | None,
    saturation: Saturation | None,
    on_progress: OnProgress,
) -> tuple[EvaluationReport, dict[str, float], list[Image]]:
    """Evaluate as the line would judge, with the files that go into the package.

    Returns:
        The figures of `pictures`; the raw score of each of these and of `others`, by their names; and those nearest to
        the limit, as the model sees them. A labelled defect that was learned is measured by a model made without it;
        its score is that of the model that learned it.
    """
    scores: dict[str, float] = {}

    def keep(picture: LabelledPicture, result: ViewResult) -> None:
        assert result.inspection.raw_score is not None, "a judged view has a score"
        scores[picture.name] = result.inspection.raw_score

    view, scale = dataclasses.replace(looked, model=staged.reference), staged.manifest.normalisation
    with Background() as background:  # OpenVINO's own threads have the priority of the thread that starts them
        start = partial(open_exact, staged, job.output / "compiled")
        with closing(background.submit(start).result()) as opened:
            predictor = NearestPictures(opened, scale)
            honest: LeftOutPredictor | None = None
            if defects is not None and defects.learned:
                honest = LeftOutPredictor(predictor, defects, scale)
            report = evaluate(pictures, honest or predictor, view, staged.manifest, on_progress, keep, saturation)
            scores |= honest.own_scores() if honest else {}
            judge = PictureJudge(view, predictor)
            for picture, result in zip(others, background.each(judge.inspect_picture, others), strict=True):
                keep(picture, result)
    reasons = report.reasons | ({"escapes": _LEFT_OUT} if honest else {})
    return dataclasses.replace(report, defects=defects, reasons=reasons), scores, predictor.kept()


def _certified(
    dataset: DatasetVersion, trained: Trained, exported: dict[str, float], normalisation: Normalisation
) -> Parity:
    """Return the certificate of the exported model.

    Raises:
        FaultError: It gives a picture another verdict than the trained one.
    """
    sha256_of = {entry.name: entry.sha256 for entry in read_manifest(dataset.folder).pictures}
    parity = parity_of(trained.scores, exported, sha256_of, normalisation)
    require_same_verdicts(parity, normalisation)
    return parity


def _completed(
    report: EvaluationReport, parity: Parity, calibration: Calibration, repeated: tuple[str, ...], limit_note: str
) -> EvaluationReport:
    """Return the report with what is known besides: parity, repeats, and overkill if no good part was measured."""
    reasons = {figure: reason for figure, reason in report.reasons.items() if figure != "parity"}
    reasons |= {"limit": limit_note} if limit_note else {}
    report = dataclasses.replace(report, parity=parity, repeated=repeated, reasons=reasons)
    return report if report.overkill.n else _with_held_out(report, calibration)


def _with_moved_limit(report: EvaluationReport) -> EvaluationReport:
    """Say that the defects whose escapes are counted moved the limit."""
    reason = "; ".join(filter(None, [report.reasons.get("escapes"), _LIMIT_FROM_SAME]))
    return dataclasses.replace(report, reasons=report.reasons | {"escapes": reason})


def _keep(
    models: Path,
    name: str,
    description: ModelDescription,
    evaluation: EvaluationReport,
    staged: ModelPackage,
    proof: Certificate | None,
) -> ModelPackage:
    """Write the package, with its figures and its certificates, into the workspace."""
    measured = {"evaluation": evaluation.as_json(), "parity": evaluation.parity, "certificate": proof}
    files = {name: staged.folder.parent / name for name in (*model_files(description.kind), REFERENCE)}
    return write_package(models, name, description.model_copy(update=measured), files)


def _with_held_out(report: EvaluationReport, calibration: Calibration) -> EvaluationReport:
    """Without good test pictures, take the overkill from the held-out ones."""
    source = "counted on the training pictures, each held out once; the limit was set with the same scores"
    return dataclasses.replace(
        report,
        overkill=Rate(calibration.held_out_above, calibration.pictures),
        reasons=report.reasons | {"overkill": source},
    )


def _files(job: TrainingJob) -> dict[str, Path]:
    return {name: job.output / name for name in model_files(job.method.package_kind)}
