"""Pictures are given up by worth; what was given up is written down, and no record changes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from view_result import view_result

from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.hold import Hold
from station.domain.inspection import Inspection, PartKey
from station.domain.shift import ShiftWindow
from station.domain.verdict import Verdict
from station.reporting.csv_export import content_sha256
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.pictures.encoding import Role
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.given_up import GivenUpPictures, Worth
from station.storage.records.holds import Holds
from station.storage.records.inspections import Inspections
from station.storage.records.integrity import verify_records

Make = Callable[..., Inspection]
FIRST = PartKey(0, 0)
PICTURE = np.full((24, 32), 90, np.uint8)


def record(inspections: Inspections, *parts: Inspection) -> None:
    for each in parts:
        view = view_result(PICTURE + np.uint8(each.key.part), PICTURE, np.zeros((2, 2), np.float32))
        inspections.record_part(each, [view] * len(each.views), keep_picture=True)


def say(database: Database, key: PartKey, claim: Disposition, noon: datetime) -> None:
    FeedbackRecords(database).add(OperatorFeedback(key, claim, "", "Ada", noon))


@pytest.fixture
def given_up(database: Database, inspections: Inspections) -> GivenUpPictures:
    return GivenUpPictures(database, inspections.pictures)


def test_that_only_pictures_of_undisputed_passed_parts_go_and_the_record_says_why(
    database: Database, inspections: Inspections, given_up: GivenUpPictures, part: Make, noon: datetime
) -> None:
    record(inspections, *(part(number, verdict) for number, verdict in enumerate([*Verdict, Verdict.PASS], 1)))
    passed = [each.inspection.key for each in reversed(inspections.recent_parts(9, noon))]
    passed = [key for key in passed if inspections.find_part(key).inspection.verdict is Verdict.PASS]
    say(database, passed[1], Disposition.MISSED_DEFECT, noon)
    window = ShiftWindow("Early", noon.date(), noon, noon + timedelta(hours=1), "UTC")
    sha256 = content_sha256(inspections.shift_records(window))
    before = {each.inspection.key: each for each in inspections.recent_parts(9, noon)}

    gone = given_up.give_up(Worth.WHOLE, "the disk was full", noon, FIRST)
    assert gone.last == passed[0]
    for key, was in before.items():
        now = inspections.find_part(key)
        assert now.inspection == was.inspection
        assert (now.views[0].original is None) == (key == passed[0])
        assert now.views[0].thumbnail is not None
        assert (now.views[0].given_up, now.views[0].why_given_up) == (
            (was.views[0].original, "the disk was full") if key == passed[0] else (None, "")
        )
    assert given_up.of_part(passed[0]) == dict.fromkeys((Role.ORIGINAL, Role.MAP), "the disk was full")
    assert given_up.give_up(Worth.WHOLE, "", noon, FIRST).size == 0
    assert given_up.give_up(Worth.SMALL, "older than 3 days", noon, FIRST).size > 0
    assert given_up.of_part(passed[0])[Role.THUMBNAIL] == "older than 3 days"
    assert verify_records(database, inspections.pictures, lambda _: None) == ()
    assert content_sha256(inspections.shift_records(window)) == sha256  # a report that was printed can still be proven
    assert sum((inspections.pictures.folder / path).stat().st_size for path in inspections.pictures.all_files()) == (
        given_up.size()
    )


def test_that_no_record_waits_while_pictures_to_give_up_are_looked_for(
    database: Database, inspections: Inspections, given_up: GivenUpPictures, part: Make, noon: datetime
) -> None:
    record(inspections, part(1), part(2))
    with database.writing():  # whoever wants to write waits for this
        assert given_up.give_up(Worth.WHOLE, "old", noon, FIRST, before=noon).size == 0


def test_that_a_part_is_kept_that_is_disputed_after_it_was_looked_for(
    database: Database,
    inspections: Inspections,
    given_up: GivenUpPictures,
    part: Make,
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record(inspections, part(1), part(2))
    writing = Database.writing

    def after_a_word(of: Database) -> AbstractContextManager[Connection]:
        monkeypatch.undo()
        say(database, part(1).key, Disposition.MISSED_DEFECT, noon)
        return writing(of)

    monkeypatch.setattr(Database, "writing", after_a_word)
    assert given_up.give_up(Worth.WHOLE, "why", noon, FIRST).last == part(2).key
    assert inspections.find_part(part(1).key).views[0].original is not None


def test_that_the_oldest_go_first_and_none_after_a_time(
    inspections: Inspections, given_up: GivenUpPictures, part: Make, noon: datetime
) -> None:
    record(inspections, *(part(number) for number in range(1, 56)))
    few = given_up.give_up(Worth.WHOLE, "why", noon, FIRST, most=1)
    assert few.last == part(1).key
    gone = given_up.give_up(Worth.WHOLE, "why", noon, FIRST)
    assert gone.last is not None
    kept = [each.inspection.key.part for each in inspections.recent_parts(99, noon) if each.views[0].original]
    assert sorted(kept) == list(range(gone.last.part + 1, 56))
    before = noon + timedelta(seconds=53)
    while given_up.give_up(Worth.WHOLE, "why", noon, FIRST, before=before).size:
        pass
    kept = [each.inspection.key.part for each in inspections.recent_parts(99, noon) if each.views[0].original]
    assert sorted(kept) == list(range(53, 56))


def test_that_files_that_a_crash_left_behind_go_at_the_next_start(
    inspections: Inspections, given_up: GivenUpPictures, part: Make, noon: datetime, monkeypatch
) -> None:
    record(inspections, part(1))
    with monkeypatch.context() as crash:
        crash.setattr(GivenUpPictures, "_remove", lambda *_: None)
        given_up.give_up(Worth.WHOLE, "why", noon, FIRST)
    assert len(list(inspections.pictures.all_files())) == 3
    given_up.remove_what_a_crash_left()
    assert len(list(inspections.pictures.all_files())) == 1


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    parts=st.lists(
        st.tuples(st.sampled_from(Verdict), st.sampled_from([None, *Disposition]), st.lists(st.booleans(), max_size=3)),
        max_size=6,
    )
)
def test_that_whatever_was_recorded_said_and_held_no_picture_of_worth_goes(
    inspections: Inspections, database: Database, given_up: GivenUpPictures, recipe, noon: datetime, view, parts
) -> None:
    run = inspections.begin_run(recipe, camera="", program_version="", started_at=noon)
    holds = Holds(database, AuditLog.beside(database, "here"))
    for number, (verdict, claim, held) in enumerate(parts, 1):
        key = PartKey(run.run_id, number)
        record(inspections, Inspection(key, noon, (view("", verdict),)))
        if claim is not None:
            say(database, key, claim, noon)
        for each in held:
            holds.set([Hold(key, "complaint", "Ada", noon)], held=each)
    for worth in Worth:
        while given_up.give_up(worth, "why", noon, FIRST).size:
            pass
    back = 0
    for number, (verdict, claim, held) in enumerate(parts, 1):
        key = PartKey(run.run_id, number)
        kept = inspections.find_part(key).views[0]
        on_hold, worth_it = held[-1:] == [True], verdict is not Verdict.PASS or (claim is not None and claim.by_person)
        assert (kept.original is not None) == (kept.thumbnail is not None) == (worth_it or on_hold)
        assert (key in holds.of([key])) == (key in holds.all()) == on_hold
        back += on_hold and not worth_it
    assert given_up.held_back() >= back


def test_that_the_forecast_counts_what_is_never_given_up(
    inspections: Inspections, given_up: GivenUpPictures, part: Make, noon: datetime
) -> None:
    assert given_up.state(10**9, 10**10, noon).forecast(date(2026, 11, 22)).startswith("no forecast")
    record(inspections, *(part(number, Verdict.FAIL) for number in range(1, 11)), part(11))
    state = given_up.state(0, 10**10, noon + timedelta(days=2))
    assert state.pictures > state.kept > 0
    assert state.kept_per_day == pytest.approx(state.kept / 2, rel=0.01)
    day = given_up.state(round(state.kept * 13.6), 10**10, noon + timedelta(days=2)).forecast(date(2026, 11, 22))
    assert day == "full on 19 December 2026"
    assert given_up.state(10**15, 10**15, noon + timedelta(days=2)).forecast(date(2026, 11, 22)) == (
        "not full within 10 years"
    )
