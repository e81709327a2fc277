from datetime import UTC, datetime

import numpy as np
import pytest

from station.domain.inspection import Inspection, PartKey
from station.domain.live import LivePicture
from station.domain.verdict import Verdict
from station.pipeline.recent import RecentParts, level_within


def live(number: int, side: int = 2048) -> LivePicture:
    inspection = Inspection(
        PartKey(1, number), datetime.now(UTC), Verdict.PASS, "", "", 1.0,
        pred_score=0.1, raw_score=0.1, image_threshold=0.5,
    )  # fmt: skip
    levels = tuple(np.full((side >> n, side >> n), 7, np.uint8) for n in range(4))
    return LivePicture(levels, (0, 0, side, side), np.zeros((8, 8), np.float32), 0.5, inspection, 0)


def test_that_three_hundred_parts_are_kept() -> None:
    recent = RecentParts()
    for number in range(1, 311):
        recent.put(live(number, 64))
    kept = [number for number in range(1, 311) if recent.part(PartKey(1, number))]
    assert kept == list(range(11, 311))
    assert recent.thumbnail(PartKey(1, 10)) is None


def test_that_only_the_newest_keep_a_picture_that_is_not_compressed() -> None:
    recent = RecentParts()
    for number in range(1, 101):
        recent.put(live(number))
    assert recent.part(PartKey(1, 100)).picture.shape == (1024, 1024)
    assert recent.part(PartKey(1, 1)).picture is None
    assert recent.part(PartKey(1, 1)).anomaly_map.shape == (8, 8)


def test_that_a_part_without_a_picture_is_kept_too() -> None:
    recent = RecentParts()
    bare = live(1, 64)
    recent.put(LivePicture((), bare.roi, None, 0.5, bare.inspection, 0))
    view = recent.part(PartKey(1, 1))
    assert (view.picture, view.anomaly_map, view.thumbnail) == (None, None, None)


@pytest.mark.parametrize(("side", "height"), [(5000, 2048), (1024, 1024), (1500, 1024), (10, 256)])
def test_that_the_largest_level_that_fits_is_chosen(side: int, height: int) -> None:
    assert level_within(live(1).levels, side).shape[0] == height
    assert level_within((), side) is None
