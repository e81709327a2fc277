"""The features of a picture, from any number of threads."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from station.trainer.features import FeatureNetwork


def test_that_features_lie_on_the_grid_of_the_first_stage(noise_network, picture_of_noise):
    features = noise_network(picture_of_noise(1))
    assert features.shape == (8, 12, 40 + 112)
    assert features.dtype == np.float32


def test_that_several_threads_get_the_features_of_their_own_picture(tiny, noise_network, picture_of_noise):
    network = FeatureNetwork(tiny, (64, 96), cores=2)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda seed: network(picture_of_noise(seed)), range(8)))
    for seed, features in enumerate(together):
        np.testing.assert_allclose(features, noise_network(picture_of_noise(seed)), rtol=1e-4, atol=1e-4)
