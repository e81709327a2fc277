"""Records parts, gives up pictures, makes backups and writes the audit trail, all at once, until it is killed.

It says so of each part, and of each entry of the audit trail as of a part of run 0.
"""

import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from endless import acknowledge, run_for_each_line
from endless_recorder import _part, _result
from numpy.random import default_rng

from station.domain.audit import AuditAction
from station.domain.inspection import Inspection, PartKey
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.verdict import Verdict
from station.people.audit_trail import AuditTrail
from station.storage.backup.making import MadeFrom, make_backup, remove_old_backups
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.given_up import GivenUpPictures, Worth
from station.storage.records.inspections import Inspections
from station.workspace import Workspace

FIRST = PartKey(0, 0)
_BETWEEN_ENTRIES_S = 0.005


def record(root: Path) -> None:
    """Open the station, and work. Never returns."""
    workspace = Workspace.open(root / "workspace")
    database = Database.open(workspace.database)
    inspections = Inspections(database, PictureStore(workspace.pictures))
    views = tuple(View(ModelReference("m", "0" * 64), name) for name in ("top", "side"))
    recipe = Recipe("tile", 1, "tile", views)
    run = inspections.begin_run(recipe, camera="drawn", program_version="", person="", started_at=datetime.now(UTC))
    keeper = GivenUpPictures(database, inspections.pictures)
    keeper.remove_what_a_crash_left()
    trail = AuditTrail(AuditLog.beside(database, "Station 1"))
    for work in (
        partial(_give_up, keeper),
        partial(_back_up, workspace, database, root / "backups"),
        partial(_write_down, trail),
    ):
        threading.Thread(target=work, daemon=True).start()
    pixels = default_rng(run.run_id)
    for number in count(1):
        part = _passed(PartKey(run.run_id, number))
        record = inspections.record_part(part, [_result(view, pixels) for view in part.views], keep_picture=True)
        acknowledge(record.inspection.key)


def _passed(key: PartKey) -> Inspection:
    part = _part(key)
    return replace(part, views=tuple(replace(view, verdict=Verdict.PASS, regions=()) for view in part.views))


def _give_up(keeper: GivenUpPictures) -> None:
    for _ in count():
        for worth in Worth:
            keeper.give_up(worth, "on purpose", datetime.now(UTC), FIRST, most=20_000)


def _back_up(workspace: Workspace, database: Database, folder: Path) -> None:
    for _ in count():
        make_backup(MadeFrom(workspace, database, "Station 1", "0.1"), folder, datetime.now(UTC))
        remove_old_backups(folder, 1)


def _write_down(trail: AuditTrail) -> None:
    for number in count():
        entry = trail.record(AuditAction.LIMITS_CHANGED, "tile@1", str(number), str(number + 1), "on purpose")
        acknowledge(PartKey(0, entry.number))
        time.sleep(_BETWEEN_ENTRIES_S)


if __name__ == "__main__":
    run_for_each_line(partial(record, Path(sys.argv[1])))
