"""A labelled set judged by a revision, expected against got, and the draft accepted by a person."""

import shutil
from pathlib import Path

import pytest

from station.app import Station
from station.domain.errors import BadInputError
from station.domain.recipe import Recipe, RecipeState
from station.domain.validation import ValidatedPicture
from station.domain.verdict import Verdict


@pytest.fixture
def labelled(tmp_path: Path, station: Station) -> Path:
    """The parts of the station: 1 and 4 have a defect; number 2 is put among the defects by mistake."""
    folder = tmp_path / "labelled"
    for number in range(6):
        home = folder / ("NG" if number in (1, 2, 4) else "OK")
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(tmp_path / "parts" / f"{number}.png", home)
    return folder


@pytest.fixture
def draft(station: Station) -> Recipe:
    return station.recipes.set_value("plate", 1, "limits.min_area_px", "1", "Ada", "dust").recipe


def test_that_each_verdict_is_kept_with_what_was_expected(station: Station, labelled: Path, draft: Recipe) -> None:
    validation = station.validation.validate(labelled, "plate", 2, person="Ada")
    assert station.validation.newest(draft) == {"": validation}
    assert (validation.escapes.count, validation.escapes.n) == (1, 3)
    assert (validation.overkill.count, validation.overkill.n) == (0, 3)
    assert [(Path(each.name).name, each.verdict) for each in validation.differing] == [("2.png", Verdict.PASS)]
    assert validation.words == "2 of 3 defects found, 0 of 3 good parts rejected"
    assert station.recipes.find("plate", 2).state is RecipeState.DRAFT


def test_that_a_validated_draft_names_the_person_the_reason_and_the_result(
    station: Station, labelled: Path, draft: Recipe
) -> None:
    with pytest.raises(BadInputError, match="No labelled set was judged"):
        station.validation.accept("plate", 2, "Ada", "one label is wrong")
    station.validation.validate(labelled, "plate", 2, person="Ada")
    entry = station.validation.accept("plate", 2, "Ada", "one label is wrong")
    assert entry.state is RecipeState.VALIDATED
    assert entry.change.reason == "one label is wrong (2 of 3 defects found, 0 of 3 good parts rejected)"
    assert station.recipes.release("plate", 2, "Ada", "good").state is RecipeState.RELEASED


def test_that_each_view_needs_its_own_validation(station: Station, labelled: Path, duo: Recipe) -> None:
    station.recipes.set_value("duo", 1, "top.limits.min_area_px", "1", "Ada", "dust")
    station.validation.validate(labelled, "duo", 2, view="top", person="Ada")
    with pytest.raises(BadInputError, match=r"judged by 'side' of duo@2"):
        station.validation.accept("duo", 2, "Ada", "good")
    station.validation.validate(labelled, "duo", 2, view="side", person="Ada")
    assert station.validation.accept("duo", 2, "Ada", "good").state is RecipeState.VALIDATED


def test_that_a_revision_with_another_region_is_not_validated(station: Station, labelled: Path) -> None:
    station.recipes.set_value("plate", 1, "roi", "0,0,64,64", "Ada", "closer")
    with pytest.raises(BadInputError, match="not the one that its model was taught on"):
        station.validation.validate(labelled, "plate", 2, person="Ada")
    with pytest.raises(BadInputError, match="No person"):
        station.validation.validate(labelled, "plate", 1, person=" ")


@pytest.mark.parametrize(
    ("kind", "verdict", "expected"),
    [
        ("good", Verdict.PASS, True),
        ("good", Verdict.REVIEW, False),
        ("good", Verdict.NOT_INSPECTED, False),
        ("scratch", Verdict.FAIL, True),
        ("scratch", Verdict.REVIEW, True),
        ("scratch", Verdict.PASS, False),
        ("scratch", Verdict.NOT_INSPECTED, False),
    ],
)
def test_that_a_picture_that_was_not_inspected_is_never_as_expected(kind, verdict, expected) -> None:
    assert ValidatedPicture("a.png", kind, verdict, None).as_expected is expected
