"""Learn by `fine`: from the pictures of a training to its detector and its graph."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from station.domain.picture_form import PictureForm
from station.learning.fine_settings import FineSettings
from station.learning.layout.labelled import LabelledPicture
from station.learning.progress import OnProgress
from station.trainer import backbone
from station.trainer.export import save_graph
from station.trainer.fine_detail.graph import build_fine_graph
from station.trainer.fine_detail.learning import Material, learn_fine
from station.trainer.fine_detail.network import StripNetwork
from station.trainer.fitted import Answer, Fitted, Lesson
from station.trainer.pictures import model_input
from station.trainer.threads import each_on_a_core
from station.vision.preprocess import Preprocessor


def learn_by_fine(lesson: Lesson, settings: FineSettings, on_progress: OnProgress) -> Fitted:
    """Learn from the good pictures."""
    job = lesson.job
    depth = PictureForm(bits=job.unstated_bits, stored_bits=16)
    as_input = partial(model_input, preprocessor=Preprocessor(job.input_size, job.roi, job.location), depth=depth)
    network = StripNetwork(job.input_size, settings.strip_px, job.cores)
    detector, maps = learn_fine(job, settings, Material(lesson.pictures, as_input, network), on_progress)

    def answer(picture: LabelledPicture) -> Answer:
        raw_map = detector.anomaly_map(network(as_input(picture)))
        return Answer(float(raw_map.max()), raw_map)

    def answers(compared: Sequence[LabelledPicture], on_progress: OnProgress) -> list[Answer]:
        return each_on_a_core(answer, compared, job.cores, "Looking at pictures to measure with", on_progress)

    def save(folder: Path) -> None:
        graph = build_fine_graph(detector, job.input_size, settings.strip_px)
        save_graph(graph, folder, fp16_weights=settings.fp16_weights)

    return Fitted(
        backbone=backbone.NAME, numbers=np.arange(len(lesson.pictures)), maps=maps, answers=answers, save=save
    )
