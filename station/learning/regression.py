"""Two revisions on the same labelled pictures: what does the new one judge worse than the old one?"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from station.domain.candidate import GateCheck
from station.domain.names import few_of
from station.domain.rates import Rate
from station.domain.recipe import View
from station.domain.verdict import Verdict
from station.inference.predictor import Predictor
from station.learning.ahead import Background
from station.learning.layout.labelled import LabelledPicture
from station.learning.picture_judge import PictureJudge
from station.learning.progress import OnProgress, no_progress, with_progress

_NAMED_AT_MOST = 5
_NO_DEFECT = (
    "Without a labelled defect nobody knows whether the candidate still finds what the released revision finds: label "
    "some, freeze and teach again."
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What one revision makes of labelled pictures, by their names.

    Attributes:
        missed: Pictures with a defect that pass.
        rejected: Pictures of good parts that do not pass.
        defects, good: How many pictures there are of each.
    """

    missed: frozenset[str]
    rejected: frozenset[str]
    defects: int
    good: int


def judge_all(
    view: View, predictor: Predictor, pictures: Sequence[LabelledPicture], on_progress: OnProgress = no_progress
) -> Judged:
    """Judge labelled pictures as the line does. The predictor is closed.

    Args:
        view: The view of the revision.
        predictor: Its model.
        pictures: With labels.
        on_progress: Called with each picture.

    Raises:
        BadInputError: A picture cannot be read or does not fit the recipe.
        FaultError: The model failed.
    """
    with closing(predictor), Background() as background:
        judged = background.each(PictureJudge(view, predictor).inspect_picture, pictures)
        steps = with_progress(pictures, "Judging the labelled pictures", on_progress)
        passed = {
            picture.name
            for picture, result in zip(steps, judged, strict=True)
            if result.inspection.verdict is Verdict.PASS
        }
    good = {picture.name for picture in pictures if picture.good}
    defects = {picture.name for picture in pictures} - good
    return Judged(frozenset(defects & passed), frozenset(good - passed), len(defects), len(good))


def regression_check(candidate: Judged, champion: Judged | None, view: str = "") -> GateCheck:
    """Return whether the candidate judges labelled pictures at least as well as the released revision.

    It must find each defect that the champion finds, and may reject no more good parts than the champion's own share
    allows at 95 %. Without a single defect this cannot be known, and the answer is no. Without a champion there is
    nothing to compare with, and the figures are only said.

    Args:
        candidate: What the candidate makes of the pictures.
        champion: The same by the released revision; None if none is released.
        view: The view's name; "" if the recipe has only one.
    """
    name = f"Labelled pictures, {view}" if view else "Labelled pictures"
    if not candidate.defects and not candidate.good:
        return GateCheck(name, passed=False, sentence="There are no labelled pictures to measure with.")
    found, rejected = candidate.defects - len(candidate.missed), len(candidate.rejected)
    figures = f"{found} of {candidate.defects} defects found, {rejected} of {candidate.good} good parts rejected"
    if champion is None:
        return GateCheck(name, passed=True, sentence=f"{figures}; no revision is released to compare with.")
    if not candidate.defects:
        return GateCheck(name, passed=False, sentence=f"{figures}. {_NO_DEFECT}")
    worse = _worse(candidate, champion)
    before = f"before: {champion.defects - len(champion.missed)} and {len(champion.rejected)}"
    return GateCheck(name, not worse, f"{figures} ({before}). {' '.join(worse)}".strip())


def _worse(candidate: Judged, champion: Judged) -> list[str]:
    sentences = []
    if newly_missed := sorted(candidate.missed - champion.missed):
        sentences.append(f"Defects that the released revision finds now pass: {few_of(newly_missed, _NAMED_AT_MOST)}.")
    allowed = Rate(len(champion.rejected), champion.good).interval[1] * champion.good
    if len(candidate.rejected) > allowed:
        newly = sorted(candidate.rejected - champion.rejected)
        sentences.append(f"More good parts are rejected: {few_of(newly, _NAMED_AT_MOST)}.")
    return sentences
