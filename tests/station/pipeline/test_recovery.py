import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from view_result import view_result

from station.app import Station
from station.domain.feedback import Disposition
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.shift import EventKind
from station.domain.verdict import Verdict
from station.line_lock import line_lock
from station.pipeline.recovery import ENDED_UNEXPECTEDLY, close_unfinished_runs
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.events import Events
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.inspections import Inspections
from station.storage.records.integrity import Severity

LONG_AGO = datetime(2026, 11, 22, 7, tzinfo=UTC)


def reviewed(root, age: timedelta, *, ended: bool = True) -> PartKey:
    """A run of one REVIEW that is so old and has no end."""
    root.mkdir(exist_ok=True)
    database, at = Database.open(root / "station.db"), datetime.now(UTC) - age
    inspections = Inspections(database, PictureStore(root / "pictures"))
    recipe = Recipe("plate", 1, "plate", (View(ModelReference("tiny", "0" * 64)),))
    run = inspections.begin_run(recipe, camera="drawn", program_version="", person="", started_at=at)
    seen = ViewInspection(Verdict.REVIEW, "", "", 1.0, pred_score=0.4, raw_score=0.4, image_threshold=0.5)
    part = Inspection(PartKey(run.run_id, 1), at, (seen,))
    inspections.record_part(part, [view_result()], keep_picture=False)
    if ended:
        inspections.end_run(run.run_id, at)
    database.close()
    return part.key


def cut_off(root) -> None:
    """A run of one part, and a picture without its row, as a power cut leaves them."""
    root.mkdir()
    database = Database.open(root / "station.db")
    inspections = Inspections(database, PictureStore(root / "pictures"))
    recipe = Recipe("plate", 1, "plate", (View(ModelReference("tiny", "0" * 64)),))
    run = inspections.begin_run(recipe, camera="drawn", program_version="", person="", started_at=LONG_AGO)
    passed = ViewInspection(Verdict.PASS, "", "", 1.0, pred_score=0.1, raw_score=0.1, image_threshold=0.5)
    part = Inspection(PartKey(run.run_id, 1), LONG_AGO + timedelta(minutes=5), (passed,))
    inspections.record_part(part, [view_result()], keep_picture=False)
    database.close()
    orphan = root / "pictures" / "2026-11-22" / "run-000001" / "0002-cafe.png"
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"half a pict")


def of_that_day(station: Station):
    window = station.records.free_window(LONG_AGO, LONG_AGO + timedelta(hours=1))
    return station.records.shift(window)[0]


def test_that_an_interrupted_run_ends_at_its_last_part_and_is_recorded(tmp_path) -> None:
    cut_off(tmp_path / "workspace")
    for _ in range(2):
        with Station.open(tmp_path / "workspace") as station:
            (event,) = of_that_day(station).events
            assert (event.kind, event.sentence, event.run_id) == (EventKind.FAULT, ENDED_UNEXPECTEDLY, 1)
            assert event.at == LONG_AGO + timedelta(minutes=5)
            assert station.records.verify() == ()


def test_that_a_station_whose_last_part_lost_its_views_still_opens_and_says_so(tmp_path) -> None:
    cut_off(tmp_path / "workspace")
    with sqlite3.connect(tmp_path / "workspace" / "station.db") as plain:
        plain.execute("DELETE FROM part_view")
    plain.close()
    with Station.open(tmp_path / "workspace") as station:
        (finding,) = station.records.verify()
        assert (finding.severity, finding.where) == (Severity.ERROR, "part 0001 of run 1")


def test_that_the_run_of_another_program_is_left_alone(tmp_path) -> None:
    cut_off(tmp_path / "workspace")
    with line_lock(tmp_path / "workspace"), Station.open(tmp_path / "workspace") as station:
        assert of_that_day(station).events == ()
        assert station.records.verify() != ()


def test_that_a_review_without_end_of_an_ended_run_ends_as_fail_once(tmp_path) -> None:
    key = reviewed(tmp_path / "workspace", timedelta(minutes=5))
    for _ in range(2):
        with Station.open(tmp_path / "workspace") as station:
            (end,) = station.review.feedback_on(key)
            assert (end.claim, end.person) == (Disposition.REVIEW_UNANSWERED, "")


@pytest.mark.parametrize("age", [timedelta(seconds=80), timedelta(days=8)])
def test_that_a_review_that_may_be_open_in_another_program_and_one_of_long_ago_are_left_alone(tmp_path, age) -> None:
    key = reviewed(tmp_path / "workspace", age)
    with Station.open(tmp_path / "workspace") as station:
        assert station.review.feedback_on(key) == ()


def test_that_a_review_that_can_still_be_answered_here_does_not_end_with_its_run(tmp_path) -> None:
    open_here = reviewed(tmp_path / "workspace", timedelta(seconds=1), ended=False)
    lost = reviewed(tmp_path / "workspace", timedelta(seconds=1), ended=False)
    database = Database.open(tmp_path / "workspace" / "station.db")
    inspections = Inspections(database, PictureStore(tmp_path / "workspace" / "pictures"))
    close_unfinished_runs(database, inspections, Events(database, AuditLog.beside(database, "Station 1")), [open_here])
    assert inspections.unfinished_runs() == ()
    assert FeedbackRecords(database).of(open_here) == ()
    assert [end.claim for end in FeedbackRecords(database).of(lost)] == [Disposition.REVIEW_UNANSWERED]
    database.close()
