"""Judge recorded parts again, from their stored pictures."""

from collections.abc import Iterator, Sequence

from station.camera.pictures.as_frame import as_frame
from station.camera.pictures.reading import decode_picture
from station.domain.candidate import CandidateResult, Outcome
from station.domain.errors import StationError
from station.domain.frame import Frame
from station.domain.inspection import PartKey
from station.domain.shift import PartRecord, StoredPicture
from station.domain.verdict import Verdict
from station.rescore.revision_judge import RevisionJudge
from station.storage.records.inspections import Inspections


def judge_stored(keys: Sequence[PartKey], inspections: Inspections, judge: RevisionJudge) -> Iterator[CandidateResult]:
    """Yield what a revision makes of recorded parts, in their order.

    The line judged the same pixels: an original is stored without loss, with everything that its judgement depends on.
    A part that was not inspected, or whose originals were not all kept, is not judged.

    Args:
        keys: The parts.
        inspections: Their records.
        judge: Judges by the revision.

    Raises:
        StorageError: The records cannot be read.
    """
    for key in keys:
        part = inspections.find_part(key)
        originals = _originals(part)
        if originals is None:
            yield CandidateResult(key, Outcome.NO_PICTURE)
            continue
        try:
            frames = {name: _frame(inspections, original) for name, original in originals.items()}
        except StationError:  # a picture that was changed or lost; verify names it
            yield CandidateResult(key, Outcome.FAILED)
        else:
            yield judge.judge(key, part.inspection.triggered_at, frames)


def _originals(part: PartRecord) -> dict[str, StoredPicture] | None:
    """Return the original of each view; None if one is missing, or the part was not inspected."""
    found = {
        view.name: pictures.original
        for view, pictures in zip(part.inspection.views, part.views, strict=True)
        if view.verdict is not Verdict.NOT_INSPECTED and pictures.original is not None
    }
    return found if len(found) == len(part.views) else None


def _frame(inspections: Inspections, original: StoredPicture) -> Frame:
    return as_frame(decode_picture(inspections.pictures.read_bytes(original), original.path), original.path)
