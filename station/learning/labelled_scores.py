"""Scores of the labelled pictures of a dataset version by a view of a recipe, computed once for each picture.

They are kept by the picture's hash, so a new version costs only its new pictures. The file may be deleted at any time.
"""

import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np

from station.domain.digest import sha256_hex
from station.domain.errors import BadInputError
from station.domain.limit_bench.scored_pictures import DEFECT, GOOD, LabelledSet, scored
from station.domain.part_images import ViewResult
from station.domain.recipe import View
from station.domain.synthetic import is_synthetic
from station.inference.model_package import ModelPackage
from station.inference.opening import open_predictor
from station.learning.ahead import Background
from station.learning.datasets import load_dataset
from station.learning.labels import GOOD as KIND_OF_GOOD
from station.learning.layout.labelled import LabelledPicture
from station.learning.manifest import MANIFEST, Entry, read_manifest
from station.learning.picture_judge import PictureJudge
from station.learning.progress import OnProgress, Wanted, always, no_progress, with_progress_of
from station.workspace import write_atomically

_SAVED_EVERY = 25
"""Pictures after which the file is written: a power cut costs no more than these."""


class Score(NamedTuple):
    """What is kept of one picture: its score, the highest place of its map, and the area of its largest region."""

    score: float
    highest: float
    largest_px: int


@dataclass(frozen=True, slots=True)
class _Sought:
    entries: tuple[Entry, ...]
    learned: int
    synthetic: int


def labelled_set(folder: Path, view: View, package: ModelPackage, cache: Path) -> LabelledSet:
    """Return the pictures of a dataset version that are scored already, and how many wait.

    Args:
        folder: The dataset version.
        view: The view that judges.
        package: Its model.
        cache: Folder of the kept scores.

    Raises:
        BadInputError: The dataset version is damaged.
    """
    sought, known = _sought(folder, view, package), _read(_file_of(view, cache))
    there = [(entry, known[entry.sha256]) for entry in sought.entries if entry.sha256 in known]
    pictures = scored(
        [score.score for _, score in there],
        [score.highest for _, score in there],
        [score.largest_px for _, score in there],
        [GOOD if entry.kind == KIND_OF_GOOD else DEFECT for entry, _ in there],
        [(0, place) for place in range(len(there))],
        tuple(entry.name for entry, _ in there),
    )
    return LabelledSet(folder.name, pictures, len(sought.entries) - len(there), sought.learned, sought.synthetic)


def score_labelled(
    folder: Path,
    view: View,
    package: ModelPackage,
    cache: Path,
    on_progress: OnProgress = no_progress,
    wanted: Wanted = always,
) -> None:
    """Score the pictures of a dataset version that wait, at low priority, and keep the scores.

    Args:
        folder: The dataset version.
        view: The view that judges.
        package: Its model.
        cache: Folder of compiled models and of the kept scores.
        on_progress: Called after each picture.
        wanted: Asked after each picture; if the scores are no longer wanted, those that are there are kept.

    Raises:
        BadInputError: The dataset version is damaged, or a picture does not fit the view.
        FaultError: The model failed.
    """
    file, pictures = _file_of(view, cache), {each.name: each for each in load_dataset(folder).pictures}
    known = dict(_read(file))
    waiting = [entry for entry in _sought(folder, view, package).entries if entry.sha256 not in known]
    if not waiting:
        return
    predictor = open_predictor(package, view.inference, cache)
    try:
        judge = PictureJudge(view, predictor)
        with Background() as background:
            scores = background.each(lambda entry: _score_of(judge, pictures[entry.name]), waiting)
            for entry, score in zip(waiting, with_progress_of(scores, len(waiting), _STAGE, on_progress), strict=True):
                known[entry.sha256] = score
                if len(known) % _SAVED_EVERY == 0:
                    _write(file, known)
                if not wanted():
                    break
    finally:
        predictor.close()
        _write(file, known)


_STAGE = "Scoring labelled pictures"


def dataset_versions(product_folder: Path) -> tuple[str, ...]:
    """Return the dataset versions of a product, newest first."""
    manifests = sorted(product_folder.glob(f"*/{MANIFEST}"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    return tuple(file.parent.name for file in manifests)


def _sought(folder: Path, view: View, package: ModelPackage) -> _Sought:
    """Return the pictures to measure with: those that the model has not learned, and whose defects were not drawn."""
    everything = read_manifest(folder).pictures
    entries = [entry for entry in everything if not is_synthetic(entry.kind)]
    learned = _learned(folder.parent / view.dataset_version, package) if view.dataset_version else frozenset()
    kept = tuple(entry for entry in entries if entry.sha256 not in learned)
    return _Sought(kept, len(entries) - len(kept), len(everything) - len(entries))


def _learned(taught_from: Path, package: ModelPackage) -> frozenset[str]:
    if not (taught_from / MANIFEST).is_file():
        return frozenset()  # taught on another station: none of its pictures is here
    with_defects = bool(package.manifest.evaluation.get("kinds_learned"))
    entries = read_manifest(taught_from).pictures
    return frozenset(
        entry.sha256 for entry in entries if entry.split == "train" or (with_defects and entry.kind != KIND_OF_GOOD)
    )


def _score_of(judge: PictureJudge, picture: LabelledPicture) -> Score:
    return _kept(judge.inspect_picture(picture))


def _kept(result: ViewResult) -> Score:
    inspection = result.inspection
    assert inspection.pred_score is not None, "the judge of stored pictures raises instead"
    judged_map = result.judged_map
    assert judged_map is not None, "a judged view has a map"
    largest = max((region.area_px for region in inspection.regions), default=0)
    return Score(inspection.pred_score, float(judged_map.max()), largest)


def _file_of(view: View, cache: Path) -> Path:
    """Return the file of everything that a score and a region depend on."""
    depends_on = repr((asdict(view.scoring), view.limits.pixel_threshold))
    return cache / "scores" / f"{sha256_hex(depends_on.encode())[:32]}.npz"


def _read(file: Path) -> Mapping[str, Score]:
    """Return what is kept; a file that is missing or damaged costs the time to score again."""
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as kept:
            columns = [kept[name].tolist() for name in ("sha256", *Score._fields)]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
    return {sha256: Score(*values) for sha256, *values in zip(*columns, strict=True)}


def _write(file: Path, known: Mapping[str, Score]) -> None:
    """Write all scores.

    Raises:
        BadInputError: The disk refused.
    """
    scores, highest, largest_px = (np.array([score[place] for score in known.values()]) for place in range(3))
    content, sha256 = io.BytesIO(), np.array(list(known), "U64")
    np.savez(content, sha256=sha256, score=scores, highest=highest, largest_px=largest_px)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, content.getvalue())
    except OSError as error:
        raise BadInputError(f"The scores cannot be kept at {file}: {error}.", "Free some room on the disk.") from error
