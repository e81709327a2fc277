"""A part on its way from its trigger to its record."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from station.domain.frame import Frame, Image, LostFrame, NotInspectedCause
from station.domain.inspection import Inspection, PartKey
from station.domain.live import LivePicture


@dataclass(frozen=True, slots=True, eq=False)
class Trigger:
    """An opened inspection: it has a number, and will end in exactly one recorded verdict.

    Attributes:
        key: Run and part number.
        triggered_at: When it was opened, UTC.
        triggered_ns: The same moment on the monotonic clock.
        origin: The picture's file, or camera and frame id; the trigger's own words before a picture came.
        frame: The picture, None while it is waited for and when it cannot be judged.
        cause: Why it cannot be judged; None while it can.
        detail: More about the cause, in words.
        frame_id: The source's counter, None when no frame came.
    """

    key: PartKey
    triggered_at: datetime
    triggered_ns: int
    origin: str
    frame: Frame | None = None
    cause: NotInspectedCause | None = None
    detail: str = ""
    frame_id: int | None = None

    def answered_by(self, delivery: Frame | LostFrame) -> "Trigger":
        """With what the camera handed over for it."""
        if isinstance(delivery, Frame):
            return replace(self, frame=delivery, frame_id=delivery.frame_id, origin=delivery.origin)
        return replace(
            self,
            cause=delivery.cause,
            detail=delivery.detail,
            frame_id=delivery.frame_id,
            origin=delivery.origin,
        )

    def given_up(self, cause: NotInspectedCause, detail: str = "") -> "Trigger":
        """Without a picture to judge."""
        return replace(self, frame=None, cause=cause, detail=detail)


@dataclass(frozen=True, slots=True, eq=False)
class JudgedPart:
    """A part with its verdict, on its way to screen and disk.

    Attributes:
        inspection: The judgement.
        live: What the screen shows of it.
        original: The camera's picture for the disk, as in Frame; None when none came or it was shed.
    """

    inspection: Inspection
    live: LivePicture
    original: Image | None

    def without_picture(self) -> "JudgedPart":
        """The same record without its big pictures: their memory is free then."""
        return replace(self, original=None, live=replace(self.live, levels=self.live.levels[-1:]))


def utc_now() -> datetime:
    """The wall clock, UTC."""
    return datetime.now(UTC)
