"""Slow changes of what the line sees: what is watched, how far it has moved, and the likely cause."""

from dataclasses import dataclass
from enum import StrEnum


class Stream(StrEnum):
    """A figure of each part that is watched; the value is its name for people."""

    SCORE = "score"
    BRIGHTNESS = "brightness"
    COLOUR = "colour"
    SHARPNESS = "sharpness"
    ACROSS = "position across"
    DOWN = "position down"


class DriftCause(StrEnum):
    """What has probably changed at the line."""

    LIGHT = "light"
    FOCUS = "focus"
    FIXTURE = "fixture"
    PRODUCT = "product"


CAUSES = {
    Stream.BRIGHTNESS: DriftCause.LIGHT,
    Stream.COLOUR: DriftCause.LIGHT,
    Stream.SHARPNESS: DriftCause.FOCUS,
    Stream.ACROSS: DriftCause.FIXTURE,
    Stream.DOWN: DriftCause.FIXTURE,
    Stream.SCORE: DriftCause.PRODUCT,
}


@dataclass(frozen=True, slots=True)
class StreamState:
    """Where one figure is.

    Attributes:
        stream: Which.
        moved: How far it has moved since the calibration, in words: "12 % darker"; "" while that is within its spread.
        steps: The newest values as distances from the calibration, in spreads of good parts, oldest first.
        drifted: Whether it has moved and stays there.
    """

    stream: Stream
    moved: str
    steps: tuple[float, ...]
    drifted: bool


@dataclass(frozen=True, slots=True)
class DriftState:
    """What is known of one view of a recipe.

    Attributes:
        recipe: Name and revision.
        view: The view; "" if there is one.
        calibrated: How many parts the calibration has seen so far.
        needed: How many it needs.
        parts: How many parts were compared with it.
        streams: The figures; empty until the calibration is complete.
        cause: What has probably changed; None if nothing has.
        sentence: The same for people, with what to do; "" if nothing has changed.
    """

    recipe: str
    view: str
    calibrated: int
    needed: int
    parts: int = 0
    streams: tuple[StreamState, ...] = ()
    cause: DriftCause | None = None
    sentence: str = ""

    @property
    def complete(self) -> bool:
        """Whether parts are compared with a calibration."""
        return self.calibrated >= self.needed
