"""One graph that says what the detector in numpy says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from station.inference.silent_openvino import ov
from station.learning.progress import no_progress
from station.trainer.bank import DistanceScale, MemoryBank, bank_of
from station.trainer.cell_head import CellHead, CountedShare
from station.trainer.cells import learn_cells
from station.trainer.detector import Detector
from station.trainer.export import export
from station.trainer.features import FeatureNetwork
from station.trainer.graph import build_graph
from station.trainer.logistic import Separation
from station.trainer.whole_part import learn_whole_part

SIZE = (64, 96)
HEAD = CellHead(
    Separation(np.linspace(-0.1, 0.1, 9).astype(np.float32), 0.05), 1.7, -0.3, CountedShare(slope=0.5, offset=-0.2)
)


@pytest.fixture(scope="module")
def detector(tiny, noise_network, picture_of_noise):
    good = learn_cells(lambda seed: noise_network(picture_of_noise(seed)), range(3), tiny, 1, no_progress)
    bank = bank_of(good.projected, np.arange(3), tiny.coreset_size, seed=0)
    scale = DistanceScale.of(*bank.distances(good.axes.project(noise_network(picture_of_noise(9)))))
    return Detector(tiny.stages, tiny.cell_px, good.axes, bank, scale, CellHead(), smoothing_cells=1.0)


def score(detector, features):
    return detector.score(features)


def exported_score(folder, pixels):
    compiled = ov.Core().compile_model(folder / "model.xml", "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return float(compiled(pixels[None])["score"].item())


def test_that_a_remembered_picture_scores_lower_than_a_strange_one(detector, noise_network, picture_of_noise):
    strange = np.pad(picture_of_noise(0)[:, :48], ((0, 0), (0, 48), (0, 0)), constant_values=255)
    known = score(detector, noise_network(picture_of_noise(0)))
    assert known < score(detector, noise_network(picture_of_noise(7))) < score(detector, noise_network(strange))


@pytest.mark.slow
@pytest.mark.parametrize("head", [CellHead(), HEAD], ids=["plain", "with direction"])
@pytest.mark.parametrize("fp16_weights", [False, True])
def test_that_the_exported_graph_says_what_the_detector_says(
    detector, noise_network, picture_of_noise, tmp_path: Path, head, fp16_weights
):
    detector = replace(detector, head=head)
    export(detector, SIZE, tmp_path, fp16_weights=fp16_weights)
    model = ov.Core().read_model(tmp_path / "model.xml")
    expected = score(detector, noise_network(picture_of_noise(5)))
    assert model.input().element_type == ov.Type.u8
    assert list(model.input().shape) == [1, 64, 96, 3]
    assert [output.any_name for output in model.outputs] == ["score", "map"]
    assert list(model.output("map").shape) == [1, 1, 8, 12]
    exported = exported_score(tmp_path, picture_of_noise(5))
    assert exported == pytest.approx(expected, rel=0.01 if fp16_weights else 1e-4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.bin", "model.xml"]


@pytest.mark.slow
@pytest.mark.parametrize("fp16_weights", [False, True])
def test_that_the_graph_adds_what_the_whole_part_adds_and_leaves_the_map_alone(
    detector, noise_network, picture_of_noise, tmp_path: Path, fp16_weights
):
    cells = np.stack([detector.axes.project(noise_network(picture_of_noise(seed))) for seed in range(12)])
    whole, _ = learn_whole_part(cells.astype(np.float16), np.linspace(1, 5, 12))
    dark = picture_of_noise(5) // 2
    with_whole = replace(detector, whole=whole)
    expected = score(with_whole, noise_network(dark))
    assert expected > 1.1 * score(detector, noise_network(dark))
    export(with_whole, SIZE, tmp_path, fp16_weights=fp16_weights)
    assert exported_score(tmp_path, dark) == pytest.approx(expected, rel=0.01 if fp16_weights else 1e-4)
    compiled = ov.Core().compile_model(build_graph(with_whole, SIZE), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    found = compiled(dark[None])["map"][0, 0]
    np.testing.assert_allclose(found, detector.anomaly_map(noise_network(dark)), rtol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("cell_px", [8, 16, 32])
@pytest.mark.parametrize(("stages", "size"), [((2,), (64, 64)), ((4, 6), (96, 160)), ((2, 4, 6), (160, 64))])
def test_that_the_maps_are_equal_for_any_stages_cells_and_sizes(tiny, picture_of_noise, stages, size, cell_px):
    method = tiny.model_copy(update={"stages": stages, "cell_px": cell_px})
    network = FeatureNetwork(method, size)
    good = learn_cells(lambda seed: network(picture_of_noise(seed, size)), range(2), method, 1, no_progress)
    bank = bank_of(good.projected, np.arange(2), method.coreset_size, seed=0)
    detector = Detector(stages, cell_px, good.axes, bank, DistanceScale(1.5, 0.7), HEAD, smoothing_cells=1.5)
    compiled = ov.Core().compile_model(build_graph(detector, size), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    pixels = picture_of_noise(9, size)
    exported = compiled(pixels[None])["map"][0, 0]
    expected = detector.anomaly_map(network(pixels))
    assert exported.shape == (size[0] // cell_px, size[1] // cell_px)
    np.testing.assert_allclose(exported, expected, rtol=1e-3, atol=1e-3 * expected.max())


@pytest.mark.parametrize("larger", [1, 1000])
def test_that_weights_with_16_bits_give_the_scores_of_32_bits(
    detector, noise_network, picture_of_noise, larger, tmp_path
):
    """Some larger features have squared lengths above 65504, the largest number of 16 bits: they would be too near."""
    rows = detector.bank.rows.copy()
    rows[: len(rows) // 3] *= larger
    detector = replace(detector, bank=MemoryBank.of_rows(rows))
    assert ((rows * rows).sum(1).max() > 65504) == (larger > 1)
    expected = score(detector, noise_network(picture_of_noise(1)))
    export(detector, SIZE, tmp_path, fp16_weights=True)
    exported = exported_score(tmp_path, picture_of_noise(1))
    assert exported == pytest.approx(expected, rel=0.01)
