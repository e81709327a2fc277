"""The networks of our own: what they are trained with, and how they compare."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the training extra")
structural_similarity = pytest.importorskip("skimage.metrics", reason="needs the training extra").structural_similarity

from station.trainer.detectors.own_networks.drawn_cracks import CrackDrawer, varied  # noqa: E402
from station.trainer.detectors.own_networks.drawn_defects import ALL_KINDS, DefectDrawer  # noqa: E402 - only with torch
from station.trainer.detectors.own_networks.fcdd import _Anomaly, _wanted, anomaly, fcdd_loss  # noqa: E402
from station.trainer.detectors.own_networks.structural_similarity import StructuralSimilarity  # noqa: E402
from station.trainer.detectors.own_networks.usual_places import usual_places  # noqa: E402

_WINDOW_PX = 11


@pytest.fixture
def pictures() -> np.ndarray:
    return np.random.default_rng(3).integers(40, 200, (4, 64, 96, 3), np.uint8)


def test_that_a_picture_is_wholly_like_itself(pictures):
    light = torch.from_numpy(pictures).permute(0, 3, 1, 2) / 255
    similarity = StructuralSimilarity(_WINDOW_PX, (64, 96))(light, light)
    assert torch.allclose(similarity, torch.ones_like(similarity), atol=1e-5)


def test_that_the_similarity_is_that_of_another_library(pictures):
    one, other = (each[..., 0].astype(np.float64) / 255 for each in pictures[:2])
    reach = _WINDOW_PX // 2
    as_the_paper = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    _, theirs = structural_similarity(one, other, data_range=1.0, full=True, **as_the_paper)
    tensors = [torch.from_numpy(each).float()[None, None].repeat(1, 3, 1, 1) for each in (one, other)]
    ours = StructuralSimilarity(_WINDOW_PX, (64, 96))(*tensors)[0, 0].numpy()
    inside = np.s_[reach:-reach, reach:-reach]  # the libraries differ in what lies around a picture
    assert np.abs(ours - theirs)[inside].max() < 1e-4


def test_that_a_drawn_copy_differs_from_its_picture_at_its_mask_alone(pictures):
    drawer = DefectDrawer(pictures, ALL_KINDS, np.random.default_rng(0))
    copies, masks = drawer.draw_each(np.array([2, 0, 3]))
    for copy, mask, picture in zip(copies, masks, pictures[[2, 0, 3]], strict=True):
        assert mask.any()
        assert np.array_equal((copy != picture).any(-1), mask)


def test_that_a_place_that_is_hot_on_every_good_part_is_not_hot():
    good = torch.zeros(6, 1, 16, 16)
    good[:, :, 4:6, 4:6] = 9
    broken = good[:1].clone()
    broken[..., 11, 11] = 9
    network = _Anomaly(torch.nn.Identity(), torch.nn.Identity(), good)
    found = network(broken)[0, 0]
    assert (found == found.max()).nonzero().tolist() == [[11, 11]]


def test_that_a_small_defect_has_a_place_that_is_to_be_found():
    masks = np.zeros((2, 64, 64), np.bool_)
    masks[0, 10, 10] = masks[1, 8:24, 8:24] = True
    wanted = _wanted(masks, (8, 8)).numpy()
    assert (wanted[:2] == 0).all()
    assert wanted[2, 0, 1, 1] == 1
    assert (wanted[2] == 1).sum() == 1
    assert (wanted[3] == 1).sum() == 4


def test_that_the_loss_falls_if_defects_are_found_and_good_places_are_not():
    wanted = torch.tensor([0.0, 0.0, 1.0, -1.0])
    blind, seeing, wrong = (
        fcdd_loss(anomaly(torch.tensor(answers)), wanted)
        for answers in ([0.1, 0.1, 0.1, 9.0], [0.0, 0.0, 9.0, 9.0], [9.0, 0.0, 0.0, 0.0])
    )
    assert seeing < blind < wrong
    assert torch.isfinite(wrong)


def test_that_a_varied_copy_shows_the_same_part(pictures):
    smooth = np.broadcast_to(np.linspace(60, 160, 96)[None, :, None], (64, 96, 3)).astype(np.uint8)
    copies = [varied(smooth, np.random.default_rng(seed)) for seed in range(8)]
    assert len({copy.tobytes() for copy in copies}) == 8
    for copy in copies:
        ratio = copy.astype(float).mean() / smooth.mean()
        assert 0.82 < ratio < 1.18
        assert np.abs(copy / ratio - smooth).max() < 8


def test_that_some_copies_have_defects_and_some_have_none(pictures):
    drawer = CrackDrawer(pictures, 0.5, np.random.default_rng(0))
    good, drawn = drawer.draw_each(np.arange(4).repeat(8))
    changed = (good != drawn).any((1, 2, 3))
    assert 0 < changed.sum() < len(changed)


def usual_noise() -> np.ndarray:
    return np.random.default_rng(5).uniform(0.5, 1.5, (12, 24, 24)).astype(np.float32)


def test_that_a_place_that_is_unlike_on_every_good_part_has_more_as_usual():
    alike = usual_noise()
    alike[:, 4:9, 4:9] += 6
    usual = usual_places(alike)
    assert usual[6, 6] > 3 * usual[18, 18]


def test_that_places_that_differ_by_chance_have_nearly_the_same_as_usual():
    usual = usual_places(usual_noise())
    assert np.ptp(usual) < 0.1 * usual.mean()


def test_that_a_speck_on_the_quiet_background_of_one_good_part_hardly_moves_the_limit():
    good = usual_noise() / 100
    good[:, 6:18, 6:18] *= 30
    usual = usual_places(good[:-1])
    specked = good[-1].copy()
    specked[2, 21] = 0.1  # ten times the background, a third of the part
    assert (specked / usual).max() < 1.1 * (good[-1] / usual).max()


def test_that_one_picture_says_nothing_of_its_places():
    alone = usual_noise()[:1]
    alone[:, 4:9, 4:9] += 6
    assert np.ptp(usual_places(alone)) < 1e-6
