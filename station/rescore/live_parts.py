"""Parts of the running line on their way to the candidate's process: a line of JSON, then the pixels of each view."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import IO, BinaryIO

import numpy as np
from pydantic import BaseModel, ConfigDict

from station.domain.candidate import CandidateResult, Outcome
from station.domain.clock import utc_now
from station.domain.frame import Frame
from station.domain.inspection import PartKey
from station.domain.part_images import PartResult, ViewResult
from station.domain.picture_form import DepthFrom
from station.domain.verdict import Verdict


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SentView(_Message):
    """The picture of one view: its pixels follow behind the message, `dtype` and `shape` as in numpy."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    significant_bits: int
    coding: str


class SentPart(_Message):
    """A part that the candidate is to judge."""

    run_id: int
    number: int
    triggered_at: datetime
    views: tuple[SentView, ...]

    @property
    def key(self) -> PartKey:
        """Return the part's key."""
        return PartKey(self.run_id, self.number)


class Answer(_Message):
    """What the candidate makes of it."""

    run_id: int
    number: int
    outcome: Outcome
    verdict: Verdict | None
    pred_score: float | None

    @classmethod
    def of(cls, result: CandidateResult) -> "Answer":
        """Return the answer with this result."""
        return cls(
            run_id=result.key.run_id,
            number=result.key.part,
            outcome=result.outcome,
            verdict=result.verdict,
            pred_score=result.pred_score,
        )

    @property
    def result(self) -> CandidateResult:
        """Return the result in the answer."""
        return CandidateResult(PartKey(self.run_id, self.number), self.outcome, self.verdict, self.pred_score)


def send_part(part: PartResult, pipe: IO[bytes]) -> None:
    """Write a part that can be sent.

    Raises:
        OSError: The other end is closed.
    """
    key = part.inspection.key
    message = SentPart(
        run_id=key.run_id,
        number=key.part,
        triggered_at=part.inspection.triggered_at,
        views=tuple(map(_sent, part.views)),
    )
    pipe.write(message.model_dump_json().encode() + b"\n")
    for view in part.views:
        assert view.original is not None, "see has_whole_pictures"
        pipe.write(np.ascontiguousarray(view.original).reshape(-1).view(np.uint8).data)
    pipe.flush()


def received_parts(pipe: BinaryIO) -> Iterator[tuple[SentPart, dict[str, Frame]]]:
    """Yield parts with the frame of each view until the other end closes."""
    while line := pipe.readline():
        part = SentPart.model_validate_json(line)
        frames = {view.name: _received(view, pipe) for view in part.views}
        if None in frames.values():
            return
        yield part, {name: frame for name, frame in frames.items() if frame is not None}


def _sent(view: ViewResult) -> SentView:
    assert view.original is not None, "see has_whole_pictures"
    return SentView(
        name=view.inspection.name,
        dtype=view.original.dtype.name,
        shape=view.original.shape,
        significant_bits=view.significant_bits,
        coding=view.coding,
    )


def _received(view: SentView, pipe: BinaryIO) -> Frame | None:
    """Return the frame, with the depth that the stored picture would state; None if the other end closed."""
    size = int(np.prod(view.shape)) * np.dtype(view.dtype).itemsize
    content = pipe.read(size)
    if len(content) < size:
        return None
    image = np.frombuffer(content, view.dtype).reshape(view.shape)
    bits = 8 if image.dtype == np.uint8 else view.significant_bits
    known = DepthFrom.KNOWN if bits else DepthFrom.UNKNOWN
    return Frame(
        image, 0, utc_now(), time.monotonic_ns(), view.name, significant_bits=bits or 16, depth_from=known,
        coding=view.coding,
    )  # fmt: skip
