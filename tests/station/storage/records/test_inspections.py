"""Parts go in once, come out as they were, and are counted by the database."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from behind import REFUSALS, SQLITE_ALONE, alter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from view_result import view_result

from station.domain.errors import BadInputError, StorageError
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.frame import NotInspectedCause
from station.domain.geometry import Region
from station.domain.inspection import Counts, Inspection, PartKey, Run, ViewInspection
from station.domain.part_images import ViewResult
from station.domain.recipe import InferenceSettings, ModelReference, Recipe, View
from station.domain.shift import EventKind, ShiftWindow, StationEvent, ViewPictures
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.events import Events
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.inspections import Inspections, PartRefusedError

Make = Callable[..., Inspection]
See = Callable[..., ViewInspection]
THUMBNAIL = np.full((24, 32, 3), 90, np.uint8)


def _keep(inspections: Inspections, *parts: Inspection) -> None:
    for inspection in parts:
        inspections.record_part(inspection, [view_result()] * len(inspection.views), keep_picture=False)


def _window(noon: datetime, seconds: int = 3600) -> ShiftWindow:
    return ShiftWindow("Early", noon.date(), noon, noon + timedelta(seconds=seconds), "UTC")


def test_that_a_run_is_read_back_as_it_was_begun(inspections: Inspections, run: Run, recipe: Recipe) -> None:
    assert inspections.find_run(run.run_id) == run
    assert (run.recipe_sha256, run.precision) == (recipe.sha256, "f32")


def test_that_runs_get_numbers_that_are_never_given_twice(inspections: Inspections, recipe: Recipe, run: Run) -> None:
    again = inspections.begin_run(recipe, camera="", program_version="", person="", started_at=run.started_at)
    assert again.run_id == run.run_id + 1


def test_that_a_run_without_an_end_is_unfinished(inspections: Inspections, run: Run, noon: datetime) -> None:
    assert inspections.unfinished_runs() == (run,)
    inspections.end_run(run.run_id, noon)
    assert inspections.unfinished_runs() == ()


def test_that_an_unknown_run_is_refused(inspections: Inspections) -> None:
    with pytest.raises(BadInputError, match="no run 77"):
        inspections.find_run(77)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_that_a_part_is_read_back_as_it_was_recorded(inspections: Inspections, part: Make, verdict: Verdict) -> None:
    original = np.arange(48 * 64 * 3, dtype=np.uint8).reshape(48, 64, 3)
    heat = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    recorded = inspections.record_part(part(1, verdict), [view_result(original, THUMBNAIL, heat)], keep_picture=True)
    assert inspections.find_part(recorded.inspection.key) == recorded
    assert recorded.inspection == part(1, verdict)


causes = st.sampled_from(NotInspectedCause)
judged = st.sampled_from([verdict for verdict in Verdict if verdict is not Verdict.NOT_INSPECTED])
numbers = st.floats(0, 1e6)
pixels = st.integers(0, 2**40)
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
regions = st.lists(st.builds(Region, *[pixels] * 5, numbers, words), max_size=3).map(tuple)
of_any_view = {
    "reason": words, "origin": words, "elapsed_ms": numbers, "name": words, "regions": regions,
    "frame_id": st.none() | pixels, "camera_timestamp_ns": st.none() | pixels, "width": pixels, "height": pixels,
    "conversion": words, "judged_again": st.booleans(), "leaves_picture": st.booleans(),
}  # fmt: skip
any_view = st.builds(ViewInspection, verdict=judged, pred_score=numbers, raw_score=numbers, **of_any_view) | st.builds(
    ViewInspection, verdict=st.just(Verdict.NOT_INSPECTED), cause=causes, **of_any_view
)
some_views = st.lists(any_view, min_size=1, max_size=4, unique_by=lambda view: view.name)
pictures_of_a_view = st.builds(
    view_result,
    original=st.none() | st.just(np.zeros((4, 6), np.uint16)),
    thumbnail=st.none() | st.just(THUMBNAIL),
    anomaly_map=st.none() | st.just(np.ones((2, 3), np.float32)),
)


@pytest.mark.slow
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(some_views, min_size=1, max_size=3), st.data(), st.booleans())
def test_that_any_part_of_any_views_is_read_back_as_it_was_recorded(
    inspections: Inspections, recipe: Recipe, noon: datetime, parts: list, data: st.DataObject, keep: bool
) -> None:
    run = inspections.begin_run(recipe, camera="", program_version="", person="", started_at=noon)
    recorded = []
    for number, views in enumerate(parts, 1):
        inspection = Inspection(PartKey(run.run_id, number), noon + timedelta(days=run.run_id), tuple(views))
        images = [data.draw(pictures_of_a_view) for _ in views]
        recorded.append(inspections.record_part(inspection, images, keep_picture=keep))
        assert [_kept(stored) for stored in recorded[-1].views] == [_expected(image, keep) for image in images]
    window = ShiftWindow("", noon.date(), *(noon + timedelta(days=run.run_id + day) for day in (0, 1)), "UTC")
    assert list(inspections.shift_records(window).parts) == recorded
    assert [inspections.find_part(record.inspection.key) for record in recorded] == recorded
    assert list(reversed(inspections.recent_parts(9, window.start))) == recorded


def _kept(stored: ViewPictures) -> tuple[bool, bool, bool]:
    return stored.original is not None, stored.thumbnail is not None, stored.anomaly_map is not None


def _expected(images: ViewResult, keep: bool) -> tuple[bool, bool, bool]:
    has = images.original is not None, bool(images.levels), images.anomaly_map is not None
    return keep and has[0], has[1], keep and has[2]


def test_that_each_view_gets_its_own_pictures_back(inspections: Inspections, part: Make, view: See) -> None:
    shades = {"top": 10, "side": 20, "back": 30}
    seen = part(1, views=[view(name) for name in shades])
    images = [view_result(np.full((9, 9), shade, np.uint8), THUMBNAIL) for shade in shades.values()]
    inspections.record_part(seen, images, keep_picture=True)
    record = inspections.find_part(seen.key)
    read = [inspections.pictures.read_picture(stored.original).max() for stored in record.views]
    assert dict(zip([each.name for each in record.inspection.views], read, strict=True)) == shades


def test_that_a_part_is_counted_once_and_by_its_worst_view(
    inspections: Inspections, part: Make, view: See, noon: datetime
) -> None:
    _keep(
        inspections,
        part(1, views=[view("top"), view("side", Verdict.FAIL)]),
        part(2, views=[view("top", Verdict.NOT_INSPECTED), view("side", Verdict.FAIL)]),
        part(3, views=[view("top", Verdict.NOT_INSPECTED), view("side")]),
        part(4, views=[view("top", Verdict.REVIEW), view("side")]),
        part(5, views=[view("top"), view("side")]),
    )
    counted = inspections.count_parts(noon, noon + timedelta(hours=1))
    assert counted == Counts(passed=1, review=1, failed=2, not_inspected=1)


def test_that_a_run_names_the_model_of_each_view(inspections: Inspections, noon: datetime) -> None:
    views = [
        View(ModelReference("m", "a" * 64), "top", dataset_version="v1"),
        View(ModelReference("n", "b" * 64), "side", dataset_version="v2", inference=InferenceSettings(precision="f16")),
    ]
    run = inspections.begin_run(
        Recipe("tile", 1, "tile", tuple(views)), camera="", program_version="", person="", started_at=noon
    )
    assert run.model_sha256 == f"top={'a' * 64}, side={'b' * 64}"
    assert (run.dataset_version, run.precision) == ("top=v1, side=v2", "top=f32, side=f16")


def test_that_a_part_with_several_views_is_recorded_whole_or_not_at_all(
    inspections: Inspections, part: Make, view: See
) -> None:
    odd = part(1, views=[view("top", Verdict.FAIL), view("side", frame_id=2**64)])
    with pytest.raises(PartRefusedError):
        inspections.record_part(odd, [view_result(thumbnail=THUMBNAIL)] * 2, keep_picture=False)
    with pytest.raises(BadInputError):
        inspections.find_part(odd.key)
    _keep(inspections, part(1, views=[view("top"), view("side")]))


def test_that_a_part_that_lost_its_views_is_not_shown(inspections: Inspections, part: Make, database: Database) -> None:
    _keep(inspections, part(1))
    alter(database, "DELETE FROM part_view")
    with pytest.raises(StorageError, match="part 0001 of run 1 has lost its views"):
        inspections.find_part(part(1).key)


def test_that_a_kept_picture_is_read_back_bit_for_bit(inspections: Inspections, part: Make) -> None:
    original = np.random.default_rng(0).integers(0, 65536, (48, 64, 3), dtype=np.uint16)
    stored = inspections.record_part(part(1), [view_result(original, THUMBNAIL)], keep_picture=True).deciding.original
    assert stored is not None
    np.testing.assert_array_equal(inspections.pictures.read_picture(stored), original)


def test_that_only_the_thumbnail_of_a_part_not_kept_is_stored(inspections: Inspections, part: Make) -> None:
    heat = np.zeros((3, 4), np.float32)
    images = view_result(np.zeros((48, 64), np.uint8), THUMBNAIL, heat)
    (stored,) = inspections.record_part(part(1), [images], keep_picture=False).views
    assert (stored.original, stored.anomaly_map) == (None, None)
    assert stored.thumbnail is not None
    assert list(inspections.pictures.all_files()) == [stored.thumbnail.path]


def test_that_a_part_is_recorded_once_and_the_first_record_stays(inspections: Inspections, part: Make) -> None:
    first = inspections.record_part(part(1), [view_result(thumbnail=THUMBNAIL)], keep_picture=False)
    other = part(1, Verdict.FAIL)
    with pytest.raises(StorageError, match="Part 0001 of run 1 was refused"):
        inspections.record_part(other, [view_result(thumbnail=255 - THUMBNAIL)], keep_picture=False)
    assert inspections.find_part(other.key) == first
    assert first.deciding.thumbnail is not None
    inspections.pictures.read_bytes(first.deciding.thumbnail)


@pytest.mark.parametrize(
    "odd",
    [
        {"camera_timestamp_ns": 2**63},
        {"frame_id": 2**64 - 1},
        {"raw_score": object()},
    ],
)
def test_that_a_part_with_a_number_too_large_for_its_column_is_refused(
    inspections: Inspections, part: Make, odd: dict[str, object]
) -> None:
    with pytest.raises(PartRefusedError, match="Part 0001"):
        _keep(inspections, part(1, **odd))
    _keep(inspections, part(1))


@SQLITE_ALONE
@pytest.mark.parametrize("odd", [{"elapsed_ms": float("nan")}, {"width": 1.5}])
def test_that_a_part_with_a_value_of_another_kind_than_its_column_is_refused(
    inspections: Inspections, part: Make, odd: dict[str, object]
) -> None:
    """A server would round the width and keep the other; what comes there has passed the station's own records."""
    with pytest.raises(PartRefusedError, match="Part 0001"):
        _keep(inspections, part(1, **odd))


