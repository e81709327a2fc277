"""Copies of good pictures with a drawn defect, for networks that learn what a defect may look like.

No drawn defect enters a limit or a figure: they are made for the training, and nobody keeps them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from station.domain.synthetic import SyntheticKind
from station.trainer.detectors.contract import Pixels
from station.vision.synthetic.drawing import draw_defect
from station.vision.synthetic.part_mask import part_in

ALL_KINDS = tuple(SyntheticKind)


class DefectDrawer:
    """Draws defects into good pictures."""

    def __init__(self, pictures: Pixels, kinds: Sequence[SyntheticKind], rng: np.random.Generator) -> None:
        """Find the part in each picture.

        Args:
            pictures: Good pictures, (n, h, w, 3) uint8.
            kinds: What may be drawn.
            rng: Where chance comes from.
        """
        self._pictures = pictures
        self._parts = [part_in(picture).mask for picture in pictures]
        self._kinds = kinds
        self._rng = rng

    def draw(self, number: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        """Return the picture of this number with one defect, (h, w, 3), and True on it, (h, w)."""
        kind = self._kinds[int(self._rng.integers(len(self._kinds)))]
        drawn = draw_defect(kind, self._pictures[number], self._parts[number], self._rng)
        return drawn.image.astype(np.uint8, copy=False), drawn.mask

    def draw_each(self, numbers: NDArray[np.intp]) -> tuple[Pixels, NDArray[np.bool_]]:
        """Return a copy of each of these pictures with one defect, (n, h, w, 3), and True on it, (n, h, w)."""
        images, masks = zip(*(self.draw(number) for number in numbers.tolist()), strict=True)
        return np.stack(images), np.stack(masks)
