"""The simulated line: which part has which number, where it lies, and which defect it has."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from station.camera.simulation.board import draw_board
from station.camera.simulation.defects import MAKERS, Defect
from station.camera.simulation.flange import draw_flange
from station.camera.simulation.optics import NOMINAL_EXPOSURE_US, Bench, Exposure
from station.camera.simulation.parts import DrawnPart, Points, plane
from station.domain.frame import Image

PRODUCTS: dict[str, Callable[[float], DrawnPart]] = {"flange": draw_flange, "board": draw_board}
"""The products that can be drawn, by name."""


@dataclass(frozen=True, slots=True)
class PartTruth:
    """What a simulated part really is.

    Attributes:
        defective: Whether it has a defect.
        kind: "good", or the kind of defect: "scratch", "chip", "dirt", "missing".
        place: x, y, w, h of the defect in pixels of the picture; None on a good part.
    """

    defective: bool
    kind: str
    place: tuple[int, int, int, int] | None


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """The random choices for one part, made before it is drawn."""

    kind: str
    defect: Defect | None
    pose: Points
    travel: float
    lamp: float
    noise_seed: int


class SimulatedLine:
    """An endless sequence of parts; each one is a pure function of product, seed and number."""

    def __init__(self, product: str, seed: int, width: int, height: int, defect_share: float) -> None:
        self._key = (seed, zlib.crc32(product.encode()))
        self._size = (width, height)
        self._defect_share = defect_share
        self._product = product

    @property
    def _part(self) -> DrawnPart:
        return _drawn(self._product, min(self._size[0] / 640, self._size[1] / 480))

    def draw_shared(self) -> None:
        """Draw what all pictures share, so that the first one is not late."""
        self.draw_picture(1, NOMINAL_EXPOSURE_US, 0)

    def part_truth(self, number: int) -> PartTruth:
        """Return what part `number` really is, without drawing it."""
        plan = self._plan(number)
        if plan.defect is None:
            return PartTruth(False, "good", None)
        return PartTruth(True, plan.kind, _box(plan.defect.outline @ plan.pose[:, :2].T + plan.pose[:, 2], self._size))

    def draw_picture(self, number: int, exposure_time_us: float, gain_db: float) -> Image:
        """Return part `number` as the camera sees it: (H, W, 3) RGB uint8, C-contiguous."""
        plan = self._plan(number)
        texture = self._part.whole
        if plan.defect is not None:
            texture = texture.copy()
            plan.defect.paint_on(texture, self._part)
        bench = _bench(*self._size)
        scene = bench.draw_belt(plan.travel)
        _lay(texture, plan.pose, scene)
        exposure = Exposure(exposure_time_us, gain_db, plan.lamp)
        return bench.expose_scene(scene, exposure, np.random.default_rng(plan.noise_seed))

    def _plan(self, number: int) -> _Plan:
        rng = np.random.default_rng((*self._key, number))
        defective = rng.random() < self._defect_share
        kind = str(rng.choice(list(MAKERS)))
        pose = self._pose(rng)
        travel, lamp, noise_seed = rng.random(), rng.normal(1, 0.012), int(rng.integers(2**31))
        defect = MAKERS[kind](self._part, rng) if defective else None
        return _Plan(kind, defect, pose, travel, lamp, noise_seed)

    def _pose(self, rng: np.random.Generator) -> Points:
        """Return the 2 x 3 matrix from texture to picture: at most 7 px (at 640 x 480) and 2.5 degrees off centre."""
        middle = (len(self._part.whole) - 1) / 2
        pose = np.asarray(
            cv2.getRotationMatrix2D((middle, middle), np.clip(rng.normal(0, 1), -2.5, 2.5), 1), np.float64
        )
        shift = self._part.unit * np.clip(rng.normal(0, 2.5, 2), -7, 7)
        pose[:, 2] += (np.array(self._size) - 1) / 2 - middle + shift
        return plane(pose)


@lru_cache(maxsize=4)
def _drawn(product: str, unit: float) -> DrawnPart:
    return PRODUCTS[product](unit)


@lru_cache(maxsize=4)
def _bench(width: int, height: int) -> Bench:
    return Bench(width, height)


def _lay(texture: Image, pose: Points, scene: Image) -> None:
    """Draw the part into the scene, in place; only its bounding box changes."""
    side = plane([[0, 0], [1, 0], [1, 1], [0, 1]]) * len(texture)
    x, y, w, h = _box(side @ pose[:, :2].T + pose[:, 2], scene.shape[1::-1])
    here = pose - plane([[0, 0, x], [0, 0, y]])
    part = cv2.warpAffine(texture, here, (w, h), flags=cv2.INTER_LINEAR)
    behind = cv2.cvtColor(255 - part[..., 3], cv2.COLOR_GRAY2RGB)
    below = scene[y : y + h, x : x + w]
    below[:] = cv2.add(cv2.multiply(below, behind, scale=1 / 255), cv2.cvtColor(part, cv2.COLOR_RGBA2RGB))


def _box(points: Points, size: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Return x, y, w, h around the points, inside a picture of this width and height."""
    left, top = (int(max(0, np.floor(points[:, axis].min()))) for axis in (0, 1))
    right, bottom = (int(min(size[axis], np.ceil(points[:, axis].max()))) for axis in (0, 1))
    return left, top, right - left, bottom - top
