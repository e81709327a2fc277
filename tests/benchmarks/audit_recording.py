"""Recording one part: this checkout with its audit trail, and another one, in turns.

    python tests/benchmarks/audit_recording.py OTHER_CHECKOUT [--rounds 7] [--parts 200] [--json FILE]

Each round records parts without pictures in a new database, in a process of its own, and returns the median seconds of
one part. The disk's own time is in both. Wanted: the median of the ratios is at most 1.05.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

MOST = 1.05
_ROUND = """
import sys, tempfile, time, statistics
from datetime import UTC, datetime, timedelta
from pathlib import Path
from station.core import build_core  # everything that a station loads
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.recipe import ModelReference, Recipe, RecipeState, View
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.pictures.picture_store import PictureStore
from station.storage.recipes.recipes import Recipes
from station.storage.records.inspections import Inspections

now, parts = datetime(2026, 11, 22, 12, tzinfo=UTC), int(sys.argv[1])
with tempfile.TemporaryDirectory(prefix="lineside-") as folder:
    (Path(folder) / "pictures").mkdir()
    database = Database.open(Path(folder) / "station.db")
    recipe = Recipe("tile", 1, "tile", (View(ModelReference("m", "0" * 64)),), author="Ada", reason="first")
    Recipes(database).add_revision(recipe, RecipeState.RELEASED, now)
    inspections = Inspections(database, PictureStore(Path(folder) / "pictures"))
    run = inspections.begin_run(recipe, camera="replay:x", program_version="0", person="Ada", started_at=now)
    scores = {"pred_score": 0.2, "raw_score": 3.1, "image_threshold": 0.5, "width": 9, "height": 9}
    view = ViewInspection(Verdict.PASS, "", "a.png", 9.4, **scores)
    took = []
    for number in range(1, parts + 1):
        part = Inspection(PartKey(run.run_id, number), now + timedelta(seconds=number), (view,))
        begun = time.perf_counter()
        inspections.record_part(part, (), keep_picture=False)
        took.append(time.perf_counter() - begun)
    database.close()
print(statistics.median(took))
"""


def seconds(checkout: Path, parts: int) -> float:
    """Return the median seconds for one part of a round of this checkout."""
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    command = [sys.executable, "-c", _ROUND, str(parts)]
    said = subprocess.run(command, env=environment, cwd=checkout, capture_output=True, text=True, check=True).stdout
    return float(said)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("other", type=Path, metavar="OTHER_CHECKOUT")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--parts", type=int, default=200)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    here, other = Path(__file__).parents[2], asked.other.resolve()
    pairs = [(seconds(here, asked.parts), seconds(other, asked.parts)) for _ in range(asked.rounds)]
    ratio = statistics.median(mine / others for mine, others in pairs)
    with_s, without_s = (statistics.median(each) for each in zip(*pairs, strict=True))
    print(f"one part: {1000 * with_s:.2f} ms, there {1000 * without_s:.2f} ms: {ratio:.3f} times")
    if asked.json:
        asked.json.write_text(json.dumps({"with_s": with_s, "other_s": without_s, "ratio": ratio}) + "\n", "utf-8")
    return int(ratio > MOST)


if __name__ == "__main__":
    raise SystemExit(main())
