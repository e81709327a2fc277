"""The backbone that comes with the program is the network that it was made from, and its features are anomalib's."""

import json
import warnings

import numpy as np
import pytest

pytest.importorskip("torch", reason="the network that the backbone was made from needs the training extra")

with warnings.catch_warnings():  # third parties warn while they are imported
    warnings.simplefilter("ignore")
    from station.trainer.detectors.torch_networks.torchvision_ops import make_importable

    make_importable()
    import torch
    from anomalib.models.image.patchcore.torch_model import PatchcoreModel

from station.domain.digest import sha256_of_file
from station.inference.silent_openvino import ov
from station.learning.presets import METHODS
from station.trainer.backbone import NAME, backbones, read_backbone
from station.trainer.bank import MemoryBank
from station.trainer.detectors.torch_networks import lite_backbone
from station.trainer.features import FeatureNetwork

STAGES = (2, 4, 6)
SIZES = [(64, 96), (448, 224)]
FINEST = METHODS["balanced"].model_copy(update={"cell_px": 8})


@pytest.fixture(scope="module")
def patchcore():
    layers = [f"blocks.{stage}" for stage in STAGES]
    model = PatchcoreModel(layers, NAME, pre_trained=False, num_neighbors=1).eval()
    lite_backbone.load_weights(model.feature_extractor.feature_extractor)
    return model


def pixels_of(size: tuple[int, int]) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)


def as_torch(pixels: np.ndarray) -> "torch.Tensor":
    return (torch.from_numpy(pixels).permute(2, 0, 1)[None].float() - 127.5) / 127.5


def difference(found: np.ndarray, expected: np.ndarray) -> float:
    """Return the largest difference, relative to the largest number."""
    return float(np.abs(found - expected).max() / np.abs(expected).max())


@pytest.mark.parametrize("size", SIZES)
def test_that_the_stages_are_those_of_the_network_it_was_made_from(patchcore, size):
    model = read_backbone()
    model.reshape([1, *size, 3])
    found = ov.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})(pixels_of(size)[None])
    with torch.inference_mode():
        expected = patchcore.feature_extractor(as_torch(pixels_of(size)))
    for stage in STAGES:
        assert difference(found[f"blocks.{stage}"], expected[f"blocks.{stage}"].numpy()) < 1e-4


@pytest.mark.parametrize("size", SIZES)
def test_that_the_features_are_anomalibs_embedding(patchcore, size):
    with torch.inference_mode():
        maps = patchcore.feature_extractor(as_torch(pixels_of(size)))
        pooled = {layer: patchcore.feature_pooler(features) for layer, features in maps.items()}
        expected = patchcore.generate_embedding(pooled)[0].permute(1, 2, 0).numpy()
    assert difference(FeatureNetwork(FINEST, size)(pixels_of(size)), expected) < 1e-4


def test_that_distances_are_anomalibs(patchcore):
    random = np.random.default_rng(1)
    rows, cells = (random.standard_normal((count, 8)).astype(np.float32) for count in (50, 24))
    patchcore.memory_bank = torch.from_numpy(rows)
    expected, place = patchcore.nearest_neighbors(torch.from_numpy(cells), n_neighbors=1)
    distance, row = MemoryBank.of_rows(rows).nearest(cells)
    np.testing.assert_allclose(distance, expected.numpy().ravel(), rtol=1e-4, atol=1e-4)
    assert np.array_equal(row, place.numpy().ravel())


def test_that_it_was_made_from_the_installed_weights():
    beside = json.loads(backbones().joinpath(f"{NAME}.json").read_text("utf-8"))
    assert beside["weights_sha256"] == sha256_of_file(lite_backbone.weights_file())


def test_that_weights_that_do_not_fit_are_refused(patchcore, monkeypatch):
    complete = torch.load(lite_backbone.weights_file(), weights_only=True)
    incomplete = {key: value for key, value in complete.items() if key != "_bn0.bias"}
    monkeypatch.setattr(torch, "load", lambda *_, **__: incomplete)
    with pytest.raises(RuntimeError, match=r"missing \['bn1.bias'\]"):
        lite_backbone.load_weights(patchcore.feature_extractor.feature_extractor)
