"""One training from start to end: cells, held-out maps, bank, export, scores."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from station.domain.picture_form import PictureForm
from station.learning.datasets import DatasetVersion
from station.learning.fine_settings import FineSettings
from station.learning.jobs import Trained, TrainingJob
from station.learning.labelled_defects import LabelledDefects
from station.learning.layout.labelled import LabelledPicture
from station.learning.manifest import read_manifest
from station.learning.presets import Ensemble, Method
from station.learning.progress import OnProgress
from station.learning.shown_defects import real_defects
from station.trainer import backbone
from station.trainer.cell_head import CellHead
from station.trainer.coreset import Rows
from station.trainer.detector import Detector
from station.trainer.ensemble import learn_each
from station.trainer.export import export
from station.trainer.features import FeatureNetwork
from station.trainer.fine_detail.fitting import learn_by_fine
from station.trainer.fitted import Answer, Fitted, Lesson, carry_out
from station.trainer.good_cache import GoodCache, key_of
from station.trainer.good_parts import GoodParts, learn_good_parts
from station.trainer.labelled_pictures import AsInput, learn_labelled
from station.trainer.pictures import prepared
from station.trainer.threads import each_on_a_core
from station.trainer.whole_part import learn_whole_part
from station.vision.preprocess import Preprocessor


def fit(job: TrainingJob, on_progress: OnProgress) -> Trained:
    """Train on the good pictures, and write the model.

    Raises:
        BadInputError: If there are too few pictures, one changed since its import, or the method lacks something.
    """
    return carry_out(job, learn, on_progress)


def learn(lesson: Lesson, on_progress: OnProgress) -> Fitted:
    """Learn by the method of the job."""
    method = lesson.job.method
    if isinstance(method, Method):
        return _by_patchcore(lesson, on_progress)
    if isinstance(method, FineSettings):
        return learn_by_fine(lesson, method, on_progress)
    if isinstance(method, Ensemble):
        return learn_each(lesson, learn, on_progress)
    from station.trainer.detectors.fitting import learn_detector  # noqa: PLC0415 - few jobs need it

    return learn_detector(lesson, on_progress)


def _by_patchcore(lesson: Lesson, on_progress: OnProgress) -> Fitted:
    job, dataset, pictures = lesson.job, lesson.dataset, lesson.pictures
    depth = PictureForm(bits=job.unstated_bits, stored_bits=16)
    preprocessor = Preprocessor(job.input_size, job.roi, job.location)
    as_input = partial(prepared, preprocessor=preprocessor, depth=depth)
    network = FeatureNetwork(job.patchcore, job.input_size, job.cores)

    def features_of(picture: LabelledPicture) -> Rows:
        return network(as_input(picture).model_input)

    good = GoodCache(job.cache).get_or_learn(
        key_of(job, _contents(dataset, pictures)), lambda: learn_good_parts(job, pictures, features_of, on_progress)
    )
    learned = _learn(job, dataset, good, network, as_input, on_progress)
    detector = learned.detector

    def answer(picture: LabelledPicture) -> Answer:
        features = features_of(picture)
        return Answer(detector.score(features), detector.anomaly_map(features))

    def answers(compared: Sequence[LabelledPicture], on_progress: OnProgress) -> list[Answer]:
        return each_on_a_core(answer, compared, job.cores, "Looking at pictures to measure with", on_progress)

    return Fitted(
        backbone=backbone.NAME,
        numbers=np.arange(len(pictures)),
        maps=learned.maps,
        answers=answers,
        save=partial(export, detector, job.input_size, fp16_weights=job.patchcore.fp16_weights),
        added=learned.added,
        defects=learned.defects,
    )


@dataclass(frozen=True, slots=True)
class _Learned:
    """The detector, and what its limits are set from.

    Attributes:
        detector: All that was learned.
        maps: Raw map of each good picture, by a detector made without it, (n, gh, gw).
        added: What the whole part adds to the score of each; () if it is not checked.
        defects: What labelled defects taught; None if they were not learned.
    """

    detector: Detector
    maps: Rows
    added: tuple[float, ...]
    defects: LabelledDefects | None


def _learn(
    job: TrainingJob,
    dataset: DatasetVersion,
    good: GoodParts,
    network: FeatureNetwork,
    as_input: AsInput,
    on_progress: OnProgress,
) -> _Learned:
    """Make the detector that good pictures teach, then what the job adds: the whole part, and labelled defects."""
    detector = _detector(job.patchcore, good)
    maps = detector.map_of(good.cells.projected, good.held_out.anomaly)
    added, defects = (), None
    if job.patchcore.whole_part:
        whole, raised = learn_whole_part(good.cells.projected, maps.max((1, 2)))
        detector, added = replace(detector, whole=whole), tuple(raised.tolist())
    if job.with_defects:
        labelled = [each for each in real_defects(dataset) if each.name not in job.left_out]
        choice, defects = learn_labelled(job, good, labelled, network, as_input, on_progress, detector.whole)
        detector = replace(detector, head=choice.head, smoothing_cells=choice.smoothing_cells)
        maps = choice.good
    return _Learned(detector, maps, added, defects)


def _contents(dataset: DatasetVersion, pictures: Sequence[LabelledPicture]) -> list[str]:
    """Return the SHA-256 of the file of each picture."""
    content_of = {entry.name: entry.sha256 for entry in read_manifest(dataset.folder).pictures}
    return [content_of[picture.name] for picture in pictures]


def _detector(method: Method, good: GoodParts) -> Detector:
    scale = good.held_out.scale
    return Detector(
        method.stages, method.cell_px, good.cells.axes, good.bank, scale, CellHead(), method.smoothing_cells
    )
