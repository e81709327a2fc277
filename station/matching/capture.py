"""A part on its way from its trigger to its record, and each camera's capture of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from station.domain.frame import Frame, LostFrame, NotInspectedCause
from station.domain.inspection import PartKey
from station.domain.lot_order import NO_LOT, LotOrder


@dataclass(frozen=True, slots=True)
class Trigger:
    """An opened part: it has a number, and will end in exactly one recorded verdict.

    Attributes:
        key: Run and part number.
        triggered_at: When it was opened, UTC.
        triggered_ns: The same time on the monotonic clock.
        origin: What opened it, in words.
        serial: The part's own number, if it was scanned; else "".
        made: The lot and the order that were set when it was opened.
    """

    key: PartKey
    triggered_at: datetime
    triggered_ns: int
    origin: str
    serial: str = ""
    made: LotOrder = NO_LOT


@dataclass(frozen=True, slots=True, eq=False)
class Capture:
    """One camera's view of an opened part.

    Attributes:
        trigger: The part.
        view: The camera's name in the recipe.
        origin: The frame's file, or camera and frame id; the trigger's origin while no frame has come.
        frame: The frame; None until it comes, and if it cannot be judged.
        cause: Why the view cannot be judged; None while it can.
        detail: More about the cause, in words.
        frame_id: The source's counter; None if no frame came.
    """

    trigger: Trigger
    view: str
    origin: str
    frame: Frame | None = None
    cause: NotInspectedCause | None = None
    detail: str = ""
    frame_id: int | None = None

    @classmethod
    def of(cls, trigger: Trigger, view: str) -> "Capture":
        """Return the capture of a part whose frame has not come yet."""
        return cls(trigger, view, trigger.origin)

    def with_frame(self, delivery: Frame | LostFrame) -> "Capture":
        """Return the capture with what the camera delivered for it: a frame, or why there is none."""
        if isinstance(delivery, Frame):
            return replace(self, frame=delivery, frame_id=delivery.frame_id, origin=delivery.origin)
        return replace(
            self,
            cause=delivery.cause,
            detail=delivery.detail,
            frame_id=delivery.frame_id,
            origin=delivery.origin,
        )

    def without_frame(self, cause: NotInspectedCause, detail: str = "") -> "Capture":
        """Return the capture without a frame to judge."""
        return replace(self, frame=None, cause=cause, detail=detail)
