import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.camera.simulation.defects import MAKERS
from station.camera.simulation.line import PRODUCTS, PartTruth, SimulatedLine
from station.camera.simulation.optics import NOMINAL_EXPOSURE_US

WIDTH, HEIGHT = 320, 240


def line(product: str, seed: int = 1, defect_share: float = 1.0) -> SimulatedLine:
    return SimulatedLine(product, seed, WIDTH, HEIGHT, defect_share)


def picture(of: SimulatedLine, number: int) -> np.ndarray:
    return of.draw_picture(number, NOMINAL_EXPOSURE_US, 0.0)


@pytest.fixture(params=PRODUCTS)
def product(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(number=st.integers(0, 10**6), seed=st.integers(0, 2**31), product=st.sampled_from(sorted(PRODUCTS)))
def test_that_a_defect_changes_the_picture_at_its_place_and_nowhere_else(number: int, seed: int, product: str) -> None:
    bad, truth = picture(line(product, seed), number), line(product, seed).part_truth(number)
    good = picture(line(product, seed, defect_share=0.0), number)
    x, y, w, h = truth.place
    changed = np.abs(bad.astype(int) - good).max(axis=2) > 12
    assert changed[y : y + h, x : x + w].sum() >= 12
    changed[max(0, y - 8) : y + h + 8, max(0, x - 8) : x + w + 8] = False
    assert changed.sum() == 0


def test_that_the_truth_of_a_part_never_changes(product: str) -> None:
    asked_first = line(product, defect_share=0.5)
    truths = [asked_first.part_truth(number) for number in range(50)]
    drawn_first = line(product, defect_share=0.5)
    picture(drawn_first, 3)
    assert [drawn_first.part_truth(number) for number in reversed(range(50))] == truths[::-1]


def test_that_every_kind_of_defect_occurs(product: str) -> None:
    kinds = {line(product).part_truth(number).kind for number in range(100)}
    assert kinds == set(MAKERS)


def test_that_the_share_of_defective_parts_is_as_requested(product: str) -> None:
    truths = [line(product, defect_share=0.2).part_truth(number) for number in range(1000)]
    assert 150 < sum(truth.defective for truth in truths) < 250
    assert all(truth == PartTruth(False, "good", None) for truth in truths if not truth.defective)


def test_that_a_place_lies_within_the_picture_and_is_large_enough_to_see(product: str) -> None:
    for number in range(200):
        x, y, w, h = line(product).part_truth(number).place
        assert x >= 0
        assert y >= 0
        assert x + w <= WIDTH
        assert y + h <= HEIGHT
        assert max(w, h) >= 8


def test_that_good_parts_differ_but_little(product: str) -> None:
    """Shift, light and noise move grey values a little; nothing on a good part looks like a defect."""
    of = line(product, defect_share=0.0)
    means = [picture(of, number).mean() for number in range(20)]
    assert len(set(means)) == 20
    assert np.ptp(means) < 0.12 * np.mean(means)


def test_that_a_picture_is_contiguous_rgb(product: str) -> None:
    image = picture(line(product), 1)
    assert image.shape == (HEIGHT, WIDTH, 3)
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous


@pytest.mark.parametrize(("width", "height"), [(64, 64), (640, 100), (100, 640)])
def test_that_pictures_of_any_shape_can_be_drawn(product: str, width: int, height: int) -> None:
    of = SimulatedLine(product, 1, width, height, 1.0)
    assert picture(of, 1).shape == (height, width, 3)
