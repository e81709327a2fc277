"""What a camera hands over: a frame, the news that one is missing, or the end of the pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.domain.picture_form import DepthFrom
from station.domain.recipe import SettingValue

Image = NDArray[Any]


class NotInspectedCause(StrEnum):
    """Why a part has no judgement. The value is stored; `sentence` is for people."""

    LOST_FRAME = "lost_frame"
    INCOMPLETE_FRAME = "incomplete_frame"
    UNREADABLE_PICTURE = "unreadable_picture"
    NO_PICTURE_IN_TIME = "no_picture_in_time"
    CAMERA_LOST = "camera_lost"
    OVERRUN = "overrun"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    BLURRED = "blurred"
    FROZEN_PICTURE = "frozen_picture"
    WRONG_PICTURE = "wrong_picture"
    MODEL_FAILED = "model_failed"
    STATION_FAILED = "station_failed"
    CODE_UNREAD = "code_unread"
    STOPPED = "stopped"
    CHECK_DUE = "check_due"
    PART_NOT_FOUND = "part_not_found"
    PART_LEAVES_PICTURE = "part_leaves_picture"

    @property
    def sentence(self) -> str:
        """The cause in words for an operator."""
        return _SENTENCES[self]


NO_MEMORY = "the station has too little memory for it"
"""Why a picture is lost that could not be taken into memory."""

SMALLEST_SIDE_PX = 16
"""A picture with a shorter side shows nothing that could be judged."""

_SENTENCES = {
    NotInspectedCause.LOST_FRAME: "picture lost on the way from the camera",
    NotInspectedCause.INCOMPLETE_FRAME: "picture arrived incomplete",
    NotInspectedCause.UNREADABLE_PICTURE: "picture cannot be read",
    NotInspectedCause.NO_PICTURE_IN_TIME: "no picture came in time",
    NotInspectedCause.CAMERA_LOST: "camera was lost",
    NotInspectedCause.OVERRUN: "parts came faster than they can be inspected",
    NotInspectedCause.TOO_DARK: "picture too dark to judge",
    NotInspectedCause.TOO_BRIGHT: "picture too bright to judge",
    NotInspectedCause.BLURRED: "picture too blurred to judge",
    NotInspectedCause.FROZEN_PICTURE: "camera repeats the same picture",
    NotInspectedCause.WRONG_PICTURE: "picture does not fit the recipe",
    NotInspectedCause.MODEL_FAILED: "the model failed on this picture",
    NotInspectedCause.STATION_FAILED: "the station failed on this part",
    NotInspectedCause.CODE_UNREAD: "the code of the part cannot be read",
    NotInspectedCause.STOPPED: "the line was stopped before it was judged",
    NotInspectedCause.CHECK_DUE: "a check with challenge parts is due",
    NotInspectedCause.PART_NOT_FOUND: "the part cannot be found in the picture",
    NotInspectedCause.PART_LEAVES_PICTURE: "the part leaves the picture; centre it",
}


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One complete exposure and where it came from.

    Attributes:
        image: Read-only pixels, shape (H, W) grey or (H, W, 3) RGB, uint8 or uint16, C-contiguous.
        frame_id: The source's own counter; a jump means lost frames.
        received_at: Host time when the frame was complete, UTC.
        received_ns: The same moment on `time.monotonic_ns`, for ages and durations.
        timestamp_ns: Camera clock at start of exposure (SFNC Timestamp), or None if the camera gives none.
        significant_bits: Bits of each pixel that carry light, 8 to 16; see `depth_from`.
        pixel_format: SFNC name of what the camera sent, such as "Mono8" or "BayerRG12p".
        origin: What a person would call the picture: a file's relative path, or camera and frame id.
        conversion: What was changed on the way in, in words; empty when nothing was.
        chunk: What the camera sent along with this picture, by feature name ("ChunkExposureTime"); empty where it
            sends nothing.
        depth_from: Who says how many bits carry light.
        coding: How the picture was compressed: "lossless", "JPEG 4:2:0"; "" if not known.
        file: The content of the file that holds exactly this picture and is kept as it is; empty if none is.
    """

    image: Image
    frame_id: int
    received_at: datetime
    received_ns: int
    origin: str
    timestamp_ns: int | None = None
    significant_bits: int = 8
    pixel_format: str = "Mono8"
    conversion: str = ""
    chunk: Mapping[str, SettingValue] = field(default_factory=dict)
    depth_from: DepthFrom = DepthFrom.KNOWN
    coding: str = ""
    file: bytes = b""

    def __post_init__(self) -> None:
        if self.image.dtype not in (np.uint8, np.uint16) or self.image.ndim not in (2, 3):
            raise ValueError(f"a frame is 8- or 16-bit grey or RGB, not {self.image.dtype} {self.image.shape}")
        self.image.flags.writeable = False


@dataclass(frozen=True, slots=True)
class LostFrame:
    """A picture that should have come and did not: a part without a judgement.

    Attributes:
        frame_id: The source's own counter.
        cause: Why there is no picture to judge.
        origin: Camera and frame id, or the file.
        detail: More about it, in words.
        came_ns: When it was known, on `time.monotonic_ns`; None for now, and for a LOST_FRAME that was never seen, and
            missed only when a later one came.
        before_ns: When that later one came, on the same clock; None if it is not known.
    """

    frame_id: int
    cause: NotInspectedCause
    origin: str
    detail: str = ""
    came_ns: int | None = None
    before_ns: int | None = None

    @property
    def was_never_seen(self) -> bool:
        """Nothing is known of it but that it came before a later one."""
        return self.cause is NotInspectedCause.LOST_FRAME and self.came_ns is None


@dataclass(frozen=True, slots=True)
class EndOfFrames:
    """The source has no more pictures: a folder was read to its end."""


Delivery = Frame | LostFrame | EndOfFrames
