"""The codes of DSR: two that are almost equally near are kept apart as far as 32 bits can."""

import pytest

pytest.importorskip("anomalib", reason="needs the training extra")

import torch

from station.trainer.detectors.anomalib_models.dsr import _Nearest
from station.trainer.detectors.anomalib_models.library import VectorQuantizer


def test_that_each_place_gets_the_code_that_is_nearest_with_64_bits() -> None:
    torch.manual_seed(0)
    quantizer, places = VectorQuantizer(512, 32), 0.02 * torch.randn(1, 32, 64, 64)
    codes = quantizer.embedding.weight.detach()
    codes *= 100 / codes.norm(
        dim=1, keepdim=True
    )  # only the products differ, by less than 32 bits add to their squares
    flat = places.permute(0, 2, 3, 1).reshape(-1, 32)
    nearest = torch.cdist(flat.double(), codes.double()).argmin(1)
    with torch.no_grad():
        given = _Nearest(quantizer)(places).permute(0, 2, 3, 1).reshape(-1, 32)
    assert torch.equal(given, codes[nearest])
