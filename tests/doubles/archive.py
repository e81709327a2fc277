"""Many stored parts in a moment: their files and rows are those of a line, without its waiting for the disk."""

from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import insert

from station.app import Station
from station.camera.pictures.as_frame import as_frame
from station.camera.pictures.reading import decode_picture
from station.domain.digest import sha256_hex
from station.domain.frame import Image
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.recipe import Recipe
from station.domain.shift import StoredPicture
from station.inference.model_package import find_package
from station.inference.openvino_predictor import OpenVinoPredictor
from station.judgement.inspector import Inspector
from station.storage.pictures.encoding import Role, encode_original
from station.storage.records.rows import values_of_part, values_of_pictures, values_of_regions, values_of_views
from station.storage.records.tables import PartRow, PartViewRow, PictureRow, RegionRow

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
_KINDS = 23
_CELL = 8


def drawn(kind: int) -> Image:
    """Return a picture of 64 x 64, uint8, for the model of contrasts: by its kind a mark of another darkness."""
    rng = np.random.default_rng(kind)
    picture = rng.integers(120, 136, (64, 64), np.uint8)
    y, x = rng.integers(0, 64 // _CELL, 2) * _CELL
    picture[y : y + _CELL, x : x + _CELL] = max(0, 128 - 2 * kind)
    return picture


def store_parts(station: Station, recipe: Recipe, parts: int, begin: datetime = NOON) -> list[PartKey]:
    """Record parts with one view that this revision judged in production, one a second; all originals are kept."""
    core, view = station._core, recipe.views[0]
    predictor = OpenVinoPredictor(find_package(station.workspace.models, view.model), view.inference,
                                  station.workspace.cache, threads=1)  # fmt: skip
    judge = Inspector(view, predictor, recipe.product)
    run = core.inspections.begin_run(recipe, camera="a test", program_version="0", started_at=begin)
    kinds = [_kind(judge, kind) for kind in range(min(parts, _KINDS))]
    predictor.close()
    folder = station.workspace.pictures / f"{begin:%Y-%m-%d}" / f"run-{run.run_id:06d}"
    folder.mkdir(parents=True)
    rows: dict[type, list[dict[str, object]]] = {PartRow: [], PartViewRow: [], RegionRow: [], PictureRow: []}
    keys = [PartKey(run.run_id, number) for number in range(1, parts + 1)]
    for key in keys:
        content, judged = kinds[key.part % len(kinds)]
        inspection = Inspection(key, begin + timedelta(seconds=key.part), (judged,))
        path = folder / f"{key.label}-{sha256_hex(content)[:8]}.png"
        path.write_bytes(content)
        stored = StoredPicture(
            path.relative_to(station.workspace.pictures).as_posix(), sha256_hex(content), len(content)
        )
        rows[PartRow].append(values_of_part(inspection))
        rows[PartViewRow] += values_of_views(inspection)
        rows[RegionRow] += values_of_regions(inspection)
        rows[PictureRow] += values_of_pictures(key, ({Role.ORIGINAL: stored},))
    with core.database.writing() as connection:
        for table, values in ((table, values) for table, values in rows.items() if values):
            connection.execute(insert(table), values)
    core.inspections.end_run(run.run_id, begin + timedelta(seconds=parts))
    return keys


def _kind(judge: Inspector, kind: int) -> tuple[bytes, ViewInspection]:
    content = encode_original(drawn(kind))
    return content, judge.inspect(as_frame(decode_picture(content, "a part"), "a part")).inspection
