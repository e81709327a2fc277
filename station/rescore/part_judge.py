"""One program that judges stored parts by two revisions: on the station, or on a machine of a cluster."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from station.camera.pictures.as_frame import as_frame
from station.camera.pictures.reading import decode_picture
from station.domain.errors import StationError
from station.domain.frame import Frame
from station.domain.inspection import Inspection, ViewInspection
from station.domain.recipe import Recipe, View
from station.domain.rescore import PartToJudge, RescoredPart, RescoredView, Said
from station.inference.model_package import ModelPackage, find_package
from station.inference.predictor import Predictor
from station.rescore.picture_source import PicturesUnreachableError, open_pictures
from station.rescore.revision_judge import RevisionJudge

Batch = tuple[PartToJudge, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every part: a value that goes to each program that judges.

    Attributes:
        recipe: The revision that judges.
        against: The revision that it is compared with.
        pictures: Where the pictures lie, see `open_pictures`.
    """

    recipe: Recipe
    against: Recipe
    pictures: str


class Folders(NamedTuple):
    """Where one program finds model packages, and keeps compiled ones."""

    models: Path
    cache: Path


class Environment(NamedTuple):
    """The versions that a score depends on."""

    lineside: str
    openvino: str

    @property
    def words(self) -> str:
        """Return them as people read them."""
        return f"Lineside {self.lineside}, OpenVINO {self.openvino}"


def this_environment() -> Environment:
    """Return the versions of this program."""
    import station  # noqa: PLC0415 - the version is needed here alone
    from station.inference.silent_openvino import ov  # noqa: PLC0415 - half a second

    return Environment(station.__version__, ov.get_version())


def files_of(package: ModelPackage) -> dict[str, bytes]:
    """Return the files of a checked package by their names; whoever loads them checks every byte again."""
    return {name: (package.folder / name).read_bytes() for name in package.file_names}


class PartJudge:
    """Answers one question for many parts. Close it: it holds models.

    A model computes on one thread: the machine's cores are used by as many programs, and the scores do not depend on
    how many there are.
    """

    def __init__(self, question: Question, folders: Folders) -> None:
        """Open the models of the revision that judges; the other one's are opened when a part first needs them.

        Raises:
            StationError: A model package is missing, changed or cannot be computed here, or the pictures are not there.
        """
        self._question, self._folders = question, folders
        self._pictures = open_pictures(question.pictures)
        with ExitStack() as opened:
            self._after = self._opened_in(opened, question.recipe)
            self._held = opened.pop_all()

    def judge(self, part: PartToJudge) -> RescoredPart:
        """Return what both revisions say of a part; a part that cannot be judged comes back with the cause.

        Raises:
            PicturesUnreachableError: The place of the pictures does not answer.
        """
        try:
            frames = {name: self._frame(part, at) for at, (name, _) in enumerate(part.originals)}
        except PicturesUnreachableError:
            raise
        except StationError as error:
            return RescoredPart(part.key, part.recorded, None, error.sentence)
        views = self._after.inspect(frames)
        before = part.recorded or _said(part, self._before.inspect(frames))
        after = _said(part, views)
        if before is None or after is None:
            return RescoredPart(part.key, before, after, "The part has other views than the revisions.")
        found = tuple(self._found(view) for view in views if view.pred_score is not None and not view.leaves_picture)
        return RescoredPart(part.key, before, after, views=found)

    def close(self) -> None:
        """Release the models. Closing twice is allowed."""
        self._held.close()

    @cached_property
    def _before(self) -> RevisionJudge:
        return self._opened_in(self._held, self._question.against)

    def _opened_in(self, held: ExitStack, recipe: Recipe) -> RevisionJudge:
        judge = RevisionJudge(recipe, self._open_predictor)
        held.callback(judge.close)
        return judge

    def _open_predictor(self, view: View) -> Predictor:
        from station.inference.opening import open_predictor  # noqa: PLC0415 - half a second

        package = find_package(self._folders.models, view.model)
        return open_predictor(package, view.inference, self._folders.cache, threads=1)

    def _found(self, view: ViewInspection) -> RescoredView:
        """Return what the limits of another revision can be compared with, as the records of the line have it.

        A part that fails and leaves its picture has a score, but by other limits it would have no verdict.
        """
        assert view.pred_score is not None, "it was inspected"
        without = min(view.pred_score, self._question.recipe.view(view.name).limits.pixel_threshold)
        highest = max((region.score for region in view.regions), default=without)
        largest = max((region.area_px for region in view.regions), default=0)
        return RescoredView(view.name, view.pred_score, highest, largest)

    def _frame(self, part: PartToJudge, at: int) -> Frame:
        _, stored = part.originals[at]
        return as_frame(decode_picture(self._pictures.read(stored), stored.path), stored.path)


class _Held:
    """The judge of this process: it stays for the next batch of the same question."""

    lock = threading.Lock()
    asked: tuple[Question, Folders] | None = None
    judge: PartJudge | None = None


def judge_batch(question: Question, folders: Folders, batch: Batch) -> tuple[RescoredPart, ...]:
    """Return what both revisions say of some parts; the models stay open for the next call in this process.

    Raises:
        StationError: The question cannot be answered here at all.
    """
    with _Held.lock:
        if _Held.judge is None or _Held.asked != (question, folders):
            forget_models()
            _Held.judge, _Held.asked = PartJudge(question, folders), (question, folders)
        return tuple(map(_Held.judge.judge, batch))


def forget_models() -> None:
    """Close the models of this process, if any are open."""
    judge, _Held.judge, _Held.asked = _Held.judge, None, None
    if judge is not None:
        judge.close()


def _said(part: PartToJudge, views: Sequence[ViewInspection]) -> Said | None:
    if not views:
        return None
    deciding = Inspection(part.key, part.triggered_at, tuple(views)).deciding
    return Said(deciding.verdict, deciding.pred_score)
