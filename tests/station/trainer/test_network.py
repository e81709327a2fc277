"""The network: real weights, anomalib's PatchCore inside, and one graph that says the same."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from station.inference.silent_openvino import ov
from station.learning.presets import Method
from station.trainer import backbone
from station.trainer.coreset import Moments, principal_axes
from station.trainer.export import ExportedModel, export
from station.trainer.held_out import _blocks, held_out_maps
from station.trainer.network import Detector, Distances, Features
from station.trainer.pictures import input_size

METHOD = Method(name="tiny", stages=(2, 4), side_px=64, pca_components=8, coreset_size=100)


@pytest.fixture(scope="module")
def features():
    return Features(METHOD)


@pytest.fixture(scope="module")
def detector(features):
    with torch.inference_mode():
        rows = features(noise(0)).flatten(0, 2)
        axes = principal_axes(Moments.of_rows(rows), 8)
        return Detector(features, axes, axes.project(rows), smoothing_cells=1.0)


def noise(seed: int, size: tuple[int, int] = (64, 96)) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).integers(0, 256, (1, *size, 3), np.uint8))


def test_that_features_lie_on_the_grid_of_the_first_stage(features):
    with torch.inference_mode():
        assert features(noise(1)).shape == (1, 8, 12, 40 + 112)


def test_that_the_backbones_weights_are_the_installed_ones(features):
    installed = torch.load(backbone._weights_file(), weights_only=True)
    extractor = features.patchcore.feature_extractor.feature_extractor
    assert torch.equal(extractor.conv_stem.weight, installed["_conv_stem.weight"])
    last = list(extractor.blocks[4].children())[-1]
    depthwise = [v for k, v in installed.items() if k.endswith("_depthwise_conv.weight")]
    assert any(v.shape == last.conv_dw.weight.shape and torch.equal(v, last.conv_dw.weight) for v in depthwise)


def test_that_weights_that_do_not_fit_are_refused(features, monkeypatch):
    complete = torch.load(backbone._weights_file(), weights_only=True)
    incomplete = {key: value for key, value in complete.items() if key != "_bn0.bias"}
    monkeypatch.setattr(torch, "load", lambda *_, **__: incomplete)
    with pytest.raises(RuntimeError, match=r"missing \['bn1.bias'\]"):
        backbone.load_weights(features.patchcore.feature_extractor.feature_extractor)


def test_that_distances_are_anomalibs_before_smoothing(features):
    bank = torch.randn(50, 8, generator=torch.Generator().manual_seed(1))
    places = torch.randn(1, 4, 6, 8, generator=torch.Generator().manual_seed(2))
    features.patchcore.memory_bank = bank
    expected, _ = features.patchcore.nearest_neighbors(places.flatten(0, 2), n_neighbors=1)
    sharp = Distances(bank, smoothing_cells=0.01)(places)
    torch.testing.assert_close(sharp.flatten(), expected, rtol=1e-4, atol=1e-4)


def test_that_smoothing_keeps_an_even_map_even_up_to_its_edges():
    even = Distances(torch.zeros(1, 2), smoothing_cells=1.5)(torch.ones(1, 7, 9, 2))
    torch.testing.assert_close(even, torch.full((1, 1, 7, 9), 2**0.5))


def test_that_a_remembered_picture_scores_lower_than_a_strange_one(detector):
    with torch.inference_mode():
        known, _ = detector(noise(0))
        strange = functional.pad(noise(0)[:, :, :48], (0, 0, 0, 48), value=255)
        assert known.item() < 0.5 < detector(strange)[0].item()


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning", "ignore::torch.jit.TracerWarning")
@pytest.mark.parametrize("fp16_weights", [False, True])
def test_that_the_exported_graph_says_what_the_network_says(detector, tmp_path: Path, fp16_weights):
    with torch.inference_mode():
        model = export(detector, (64, 96), tmp_path, fp16_weights=fp16_weights)
        expected = detector(noise(5))[0].item()
    assert model.input().element_type == ov.Type.u8
    assert list(model.input().shape) == [1, 64, 96, 3]
    assert [output.any_name for output in model.outputs] == ["score", "map"]
    assert ExportedModel(model).score(noise(5)) == pytest.approx(expected, rel=0.01 if fp16_weights else 1e-4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.bin", "model.xml"]


def test_that_held_out_blocks_are_neighbours_and_cover_all():
    for count, folds in ((5, 5), (31, 10), (200, 5)):
        blocks = list(_blocks(count))
        assert len(blocks) == folds
        assert [place for block in blocks for place in range(block.start, block.stop)] == list(range(count))


def test_that_a_picture_held_out_is_strange_to_the_bank_of_the_others(features):
    with torch.inference_mode():
        alike = torch.cat([features(noise(seed)) for seed in range(6)])
        alike[3] += 5
        maps = held_out_maps(alike.half(), METHOD, 0, 1, lambda _: None)
    assert maps.shape == (6, 8, 12)
    assert int(maps.amax((1, 2)).argmax()) == 3
    assert float(maps.amin()) > 0


@pytest.mark.parametrize(
    ("shape", "side_px", "expected"),
    [((640, 320), 320, (448, 224)), ((480, 640), 256, (224, 288)), ((40, 4000), 64, (64, 640))],
)
def test_that_the_input_keeps_the_aspect_on_the_area_asked_for(shape, side_px, expected):
    assert input_size([shape], side_px) == expected


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning", "ignore::torch.jit.TracerWarning")
@pytest.mark.parametrize("larger", [1, 1000])
def test_that_weights_with_16_bits_give_the_scores_of_32_bits(features, larger, tmp_path):
    """Some larger features have squared lengths above 65504, the largest number of 16 bits: they would be too near."""
    with torch.inference_mode():
        rows = features(noise(0)).flatten(0, 2)
        axes = principal_axes(Moments.of_rows(rows), 8)
        bank = axes.project(rows)
        bank[: len(bank) // 3] *= larger
        detector = Detector(features, axes, bank, smoothing_cells=1.0)
        assert (detector.state_dict()["distances.squares"].max().item() > 65504) == (larger > 1)
        expected, _ = detector(noise(1))
    score = ExportedModel(export(detector, (64, 96), tmp_path, fp16_weights=True)).score(noise(1))
    assert score == pytest.approx(expected.item(), rel=0.01)
