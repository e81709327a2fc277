"""A draft is promoted through its gate: parts of the line, labelled pictures, and the same verdicts as trained."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from drafts import add_draft
from waiting import until

from station.app import Station
from station.commands import promotion_gate
from station.domain.candidate import GateCheck
from station.domain.errors import BadInputError, GivenUpError
from station.domain.feedback import Disposition
from station.domain.recipe import Recipe, RecipeState, RegionOfInterest
from station.learning.datasets import import_folder, load_dataset
from station.learning.layout.labelled import Reading
from station.learning.regression import Judged, regression_check
from station.learning.teaching import Taught
from station.settings import CameraSettings, Settings

FEWEST = 30


@pytest.fixture
def learned(taught: Taught, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Station]:
    """A station whose taught product "disc" is released, and whose camera shows its test pictures."""
    monkeypatch.setattr(promotion_gate, "FEWEST_PARTS", FEWEST)
    root = tmp_path / "home"
    camera = CameraSettings(source=f"replay:{taught.dataset.folder / 'test'}?rate=10&loop=1", trigger="free")
    with Station.open(root, Settings(camera=camera)) as station:
        shutil.copytree(taught.package.folder, root / "models" / taught.package.folder.name)
        shutil.copytree(taught.dataset.folder, root / "datasets/disc" / taught.dataset.version)
        station.recipes.add(Recipe("disc", 1, "disc", (taught.view,)), RecipeState.RELEASED)
        yield station


def shadow_line(station: Station) -> None:
    """Let the draft judge enough parts beside the line."""
    station.candidates.start_shadow("disc", 2, "Ada")
    station.line.load_recipe("disc")
    station.line.start()
    until(lambda: station.candidates.figures("disc", 2).judged >= FEWEST)
    station.line.stop()
    assert station.line.wait_stopped(60)
    station.candidates.stop_shadow("Ada")


def failed_checks(station: Station) -> list[str]:
    return [check.name for check in station.candidates.gate("disc", 2).checks if not check.passed]


def test_that_a_candidate_as_good_as_the_released_revision_is_promoted_and_rolled_back(learned: Station) -> None:
    add_draft(learned, "disc")
    assert failed_checks(learned) == ["Parts of the line"]
    shadow_line(learned)
    with pytest.raises(BadInputError, match="No reason was given for the promotion"):
        learned.candidates.promote("disc", 2, "Ada", " ")
    entry = learned.candidates.promote("disc", 2, "Ada", "finds scratches")
    assert entry.state is RecipeState.RELEASED
    assert (entry.change.person, entry.change.reason) == ("Ada", "finds scratches")
    assert learned.recipes.find("disc").recipe.revision == 2
    assert [(each.step, each.person) for each in learned.candidates.promotions("disc")] == [("disc 1 \u2192 2", "Ada")]
    assert learned.recipes.to_roll_back_to("disc").recipe.revision == 1
    learned.recipes.roll_back("disc", "Ada", "too many rejects")
    assert learned.recipes.to_roll_back_to("disc") is None
    assert learned.recipes.find("disc").recipe.views == learned.recipes.find("disc", 1).recipe.views


def test_that_a_candidate_that_passes_defects_is_refused_by_name(learned: Station) -> None:
    add_draft(learned, "disc", lax=True)
    shadow_line(learned)
    gate = learned.candidates.gate("disc", 2)
    refused = {check.name: check.sentence for check in gate.checks if not check.passed}
    assert refused.keys() == {"Parts that would pass now", "Labelled pictures"}
    assert "Defects that the released revision finds now pass: test/" in refused["Labelled pictures"]
    with pytest.raises(BadInputError, match="disc@2 cannot be promoted"):
        learned.candidates.promote("disc", 2, "Ada", "finds scratches")
    assert learned.recipes.find("disc").recipe.revision == 1


def test_that_a_candidate_with_another_region_than_taught_is_refused(learned: Station) -> None:
    old = learned.recipes.find("disc").recipe
    view = replace(old.views[0], roi=RegionOfInterest(8, 8, 40, 40))
    learned.recipes.add(replace(old, revision=2, views=(view,)))
    assert "Region of interest" in failed_checks(learned)


def test_that_a_candidate_must_find_the_defects_of_the_set_that_the_released_revision_was_measured_with(
    learned: Station, taught: Taught
) -> None:
    datasets = learned.workspace.datasets
    known = load_dataset(datasets / "disc" / taught.dataset.version)
    defects = [picture for picture in known.pictures if not picture.good]
    fewer = tuple(picture for picture in known.pictures if picture not in defects[1:])
    version = import_folder(Reading(known.folder, fewer, has_split=True), "disc", datasets).version
    old = learned.recipes.find("disc").recipe
    learned.recipes.add(replace(old, revision=2, views=(replace(old.views[0], dataset_version=version),)))
    labelled = next(check for check in learned.candidates.gate("disc", 2).checks if check.name == "Labelled pictures")
    assert f"of {len(defects)} defects found" in labelled.sentence


def test_that_parts_judged_by_another_revision_than_the_released_one_do_not_count(learned: Station) -> None:
    add_draft(learned, "disc")
    shadow_line(learned)
    old = learned.recipes.find("disc").recipe
    learned.recipes.add(replace(old, revision=3), RecipeState.RELEASED)
    live = learned.candidates.gate("disc", 2).checks[0]
    assert not live.passed
    assert "No part was judged by the candidate yet. At least 30 that disc@3 judged are needed." in live.sentence


def test_that_parts_which_a_person_called_good_may_pass(learned: Station) -> None:
    add_draft(learned, "disc", lax=True)
    shadow_line(learned)
    for each in learned.candidates.disagreements("disc", 2):
        learned.review.give_feedback(each.key, Disposition.GOOD_PART, "dust", "Ada")
    until(lambda: "Parts that would pass now" not in failed_checks(learned))


def test_that_nothing_is_promoted_before_its_gate_was_looked_at(learned: Station) -> None:
    add_draft(learned, "disc")
    with pytest.raises(BadInputError, match="was not looked at"):
        learned.candidates.promote("disc", 2, "Ada", "finds scratches")


def test_that_a_check_that_is_given_up_counts_as_not_made(learned: Station) -> None:
    add_draft(learned, "disc")
    pictures = iter([True] * 3)
    with pytest.raises(GivenUpError, match="check of disc@2 was given up"):
        learned.candidates.gate("disc", 2, wanted=lambda: next(pictures, False))
    with pytest.raises(BadInputError, match="was not looked at"):
        learned.candidates.promote("disc", 2, "Ada", "finds scratches")
    assert learned.recipes.find("disc").recipe.revision == 1


def judged(missed: str = "", rejected: str = "", defects: int = 4, good: int = 40) -> Judged:
    return Judged(frozenset(missed.split()), frozenset(rejected.split()), defects, good)


@pytest.mark.parametrize(
    ("candidate", "champion", "passed", "says"),
    [
        (judged(), judged(missed="a"), True, "4 of 4 defects found"),
        (judged(missed="a"), judged(missed="b"), False, "finds now pass: a."),
        (judged(rejected="x y"), judged(rejected="x"), True, "2 of 40 good parts rejected (before: 4 and 1)"),
        (judged(rejected="u v w x y z"), judged(rejected="x"), False, "More good parts are rejected: u, v, w, y, z."),
        (judged(missed="a"), None, True, "no revision is released to compare with"),
        (judged(defects=0, good=0), None, False, "no labelled pictures"),
        (judged(defects=0), judged(defects=0), False, "Without a labelled defect"),
    ],
)
def test_that_a_candidate_may_be_no_worse_on_labelled_pictures(
    candidate: Judged, champion: Judged | None, passed: bool, says: str
) -> None:
    check: GateCheck = regression_check(candidate, champion)
    assert check.passed is passed
    assert says in check.sentence
