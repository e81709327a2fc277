"""Good pictures as strangers: each is judged by a bank that never saw it."""

import numpy as np

from station.learning.progress import no_progress
from station.trainer.cells import learn_cells
from station.trainer.held_out import held_out


def test_that_a_picture_held_out_is_strange_to_the_bank_of_the_others(tiny, noise_network, picture_of_noise):
    def features_of(seed):
        return noise_network(picture_of_noise(seed)) + (5 if seed == 3 else 0)

    good = learn_cells(features_of, range(6), tiny, 2, no_progress)
    _, result = held_out(good.projected, tiny, 0, 2, no_progress)
    assert result.distance.shape == result.in_spacings.shape == (6, 8, 12)
    assert int(result.anomaly.max((1, 2)).argmax()) == 3
    assert float(result.anomaly.min()) > 0


def test_that_the_number_of_cores_changes_nothing(tiny, picture_of_noise):
    cells = np.random.default_rng(0).standard_normal((12, 4, 5, 8)).astype(np.float16)
    (bank_of_one, one), (bank_of_two, two) = (held_out(cells, tiny, 0, cores, no_progress) for cores in (1, 2))
    assert np.array_equal(bank_of_one.rows, bank_of_two.rows)
    assert np.array_equal(one.distance, two.distance)
