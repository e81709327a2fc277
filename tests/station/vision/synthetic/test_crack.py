"""A drawn crack."""

import numpy as np

from station.vision.synthetic.crack import cracked


def test_that_a_crack_is_dark_thin_and_on_the_part_alone():
    rng, part = np.random.default_rng(1), np.zeros((64, 96), np.bool_)
    pictures = np.random.default_rng(3).integers(40, 200, (4, 64, 96, 3), np.uint8)
    part[8:56, 8:88] = True
    for picture in pictures:
        copy, mask = cracked(picture, part, rng)
        assert np.array_equal(copy[~part], picture[~part])
        assert (copy <= picture).all()
        assert (copy[mask].astype(int) < picture[mask]).all()
        assert 0 < mask.sum() < 3 * 2 * 1.1 * 64
