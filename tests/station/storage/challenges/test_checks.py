from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from station.domain.challenge import GoodCheck, Outcome, Why, results_of
from station.domain.challenge_plan import ChallengePart, ChallengePlan, ExpectedPlace, Known
from station.domain.errors import BadInputError
from station.domain.inspection import Inspection, PartKey, Run, RunHeader, RunKind
from station.domain.recipe import Recipe
from station.domain.suspects import suspect_windows
from station.domain.verdict import Verdict
from station.storage.challenges.checks import Checks
from station.storage.challenges.suspects import Suspects
from station.storage.engine.database import Database
from station.storage.records.inspections import Inspections

PLAN = ChallengePlan(
    parts=(
        ChallengePart("clean", Known.GOOD),
        ChallengePart("scratch 1", Known.BAD, ExpectedPlace("", 0, 0, 30, 30)),
    )
)


@pytest.fixture
def begin(inspections: Inspections, recipe: Recipe, noon: object) -> Callable[..., Run]:
    def make(kind: RunKind = RunKind.CHALLENGE, name: str = "tile", after_s: int = 0) -> Run:
        at = noon + timedelta(seconds=after_s)  # type: ignore[operator]
        header = RunHeader(kind)
        made = replace(recipe, name=name)
        return inspections.begin_run(made, camera="c", program_version="1", started_at=at, person="Ada", header=header)

    return make


def test_that_a_check_is_settled_once_with_its_results(
    database: Database, inspections: Inspections, begin: Callable[..., Run], part: Callable[..., Inspection]
) -> None:
    checks, run = Checks(database), begin()
    good = part(1, key=PartKey(run.run_id, 1))
    bad = part(2, Verdict.FAIL, key=PartKey(run.run_id, 2))
    for each in (good, bad):
        inspections.record_part(each, (), keep_picture=False)
    assert checks.find(run.run_id).outcome is None
    assert checks.unsettled() == ()
    inspections.end_run(run.run_id, run.started_at)
    assert [check.run_id for check in checks.unsettled()] == [run.run_id]
    results = results_of(PLAN, (good, bad))
    assert checks.settle(run.run_id, Outcome.PASSED, 2, results, run.started_at)
    assert not checks.settle(run.run_id, Outcome.FAILED, 2, (), run.started_at)
    check = checks.find(run.run_id)
    assert (check.outcome, check.results, check.wanted) == (Outcome.PASSED, results, 2)
    assert checks.unsettled() == ()
    assert checks.last_good("tile") == GoodCheck(run.run_id, 1, run.started_at)
    assert checks.last_good("other") is None
    with pytest.raises(BadInputError, match="no check 99"):
        checks.find(99)


def test_that_what_is_written_of_a_check_cannot_be_changed(database: Database, begin: Callable[..., Run]) -> None:
    checks, run = Checks(database), begin()
    checks.settle(run.run_id, Outcome.FAILED, 2, (), run.started_at)
    for change in ("UPDATE challenge_check SET outcome = 'passed'", "DELETE FROM challenge_check"):
        with pytest.raises(Exception, match="only added"), database.writing() as connection:
            connection.execute(text(change))


def test_that_a_reason_is_remembered_until_a_check_passes(database: Database, begin: Callable[..., Run]) -> None:
    checks = Checks(database)
    checks.note("tile", 0, (Why.SHIFT_START, Why.HOURS), begin().started_at)
    assert checks.noted("tile", 0) == {Why.SHIFT_START, Why.HOURS}
    assert checks.noted("tile", 5) == checks.noted("other", 0) == frozenset()


def test_that_suspects_are_the_parts_of_production_of_the_product_alone(
    database: Database, inspections: Inspections, begin: Callable[..., Run], part: Callable[..., Inspection]
) -> None:
    checks, suspects = Checks(database), Suspects(database)

    def made(kind: RunKind, name: str = "tile", outcome: Outcome | None = None) -> int:
        run_id = begin(kind, name).run_id
        for number in (1, 2):
            inspections.record_part(part(number, key=PartKey(run_id, number)), (), keep_picture=False)
        if outcome:
            checks.settle(run_id, outcome, 2, (), begin().started_at)
        return run_id

    made(RunKind.PRODUCTION)
    good = made(RunKind.CHALLENGE, outcome=Outcome.PASSED)
    first = made(RunKind.PRODUCTION)
    made(RunKind.PRODUCTION, "other")
    made(RunKind.TRIAL)
    made(RunKind.CHALLENGE, outcome=Outcome.FAILED)
    later = made(RunKind.PRODUCTION)
    windows = suspect_windows(checks.outcomes("tile"))
    found = [each.key for each in suspects.parts("tile", windows)]
    assert found == [PartKey(run, number) for run in (first, later) for number in (1, 2)]
    summary = suspects.summary("tile", windows)
    assert (summary.count, summary.passed, summary.first, summary.last) == (4, 4, found[0], found[-1])
    assert summary.since == inspections.find_run(good).started_at
    suspects.answer("tile", found[1], 2, ("Ada", "all measured"), begin().started_at)
    assert suspects.answered("tile") == found[1]
    assert [each.key for each in suspects.parts("tile", windows, found[1])] == found[2:]
    made(RunKind.CHALLENGE, outcome=Outcome.PASSED)
    made(RunKind.PRODUCTION)
    assert suspects.summary("tile", suspect_windows(checks.outcomes("tile"))).count == 4


def test_that_another_product_since_a_check_is_known(
    database: Database, begin: Callable[..., Run], tmp_path: Path
) -> None:
    checks, run = Checks(database), begin()
    assert not checks.other_product_since("tile", run.run_id)
    begin(RunKind.TRIAL, "other")
    begin(RunKind.PRODUCTION, "tile")
    assert not checks.other_product_since("tile", run.run_id)
    begin(RunKind.PRODUCTION, "other")
    assert checks.other_product_since("tile", run.run_id)