def test_that_a_part_with_a_picture_that_cannot_be_encoded_is_refused(inspections: Inspections, part: Make) -> None:
    with pytest.raises(PartRefusedError, match="Part 0001"):
        inspections.record_part(part(1), [view_result(np.zeros((0, 5), np.uint8))], keep_picture=True)


@SQLITE_ALONE
def test_that_a_disk_that_refuses_is_a_fault_of_the_station_and_not_of_the_part(
    inspections: Inspections, part: Make, database: Database
) -> None:
    alter(database, "DROP TABLE picture")
    with pytest.raises(StorageError) as refusal:
        inspections.record_part(part(1), [view_result(thumbnail=THUMBNAIL)], keep_picture=False)
    assert not isinstance(refusal.value, PartRefusedError)


def test_that_a_part_of_an_unknown_run_is_refused(inspections: Inspections, part: Make) -> None:
    with pytest.raises(StorageError, match="run 99"):
        _keep(inspections, part(1, key=PartKey(99, 1)))


def test_that_an_unknown_part_is_refused(inspections: Inspections) -> None:
    with pytest.raises(BadInputError, match="part 0003 of run 1"):
        inspections.find_part(PartKey(1, 3))


def test_that_a_part_whose_picture_cannot_be_written_is_not_recorded(
    database: Database, part: Make, tmp_path: Path
) -> None:
    (tmp_path / "occupied").write_bytes(b"")
    inspections = Inspections(database, PictureStore(tmp_path / "occupied"))
    with pytest.raises(StorageError, match="pictures of part 0001"):
        inspections.record_part(part(1), [view_result(thumbnail=THUMBNAIL)], keep_picture=False)
    with pytest.raises(BadInputError):
        inspections.find_part(part(1).key)


