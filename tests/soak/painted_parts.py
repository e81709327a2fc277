"""What the camera of a soak sees: parts whose truth is known, and pictures as a faulty camera delivers them.

The camera, its driver and its process are real; only the content of a picture is replaced where it is handed over. The
truth about a picture is the last word of its origin, so each record carries it.
"""

from collections import Counter
from dataclasses import replace
from enum import StrEnum

import numpy as np

from station.camera.genicam import camera as camera_module
from station.camera.genicam.protocol import FrameFacts
from station.domain.frame import Frame, Image, LostFrame, NotInspectedCause

KINDS, DEFECTIVE_EVERY, GRAIN_PX = 4, 7, 16
_SEED_BYTES = 8


class Truth(StrEnum):
    """What a picture shows."""

    GOOD = "good"
    DEFECTIVE = "defective"
    FROZEN = "frozen"
    BLACK = "black"
    RESIZED = "resized"
    TRUNCATED = "truncated"
    NO_MEMORY = "no-memory"


CAUSES = {
    Truth.FROZEN: NotInspectedCause.FROZEN_PICTURE,
    Truth.BLACK: NotInspectedCause.TOO_DARK,
    Truth.RESIZED: NotInspectedCause.WRONG_PICTURE,
    Truth.TRUNCATED: NotInspectedCause.INCOMPLETE_FRAME,
    Truth.NO_MEMORY: NotInspectedCause.STATION_FAILED,
}
"""Why a picture of a faulty camera is not judged."""


class PaintedParts:
    """Paints over each picture that the camera process hands over, from `install` on.

    Attributes:
        fault: How the pictures come at present; GOOD for as the line is: good and defective parts.
        painted: Pictures of each kind so far.
    """

    def __init__(self) -> None:
        self.fault = Truth.GOOD
        self.painted: Counter[Truth] = Counter()
        self._pictures: dict[tuple[Truth, int], Image] = {}
        self._number = 0
        self._last: Image | None = None
        self._to_frame = camera_module.to_frame

    def install(self) -> None:
        """Paint from now on."""
        camera_module.to_frame = self._painted

    def _painted(self, facts: FrameFacts, pixels: memoryview, camera: str) -> Frame | LostFrame:
        frame = self._to_frame(facts, pixels, camera)
        if isinstance(frame, LostFrame):
            return frame
        self._number += 1
        truth = self._truth()
        self.painted[truth] += 1
        origin = f"{frame.origin} {truth}"
        if truth is Truth.NO_MEMORY:
            raise MemoryError
        if truth is Truth.TRUNCATED:
            return LostFrame(frame.frame_id, CAUSES[truth], origin, "on purpose", frame.received_ns)
        return replace(frame, image=self._image(truth, frame.image.shape), origin=origin)

    def _truth(self) -> Truth:
        if self.fault is not Truth.GOOD:
            return self.fault
        return Truth.DEFECTIVE if self._number % DEFECTIVE_EVERY == 0 else Truth.GOOD

    def _image(self, truth: Truth, shape: tuple[int, ...]) -> Image:
        if truth is Truth.FROZEN and self._last is not None:
            return self._last.copy()
        image = self._picture(truth, shape).copy()
        image.reshape(-1)[:_SEED_BYTES] = np.frombuffer(self._number.to_bytes(_SEED_BYTES, "little"), np.uint8)
        self._last = image
        return image

    def _picture(self, truth: Truth, shape: tuple[int, ...]) -> Image:
        if truth is Truth.BLACK:
            return np.zeros(shape, np.uint8)
        if truth is Truth.RESIZED:
            return np.full((shape[1], shape[0] // 4, *shape[2:]), 128, np.uint8)
        key = truth, self._number % KINDS
        if key not in self._pictures:
            self._pictures[key] = _drawn(truth, shape, seed=key[1])
        return self._pictures[key]


def _drawn(truth: Truth, shape: tuple[int, ...], seed: int) -> Image:
    """Return a picture with grains: noise in each pixel would make its files ten times as large as usual."""
    chance = np.random.default_rng(seed)
    grains = chance.integers(120, 136, (-(-shape[0] // GRAIN_PX), -(-shape[1] // GRAIN_PX), *shape[2:]), np.uint8)
    picture = grains.repeat(GRAIN_PX, axis=0).repeat(GRAIN_PX, axis=1)[: shape[0], : shape[1]].copy()
    if truth is Truth.DEFECTIVE:
        height, width = shape[0] // 4, shape[1] // 4
        y, x = chance.integers(0, shape[0] - height), chance.integers(0, shape[1] - width)
        picture[y : y + height, x : x + width] = 0
    return picture
