"""From corrections to a training, on a real station."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from corrected import PRODUCT, mark_defects, release_disc
from drafts import run_line

from station.app import Station
from station.domain.corrections import LearningState
from station.domain.dataset import DatasetCounts, Label
from station.domain.errors import BadInputError
from station.domain.feedback import Disposition
from station.domain.permissions import PermissionRefusedError, Role
from station.domain.recipe import Recipe, RecipeState
from station.domain.verdict import Verdict
from station.learning.datasets import load_dataset
from station.learning.runs import starting

_WAIT_S = 60


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
