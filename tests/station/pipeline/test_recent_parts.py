from datetime import UTC, datetime

import numpy as np

from station.domain.inspection import Inspection, PartKey, PartViews, ViewInspection
from station.domain.part_images import PartResult, ViewResult
from station.domain.verdict import Verdict
from station.pipeline.recent_parts import RecentParts


def live(number: int, side: int = 2048, levels: int = 4) -> PartResult:
    view = ViewInspection(Verdict.PASS, "", "", 1.0, pred_score=0.1, raw_score=0.1, image_threshold=0.5)
    pyramid = tuple(np.full((side >> n, side >> n), 7, np.uint8) for n in range(levels))
    anomaly_map = np.zeros((8, 8), np.float32) if levels else None
    picture = ViewResult(view, None, pyramid, (0, 0, side, side), anomaly_map, 0.5, 0)
    return PartViews(Inspection(PartKey(1, number), datetime.now(UTC), (view,)), (picture,))


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
    assert recent.part(PartKey(1, 100)).deciding.levels[0].shape == (1024, 1024)
    assert recent.part(PartKey(1, 1)).deciding.levels == ()
    assert recent.part(PartKey(1, 1)).deciding.anomaly_map.shape == (8, 8)


def test_that_a_part_without_a_picture_is_kept_too() -> None:
    recent = RecentParts()
    recent.put(live(1, levels=0))
    kept = recent.part(PartKey(1, 1)).deciding
    assert (kept.levels, kept.anomaly_map, recent.thumbnail(PartKey(1, 1))) == ((), None, None)
