"""Draw one defect into a picture of a good part. A pure function: the same seed gives the same bytes."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image
from station.domain.geometry import Box
from station.domain.synthetic import SyntheticKind
from station.vision.synthetic.paint import KINDS, Canvas, Pixels
from station.vision.synthetic.shapes import Cover

SMALLEST_PX = 2.0
_SHARES = 0.03, 0.25
"""Lengths of defects whose size is not given, as shares of the shorter side of the part."""
_PLACES = 8
_ENOUGH_INSIDE = 0.9
_ENOUGH_CHANGED = 0.25
"""Share of the covered pixels that must differ visibly; else a patch on the same texture would be a defect of 1 px."""
_LEAST_VISIBLE, _MOST_VISIBLE = 0.015, 0.04
"""A change counts from here, as a share of the brightest value: 4 to 10 levels of 255, by the noise of the place."""
_SIGMAS = 3.0
_PUSHES = (0.0, 1.0, 2.0, 4.0)
_BIT_DEPTHS = (8, 10, 12, 14, 16)
_SECOND_DIFFERENCE = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A picture with a drawn defect.

    Attributes:
        image: The picture, of the shape and dtype of the good one, read-only.
        mask: True on every pixel that differs from the good picture, (H, W); no other pixel does.
    """

    image: Image
    mask: NDArray[np.bool_]


def draw_defect(
    kind: SyntheticKind,
    image: Image,
    part: NDArray[np.bool_],
    rng: np.random.Generator,
    size_px: float | None = None,
) -> Drawn:
    """Return the picture with one defect drawn into the part.

    Every changed pixel lies inside the part and differs by more than the noise around it; changes that are smaller are
    taken back. So the mask is exact, and at least one pixel is marked.

    Args:
        kind: What is drawn.
        image: The good picture, (H, W) grey or (H, W, 3) colour, uint8 or uint16; it is not changed.
        part: True where the part is, (H, W).
        rng: Where chance comes from.
        size_px: The length of the defect, at least 2 pixels; drawn from 3 to 25 % of the part's shorter side if None.

    Raises:
        ValueError: The part is empty or has another size than the picture, or the picture another dtype.
    """
    if image.dtype not in (np.uint8, np.uint16) or part.shape != image.shape[:2] or not part.any():
        raise ValueError("a defect needs a picture of uint8 or uint16 and a part inside it")
    size_px = max(SMALLEST_PX, size_px if size_px is not None else random_size(part, rng))
    shape, paint = KINDS[kind]
    cover = shape(size_px, rng)
    centre = _centre(_edge_of(part) if kind is SyntheticKind.MISSING else part, part, cover, rng)
    canvas = _canvas(image, part, cover, centre, rng)
    return _applied(image, part, canvas, paint(canvas, rng), centre)


def random_size(part: NDArray[np.bool_], rng: np.random.Generator) -> float:
    """Return a length in pixels; each octave is as likely as any other."""
    _, _, width, height = cv2.boundingRect(part.view(np.uint8))
    least, most = (max(SMALLEST_PX, share * min(width, height)) for share in _SHARES)
    return float(np.exp(rng.uniform(np.log(least), np.log(most))))