def test_that_the_newest_parts_come_first(inspections: Inspections, part: Make, noon: datetime) -> None:
    _keep(inspections, *(part(n) for n in range(1, 8)))
    assert [r.inspection.key.part for r in inspections.recent_parts(3, noon)] == [7, 6, 5]
    assert [r.inspection.key.part for r in inspections.recent_parts(99, noon + timedelta(seconds=6))] == [7, 6]


def test_that_the_part_before_a_moment_is_found(inspections: Inspections, part: Make, noon: datetime) -> None:
    _keep(inspections, part(1), part(5))
    assert inspections.latest_before(noon + timedelta(seconds=5)) == noon + timedelta(seconds=1)
    assert inspections.latest_before(noon) is None


def test_that_the_last_part_of_a_run_is_the_one_with_its_highest_number(
    inspections: Inspections, part: Make, run: Run, noon: datetime
) -> None:
    assert inspections.last_of_run(run.run_id) is None
    _keep(inspections, part(1), part(2, triggered_at=noon - timedelta(seconds=30)))
    assert inspections.last_of_run(run.run_id) == noon - timedelta(seconds=30)


def test_that_a_window_holds_its_start_and_not_its_end(inspections: Inspections, part: Make, noon: datetime) -> None:
    _keep(inspections, *(part(n) for n in range(1, 6)))
    assert inspections.count_parts(noon + timedelta(seconds=2), noon + timedelta(seconds=4)).triggers == 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(Verdict), max_size=12))
