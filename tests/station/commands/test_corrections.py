"""From corrections to a training, on a real station."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from corrected import PRODUCT, finish_training, mark_defects, release_disc
from drafts import run_line

from station.app import Station
from station.domain.clock import utc_now
from station.domain.corrections import LearningState
from station.domain.dataset import DatasetCounts, Label
from station.domain.errors import BadInputError
from station.domain.feedback import Disposition
from station.domain.permissions import PermissionRefusedError, Role
from station.domain.recipe import Recipe, RecipeState
from station.domain.training import TrainingOrder
from station.domain.verdict import Verdict
from station.learning.datasets import load_dataset
from station.learning.runs import starting

_WAIT_S = 60
TILE, NIGHT = "Wall tile", "tile-night"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def taught(station: Station, tmp_path: Path) -> Iterator[Station]:
    """Disc@1 is released; what a test queues is cancelled at its end."""
    release_disc(station, tmp_path)
    yield station
    for run in station.training.runs():
        if not run.state.ended:
            station.training.cancel(run.number)
    for runner in starting._started:
        runner.wait(_WAIT_S)


def test_that_a_product_without_a_released_model_has_nothing_to_correct(station: Station) -> None:
    assert station.corrections.state("disc") == LearningState()
    with pytest.raises(BadInputError, match="nothing to correct"):
        station.corrections.teach("disc")


def test_that_corrections_are_counted_from_the_version_that_the_released_revision_was_taught_from(
    taught: Station, tmp_path: Path
) -> None:
    before = taught.corrections.state(PRODUCT).corrections
    assert before is not None
    assert (before.model, before.count, before.absent, before.enough) == ("disc@1", 0, 0, False)
    mark_defects(taught, tmp_path, 5)
    after = taught.corrections.state(PRODUCT).corrections
    assert after is not None
    assert (after.marked, after.count, after.enough, after.traced) == (5, 5, True, True)
    assert taught.corrections.state(PRODUCT, "top") == LearningState()


def test_that_one_command_freezes_and_queues_a_training_with_defects(taught: Station, tmp_path: Path) -> None:
    mark_defects(taught, tmp_path, 5)
    run = taught.corrections.teach(PRODUCT, person="Ada")
    version = taught.datasets.versions(PRODUCT)[0]
    assert (version.good, version.defects, version.frozen_by) == (12, 5, "Ada")
    assert (run.order.dataset_version, run.order.with_defects, run.person) == (version.version, True, "Ada")
    waiting = taught.corrections.state(PRODUCT).run
    assert waiting is not None
    assert waiting.number == run.number


def test_that_pictures_that_only_the_present_model_knows_are_taught_too(taught: Station, tmp_path: Path) -> None:
    """A recipe that was taught from a folder, on the command line, has none of its pictures in the working set."""
    old = taught.recipes.find(PRODUCT).recipe
    version = taught.workspace.datasets / PRODUCT / old.views[0].dataset_version
    shutil.copytree(version, taught.workspace.datasets / "bolt" / version.name)
    taught.recipes.add(Recipe("bolt", 1, "bolt", old.views), RecipeState.RELEASED)
    mark_defects(taught, tmp_path, 6)
    taught.datasets.import_folder(tmp_path / "later", "bolt")
    found = taught.corrections.state("bolt").corrections
    assert found is not None
    assert (found.unmarked, found.absent) == (6, 12)
    run = taught.corrections.teach("bolt")
    assert DatasetCounts.of(taught.datasets.items("bolt")) == DatasetCounts(12, 6, 0, {"dent": 6})
    assert _learned_from(taught.workspace.datasets / "bolt" / run.order.dataset_version) == _learned_from(version)


def _learned_from(version: Path) -> set[bytes]:
    return {picture.path.read_bytes() for picture in load_dataset(version).pictures_of("train")}


def test_that_a_version_that_is_not_here_is_said(taught: Station, tmp_path: Path) -> None:
    shutil.rmtree(taught.workspace.datasets / PRODUCT / taught.datasets.versions(PRODUCT)[0].version)
    mark_defects(taught, tmp_path, 1)
    found = taught.corrections.state(PRODUCT).corrections
    assert found is not None
    assert not found.traced
    assert "are not on this station" in found.sentence


def test_that_disputed_parts_are_brought_in_and_count_once_they_are_labelled(taught: Station) -> None:
    run_line(taught, PRODUCT, 6)
    rejected = next(part for part in taught.records.recent() if part.verdict is Verdict.FAIL)
    taught.review.give_feedback(rejected.key, Disposition.GOOD_PART, "dust", "Ben")
    found = taught.corrections.state(PRODUCT).corrections
    assert found is not None
    assert (found.disputed, found.count) == ((rejected.key,), 0)
    added = taught.corrections.bring_disputed(PRODUCT)
    (item_id,) = added.item_ids
    there = taught.corrections.state(PRODUCT).corrections
    assert there is not None
    assert (there.disputed, there.unlabelled, there.count) == ((), 1, 0)
    taught.datasets.label([item_id], Label.GOOD)
    labelled = taught.corrections.state(PRODUCT).corrections
    assert labelled is not None
    assert (labelled.unlabelled, labelled.good) == (0, 1)
    assert taught.corrections.bring_disputed(PRODUCT).item_ids == ()


@pytest.fixture
def night(station: Station, tmp_path: Path) -> Iterator[Station]:
    """The product "Wall tile" is inspected by the recipe "tile-night"."""
    release_disc(station, tmp_path, name=NIGHT, product=TILE)
    yield station
    for run in station.training.runs():
        if not run.state.ended:
            station.training.cancel(run.number)
    for runner in starting._started:
        runner.wait(_WAIT_S)


@pytest.mark.slow
def test_that_corrections_reach_the_recipe_that_inspects_the_product(night: Station, tmp_path: Path) -> None:
    mark_defects(night, tmp_path, 5, TILE)
    found = night.corrections.state(TILE).corrections
    assert found is not None
    assert (found.model, found.marked, found.traced, found.absent) == ("tile-night@1", 5, True, 0)
    run = night.corrections.teach(TILE, person="Ada")
    assert (run.order.product, run.order.recipe, run.order.dataset_version) == (
        TILE,
        NIGHT,
        night.datasets.versions(TILE)[0].version,
    )
    waiting = night.corrections.state(TILE).run
    assert waiting is not None
    assert night.corrections.state(NIGHT) == LearningState(), "the name of a recipe"


@pytest.mark.slow
def test_that_a_draft_of_another_recipe_name_is_offered_tried_and_shown(night: Station, tmp_path: Path) -> None:
    run_line(night, NIGHT, 6)
    rejected = next(part for part in night.records.recent() if part.verdict is Verdict.FAIL)
    night.review.give_feedback(rejected.key, Disposition.GOOD_PART, "dust", "Ben")
    (item_id,) = night.corrections.bring_disputed(TILE).item_ids
    item = night.datasets.item(item_id)
    assert (item.product, item.part) == (TILE, rejected.key)
    night.datasets.label([item_id], Label.GOOD)
    mark_defects(night, tmp_path, 5, TILE)
    finish_training(night, NIGHT)
    state = night.corrections.state(TILE)
    assert state.draft == (NIGHT, 2)
    assert night.candidates.try_on_stored(*state.draft, LONG_AGO).judged > 0
    assert "0 of 1 corrections are judged right by tile-night@2" in night.corrections.state(TILE).changed


@pytest.mark.slow
def test_that_a_draft_is_tried_on_every_corrected_part_and_says_what_is_gone(night: Station) -> None:
    run_line(night, NIGHT, 6)
    fails = [part.key for part in night.records.recent() if part.verdict is Verdict.FAIL]
    for key in fails:
        night.review.give_feedback(key, Disposition.GOOD_PART, "dust", "Ben")
    old = night.recipes.find(NIGHT).recipe
    lax = replace(old.views[0], limits=replace(old.views[0].limits, min_area_px=10**7))
    night.recipes.add(replace(old, revision=2, views=(lax,)), RecipeState.DRAFT)
    before = night.corrections.tried(NIGHT, 2)
    assert (before.after.n, before.waiting) == (0, len(fails))
    original = night._core.inspections.find_part(fails[0]).views[0].original
    assert original is not None
    (night.workspace.pictures / original.path).unlink()
    found = night.corrections.try_draft(NIGHT, 2, utc_now())  # nothing is newer than this
    assert (found.before.count, found.after.count, found.after.n) == (0, len(fails) - 1, len(fails) - 1)
    assert (found.lost, found.waiting) == (1, 0)
    assert "1 whose picture is lost or was changed" in found.sentence


@pytest.mark.slow
def test_that_the_released_revision_judges_corrections_of_an_older_one_again(night: Station) -> None:
    run_line(night, NIGHT, 6)
    fails = [part.key for part in night.records.recent() if part.verdict is Verdict.FAIL]
    night.review.give_feedback(fails[0], Disposition.GOOD_PART, "dust", "Ben")
    old = night.recipes.find(NIGHT).recipe
    lax = replace(old.views[0], limits=replace(old.views[0].limits, min_area_px=10**7))
    night.recipes.add(replace(old, revision=2, views=(lax,)), RecipeState.RELEASED)
    night.recipes.add(replace(old, revision=3), RecipeState.DRAFT)
    found = night.corrections.try_draft(NIGHT, 3, utc_now())
    assert (found.before.count, found.after.count, found.after.n) == (1, 0, 1)
    assert found.sentence.startswith("0 of 1 corrections are judged right by tile-night@3")


@pytest.mark.slow
def test_that_a_part_of_another_recipe_of_the_product_is_tried_and_its_word_counts(night: Station) -> None:
    old = night.recipes.find(NIGHT).recipe
    night.recipes.add(replace(old, name="tile-day"), RecipeState.RELEASED)
    run_line(night, "tile-day", 6)
    rejected = next(part for part in night.records.recent() if part.verdict is Verdict.FAIL)
    night.review.give_feedback(rejected.key, Disposition.GOOD_PART, "dust", "Ben")
    lax = replace(old.views[0], limits=replace(old.views[0].limits, min_area_px=10**7))
    night.recipes.add(replace(old, revision=2, views=(lax,)), RecipeState.DRAFT)
    found = night.corrections.try_draft(NIGHT, 2, utc_now())
    assert (found.before.count, found.after.count, found.after.n) == (0, 1, 1)
    passed = next(each for each in night.candidates.gate(NIGHT, 2).checks if each.name == "Parts that would pass now")
    assert passed.passed, passed.sentence


@pytest.mark.slow
def test_that_of_two_recipes_of_a_product_the_one_with_most_to_learn_is_taught(night: Station, tmp_path: Path) -> None:
    old = night.recipes.find(NIGHT).recipe
    mark_defects(night, tmp_path, 5, TILE)
    knows = night.datasets.freeze(TILE).version
    view = replace(old.views[0], dataset_version=knows)
    night.recipes.add(Recipe("tile-day", 1, TILE, (view,)), RecipeState.RELEASED)
    with pytest.raises(BadInputError, match="Several recipes inspect 'Wall tile': 'tile-day', 'tile-night'"):
        night.training.enqueue(TrainingOrder(TILE, "", knows, "fast"))
    run = night.corrections.teach(TILE)
    assert run.order.recipe == NIGHT, "tile-day was taught from these defects"


def test_that_a_confirmed_reject_is_not_disputed(taught: Station) -> None:
    run_line(taught, PRODUCT, 6)
    rejected = next(part for part in taught.records.recent() if part.verdict is Verdict.FAIL)
    taught.review.give_feedback(rejected.key, Disposition.CONFIRMED, "", "Ben")
    found = taught.corrections.state(PRODUCT).corrections
    assert found is not None
    assert found.disputed == ()


def test_that_a_draft_that_no_training_made_is_not_offered(taught: Station) -> None:
    old = taught.recipes.find(PRODUCT).recipe
    taught.recipes.add(replace(old, revision=2), RecipeState.DRAFT)
    assert taught.corrections.state(PRODUCT).draft is None


def test_that_an_operator_cannot_teach(taught: Station, tmp_path: Path) -> None:
    mark_defects(taught, tmp_path, 5)
    with pytest.raises(PermissionRefusedError):
        taught.acting_as(Role.OPERATOR).corrections.teach(PRODUCT)
    assert len(taught.datasets.versions(PRODUCT)) == 1
