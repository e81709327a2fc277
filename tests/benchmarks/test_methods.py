"""The peer of a method is anomalib as it is, also if the station's method looks closer or at less."""

import cv2
import numpy as np
import pytest
from methods import peer_settings, peer_size

from station.learning.presets import method_named


@pytest.mark.parametrize(("name", "expected"), [("dfkde", {"stages": (6,)}), ("dfm", {"stages": (4,), "pooled": 2})])
def test_that_a_peer_has_the_settings_of_anomalib(name, expected):
    settings = peer_settings(method_named(name))
    assert {key: settings[key] for key in expected} == expected


def test_that_the_input_of_a_peer_is_not_smaller_than_its_default(tmp_path):
    folder = tmp_path / "test" / "good"
    folder.mkdir(parents=True)
    cv2.imwrite(str(folder / "0.png"), np.zeros((64, 128, 3), np.uint8))
    assert peer_size(method_named("dfkde"), (128, 256), tmp_path) == (192, 352)
    assert peer_size(method_named("balanced"), (224, 448), tmp_path) == (224, 448)
