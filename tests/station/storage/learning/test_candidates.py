"""What a candidate makes of recorded parts is kept, counted and found again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from promoted import promote

from station.domain.candidate import CandidateResult, Gate, GateCheck, Outcome, Promotion, ShadowFigures
from station.domain.errors import BadInputError
from station.domain.inspection import Inspection, PartKey, Run, RunHeader, RunKind
from station.domain.recipe import Recipe, RecipeState, StateChange
from station.domain.tried_corrections import BothVerdicts
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.learning.candidates import Candidates, ShadowStep
from station.storage.learning.compared_parts import ComparedParts, Pair
from station.storage.recipes.recipes import Recipes
from station.storage.records.inspections import Inspections


@pytest.fixture
def candidates(database: Database, recipe: Recipe, noon: datetime) -> Candidates:
    """The candidates of the recipe "tile": its revision 2 is a draft."""
    recipes = Recipes(database)
    recipes.add_revision(recipe, RecipeState.RELEASED, noon)
    recipes.add_revision(replace(recipe, revision=2), RecipeState.DRAFT, noon)
    return Candidates(database)


@pytest.fixture
def record(inspections: Inspections, part: Callable[..., Inspection]) -> Callable[..., PartKey]:
    def make(number: int, verdict: Verdict = Verdict.PASS, **others: object) -> PartKey:
        made = part(number, verdict, **others)
        inspections.record_part(made, (), keep_picture=False)
        return made.key

    return make


def judged(key: PartKey, verdict: Verdict) -> CandidateResult:
    return CandidateResult(key, Outcome.JUDGED, verdict, 0.4)


def test_that_the_results_of_a_candidate_are_counted_by_what_became_of_the_parts(candidates, record) -> None:
    verdicts = (Verdict.PASS, Verdict.PASS, Verdict.FAIL, Verdict.FAIL, Verdict.NOT_INSPECTED, Verdict.PASS)
    keys = [record(number, verdict) for number, verdict in enumerate(verdicts, 1)]
    said = (Verdict.PASS, Verdict.REVIEW, Verdict.FAIL, Verdict.PASS)
    results = [judged(key, verdict) for key, verdict in zip(keys, said, strict=False)]
    results += [CandidateResult(keys[4], Outcome.NO_PICTURE), CandidateResult(keys[5], Outcome.DROPPED)]
    candidates.add_results("tile", 2, results)
    assert candidates.figures("tile", 2) == ShadowFigures(
        judged=4, agree=2, only_candidate_rejects=1, only_champion_rejects=1, dropped=1, without_picture=1
    )
    assert candidates.figures("tile", 1) == ShadowFigures()


def test_that_parts_that_are_judged_differently_are_listed_newest_first(candidates, record) -> None:
    keys = [record(number, verdict) for number, verdict in enumerate((Verdict.PASS, Verdict.FAIL, Verdict.FAIL), 1)]
    said = (Verdict.FAIL, Verdict.PASS, Verdict.FAIL)
    candidates.add_results("tile", 2, [judged(key, verdict) for key, verdict in zip(keys, said, strict=True)])
    found = candidates.disagreements("tile", 2, 10)
    assert [each.key for each in found] == [keys[1], keys[0]]
    assert [(each.champion, each.candidate) for each in found] == [
        (Verdict.FAIL, Verdict.PASS),
        (Verdict.PASS, Verdict.FAIL),
    ]
    assert (found[0].champion_score, found[0].candidate_score) == (0.81, 0.4)
    assert [each.key for each in candidates.disagreements("tile", 2, 10, candidate_passes=True)] == [keys[1]]
    assert len(candidates.disagreements("tile", 2, 1)) == 1


def test_that_a_part_keeps_its_first_result_by_a_candidate(candidates, record) -> None:
    key = record(1)
    assert candidates.add_results("tile", 2, [judged(key, Verdict.PASS)]) == ()
    assert candidates.add_results("tile", 2, [judged(key, Verdict.FAIL)]) == ()
    assert candidates.figures("tile", 2) == ShadowFigures(judged=1, agree=1)


def test_that_the_result_of_a_part_without_a_record_waits_for_it(candidates, record) -> None:
    early, there = judged(PartKey(1, 7), Verdict.PASS), judged(record(1), Verdict.PASS)
    assert candidates.add_results("tile", 2, [there, early]) == (early,)
    record(7)
    assert candidates.add_results("tile", 2, [early]) == ()
    assert candidates.figures("tile", 2).judged == 2


def test_that_only_parts_of_production_by_another_revision_wait_for_a_candidate(
    candidates, record, inspections: Inspections, recipe: Recipe, noon: datetime
) -> None:
    def run_of(revision: int, kind: RunKind = RunKind.PRODUCTION) -> Run:
        return inspections.begin_run(
            replace(recipe, revision=revision), camera="", program_version="", started_at=noon, header=RunHeader(kind)
        )

    record(1)
    keys = [record(number) for number in (2, 3)]
    for other in (run_of(1, RunKind.TRIAL), run_of(2)):
        record(9, key=PartKey(other.run_id, 9))
    since = noon + timedelta(seconds=2)
    assert candidates.waiting("tile", 2, since) == tuple(keys)
    candidates.add_results("tile", 2, [judged(keys[0], Verdict.PASS)])
    assert candidates.waiting("tile", 2, since) == (keys[1],)


def test_that_the_last_step_says_which_candidate_judges(candidates, noon: datetime) -> None:
    assert candidates.current() is None
    candidates.start(ShadowStep("tile", 2, noon, "Ada"))
    assert candidates.current() == ShadowStep("tile", 2, noon, "Ada")
    candidates.stop("tile", 2, "Ada", noon)
    assert candidates.current() is None


def test_that_a_promotion_keeps_its_figures_or_changes_nothing(candidates, database: Database, noon: datetime) -> None:
    gate = Gate("tile@2", "tile@1", (GateCheck("Same verdicts", passed=True, sentence="0 flips."),))
    change = StateChange("Ada", "finds scratches", noon)
    entry = promote(database, ("tile", 2), gate, change)
    assert (entry.state, entry.change) == (RecipeState.RELEASED, change)
    assert Recipes(database).find_released("tile").recipe.revision == 2
    with pytest.raises(BadInputError, match="already released"):
        promote(database, ("tile", 2), gate, change)
    (kept,) = candidates.promotions("tile", 10)
    assert kept == Promotion("tile", 2, 1, "Ada", "finds scratches", noon, gate)
    assert kept.step == "tile 1 \u2192 2"
    assert candidates.promotions("cookie", 10) == ()


def test_that_parts_that_another_revision_judged_are_compared_by_a_trial_of_the_released_one(
    candidates: Candidates, database: Database, record: Callable[..., PartKey]
) -> None:
    own, passed = record(1, Verdict.FAIL), record(2)
    candidates.add_results("tile", 2, [judged(own, Verdict.PASS), judged(passed, Verdict.PASS)])
    compared = ComparedParts(database)
    pair = Pair("tile", 1, 2)
    assert compared.of(pair, [own, PartKey(9, 9)]) == {
        own: BothVerdicts(Verdict.FAIL, Verdict.FAIL, Outcome.JUDGED, Verdict.PASS)
    }
    assert compared.counted(pair) == {(Verdict.FAIL, Verdict.PASS): 1, (Verdict.PASS, Verdict.PASS): 1}
    later = Pair("tile", 3, 2)
    assert compared.of(later, [own])[own].champion is None
    assert compared.counted(later) == {}
    assert candidates.untried("tile", 3, [own, passed, PartKey(9, 9)]) == (own, passed)
    assert candidates.untried("tile", 2, [own]) == ()
    assert candidates.untried("tile", 1, [own]) == (), "the line recorded it"
