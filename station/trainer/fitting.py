"""One training from start to end: cells, held-out maps, bank, export, scores."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from station.domain.picture_form import PictureForm
from station.learning.datasets import DatasetVersion, good_parts, load_dataset, require_unchanged
from station.learning.jobs import Trained, TrainingJob
from station.learning.labelled_defects import LabelledDefects
from station.learning.layout.labelled import LabelledPicture
from station.learning.manifest import read_manifest
from station.learning.presets import Method
from station.learning.progress import OnProgress
from station.learning.shown_defects import real_defects
from station.trainer import backbone
from station.trainer.cell_head import CellHead
from station.trainer.compared import compared_pictures
from station.trainer.coreset import Rows
from station.trainer.detector import Detector
from station.trainer.export import export
from station.trainer.features import FeatureNetwork
from station.trainer.good_cache import GoodCache, key_of
from station.trainer.good_parts import GoodParts, learn_good_parts
from station.trainer.labelled_pictures import AsInput, learn_labelled
from station.trainer.pictures import prepared
from station.trainer.threads import each_on_a_core
from station.trainer.whole_part import learn_whole_part
from station.vision.preprocess import Preprocessor

_HELD_OUT = "held_out.npy"


def fit(job: TrainingJob, on_progress: OnProgress) -> Trained:
    """Train on the good pictures, and write the model.

    Raises:
        BadInputError: If there are too few pictures, one changed since its import, or the method lacks something.
    """
    if not isinstance(job.method, Method):
        from station.trainer.detectors.fitting import fit_detector  # noqa: PLC0415 - few jobs need it

        return fit_detector(job, on_progress)
    began = time.monotonic()
    dataset = load_dataset(job.dataset)
    require_unchanged(dataset)
    pictures = good_parts(dataset, job.left_out)
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
    np.save(job.output / _HELD_OUT, learned.maps)
    export(detector, job.input_size, job.output, fp16_weights=job.patchcore.fp16_weights)
    train_s = time.monotonic() - began
    compared = compared_pictures(dataset, pictures, job.scored)

    def score_of(picture: LabelledPicture) -> float:
        return detector.score(features_of(picture))

    scores = each_on_a_core(score_of, compared, job.cores, "Looking at pictures to measure with", on_progress)
    return Trained(
        backbone=backbone.NAME,
        held_out=job.output / _HELD_OUT,
        scores=dict(zip((picture.name for picture in compared), scores, strict=True)),
        train_s=round(train_s, 2),
        defects=learned.defects,
        added=learned.added,
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
