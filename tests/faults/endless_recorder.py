"""Records parts of two views with pictures and says so of each, until it is killed.

For each line on its input it starts one such recorder; what it has to load is loaded once for all.
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
from endless import acknowledge, run_for_each_line

from station.domain.geometry import Region
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.part_images import ViewResult
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.inspections import Inspections


def _part(key: PartKey) -> Inspection:
    region = Region(3, 4, 30, 20, 412, 0.81, "upper left")
    failed = ViewInspection(
        Verdict.FAIL,
        "mark",
        "drawn",
        9.4,
        name="top",
        pred_score=0.81,
        raw_score=31.5,
        image_threshold=0.5,
        regions=(region,),
        width=96,
        height=64,
    )
    return Inspection(key, datetime.now(UTC), (failed, replace(failed, name="side", elapsed_ms=11.2)))


def _result(inspection: ViewInspection, pixels: np.random.Generator) -> ViewResult:
    picture = pixels.integers(0, 256, (64, 96, 3), dtype=np.uint8)
    anomaly_map = pixels.random((8, 12), dtype=np.float32)
    return ViewResult(inspection, picture, (picture,), (0, 0, 96, 64), anomaly_map, 0.5, None)


def record(root: Path) -> None:
    """Open the station and record. Never returns."""
    inspections = Inspections(Database.open(root / "station.db"), PictureStore(root / "pictures"))
    views = tuple(View(ModelReference("m", "0" * 64), name) for name in ("top", "side"))
    recipe = Recipe("tile", 1, "tile", views)
    run = inspections.begin_run(recipe, camera="drawn", program_version="", person="", started_at=datetime.now(UTC))
    pixels = np.random.default_rng(run.run_id)
    for number in count(1):
        part = _part(PartKey(run.run_id, number))
        record = inspections.record_part(part, [_result(view, pixels) for view in part.views], keep_picture=True)
        acknowledge(record.inspection.key)


if __name__ == "__main__":
    run_for_each_line(partial(record, Path(sys.argv[1])))
