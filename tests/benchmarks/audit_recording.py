"""Recording one part: this checkout with audit trail, ring and retention, and another one, in turns.

    python tests/benchmarks/audit_recording.py OTHER_CHECKOUT [--what records|line] [--rounds 7] [--parts N]

"records": each round records parts without pictures in a new database, in a process of its own, and returns the median
seconds of one part. "line": each round runs a whole line with pictures, in this checkout with its audit trail, with
originals that wait for a dispute and with quotas in days and GB; it returns the median seconds that the recorder has
spent on one part, and the processor's seconds of the whole process for one part. The disk's own time is in both.
Wanted: the median of the ratios is at most 1.05.
"""

import argparse
import json
import os
import statistics
import subprocess
from pathlib import Path

from python_of import THIS, python_of

from station.cli.in_turn import in_turn

MOST = 1.05
_RECORDS = """
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
print(statistics.median(took), 0)
"""
_LINE = """
import sys, tempfile, time, statistics
from pathlib import Path
sys.path.insert(0, "tests/doubles")
import cv2, numpy as np
from contrast_model import contrast_package, release_plate
from station.app import Station
from station.pipeline.recording import Recording
from station.settings import CameraSettings, RecordingSettings, Settings

wanted = {"pass_days": 30, "pictures_gb": 50.0, "recent_passed": 2000, "reserve_mb": 100}
recording = RecordingSettings(**{key: value for key, value in wanted.items() if key in RecordingSettings.model_fields})
took, spent, parts = [], [0.0], int(sys.argv[1])

def timed(name, ends):
    plain = getattr(Recording, name)
    def timing(self, item):
        begun = time.perf_counter()
        try:
            return plain(self, item)
        finally:
            spent[0] += time.perf_counter() - begun
            if ends and hasattr(item, "inspection"):
                took.append(spent[0])
            if ends:
                spent[0] = 0.0
    setattr(Recording, name, timing)

timed("_record", False)
timed("_finish", True)
with tempfile.TemporaryDirectory(prefix="lineside-") as folder:
    root, pictures = Path(folder) / "workspace", Path(folder) / "pictures"
    pictures.mkdir()
    for number in range(12):
        picture = np.random.default_rng(number).integers(120, 136, (480, 640), np.uint8)
        picture[:120, :160] = 0 if number % 4 == 1 else picture[:120, :160]
        cv2.imwrite(str(pictures / f"{number}.png"), picture)
    release_plate(root, contrast_package(Path(folder) / "model"))
    settings = Settings(camera=CameraSettings(source=f"replay:{pictures}"), recording=recording)
    with Station.open(root, settings) as station:
        station.line.load_recipe("plate")
        begun = time.process_time()
        station.line.run(f"replay:{pictures}?rate=40&loop=1", on_part=lambda _: None, count=parts)
        used = time.process_time() - begun
print(statistics.median(took), used / parts)
"""
_ROUNDS = {"records": (_RECORDS, 200), "line": (_LINE, 80)}


def seconds(checkout: Path, what: str, parts: int) -> tuple[float, float]:
    """Return the median seconds for one part of a round of this checkout, and the processor's seconds for one."""
    environment = os.environ | {"PYTHONPATH": str(checkout), "QT_QPA_PLATFORM": "offscreen"}
    command = [python_of(checkout), "-c", _ROUNDS[what][0], str(parts)]
    said = subprocess.run(command, env=environment, cwd=checkout, capture_output=True, text=True, check=True).stdout
    wall, processor = map(float, said.split())
    return wall, processor


def in_turns(here: Path, other: Path, what: str, parts: int, rounds: int) -> list[tuple[tuple[float, float], ...]]:
    """Return the figures of this checkout and of the other one; every second pair begins with the other one."""
    ways = {checkout: lambda _, checkout=checkout: seconds(checkout, what, parts) for checkout in (here, other)}
    return list(zip(*in_turn(ways, rounds).values(), strict=True))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("other", type=Path, metavar="OTHER_CHECKOUT")
    parser.add_argument("--what", choices=_ROUNDS, default="records")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--parts", type=int)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    parts = asked.parts or _ROUNDS[asked.what][1]
    pairs = in_turns(THIS, asked.other.resolve(), asked.what, parts, asked.rounds)
    ratios = sorted(mine[0] / others[0] for mine, others in pairs)
    ratio = statistics.median(ratios)
    with_s, without_s = (statistics.median(each[0] for each in side) for side in zip(*pairs, strict=True))
    print(f"one part: {1000 * with_s:.2f} ms, there {1000 * without_s:.2f} ms: {ratio:.3f} times, {ratios}")
    figures = {"what": asked.what, "with_s": with_s, "other_s": without_s, "ratio": ratio, "ratios": ratios}
    if asked.what == "line":
        processor = statistics.median(mine[1] / others[1] for mine, others in pairs)
        print(f"processor of the whole line for one part: {processor:.3f} times")
        figures["processor_ratio"] = processor
    if asked.json:
        asked.json.write_text(json.dumps(figures) + "\n", "utf-8")
    return int(ratio > MOST)


if __name__ == "__main__":
    raise SystemExit(main())
