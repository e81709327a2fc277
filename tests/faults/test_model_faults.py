"""Model files that change under a running line, and at its next start."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from waiting import SOON_S

from station.app import Station
from station.domain.errors import StationError
from station.domain.messages import FaultReported, PartRecorded
from station.domain.recipe import InferenceSettings
from station.domain.verdict import Verdict
from station.inference.openvino_predictor import OpenVinoPredictor

GOES_ON_PARTS = 12
CHANGES = {
    "truncated": lambda path: os.truncate(path, path.stat().st_size // 2),
    "emptied": lambda path: os.truncate(path, 0),
    "overwritten": lambda path: path.write_bytes(os.urandom(path.stat().st_size)),
    "removed": Path.unlink,
}


def model_files(station: Station) -> list[Path]:
    """Return the files of the model package, and those of the compiled model."""
    folders = (station.workspace.models, station.workspace.cache)
    return sorted({path for folder in folders for path in folder.rglob("*") if path.is_file()})


@pytest.mark.parametrize("change", CHANGES)
def test_that_model_files_that_change_matter_at_the_next_start_and_not_before(station: Station, change: str) -> None:
    plate = station.recipes.find("plate").recipe
    source = station.settings.camera.source.partition("?")[0]
    station.line.run(source, recipe=plate, on_part=lambda _: None)  # the next one loads what is compiled already
    root, settings = station.workspace.root, station.settings
    station.close()
    with Station.open(root, settings) as opened:
        opened.line.load_recipe("plate")
        faults, recorded = opened.news.subscribe(FaultReported), opened.news.subscribe(PartRecorded)
        opened.line.start()
        for _ in range(3):
            assert recorded.next_message(SOON_S)
        for path in model_files(opened):
            CHANGES[change](path)
        for _ in range(GOES_ON_PARTS):
            assert recorded.next_message(SOON_S)
        opened.line.stop()
        assert opened.line.wait_stopped(30)
        assert faults.next_message() is None
        (window,) = opened.records.shifts()
        records = opened.records.shift(window)[0].parts
        of_file = {record.inspection.views[0].origin: set() for record in records}
        for record in records:
            of_file[record.inspection.views[0].origin].add(record.inspection.views[0].pred_score)
        assert {len(scores) for scores in of_file.values()} == {1}, "the same picture has the same score"
        assert {record.inspection.verdict for record in records} == {Verdict.PASS, Verdict.FAIL}
        with pytest.raises(StationError, match="tiny"):
            opened.line.run(source, recipe=plate, on_part=lambda _: None)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what a process has mapped is a file on Linux alone")
def test_that_no_compiled_model_is_mapped_from_its_file(tiny_package, tmp_path: Path) -> None:
    """A mapped file of weights that is overwritten changes the scores of the running line; a truncated one ends it."""
    OpenVinoPredictor(tiny_package, InferenceSettings(), tmp_path / "cache").close()
    predictor = OpenVinoPredictor(tiny_package, InferenceSettings(), tmp_path / "cache")
    mapped = [line for line in Path("/proc/self/maps").read_text().splitlines() if str(tmp_path) in line]
    predictor.predict(np.zeros((64, 64, 3), np.uint8))
    predictor.close()
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert mapped == []
