"""Checks by the front door: a real line, a real model, real records."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from inbox import next_of
from waiting import until

from station.app import Station
from station.domain.alarm import AlarmKind
from station.domain.audit import AuditAction, AuditFilter
from station.domain.challenge import Check, Outcome, Why
from station.domain.challenge_plan import ChallengePart, ChallengePlan, ExpectedPlace, Known
from station.domain.errors import BadInputError, StorageError
from station.domain.frame import NotInspectedCause
from station.domain.inspection import RunKind
from station.domain.messages import CheckChanged, LineState, LineStateChanged, PartJudged
from station.domain.recipe import Recipe, RecipeState, TakesEffect
from station.domain.verdict import Verdict
from station.matching.frame_matcher import LineNotReadyError
from station.review.challenge_watch import ChallengeWatch
from station.storage.challenges.checks import Checks
from station.storage.records.inspections import Inspections

ANYWHERE = ExpectedPlace("", 0, 0, 320, 240)
NOWHERE = ExpectedPlace("", 0, 0, 1, 1)
CLEAN = ChallengePart("clean", Known.GOOD)
PLAN = ChallengePlan(
    shift_start=True, blocks=True, tolerance_px=0, parts=(CLEAN, ChallengePart("scratch 1", Known.BAD, ANYWHERE))
)  # fmt: skip


def released(station: Station, plan: ChallengePlan, effect: TakesEffect = TakesEffect.NEXT_START) -> Recipe:
    base = station.recipes.find("plate").recipe
    revision = station.recipes.entries()[0].recipe.revision + 1
    station.recipes.add(replace(base, revision=revision, challenge=plan))
    recipe = station.recipes.release("plate", revision, "Ada", "challenge parts", effect).recipe
    if station.line.state.at_rest:
        station.line.load_recipe("plate")
    return recipe


def _refuse(*_: object) -> bool:
    raise StorageError("The disk is full.")


def take(station: Station) -> None:
    """Trigger the part that is asked for as soon as the line is ready."""

    def taken() -> bool:
        try:
            station.challenge.take()
        except LineNotReadyError:
            return False
        return True

    until(taken)


def checked(station: Station) -> Check:
    """Run a whole check: the camera shows a good part, then a bad one."""
    inbox = station.news.subscribe(CheckChanged)
    station.challenge.start("Olga")
    while station.challenge.progress and station.challenge.progress.asks_for:
        take(station)
        next_of(inbox, CheckChanged)
    until(lambda: station.challenge.progress is None)
    inbox.close()
    return station.challenge.checks()[0]


def test_that_a_check_asks_for_each_part_judges_it_and_is_never_counted(station: Station) -> None:
    released(station, PLAN)
    with pytest.raises(BadInputError, match="A check with challenge parts is due") as refused:
        station.line.start()
    assert "Ctrl+F8" in refused.value.for_operator
    with pytest.raises(BadInputError, match="is due"):
        station.line.run("replay:none", on_part=print)
    check = checked(station)
    assert check.outcome is Outcome.PASSED
    assert [(each.part.name, each.verdict) for each in check.results] == [
        ("clean", Verdict.PASS), ("scratch 1", Verdict.FAIL)
    ]  # fmt: skip
    assert station.line.counts().triggers == 0
    assert station.records.recent() == ()
    kept = {path.name.partition("-")[0] for path in station.workspace.pictures.rglob("*.png")}
    assert kept == {"0001", "0002"}
    entry = station.audit.entries(AuditFilter(action=AuditAction.CHALLENGE_JUDGED))[0]
    assert (entry.person, entry.new) == ("Olga", check.in_words)
    assert all(alarm.returned for alarm in station.alarms.open)
    station.line.start(count=2)
    assert station.line.wait_stopped(30)
    assert station.line.counts().triggers == 2
    assert station.records.verify() == ()


def test_that_a_trigger_that_the_check_has_not_asked_for_opens_no_part(station: Station) -> None:
    released(station, PLAN)
    station.challenge.start("Olga")
    until(lambda: station.line.state is LineState.WAITING)
    with pytest.raises(LineNotReadyError, match="A check with challenge parts runs"):
        station.line.trigger()
    with pytest.raises(LineNotReadyError, match="A check with challenge parts runs"):
        station._core.line.running().trigger()  # what a plug-in is given
    station.challenge.break_off()
    until(lambda: station.challenge.progress is None)
    assert station.challenge.checks()[0].results == ()


def test_that_a_failed_check_is_said_although_another_program_has_settled_it(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(station, replace(PLAN, parts=(ChallengePart("scratch 1", Known.BAD, NOWHERE),)))
    settle = Checks.settle

    def twice(checks: Checks, *words: object) -> bool:
        return settle(checks, *words) and settle(checks, *words)

    monkeypatch.setattr(Checks, "settle", twice)
    assert checked(station).outcome is Outcome.FAILED
    assert AlarmKind.CHALLENGE_FAILED in [each.kind for each in station.alarms.open]


def test_that_a_line_judges_nothing_until_it_knows_whether_a_check_is_due(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(station, PLAN)
    checked(station)
    parts = station.news.subscribe(PartJudged)
    poll, asked = ChallengeWatch.poll, []

    def unreadable_at_first(watch: ChallengeWatch, recipe: Recipe) -> object:
        asked.append(recipe)
        return _refuse() if len(asked) == 2 else poll(watch, recipe)

    monkeypatch.setattr(ChallengeWatch, "poll", unreadable_at_first)
    station.line.start()
    withheld = next_of(parts, PartJudged).inspection
    assert withheld.views[0].cause is NotInspectedCause.CHECK_DUE
    next_of(parts, PartJudged, lambda judged: judged.inspection.verdict is Verdict.PASS)
    station.line.stop()
    assert station.line.wait_stopped(30)


def test_that_a_failed_check_makes_what_was_inspected_since_the_good_one_suspect_until_a_person_answers(
    station: Station,
) -> None:
    recipe = released(station, replace(PLAN, blocks=False))
    assert checked(station).outcome is Outcome.PASSED
    station.line.start(count=3)
    assert station.line.wait_stopped(30)
    released(station, replace(PLAN, blocks=False, parts=(CLEAN, ChallengePart("scratch 1", Known.BAD, NOWHERE))))
    failed = checked(station)
    assert failed.outcome is Outcome.FAILED
    assert failed.missed[0].sentence == "FAIL, but not at the expected place"
    left = station.challenge.suspects_left("plate")
    assert (left.count, left.passed) == (3, 2)
    alarm = next(each for each in station.alarms.open if each.kind is AlarmKind.CHALLENGE_FAILED)
    assert alarm.alarm.consequence == "3 parts are suspect, 2 of them passed."
    now = datetime.now(UTC)
    shift = station.challenge.of_shift(station.records.free_window(now - timedelta(hours=1), now))
    assert [each.suspects and each.suspects.count for each in shift] == [None, 3]
    released(station, recipe.challenge)
    assert checked(station).outcome is Outcome.PASSED
    assert station.challenge.suspects_left("plate").count == 3
    path = station.challenge.write_csv("plate")
    assert len(path.read_text("utf-8-sig").splitlines()) == 4
    assert left.last
    assert station.challenge.answer("plate", left.last, "Sue", "all three measured") == 3
    assert station.challenge.suspects_left("plate").count == 0
    entry = station.audit.entries(AuditFilter(action=AuditAction.SUSPECTS_ANSWERED))[0]
    assert (entry.person, entry.reason) == ("Sue", "all three measured")
    assert all(each.returned for each in station.alarms.open if each.kind is AlarmKind.CHALLENGE_FAILED)
    with pytest.raises(BadInputError, match="No part of plate is suspect"):
        station.challenge.answer("plate", left.last, "Sue", "again")


def test_that_a_check_that_becomes_due_on_a_running_line_ends_every_part_as_not_inspected(station: Station) -> None:
    plan = replace(PLAN, shift_start=False, after_change=True)
    released(station, plan)
    checked(station)
    states, parts = station.news.subscribe(LineStateChanged), station.news.subscribe(PartJudged)
    station.line.start()
    next_of(parts, PartJudged)
    changed = released(station, replace(plan, every_hours=8), TakesEffect.NOW)
    said = next_of(states, LineStateChanged, lambda change: change.state is LineState.CHECK_DUE)
    assert Why.CHANGE in said.for_operator
    withheld = next_of(parts, PartJudged, lambda judged: judged.inspection.verdict is Verdict.NOT_INSPECTED).inspection
    assert withheld.deciding.cause is NotInspectedCause.CHECK_DUE
    after = [next_of(parts, PartJudged).inspection for _ in range(5)]
    assert {part.deciding.cause for part in after} == {NotInspectedCause.CHECK_DUE}
    station.line.stop()
    assert station.line.wait_stopped(30)
    kinds = {each.kind for each in station.alarms.open}
    assert AlarmKind.CHALLENGE_DUE in kinds
    assert AlarmKind.NOT_INSPECTED_IN_A_ROW not in kinds
    assert station.line.recipe == changed


def test_that_a_check_that_was_broken_off_is_due_again_and_a_wrong_result_stays(station: Station) -> None:
    released(station, PLAN)
    checked(station)
    station.challenge.start()
    until(lambda: station.line.state is LineState.WAITING)
    station.challenge.break_off()
    until(lambda: station.challenge.progress is None)
    assert station.challenge.checks()[0].outcome is Outcome.NOT_FINISHED
    recipe = station.line.recipe
    assert recipe
    due = station.challenge.due(recipe)
    assert due
    assert due.why == (Why.NOT_FINISHED,)


def test_that_a_check_that_was_cut_off_is_settled_at_the_next_start(station: Station, monkeypatch) -> None:
    recipe = released(station, PLAN)
    station.challenge.start("Olga")
    inbox = station.news.subscribe(CheckChanged)
    take(station)
    next_of(inbox, CheckChanged)
    with monkeypatch.context() as patch:
        patch.setattr(Inspections, "end_run", lambda *_: None)  # as after kill -9: the run has no end in the records
        station.challenge.break_off()
        assert station.line.wait_stopped(30)
        until(lambda: station.challenge.progress is None)
    assert station.challenge.checks()[0].outcome is None
    with monkeypatch.context() as patch:
        patch.setattr(Checks, "settle", _refuse)
        with Station.open(station.workspace.root, station.settings) as opened:
            due = opened.challenge.due(recipe)
            assert due
            assert Why.NOT_FINISHED in due.why
    with Station.open(station.workspace.root, station.settings) as opened:
        check = opened.challenge.checks()[0]
        assert (check.outcome, len(check.results)) == (Outcome.NOT_FINISHED, 1)
        due = opened.challenge.due(recipe)
        assert due
        assert due.why[0] is Why.NOT_FINISHED


def test_that_the_plan_is_changed_as_a_draft(station: Station) -> None:
    base = station.recipes.find("plate").recipe
    entry = station.challenge.put_part(base, CLEAN, "Erik", "a part beside the line")
    assert (entry.state, entry.recipe.challenge.parts) == (RecipeState.DRAFT, (CLEAN,))
    bad = ChallengePart("Clean", Known.BAD, ANYWHERE)
    again = station.challenge.put_part(entry.recipe, bad, "Erik", "it is scratched")
    assert again.recipe.challenge.parts == (bad,)
    assert station.challenge.remove_part(again.recipe, "clean", "Erik", "lost").recipe.challenge.parts == ()
    with pytest.raises(BadInputError, match="has its place in a view 'top'"):
        station.challenge.put_part(base, replace(bad, place=replace(ANYWHERE, view="top")), "Erik", "why")


def test_that_a_recipe_without_challenge_parts_has_no_check(station: Station) -> None:
    station.line.load_recipe("plate")
    with pytest.raises(BadInputError, match="has no challenge parts"):
        station.challenge.start()
    assert RunKind.CHALLENGE not in {run.kind for run in station.records.shift(station.records.shifts()[0])[0].runs}
