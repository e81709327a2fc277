"""Settings of the method for small marks in large pictures: good places are remembered at the picture's own size."""

import math
from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from station.learning.detector_settings import LITE_BACKBONE, DetectorSettings

_LONGEST_PX = 3968
"""Of the model's input: a model package may have a map of at most 500 cells a side."""
_TIMES_OF_BALANCED = 7
"""Time for each part over that of balanced, for 10^6 pixels: docs/trials/detector.md, "Fine detail"."""


class FineSettings(DetectorSettings):
    """Fine detail: the distance of each small place from good places, at the own size of the pictures.

    The pictures are cut into strips that overlap by all that a cell sees, so that the strips leave no seam.

    Attributes:
        side_px: The most: an input has the size of the region, and is made smaller only if its area is larger than a
            square of this side, or a side longer than 3,968 pixels.
        components: Number of axes of the features that are kept: those along which small spots show most.
        coreset_size: Number of features of good places that are kept.
        strip_px: Rows of pixels that are computed at a time. More need more memory, and a little less time.
    """

    words: ClassVar[str] = "marks of a few pixels in large pictures; takes many times as long for each part"
    licence: ClassVar[str] = "Apache-2.0"
    cost: ClassVar[str] = "some seconds to teach for each picture"
    backbone: ClassVar[str] = LITE_BACKBONE

    kind: Literal["fine"] = "fine"
    name: str = "fine"
    side_px: int = Field(2304, ge=64, le=3968)
    components: int = Field(4, ge=2)
    coreset_size: int = Field(2000, ge=100)
    smoothing_cells: float = Field(0.5, gt=0)
    strip_px: int = Field(512, ge=32, multiple_of=32)

    def side_for(self, shapes: Sequence[tuple[int, int]]) -> int:
        """Return the side of a square that has the area of the model's input; see `DetectorSettings`."""
        height, width = (float(np.median(sides)) for sides in zip(*shapes, strict=True))
        own = math.sqrt(height * width)
        longest = _LONGEST_PX * math.sqrt(min(height, width) / max(height, width))
        return int(min(self.side_px, own, longest))

    def cost_of(self, input_size: tuple[int, int]) -> str:
        """Return what judging costs, in a sentence."""
        height, width = input_size
        times = max(1, round(_TIMES_OF_BALANCED * height * width / 1e6))
        return (
            f"The model looks at {width} x {height} pixels, which needs about {times} times the processor time of "
            "balanced for each part: compare it with your cycle time before the release."
        )
