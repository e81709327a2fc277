"""A small picture with its map burnt in."""

from dataclasses import replace

import numpy as np
import pytest

from station.domain.inspection import ViewInspection
from station.domain.part_images import ViewResult
from station.domain.verdict import Verdict
from station.vision.burnt_map import with_burnt_map

GREY = np.full((60, 80), 90, np.uint8)


@pytest.fixture
def judged() -> ViewResult:
    """A grey picture, hot in the lower right quarter of its region of interest."""
    anomaly_map = np.zeros((8, 8), np.float32)
    anomaly_map[4:, 4:] = 1
    view = ViewInspection(Verdict.FAIL, "", "here", 1.0, pred_score=1.0, raw_score=1.0, width=80, height=60)
    return ViewResult(view, None, (GREY,), (40, 0, 40, 60), anomaly_map, 0.5, None)


def test_that_the_map_colours_its_place_and_nothing_else(judged: ViewResult) -> None:
    small = with_burnt_map(judged, None, 100)
    assert small.shape == (60, 80, 3)
    assert (small[:, :39] == 90).all()
    assert (small[:20, 40:] == 90).all()
    assert small[50, 75, 0] > 150


def test_that_a_labelled_defect_has_a_white_line_around_it(judged: ViewResult) -> None:
    mask = np.zeros((60, 80), np.bool_)
    mask[10:20, 10:30] = True
    small = with_burnt_map(replace(judged, anomaly_map=None), mask, 100)
    assert (small[10, 10:30] == 255).all()
    assert (small[15, 15] == 90).all()