def test_that_the_database_counts_as_the_line_does(
    inspections: Inspections, recipe: Recipe, part: Make, noon: datetime, verdicts: list[Verdict]
) -> None:
    started = inspections.begin_run(recipe, camera="", program_version="", person="", started_at=noon)
    start = noon + timedelta(days=started.run_id)
    counts = Counts()
    for number, verdict in enumerate(verdicts, 1):
        key, at = PartKey(started.run_id, number), start + timedelta(seconds=number)
        _keep(inspections, part(number, verdict, key=key, triggered_at=at))
        counts = counts.plus(verdict)
    assert inspections.count_parts(start, start + timedelta(hours=1)) == counts


def test_that_a_clock_set_back_loses_no_part_and_no_order(inspections: Inspections, part: Make, noon: datetime) -> None:
    _keep(inspections, part(1), part(2, triggered_at=noon - timedelta(seconds=30)), part(3))
    window = ShiftWindow("", noon.date(), noon - timedelta(minutes=1), noon + timedelta(minutes=1), "UTC")
    assert [r.inspection.key.part for r in inspections.shift_records(window).parts] == [1, 2, 3]


def test_that_a_shift_holds_all_that_was_recorded_in_it(
    inspections: Inspections, database: Database, part: Make, run: Run, noon: datetime
) -> None:
    _keep(inspections, part(1), part(2, Verdict.FAIL), part(3, triggered_at=noon + timedelta(days=1)))
    next_day = OperatorFeedback(part(2).key, Disposition.GOOD_PART, "dust", "Ada", noon + timedelta(days=1))
    FeedbackRecords(database).add(next_day)
    start = StationEvent(noon, EventKind.START, "started", run.run_id)
    Events(database, AuditLog.beside(database, "Station 1")).add_event(start)
    records = inspections.shift_records(_window(noon))
    assert [r.inspection for r in records.parts] == [part(1), part(2, Verdict.FAIL)]
    assert (records.runs, records.disputes, records.events) == ((run,), (next_day,), (start,))


