"""The features of a picture, from any number of threads."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from station.trainer.features import FeatureNetwork


def test_that_a_larger_cell_has_the_mean_of_a_fine_stage_and_a_coarse_stage_at_its_own_places(
    tiny, noise_network, picture_of_noise
):
    fine = noise_network(picture_of_noise(1))
    coarse = FeatureNetwork(tiny.model_copy(update={"cell_px": 16}), (64, 96))(picture_of_noise(1))
    assert fine.shape == (8, 12, 40 + 112)
    assert coarse.shape == (4, 6, 40 + 112)
    assert coarse.dtype == np.float32
    means = fine.reshape(4, 2, 6, 2, -1).mean((1, 3))
    np.testing.assert_allclose(coarse[..., :40], means[..., :40], rtol=1e-4, atol=1e-4)
    own = FeatureNetwork(tiny.model_copy(update={"stages": (4,), "cell_px": 16}), (64, 96))(picture_of_noise(1))
    np.testing.assert_allclose(coarse[..., 40:], own, rtol=1e-4, atol=1e-4)


def test_that_several_threads_get_the_features_of_their_own_picture(tiny, noise_network, picture_of_noise):
    network = FeatureNetwork(tiny, (64, 96), cores=2)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda seed: network(picture_of_noise(seed)), range(8)))
    for seed, features in enumerate(together):
        np.testing.assert_allclose(features, noise_network(picture_of_noise(seed)), rtol=1e-4, atol=1e-4)
