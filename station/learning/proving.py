"""Certify the precisions of an exported model on pictures of its own dataset."""

import dataclasses
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from station.domain.frame import Image
from station.domain.recipe import View
from station.inference.certificate import Certificate
from station.inference.model_package import OPENVINO, REFERENCE, ModelPackage
from station.inference.opening import open_exact
from station.inference.proof import KEPT, plugin_answers, prove
from station.inference.reference import Reference
from station.learning.ahead import Background
from station.learning.layout.labelled import LabelledPicture
from station.learning.nearest_pictures import NEAREST, SAMPLED, NearestPictures
from station.learning.picture_judge import PictureJudge


def write_proof(
    staged: ModelPackage,
    looked: View,
    nearest: Sequence[Image],
    good: Sequence[LabelledPicture],
    scored: Mapping[str, float],
    held_out: Path,
) -> Certificate | None:
    """Return the certificate of an exported model, and write its reference pictures into the folder of the export.

    The model of a plug-in has one way to be computed, and so no certificate of others: None.

    Args:
        staged: The exported model, in a folder of the export.
        looked: The recipe's view, without its model.
        nearest: Pictures as the model sees them, those nearest to its limit first; may be too few.
        good: Pictures of good parts, in the place of those that lack.
        scored: The raw score of each picture that was judged, by its name.
        held_out: File with the raw maps of good parts by models that had not learned them, (n, gh, gw).

    Raises:
        FaultError: The model failed.
    """
    output = staged.folder.parent
    cache = output / "compiled"
    raw_scores = np.array([*scored.values(), *np.load(held_out, allow_pickle=False).max((1, 2))], np.float64)

    def proven() -> tuple[Certificate | None, Reference]:
        pictures = list(nearest)
        if len(pictures) < KEPT:
            pictures += _of_good(staged, looked, good[: NEAREST + SAMPLED], cache)
        if staged.manifest.kind != OPENVINO:
            return None, _answered(staged, pictures[:KEPT], cache)
        return prove(staged, pictures, raw_scores, cache)

    with Background() as background:  # OpenVINO's own threads have the priority of the thread that starts them
        certificate, reference = background.submit(proven).result()
    (output / REFERENCE).write_bytes(reference.as_bytes())
    return certificate


def _answered(staged: ModelPackage, pictures: Sequence[Image], cache: Path) -> Reference:
    with closing(open_exact(staged, cache)) as predictor:
        return Reference(np.stack(pictures), plugin_answers(predictor, pictures))


def _of_good(staged: ModelPackage, looked: View, good: Sequence[LabelledPicture], cache: Path) -> list[Image]:
    view = dataclasses.replace(looked, model=staged.reference)
    with closing(open_exact(staged, cache)) as predictor:
        nearest = NearestPictures(predictor, staged.manifest.normalisation)
        judge = PictureJudge(view, nearest)
        for picture in good:
            judge.inspect_picture(picture)
    return nearest.kept()