@pytest.mark.parametrize("parts", [1, 40])
def test_that_a_shift_of_any_length_is_read_with_the_same_few_statements(
    inspections: Inspections, database: Database, part: Make, view: See, noon: datetime, parts: int, engine: str
) -> None:
    views = [view(name, Verdict.FAIL) for name in ("top", "side")]
    _keep(inspections, *(part(n, views=views) for n in range(1, parts + 1)))
    statements: list[str] = []
    event.listen(database._reader, "before_cursor_execute", lambda *call: statements.append(call[2]))
    inspections.shift_records(_window(noon))
    began = {"sqlite": "BEGIN", "postgresql": "SET"}[engine]
    assert Counter(statement.split()[0] for statement in statements) == {began: 1, "SELECT": 14}


hostile = st.text(max_size=60) | st.sampled_from(
    ["=cmd|' /C calc'!A0", "<b>", "\u202egnp.exe", "a\0b", "\udcff", "x" * 500]
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), hostile, hostile)
def test_that_text_of_any_kind_is_stored_as_text(
    inspections: Inspections, part: Make, recipe: Recipe, noon: datetime, data: st.DataObject, reason: str, origin: str
) -> None:
    started = inspections.begin_run(recipe, camera=origin, program_version="", person=reason, started_at=noon)
    key = PartKey(started.run_id, 1)
    _keep(inspections, part(1, key=key, reason=reason, origin=origin))
    read = inspections.find_part(key).inspection.deciding
    expected = origin.replace("\0", "\u2400").encode("utf-8", "backslashreplace").decode()
    assert (read.origin, len(inspections.find_run(started.run_id).person) >= len(reason)) == (expected, True)


def test_that_a_moment_without_a_time_zone_is_refused(inspections: Inspections, part: Make) -> None:
    with pytest.raises(Exception, match="has no time zone"):
        _keep(inspections, part(1, triggered_at=datetime(2026, 1, 1)))


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2199, 1, 1), timezones=st.just(UTC)))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_a_moment_keeps_its_microsecond(inspections: Inspections, recipe: Recipe, moment: datetime) -> None:
    begun = inspections.begin_run(recipe, camera="", program_version="", person="", started_at=moment)
    assert inspections.find_run(begun.run_id).started_at == moment


def test_that_the_tables_themselves_refuse_a_judgement_without_a_score(
    inspections: Inspections, part: Make, database: Database
) -> None:
    _keep(inspections, part(1))
    with pytest.raises(REFUSALS, match="score_when_judged"):
        alter(database, "UPDATE part_view SET pred_score = NULL")


def test_that_a_dispute_of_a_part_that_is_not_recorded_is_refused(database: Database, noon: datetime) -> None:
    with pytest.raises(BadInputError, match="no record of part 0001"):
        FeedbackRecords(database).add(OperatorFeedback(PartKey(1, 1), Disposition.CONFIRMED, "", "Ada", noon))


def test_that_disputes_leave_the_verdict_unchanged(
    inspections: Inspections, database: Database, part: Make, noon: datetime
) -> None:
    _keep(inspections, part(1, Verdict.FAIL))
    said = OperatorFeedback(part(1).key, Disposition.GOOD_PART, "reflection", "Ada", noon)
    FeedbackRecords(database).add(said)
    assert FeedbackRecords(database).of(part(1).key) == (said,)
    assert inspections.find_part(part(1).key).inspection.verdict is Verdict.FAIL


def test_that_a_region_keeps_its_rank(inspections: Inspections, part: Make) -> None:
    regions = tuple(Region(n, n, 5, 5, 20, 0.9 - n / 100, "centre") for n in range(12))
    _keep(inspections, part(1, Verdict.FAIL, regions=regions))
    assert inspections.find_part(part(1).key).inspection.deciding.regions == regions


@pytest.mark.parametrize("cause", list(NotInspectedCause))
def test_that_every_cause_is_read_back(inspections: Inspections, part: Make, cause: NotInspectedCause) -> None:
    _keep(inspections, part(1, Verdict.NOT_INSPECTED, cause=cause))
    assert inspections.find_part(part(1).key).inspection.deciding.cause is cause
