import threading
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from inbox import next_of
from view_result import view_result

from station.app import Station
from station.domain.errors import BadInputError, StorageError
from station.domain.feedback import Disposition
from station.domain.frame import NotInspectedCause
from station.domain.geometry import RegionOfInterest
from station.domain.inspection import Inspection, PartKey, PartViews, ViewInspection
from station.domain.messages import PartJudged
from station.domain.part_images import ViewResult
from station.domain.recipe import Recipe, RecipeState
from station.domain.verdict import Limits, Verdict
from station.pipeline.recent_parts import RecentParts
from station.storage.records.inspections import Inspections


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
    (recent, stored) = recent.deciding, stored.deciding
    assert recent.inspection == stored.inspection == failed.deciding
    assert recent.roi == stored.roi == (0, 0, 320, 240)
    assert recent.pixel_threshold == stored.pixel_threshold
    np.testing.assert_allclose(recent.anomaly_map, stored.anomaly_map, atol=1e-4)
    assert recent.levels[0].shape == stored.levels[0].shape
    assert np.abs(recent.levels[0].astype(int) - stored.levels[0]).mean() < 8


def test_that_of_a_passed_part_the_thumbnail_is_left_on_the_disk(inspected: Station) -> None:
    passed = next(part for part in inspected.records.recent() if part.verdict is Verdict.PASS)
    forget(inspected)
    (stored,) = inspected.records.part(passed.key).views
    assert stored.anomaly_map is None
    np.testing.assert_array_equal(inspected.records.thumbnail(passed.key), stored.levels[0])


@pytest.mark.parametrize("noted", [True, False], ids=["depth noted", "file of an earlier version"])
@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_that_a_past_part_is_the_picture_at_every_depth(station: Station, bits: int, noted: bool) -> None:
    recipe, shades = station.recipes.find("plate").recipe, np.arange(120 * 160).reshape(120, 160) % 256
    deep = np.uint16(shades << (bits - 8)) if bits > 8 else shades.astype(np.uint8)
    result = view_result(deep, deep.astype(np.uint8), None)
    seen_as = replace(seen("", Verdict.FAIL), width=160, height=120)
    result = replace(result, inspection=seen_as, significant_bits=bits if noted else 0)
    part = record(station, recipe, {Verdict.FAIL: result})
    (stored,) = station.records.part(part.key).views
    assert (stored.levels[0].dtype, stored.levels[0].shape) == (np.uint8, deep.shape)
    assert np.abs(stored.levels[0].astype(int) - shades).max() <= 1


def test_that_a_recent_part_too_large_for_memory_comes_whole_from_the_disk(station: Station) -> None:
    recipe, large = station.recipes.find("plate").recipe, np.random.default_rng(0).integers(0, 99, (90, 160), np.uint8)
    result = replace(view_result(large, large, None), inspection=replace(seen("", Verdict.FAIL), width=160, height=90))
    part = record(station, recipe, {Verdict.FAIL: result})
    preview = replace(result, original=None, levels=(large[::2, ::2],), received_ns=None)
    station.records._recent.put(PartViews(part, (preview,)))
    np.testing.assert_array_equal(station.records.part(part.key).views[0].levels[0], large)
    unrecorded = replace(part, key=PartKey(part.key.run_id, 99))
    station.records._recent.put(PartViews(unrecorded, (preview,)))
    assert station.records.part(unrecorded.key).views[0].levels[0].shape == (45, 80)


def grey(shade: int) -> np.ndarray:
    return np.full((30, 40), shade, np.uint8)


def record(station: Station, recipe: Recipe, images: dict[Verdict, ViewResult]) -> Inspection:
    """A part straight into the records, one view for each verdict, in the order of the recipe's views."""
    inspections, now = station.records._inspections, datetime.now(UTC)
    run = inspections.begin_run(recipe, camera="", program_version="", person="", started_at=now)
    inspections.end_run(run.run_id, now)
    views = tuple(seen(view.name, verdict) for view, verdict in zip(recipe.views, images, strict=True))
    part = Inspection(PartKey(run.run_id, 1), now, views)
    return inspections.record_part(part, list(images.values()), keep_picture=True).inspection


