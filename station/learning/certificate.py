"""Repeats the certificate of a model package: the same pictures, judged again by the packaged model on this machine."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from station.domain.digest import sha256_of_file
from station.domain.formatting import one_or_many
from station.domain.names import few_of
from station.domain.recipe import View
from station.inference.model_package import ModelPackage
from station.inference.opening import open_exact
from station.inference.parity import ComparedPicture
from station.learning.ahead import Background
from station.learning.labels import GOOD
from station.learning.layout.labelled import LabelledPicture
from station.learning.parity import difference, flipped
from station.learning.picture_judge import PictureJudge
from station.learning.progress import OnProgress, no_progress, with_progress

TOLERANCE = 0.001
"""As far may a score be from the certified one, on the normalised scale 0..1: CPUs round differently."""
_NAMED_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Repeated:
    """What became of the certified pictures; all names are those of the dataset version.

    Attributes:
        pictures: How many the certificate holds.
        max_difference: The largest difference to a certified score, on the normalised scale.
        gone: Pictures whose file is missing or was changed; they were not judged.
        moved: Pictures whose score is farther from the certified one than `TOLERANCE`.
        turned: Pictures with another verdict than certified.
    """

    pictures: int
    max_difference: float
    gone: tuple[str, ...]
    moved: tuple[str, ...]
    turned: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return what is not as certified, in sentences that name the pictures; empty if all is."""
        found = (
            (self.gone, "is gone or was", "are gone or were", "changed since the teaching, and cannot be judged again"),
            (
                self.moved,
                "scores",
                "score",
                f"otherwise here than certified, by more than {TOLERANCE} of the scale 0 to 1",
            ),
            (self.turned, "gets", "get", "another verdict here than certified"),
        )
        return tuple(
            f"{len(names)} of {self.pictures} certified pictures {one_or_many(len(names), one, many)} {what}: "
            f"{few_of(names, _NAMED_AT_MOST)}"
            for names, one, many, what in found
            if names
        )


def repeat_certificate(
    package: ModelPackage, dataset: Path, taught: View, on_progress: OnProgress = no_progress
) -> Repeated:
    """Judge the certified pictures again, as the line does, with the packaged model on the CPU of this machine.

    Args:
        package: A package whose certificate lists pictures.
        dataset: Folder of the dataset version that it was taught from.
        taught: The view of a recipe that has this model: its pictures' form, and the region that was taught.
        on_progress: Called with each picture.

    Raises:
        FaultError: The model failed.
    """
    assert package.manifest.parity is not None, "the caller looked"
    certified = package.manifest.parity.compared
    there = [each for each in certified if _is_unchanged(dataset / each.name, each.sha256)]
    scale = package.manifest.normalisation
    view = View(
        package.reference,
        roi=taught.taught_roi,
        taught_roi=taught.taught_roi,
        form=taught.form,
        location=taught.location,
    )
    with tempfile.TemporaryDirectory(prefix="lineside-") as compiled:
        scores = list(_scores(package, dataset, there, view, Path(compiled), on_progress))
    pairs = list(zip(there, scores, strict=True))
    differences = {each.name: difference(each.exported, score, scale) for each, score in pairs}
    return Repeated(
        pictures=len(certified),
        max_difference=max(differences.values(), default=0.0),
        gone=tuple(each.name for each in certified if each not in there),
        moved=tuple(name for name, apart in differences.items() if apart > TOLERANCE),
        turned=tuple(each.name for each, score in pairs if flipped(each.exported, score, scale)),
    )


def _scores(
    package: ModelPackage,
    dataset: Path,
    compared: Sequence[ComparedPicture],
    view: View,
    compiled: Path,
    on_progress: OnProgress,
) -> Iterator[float]:
    """Yield the raw score of each picture."""
    labelled = [LabelledPicture(each.name, "test", GOOD, dataset / each.name) for each in compared]
    with Background() as background, closing(open_exact(package, compiled)) as predictor:
        judged = background.each(PictureJudge(view, predictor).inspect_picture, labelled)
        step = f"Judging the pictures of {package.folder.name} again"
        for _, result in zip(with_progress(labelled, step, on_progress), judged, strict=True):
            assert result.inspection.raw_score is not None, "a judged view has a score"
            yield result.inspection.raw_score


def _is_unchanged(path: Path, sha256: str) -> bool:
    return path.is_file() and sha256_of_file(path) == sha256
