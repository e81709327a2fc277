from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.domain.frame import Image
from station.domain.synthetic import SyntheticKind, is_synthetic
from station.vision.synthetic.drawing import draw_defect, full_scale, random_size

KINDS = list(SyntheticKind)


@dataclass(frozen=True, eq=False)
class Case:
    """One defect to draw."""

    kind: SyntheticKind
    image: Image
    part: np.ndarray
    seed: int
    size_px: float | None

    def draw(self):
        return draw_defect(self.kind, self.image, self.part, np.random.default_rng(self.seed), self.size_px)


def texture(shape: tuple[int, ...], look: str, rng: np.random.Generator) -> np.ndarray:
    """Return a picture of 0..1: even, of two values, noise, or smooth with noise."""
    match look:
        case "black" | "white":
            return np.full(shape, float(look == "white"))
        case "two values":
            return rng.integers(0, 2, shape).astype(float)
        case "noise":
            return rng.random(shape)
    smooth = cv2.resize(rng.random((4, 4)), shape[1::-1], interpolation=cv2.INTER_CUBIC)
    return np.clip((smooth[..., None] if len(shape) == 3 else smooth) + rng.normal(0, 0.02, shape), 0, 1)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    height, width = draw(st.integers(64, 150)), draw(st.integers(64, 150))
    colour, bits = draw(st.booleans()), draw(st.sampled_from([8, 10, 12, 16]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    look = draw(st.sampled_from(["black", "white", "two values", "noise", "smooth"]))
    values = texture((height, width, 3) if colour else (height, width), look, rng)
    image = np.round(values * ((1 << bits) - 1)).astype(np.uint8 if bits == 8 else np.uint16)
    part = np.zeros((height, width), np.bool_)
    match draw(st.sampled_from(["all", "box", "one pixel", "scattered"])):
        case "all":
            part[:] = True
        case "box":
            part[10:50, 5:60] = True
        case "one pixel":
            part[int(rng.integers(height)), int(rng.integers(width))] = True
        case "scattered":
            part = rng.random((height, width)) < 0.1
            part[0, 0] = True
    image.flags.writeable = False
    size = draw(st.one_of(st.none(), st.floats(2, 60)))
    return Case(draw(st.sampled_from(KINDS)), image, part, draw(st.integers(0, 1000)), size)


@given(cases())
@settings(max_examples=200, deadline=None)
def test_that_the_mask_marks_exactly_the_changed_pixels_inside_the_part(case: Case) -> None:
    before = case.image.copy()
    drawn = case.draw()
    changed = (drawn.image != case.image).reshape(*case.part.shape, -1).any(axis=2)
    assert np.array_equal(drawn.mask, changed)
    assert drawn.mask.any()
    assert not (drawn.mask & ~case.part).any()
    assert np.array_equal(case.image, before)
    assert drawn.image.dtype == case.image.dtype
    assert drawn.image.shape == case.image.shape
    assert drawn.image.max() <= full_scale(case.image)


@given(cases())
@settings(max_examples=60, deadline=None)
def test_that_the_same_seed_gives_the_same_bytes(case: Case) -> None:
    first, second = case.draw(), case.draw()
    assert first.image.tobytes() == second.image.tobytes()
    assert first.mask.tobytes() == second.mask.tobytes()


@given(cases())
@settings(max_examples=100, deadline=None)
def test_that_each_marked_pixel_differs_by_more_than_one_percent(case: Case) -> None:
    drawn = case.draw()
    difference = np.abs(drawn.image.astype(float) - case.image).reshape(*case.part.shape, -1).max(axis=2)
    assert difference[drawn.mask].min() > 0.01 * full_scale(case.image)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size_px", [6, 20, 60])
def test_that_a_defect_is_about_as_long_as_asked(kind: SyntheticKind, size_px: int) -> None:
    rng = np.random.default_rng(1)
    image = np.round(texture((200, 240, 3), "smooth", rng) * 255).astype(np.uint8)
    part = np.ones((200, 240), np.bool_)
    lengths = []
    for seed in range(12):
        mask = draw_defect(kind, image, part, np.random.default_rng(seed), size_px).mask
        points = cv2.findNonZero(mask.astype(np.uint8))
        (_, _), (width, height), _ = cv2.minAreaRect(points)
        lengths.append(max(width, height) + 1)
    assert 0.45 * size_px <= np.median(lengths) <= 1.2 * size_px + 2
    assert max(lengths) <= 1.6 * size_px + 3


@pytest.mark.parametrize("kind", KINDS)
def test_that_other_seeds_draw_other_defects(kind: SyntheticKind) -> None:
    image = np.full((80, 80), 120, np.uint8)
    part = np.ones((80, 80), np.bool_)
    drawn = {draw_defect(kind, image, part, np.random.default_rng(seed)).image.tobytes() for seed in range(8)}
    assert len(drawn) == 8


def test_that_a_picture_of_five_megapixels_is_drawn_on() -> None:
    image = np.random.default_rng(0).integers(0, 4096, (2048, 2448), np.uint16)
    part = np.zeros(image.shape, np.bool_)
    part[200:1900, 300:2200] = True
    drawn = draw_defect(SyntheticKind.STAIN, image, part, np.random.default_rng(4))
    assert drawn.mask.any()
    assert drawn.image.max() < 4096


def test_that_a_missing_piece_shows_what_lies_behind_the_part() -> None:
    image = np.full((100, 100, 3), (20, 40, 60), np.uint8)
    part = np.zeros((100, 100), np.bool_)
    part[20:80, 20:80] = True
    image[part] = (200, 190, 180)
    drawn = draw_defect(SyntheticKind.MISSING, image, part, np.random.default_rng(0), 20)
    assert np.abs(np.median(drawn.image[drawn.mask], axis=0) - (20, 40, 60)).max() <= 3


@pytest.mark.parametrize(
    ("image", "part"),
    [
        (np.zeros((64, 64), np.uint8), np.zeros((64, 64), np.bool_)),
        (np.zeros((64, 64), np.uint8), np.ones((64, 65), np.bool_)),
        (np.zeros((64, 64), np.float32), np.ones((64, 64), np.bool_)),
    ],
)
def test_that_what_cannot_be_drawn_on_is_refused(image: np.ndarray, part: np.ndarray) -> None:
    with pytest.raises(ValueError, match="needs a picture"):
        draw_defect(SyntheticKind.DENT, image, part, np.random.default_rng(0))


def test_that_random_sizes_follow_the_part() -> None:
    part = np.zeros((400, 400), np.bool_)
    part[100:300, 50:350] = True
    sizes = [random_size(part, np.random.default_rng(seed)) for seed in range(100)]
    assert 6 <= min(sizes) < 10
    assert 35 < max(sizes) <= 50


@pytest.mark.parametrize("kind", KINDS)
def test_that_each_kind_says_that_it_is_synthetic(kind: SyntheticKind) -> None:
    assert is_synthetic(kind)
    assert not is_synthetic(kind.word)
