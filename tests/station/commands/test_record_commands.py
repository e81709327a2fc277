import threading

import numpy as np
import pytest

from station.app import Station
from station.domain.errors import BadInputError, StorageError
from station.domain.inspection import Claim, PartKey
from station.domain.messages import PartJudged
from station.domain.verdict import Verdict
from station.pipeline.recent import RecentParts
from station.storage.inspections import Inspections


@pytest.fixture
def inspected(station: Station) -> Station:
    station.line.load_recipe("plate")
    station.line.start(count=6)
    assert station.line.wait_stopped(30)
    return station


def forget(station: Station) -> None:
    """As after a restart."""
    station.records._recent = RecentParts()


def test_that_a_failed_part_looks_the_same_from_memory_and_from_the_disk(inspected: Station) -> None:
    failed = next(part for part in inspected.records.recent() if part.verdict is Verdict.FAIL)
    recent = inspected.records.part(failed.key)
    forget(inspected)
    stored = inspected.records.part(failed.key)
    assert recent.inspection == stored.inspection
    assert recent.roi == stored.roi == (0, 0, 320, 240)
    assert recent.pixel_threshold == stored.pixel_threshold
    np.testing.assert_allclose(recent.anomaly_map, stored.anomaly_map, atol=1e-4)
    assert recent.picture.shape == stored.picture.shape
    assert np.abs(recent.picture.astype(int) - stored.picture).mean() < 8


def test_that_of_a_passed_part_the_thumbnail_is_left_on_the_disk(inspected: Station) -> None:
    passed = next(part for part in inspected.records.recent() if part.verdict is Verdict.PASS)
    forget(inspected)
    view = inspected.records.part(passed.key)
    assert view.anomaly_map is None
    np.testing.assert_array_equal(view.picture, view.thumbnail)
    np.testing.assert_array_equal(inspected.records.thumbnail(passed.key), view.thumbnail)


def test_that_a_part_that_never_was_is_refused(inspected: Station) -> None:
    with pytest.raises(BadInputError):
        inspected.records.part(PartKey(1, 999))
    with pytest.raises(BadInputError):
        inspected.records.dispute(PartKey(1, 999), Claim.GOOD_PART, "dust")


def test_that_a_dispute_stands_beside_the_verdict(inspected: Station) -> None:
    failed = next(part for part in inspected.records.recent() if part.verdict is Verdict.FAIL)
    dispute = inspected.records.dispute(failed.key, Claim.GOOD_PART, "dust", "Ada")
    assert inspected.records.disputes(failed.key) == (dispute,)
    assert inspected.records.part(failed.key).inspection == failed


def test_that_a_part_whose_record_waits_can_be_disputed(station: Station, monkeypatch) -> None:
    record, disk_takes = Inspections.record, threading.Event()

    def refuse(*part, **options) -> object:
        if disk_takes.is_set():
            return record(*part, **options)
        raise StorageError("No space left on device.")

    monkeypatch.setattr(Inspections, "record", refuse)
    station.line.load_recipe("plate")
    station.line.start(count=3)
    judged = iter(lambda: station.messages.get(timeout=30), None)
    key = next(message.inspection.key for message in judged if isinstance(message, PartJudged))
    dispute = station.records.dispute(key, Claim.GOOD_PART, "dust", "Ada")
    assert station.records.disputes(key) == (dispute,)
    disk_takes.set()
    assert station.line.wait_stopped(30)
    (window,) = station.records.shifts()
    assert station.records.shift(window)[0].disputes == (dispute,)


def test_that_the_present_shift_is_listed_even_when_empty(station: Station) -> None:
    (window,) = station.records.shifts()
    records, summary = station.records.shift(window)
    assert records.parts == ()
    assert summary.counts.triggers == 0
    assert station.records.find_shift(f"{window.day}/{window.name}") == window


def test_that_reports_lie_in_the_workspace_where_no_path_is_given(inspected: Station, tmp_path) -> None:
    (window,) = inspected.records.shifts()
    pdf, csv = inspected.records.write_pdf(window), inspected.records.write_csv(window)
    assert pdf.parent == csv.parent == inspected.workspace.reports
    assert pdf.read_bytes().startswith(b"%PDF")
    again = inspected.records.write_csv(window, tmp_path / "again.csv")
    assert again.read_bytes() == csv.read_bytes()
