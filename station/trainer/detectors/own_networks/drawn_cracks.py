"""Copies of good pictures with cracks and pasted patches, for the autoencoder.

No drawn defect enters a limit or a figure: they are made for the training, and nobody keeps them.
"""

import numpy as np
from numpy.typing import NDArray

from station.domain.synthetic import SyntheticKind
from station.trainer.detectors.contract import Pixels
from station.vision.synthetic.crack import cracked
from station.vision.synthetic.drawing import draw_defect
from station.vision.synthetic.part_mask import part_in

_SHIFT_PX, _GAIN = 3, 0.15
_UNTOUCHED = 0.25
"""Share of copies without a defect: a good part is to stay as it is."""


class CrackDrawer:
    """Draws cracks and patches into varied copies of good pictures."""

    def __init__(self, pictures: Pixels, cracks: float, rng: np.random.Generator) -> None:
        """Find the part in each picture.

        Args:
            pictures: Good pictures, (n, h, w, 3) uint8.
            cracks: Share of cracks among the drawn defects; the others are patches of the part, pasted elsewhere.
            rng: Where chance comes from.
        """
        self._pictures = pictures
        self._parts = [part_in(picture).mask for picture in pictures]
        self._cracks = cracks
        self._rng = rng

    def draw_each(self, numbers: NDArray[np.intp]) -> tuple[Pixels, Pixels]:
        """Return a copy of each of these pictures, moved and brightened by little; the same with up to two defects.

        Returns:
            Both (n, h, w, 3).
        """
        good, drawn = zip(*(self._draw(number) for number in numbers.tolist()), strict=True)
        return np.stack(good), np.stack(drawn)

    def _draw(self, number: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        part, good = self._parts[number], varied(self._pictures[number], self._rng)
        drawn = good
        if self._rng.random() < _UNTOUCHED:
            return good, drawn
        for _ in range(int(self._rng.integers(1, 3))):
            if self._rng.random() < self._cracks:
                drawn, _ = cracked(drawn, part, self._rng)
            else:
                patched = draw_defect(SyntheticKind.PATCH, drawn, part, self._rng)
                drawn = patched.image.astype(np.uint8, copy=False)
        return good, drawn


def varied(picture: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return a copy that is moved by up to 3 pixels and brighter or darker by up to 15 %; its edge is repeated."""
    height, width = picture.shape[:2]
    top, left = rng.integers(0, 2 * _SHIFT_PX + 1, 2)
    wide = np.pad(picture, ((_SHIFT_PX, _SHIFT_PX), (_SHIFT_PX, _SHIFT_PX), (0, 0)), mode="edge")
    moved = wide[top : top + height, left : left + width] * np.float32(rng.uniform(1 - _GAIN, 1 + _GAIN))
    return np.clip(np.round(moved), 0, 255).astype(np.uint8)