def _edge_of(part: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the outermost pixels of the part, from which pieces break; all of it if it fills the picture."""
    inside = cv2.erode(part.view(np.uint8), np.ones((3, 3), np.uint8)).astype(np.bool_)
    edge = part & ~inside
    return edge if edge.any() else part


def _centre(
    allowed: NDArray[np.bool_], part: NDArray[np.bool_], cover: Cover, rng: np.random.Generator
) -> tuple[int, int]:
    """Return row and column of the centre: of a few places the one with most of the defect on the part."""
    places = np.flatnonzero(allowed)
    best, most = (0, 0), -1.0
    for place in rng.choice(places, _PLACES):
        centre = divmod(int(place), part.shape[1])
        on_part = float((cover * _window(part, centre, cover.shape[0] // 2)).sum() / cover.sum())
        if on_part > most:
            best, most = centre, on_part
        if on_part >= _ENOUGH_INSIDE:
            break
    return best


def _window(part: NDArray[np.bool_], centre: tuple[int, int], half: int) -> NDArray[np.bool_]:
    """Return the square around the centre; outside the picture there is no part."""
    square = np.zeros((2 * half + 1, 2 * half + 1), np.bool_)
    seen, (x, y, width, height) = _overlap(part.shape, centre, half)
    square[y : y + height, x : x + width] = part[seen]
    return square


def _overlap(shape: tuple[int, ...], centre: tuple[int, int], half: int) -> tuple[tuple[slice, slice], Box]:
    """Return the seen part of the square around the centre: as slices of the picture, and as a box in the square."""
    (row, column), (rows, columns) = centre, shape[:2]
    top, left = max(0, row - half), max(0, column - half)
    bottom, right = min(rows, row + half + 1), min(columns, column + half + 1)
    box = (left - column + half, top - row + half, right - left, bottom - top)
    return (slice(top, bottom), slice(left, right)), box


def _canvas(
    image: Image, part: NDArray[np.bool_], cover: Cover, centre: tuple[int, int], rng: np.random.Generator
) -> Canvas:
    half, full = cover.shape[0] // 2, full_scale(image)
    pixels = _square(image, centre, half)
    place = int(rng.choice(np.flatnonzero(part)))
    turned = np.rot90(_square(image, divmod(place, part.shape[1]), half), int(rng.integers(4)))
    return Canvas(pixels, cover, np.ascontiguousarray(turned), _ground(image, part), full)


def _square(image: Image, centre: tuple[int, int], half: int) -> Pixels:
    """Return the square around the centre, mirrored beyond the picture's edge, (side, side, channels) float32."""
    rows, columns = (_mirrored(at, half, side) for at, side in zip(centre, image.shape[:2], strict=True))
    square = image[np.ix_(rows, columns)].astype(np.float32)
    return square if square.ndim == 3 else square[..., None]


def _mirrored(at: int, half: int, side: int) -> NDArray[np.int64]:
    period = max(1, 2 * (side - 1))
    places = np.abs(np.arange(at - half, at + half + 1)) % period
    return np.minimum(places, period - places) if side > 1 else np.zeros_like(places)


def _ground(image: Image, part: NDArray[np.bool_]) -> Pixels:
    """Return the usual colour behind the part, (channels,); black if there is nothing behind it."""
    channels = image.shape[2] if image.ndim == 3 else 1
    behind = ~part
    if not behind.any():
        return np.zeros(channels, np.float32)
    seen = image[behind]
    return np.asarray(np.median(seen[:: max(1, len(seen) // 10_000)].reshape(-1, channels), axis=0), np.float32)


def full_scale(image: Image) -> float:
    """Return the brightest value of the camera: that of the fewest bits, 8 to 16, that hold the picture."""
    highest = int(image.max())
    return float(next((1 << bits) - 1 for bits in _BIT_DEPTHS if highest < 1 << bits))


def _applied(image: Image, part: NDArray[np.bool_], canvas: Canvas, painted: Pixels, centre: tuple[int, int]) -> Drawn:
    """Return the picture with the paint on it, and the mask of what changed."""
    seen, (x, y, width, height) = _overlap(part.shape, centre, canvas.cover.shape[0] // 2)
    inside = (slice(y, y + height), slice(x, x + width))
    old, cover = canvas.pixels[inside], (canvas.cover[inside] * part[seen])[..., None]
    new, marked = _visible(old, cover, painted[inside], canvas.full)
    drawn, mask = image.copy(), np.zeros(part.shape, np.bool_)
    mask[seen] = marked
    values = new.astype(image.dtype)
    drawn[mask] = values[marked] if image.ndim == 3 else values[marked, 0]
    drawn.flags.writeable = False
    return Drawn(drawn, mask)


def _visible(old: Pixels, cover: Pixels, painted: Pixels, full: float) -> tuple[Pixels, NDArray[np.bool_]]:
    """Return the new pixels, rounded, and which of them differ visibly.

    Paint that can hardly be seen on its place is pushed away from it, into the half of the range that has room.
    """
    noise = _noise(old, full)
    covered = cover[..., 0] >= 0.5
    step = np.float32((noise + full / 64) * (1 if np.median(old[covered]) < full / 2 else -1))
    for push in _PUSHES:
        mixed = old + cover * (painted - old) if push == 0 else old + cover * (painted - old + push * step)
        new = np.clip(np.round(mixed), 0, full)
        marked = np.abs(new - old).max(axis=2) > noise
        if marked[covered].mean() >= _ENOUGH_CHANGED:
            return new, marked
    new = np.clip(np.round(old + cover * 2 * step), 0, full)
    return new, np.abs(new - old).max(axis=2) > noise


def _noise(pixels: Pixels, full: float) -> float:
    """Return from which difference a change counts, grey levels (noise by second differences, after Immerkaer)."""
    differences = np.abs(cv2.filter2D(pixels, -1, _SECOND_DIFFERENCE))
    sigma = float(np.median(differences)) / 0.6745 / 6
    return float(np.clip(_SIGMAS * sigma, _LEAST_VISIBLE * full, _MOST_VISIBLE * full))
