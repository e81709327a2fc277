"""What teaching leaves behind in the recipes; how it learns is proven in its own room."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from station.app import Station
from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.inspected_place import InspectedPlace
from station.domain.recipe import Recipe, RecipeState, View
from station.learning import teaching
from station.learning.presets import UseOfDefects


@dataclass
class _Taught:
    """As the real one, of a model that is there."""

    view: View
    evaluation: str = "figures"
    caution: str = "3 pictures are few."


@pytest.fixture
def learned(station: Station, monkeypatch) -> list[tuple[Path, str, dict]]:
    calls = []

    def teach(folder, product, workspace, **options):
        calls.append((folder, product, options))
        pattern = station.recipes.find("plate").recipe.views[0]
        return _Taught(replace(pattern, name=options["view"], dataset_version=folder.name, roi=options["place"].roi))

    monkeypatch.setattr(teaching, "teach", teach)
    return calls


def test_that_a_taught_recipe_is_a_draft_until_a_person_releases_it(station: Station, learned) -> None:
    first = station.learning.teach(Path("nuts"), "nut", author="Ada")
    second = station.learning.teach(Path("more nuts"), "nut", model="fast", use=UseOfDefects("labels"))
    assert (first.entry.recipe.label, first.entry.state) == ("nut@1", RecipeState.DRAFT)
    assert (second.entry.recipe.label, second.entry.state) == ("nut@2", RecipeState.DRAFT)
    assert (first.entry.recipe.author, first.entry.recipe.reason) == ("Ada", "taught from nuts")
    assert (first.evaluation, first.caution) == ("figures", "3 pictures are few.")
    assert (learned[1][2]["method"], learned[1][2]["use"].limit_from) == ("fast", "labels")
    with pytest.raises(BadInputError, match="has no released revision; the newest is nut@2, draft"):
        station.line.load_recipe("nut")
    station.recipes.release("nut", 1, "Ada", "3 of 3 defects found")
    assert station.line.load_recipe("nut").label == "nut@1"


def test_that_the_region_given_last_is_taught_from_now_on_and_audited(station: Station, learned) -> None:
    wide, narrow = (InspectedPlace(RegionOfInterest(0, 0, side, side)) for side in (90, 40))
    station.learning.teach(Path("nuts"), "nut", place=wide)
    station.guide.decide_place("nut", "", narrow, None)
    station.learning.teach(Path("nuts"), "nut", place=wide)
    station.learning.teach(Path("nuts"), "nut")
    assert [options["place"] for _, _, options in learned] == [wide] * 3
    said = [(entry.old, entry.new) for entry in station.audit.entries() if entry.subject == "nut: region"]
    assert said[::-1] == [("", wide.words), (wide.words, narrow.words), (narrow.words, wide.words)]


def versions(recipe: Recipe) -> dict[str, str]:
    return {view.name: view.dataset_version for view in recipe.views}


def test_that_a_view_is_taught_beside_those_of_the_released_revision(station: Station, learned) -> None:
    first = station.learning.teach(Path("tops"), "nut", view="top").entry
    second = station.learning.teach(Path("sides"), "nut", view="side").entry
    assert (versions(first.recipe), first.state) == ({"top": "tops"}, RecipeState.DRAFT)
    assert (versions(second.recipe), second.state) == ({"top": "tops", "side": "sides"}, RecipeState.DRAFT)
    station.recipes.release("nut", 2, "Ada", "both cameras")
    third = station.learning.teach(Path("new tops"), "nut", view="top").entry
    assert (third.recipe.label, versions(third.recipe)) == ("nut@3", {"top": "new tops", "side": "sides"})


def test_that_a_view_that_is_taught_again_keeps_its_camera_settings(station: Station, learned) -> None:
    entry = station.learning.teach(Path("nuts"), "nut").entry
    set_up = replace(entry.recipe.view(""), camera_settings={"ExposureTime": 500.0})
    station.recipes.add(replace(entry.recipe.with_view(set_up), revision=2))
    station.recipes.release("nut", 2, "Ada", "brighter")
    again = station.learning.teach(Path("new nuts"), "nut").entry.recipe.view("")
    assert (again.dataset_version, again.camera_settings) == ("new nuts", {"ExposureTime": 500.0})


def test_that_a_third_view_does_not_lose_the_second_which_is_a_draft_still(station: Station, learned) -> None:
    for view in ("top", "side", "bottom"):
        entry = station.learning.teach(Path(f"{view}s"), "nut", view=view).entry
    assert versions(entry.recipe) == {"top": "tops", "side": "sides", "bottom": "bottoms"}


def test_that_of_a_released_view_no_draft_is_taken(station: Station, learned) -> None:
    station.learning.teach(Path("tops"), "nut", view="top")
    station.recipes.release("nut", 1, "Ada", "it is good")
    station.learning.teach(Path("bad tops"), "nut", view="top")
    entry = station.learning.teach(Path("sides"), "nut", view="side").entry
    assert versions(entry.recipe) == {"top": "tops", "side": "sides"}


def test_that_what_is_retired_is_kept_by_no_new_revision(station: Station, learned) -> None:
    station.learning.teach(Path("nuts"), "nut")
    station.recipes.retire("nut", 1, "Ada", "two cameras now")
    entry = station.learning.teach(Path("tops"), "nut", view="top").entry
    assert (versions(entry.recipe), entry.state) == ({"top": "tops"}, RecipeState.DRAFT)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("", "top", "one view without a name, so a view 'top'.* Leave out --view"),
        ("top", "", "views with names: 'top'.* Name the view that is taught with --view"),
        ("top", "Top", "a view 'top' already"),
    ],
)
def test_that_a_view_that_cannot_join_is_refused_before_anything_is_done(station, learned, first, second, said) -> None:
    station.learning.teach(Path("nuts"), "nut", view=first)
    with pytest.raises(BadInputError, match=said):
        station.learning.teach(Path("nuts"), "nut", view=second)
    assert len(learned) == 1


def test_that_a_view_that_cannot_be_named_is_refused_before_anything_is_done(station, learned) -> None:
    with pytest.raises(BadInputError, match="name of a view"):
        station.learning.teach(Path("nuts"), "nut", view="a=b")
    assert learned == []


@pytest.mark.parametrize("product", ["", "../evil", "a/b"])
def test_that_a_product_that_cannot_be_named_is_refused_before_anything_is_done(station, learned, product) -> None:
    with pytest.raises(BadInputError, match="name of a product"):
        station.learning.teach(Path("nuts"), product)
    assert learned == []


def test_that_an_evaluation_takes_any_revision(station: Station, tmp_path) -> None:
    report = station.learning.evaluate(tmp_path / "parts", "plate", 1)
    assert report.overkill.n == 6
    with pytest.raises(BadInputError, match="plate@7"):
        station.learning.evaluate(tmp_path / "parts", "plate", 7)


def test_that_an_evaluation_of_several_views_names_the_view(station: Station, duo, tmp_path) -> None:
    assert station.learning.evaluate(tmp_path / "parts", "duo", view="side").overkill.n == 6
    with pytest.raises(BadInputError, match=r"several views: 'top', 'side'.*--view"):
        station.learning.evaluate(tmp_path / "parts", "duo")
    with pytest.raises(BadInputError, match="no view 'bottom'"):
        station.learning.evaluate(tmp_path / "parts", "duo", view="bottom")
