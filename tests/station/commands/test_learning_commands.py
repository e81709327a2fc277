"""What teaching leaves behind in the recipes; how it learns is proven in its own room."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from station.app import Station
from station.domain.errors import BadInputError
from station.domain.recipe import Recipe, RecipeState
from station.learning import teaching


@dataclass
class _Taught:
    """As the real one, of a recipe that is there."""

    pattern: Recipe
    evaluation: str = "figures"
    caution: str = "3 pictures are few."

    def recipe(self, name: str, revision: int, author: str, reason: str) -> Recipe:
        return replace(self.pattern, name=name, revision=revision, author=author, reason=reason)


@pytest.fixture
def learned(station: Station, monkeypatch) -> list[tuple[Path, str, dict]]:
    calls = []

    def teach(folder, product, workspace, **options):
        calls.append((folder, product, options))
        return _Taught(station.recipes.find("plate").recipe)

    monkeypatch.setattr(teaching, "teach", teach)
    return calls


def test_that_a_new_product_is_released_at_once_and_a_known_one_is_a_draft(station: Station, learned) -> None:
    first = station.learning.teach(Path("nuts"), "nut", author="Ada")
    second = station.learning.teach(Path("more nuts"), "nut", model="fast", limit_from="labels")
    assert (first.entry.recipe.label, first.entry.state) == ("nut@1", RecipeState.RELEASED)
    assert (second.entry.recipe.label, second.entry.state) == ("nut@2", RecipeState.DRAFT)
    assert (first.entry.recipe.author, first.entry.recipe.reason) == ("Ada", "taught from nuts")
    assert (first.evaluation, first.caution) == ("figures", "3 pictures are few.")
    assert (learned[1][2]["method"], learned[1][2]["limit_from"]) == ("fast", "labels")
    assert station.line.load_recipe("nut").label == "nut@1"


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
