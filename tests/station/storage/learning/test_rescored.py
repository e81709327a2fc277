"""A re-score in the records: what waits, what was said, and what is tried again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from station.domain.inspection import Inspection, PartKey
from station.domain.recipe import Recipe, RecipeState
from station.domain.rescore import RescoredPart, RescoredView, Said
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.learning.rescored import Rescored
from station.storage.learning.rescored_scores import RescoredScores
from station.storage.recipes.recipes import Recipes
from station.storage.records.inspections import Inspections
from station.storage.records.scores import ViewSought
from station.storage.records.tables import GivenUpPictureRow, PictureRow

GOOD, BAD = Said(Verdict.PASS, 0.25), Said(Verdict.FAIL, 0.75)
VIEWS = (RescoredView("", 0.75, 0.5, 40),)


@pytest.fixture
def keys(
    database: Database, inspections: Inspections, recipe: Recipe, part: Callable[..., Inspection], noon: datetime
) -> list[PartKey]:
    """Six parts of "tile@1": four with their picture, one whose picture was given up, one that was not inspected."""
    recipes = Recipes(database)
    recipes.add_revision(recipe, RecipeState.RELEASED, noon)
    recipes.add_revision(replace(recipe, revision=2), RecipeState.DRAFT, noon)
    made = [part(number, Verdict.NOT_INSPECTED if number == 6 else Verdict.PASS) for number in range(1, 7)]
    for each in made:
        inspections.record_part(each, (), keep_picture=False)
    rows = [_picture(each.key) for each in made[:5]]
    with database.writing() as connection:
        connection.execute(insert(PictureRow), rows[:4])
        connection.execute(insert(GivenUpPictureRow), [rows[4] | {"why": "the disk was full", "at": noon}])
    return [each.key for each in made]


def _picture(key: PartKey) -> dict[str, object]:
    return {"run_id": key.run_id, "number": key.part, "view": 0, "role": "original", "path": f"{key.part}.png",
            "sha256": "0" * 64, "size": 1}  # fmt: skip


def test_that_what_was_not_judged_waits_and_what_was_judged_does_not(database, keys, noon) -> None:
    rescored, since = Rescored(database), noon - timedelta(days=1)
    job, is_new = rescored.begin(("tile", 2), ("tile", 1), "these versions", "Ada", noon)
    assert is_new
    assert rescored.begin(("tile", 2), ("tile", 1), "these versions", "Eve", noon) == (job, False)
    assert rescored.begin(("tile", 2), ("tile", 1), "other versions", "Ada", noon)[0].job_id != job.job_id
    waiting = list(rescored.to_judge(job, since))
    assert [each.key for each in waiting] == keys[:4]
    assert {each.recorded.verdict for each in waiting} == {Verdict.PASS}
    assert waiting[0].originals[0][1].path == "1.png"
    rescored.add(job, [RescoredPart(keys[0], GOOD, BAD, views=VIEWS), RescoredPart(keys[1], GOOD, None, "It is lost.")])
    rescored.add(job, [RescoredPart(keys[2], GOOD, GOOD, views=VIEWS)])
    assert [each.key for each in rescored.to_judge(job, since)] == [keys[1], keys[3]]
    figures = rescored.figures(job, since)
    assert (figures.judged, figures.not_judged, figures.waiting) == (2, 1, 1)
    assert figures.turns == {(Verdict.PASS, Verdict.FAIL): 1}
    assert figures.left_out == {"not inspected": 1, "not kept": 1}
    assert [(each.key, each.before, each.after, each.pictures) for each in rescored.flips(job, since)] == [
        (keys[0], GOOD, BAD, ("1.png",))
    ]
    assert [(each.key, each.cause) for each in rescored.not_judged(job, since)] == [(keys[1], "It is lost.")]
    rescored.add(job, [RescoredPart(keys[1], GOOD, GOOD, views=VIEWS)])
    assert list(rescored.not_judged(job, since)) == []
    assert rescored.waiting(job, since) == 1
    assert rescored.waiting(job, noon + timedelta(days=1)) == 0
    assert rescored.figures(job, noon + timedelta(days=1)).judged == 0


def test_that_a_copy_elsewhere_has_what_the_station_gave_up(database, keys, noon) -> None:
    rescored, since = Rescored(database, kept_elsewhere=True), noon - timedelta(days=1)
    job, _ = rescored.begin(("tile", 2), ("tile", 1), "these versions", "Ada", noon)
    assert [each.key for each in rescored.to_judge(job, since)] == keys[:5]
    assert rescored.figures(job, since).left_out == {"not inspected": 1}


def test_that_the_newest_score_of_a_revision_counts_and_parts_of_its_own_do_not(database, keys, noon) -> None:
    rescored, scores, since = Rescored(database), RescoredScores(database), noon - timedelta(days=1)
    for versions, score in (("old", 0.5), ("new", 0.75)):
        job, _ = rescored.begin(("tile", 2), ("tile", 1), versions, "Ada", noon)
        view = replace(VIEWS[0], pred_score=score)
        rescored.add(job, [RescoredPart(key, GOOD, Said(Verdict.FAIL, score), views=(view,)) for key in keys[:2]])
    found = scores.of_line([("tile", 2)], ViewSought("", 0.5), since).pictures
    assert (found.scores.tolist(), found.highest.tolist(), found.largest_px.tolist()) == (
        [0.75] * 2,
        [0.5] * 2,
        [40] * 2,
    )
    assert found.keys.tolist() == [[key.run_id, key.part] for key in keys[:2]]
    assert len(scores.of_line([("tile", 1)], ViewSought("", 0.5), since).pictures) == 0
    assert len(scores.of_line([("tile", 2), ("tile", 1)], ViewSought("", 0.5), since).pictures) == 0
