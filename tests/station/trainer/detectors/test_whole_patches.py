"""Networks that see patches of 14 pixels see every pixel of a region, whatever its size."""

import pytest

pytest.importorskip("anomalib", reason="needs the training extra")

import torch

from station.trainer.detectors.anomalib_models.dino import whole_patches

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("size", [(64, 128), (384, 352), (448, 32)])
def test_that_each_pixel_changes_what_is_seen_and_none_much_more_than_another(size):
    pixels = torch.zeros(1, 3, *size, requires_grad=True)
    seen = whole_patches(pixels, 14)
    seen.sum().backward()
    assert all(side % 14 == 0 for side in seen.shape[2:])
    assert pixels.grad.min() > 0.5 * pixels.grad.max()


def test_that_pictures_of_whole_patches_are_seen_as_they_are():
    pixels = torch.rand(1, 3, 56, 70)
    assert torch.equal(whole_patches(pixels, 14), pixels)
