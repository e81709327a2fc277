"""One frame, from the camera to its verdict, the reject output, the screen, the disk and the report."""

import csv

import pytest
from inbox import all_waiting

from station.app import Station
from station.domain.messages import PartJudged, PartRecorded
from station.domain.verdict import Verdict
from station.plugin_api.hooks import hookimpl


class Relay:
    """A reject output that notes what the rest of the station knew when it was called."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.received, self.known = [], []

    @hookimpl
    def inspection_judged(self, inspection) -> None:
        self.received.append(inspection)
        self.known.append((self.station.line.live.peek(), self.station.records.recent()))


@pytest.fixture
def relay(station: Station) -> Relay:
    relay = Relay(station)
    station.plugins.register(relay, "relay")
    return relay


def test_the_way_of_one_frame(station: Station, relay: Relay, tmp_path) -> None:
    bad = tmp_path / "parts" / "1.png"
    parts = station.news.subscribe(PartJudged, PartRecorded)
    station.line.load_recipe("plate")
    station.line.start(str(bad))
    assert station.line.wait_stopped(30)

    (judged,) = relay.received
    (view,) = judged.views
    assert judged.verdict is view.verdict is Verdict.FAIL
    assert view.origin == "1.png"
    assert judged.reason.startswith("mark ")
    assert view.pred_score > view.image_threshold
    assert relay.known == [(None, ())], "the reject output comes before screen and disk"

    live = station.line.live.take()
    assert live.inspection == judged
    (picture,) = live.views
    assert picture.levels[0].shape[:2] == (view.height, view.width)
    assert picture.anomaly_map.max() > picture.pixel_threshold
    assert all_waiting(parts) == [PartJudged(judged), PartRecorded(judged.key)]

    assert station.records.recent() == (judged,)
    assert station.line.counts().failed == 1
    (window,) = station.records.shifts()
    records, summary = station.records.shift(window)
    (record,) = records.parts
    assert (station.workspace.pictures / record.deciding.original.path).is_file()
    model = station.line.recipe.view("").model
    assert (records.runs[0].recipe_name, records.runs[0].model_sha256) == ("plate", model.sha256)
    assert summary.counts.failed == summary.counts.triggers == 1
    (row,) = csv.DictReader(station.records.write_csv(window).read_text("utf-8-sig").splitlines())
    assert "FAIL" in row.values()
    assert station.records.verify() == ()
