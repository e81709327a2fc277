"""The disk and the database fail under a running line."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import cv2
import pytest
from contrast_model import release_plate
from hall import A_WHILE_S, Hall, Model, camera
from tlsimu import absent
from waiting import until

from station.app import Station
from station.domain.messages import FaultReported, PartJudged, PartRecorded
from station.domain.verdict import Verdict
from station.storage.engine.dialects import sqlite

HERE = Path(__file__).parent
_COMPILE = ("gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1", "-fPIC", "-shared")
PATIENCE_S, TIMES_THE_PATIENCE = 0.4, 3
"""A write waits 10 s for the database in a station; here a lock of 30 s is as many times as long as the wait."""


@pytest.fixture(scope="session")
def faulty_sync(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that lets `fsync` fail, compiled for this run."""
    if not sys.platform.startswith("linux") or shutil.which("gcc") is None:
        absent("the disk that fails needs Linux and gcc: apt-get install gcc")
    library = tmp_path_factory.mktemp("disk") / "faulty_sync.so"
    subprocess.run([*_COMPILE, "-o", library, HERE / "faulty_sync.c", "-ldl"], check=True, timeout=60)
    return library


@pytest.mark.slow
def test_that_a_disk_that_fails_to_sync_holds_up_no_verdict_and_loses_no_record(
    faulty_sync: Path, tmp_path: Path, tiny_package, draw_part
) -> None:
    workspace, pictures, switch = tmp_path / "workspace", tmp_path / "parts", tmp_path / "switch"
    pictures.mkdir()
    for i in range(3):
        cv2.imwrite(str(pictures / f"{i}.png"), draw_part(i, defective=i == 1))
    release_plate(workspace, tiny_package)
    paths = os.pathsep.join([str(HERE.parents[1]), str(HERE.parent / "doubles")])
    more = {"LD_PRELOAD": str(faulty_sync), "LINESIDE_FAULTY_SYNC": str(switch), "PYTHONPATH": paths}
    program = [sys.executable, HERE / "line_on_a_faulty_disk.py", workspace, pictures, switch]
    ended = subprocess.run(program, capture_output=True, text=True, check=False, env=os.environ | more)
    assert ended.returncode == 0, ended.stderr
    seen = json.loads(ended.stdout.splitlines()[-1])
    assert seen["recorded while it failed"] == 0, "what is not on the disk was not called recorded"
    assert seen["faults"]
    assert all("disk I/O error" in sentence or "Input/output" in sentence for sentence in seen["faults"])
    with Station.open(workspace) as station:
        assert station.records.verify() == ()
        (window,) = station.records.shifts()
        parts = [record.inspection for record in station.records.shift(window)[0].parts]
    assert [part.key.part for part in parts] == list(range(1, len(parts) + 1))
    assert {part.verdict for part in parts if part.views[0].origin == "1.png"} == {Verdict.FAIL}
    assert Verdict.FAIL not in {part.verdict for part in parts if part.views[0].origin != "1.png"}


def test_that_a_database_that_is_locked_for_longer_than_a_write_waits_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pragmas = (f"busy_timeout={round(PATIENCE_S * 1000)}", *sqlite._WRITING[1:])
    monkeypatch.setattr(sqlite, "_WRITING", pragmas)
    hall = Hall(tmp_path)
    line = hall.line(camera(rate_hz=100), Model())
    line.start()
    assert hall.recorded.acquire(timeout=A_WHILE_S)
    with closing(sqlite3.connect(hall.database.path, isolation_level=None, timeout=A_WHILE_S)) as rival:
        rival.execute("BEGIN IMMEDIATE")
        judged, locked_s = len(hall.news_of(PartJudged)), time.monotonic()
        until(lambda: hall.news_of(FaultReported))
        until(lambda: time.monotonic() - locked_s > TIMES_THE_PATIENCE * PATIENCE_S)
        until(lambda: len(hall.news_of(PartJudged)) > judged + 20)
        faults = [fault.sentence for fault in hall.news_of(FaultReported)]
    recorded = len(hall.news_of(PartRecorded))
    until(lambda: len(hall.news_of(PartRecorded)) > recorded + 20)
    line.stop()
    assert line.wait(A_WHILE_S)
    assert line.error is None
    assert len(faults) == 1, "it is said once"
    assert "locked" in faults[0]
    assert len(hall.parts()) == len(hall.news_of(PartJudged)) == len(hall.news_of(PartRecorded))
    assert hall.inspections.unfinished_runs() == ()
    hall.database.close()