def seen(name: str, verdict: Verdict) -> ViewInspection:
    judged = verdict is not Verdict.NOT_INSPECTED
    cause, score = (None, 0.4) if judged else (NotInspectedCause.LOST_FRAME, None)
    return ViewInspection(verdict, "", "", 1.0, name, cause, score, width=40 * judged, height=30 * judged)


@pytest.fixture
def cropped(station: Station, duo: Recipe) -> Recipe:
    """Its view "top" is judged in one corner and by a limit of its own."""
    top = replace(duo.view("top"), roi=RegionOfInterest(5, 6, 20, 10), limits=Limits(pixel_threshold=0.7))
    return station.recipes.add(replace(duo.with_view(top), revision=2), RecipeState.DRAFT).recipe


def test_that_each_view_of_a_stored_part_comes_with_its_own_settings(station: Station, cropped: Recipe) -> None:
    heat = np.full((3, 4), 0.5, np.float32)
    images = {Verdict.PASS: view_result(grey(10), grey(10), heat), Verdict.FAIL: view_result(grey(20), grey(20))}
    part = record(station, cropped, images)
    top, side = station.records.part(part.key).views
    assert (top.inspection, side.inspection) == part.views
    assert (top.roi, side.roi) == ((5, 6, 20, 10), (0, 0, 40, 30))
    assert (top.pixel_threshold, side.pixel_threshold) == (0.7, 0.5)
    assert (top.levels[0].max(), side.levels[0].max()) == (10, 20)
    assert (top.anomaly_map.shape, side.anomaly_map) == ((3, 4), None)


@pytest.mark.parametrize(
    ("images", "shade"),
    [
        ({Verdict.PASS: view_result(thumbnail=grey(10)), Verdict.FAIL: view_result(thumbnail=grey(20))}, 20),
        ({Verdict.PASS: view_result(thumbnail=grey(10)), Verdict.NOT_INSPECTED: view_result()}, 10),
        ({Verdict.FAIL: view_result(), Verdict.NOT_INSPECTED: view_result()}, None),
    ],
)
def test_that_a_part_is_shown_small_by_the_view_that_decided_else_by_one_that_has_a_picture(
    station: Station, cropped: Recipe, images: dict[Verdict, ViewResult], shade: int | None
) -> None:
    thumbnail = station.records.thumbnail(record(station, cropped, images).key)
    assert (None if thumbnail is None else thumbnail.max()) == shade


def test_that_a_part_that_never_was_is_refused(inspected: Station) -> None:
    with pytest.raises(BadInputError):
        inspected.records.part(PartKey(1, 999))
    with pytest.raises(BadInputError):
        inspected.review.give_feedback(PartKey(1, 999), Disposition.GOOD_PART, "dust")


def test_that_feedback_is_recorded_beside_the_verdict(inspected: Station) -> None:
    failed = next(part for part in inspected.records.recent() if part.verdict is Verdict.FAIL)
    dispute = inspected.review.give_feedback(failed.key, Disposition.GOOD_PART, "dust", "Ada")
    assert inspected.review.feedback_on(failed.key) == (dispute,)
    assert inspected.records.part(failed.key).inspection == failed


def test_that_a_part_whose_record_waits_can_be_disputed(station: Station, monkeypatch) -> None:
    record, disk_takes = Inspections.record_part, threading.Event()

    def refuse(*part, **options) -> object:
        if disk_takes.is_set():
            return record(*part, **options)
        raise StorageError("No space left on device.")

    monkeypatch.setattr(Inspections, "record_part", refuse)
    station.line.load_recipe("plate")
    inbox = station.news.subscribe()
    station.line.start(count=3)
    key = next_of(inbox, PartJudged).inspection.key
    dispute = station.review.give_feedback(key, Disposition.GOOD_PART, "dust", "Ada")
    assert station.review.feedback_on(key) == (dispute,)
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
