"""A model is open as long as parts may need it, and no longer."""

from dataclasses import replace

import pytest

from station.domain.errors import ModelError
from station.domain.recipe import ModelReference, Recipe, View
from station.pipeline.run_models import RunModels


class Model:
    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def opened() -> list[Model]:
    return []


@pytest.fixture
def models(opened: list[Model]) -> RunModels:
    def open_predictor(view: View) -> Model:
        if view.model.name == "gone":
            raise ModelError("The model is not there.")
        opened.append(Model())
        return opened[-1]

    return RunModels(open_predictor)


def recipe(*models: str) -> Recipe:
    views = tuple(View(ModelReference(name, "0"), name=f"view {number}") for number, name in enumerate(models))
    return Recipe("plate", 1, "plate", views)


def closed(opened: list[Model]) -> list[int]:
    return [model.closed for model in opened]


def test_that_the_models_of_a_replaced_run_are_closed_and_the_others_stay_open(models, opened) -> None:
    for run_id in (7, 8):
        models.open(recipe("m", "m"))
        models.belong_to(run_id)
    models.close_run(7)
    assert closed(opened) == [1, 1, 0, 0]
    models.close()
    assert closed(opened) == [1, 1, 1, 1]


def test_that_a_revision_with_a_missing_model_leaves_nothing_open_but_what_was(models, opened) -> None:
    models.open(recipe("m"))
    models.belong_to(1)
    with pytest.raises(ModelError):
        models.open(replace(recipe("m", "gone"), revision=2))
    assert closed(opened) == [0, 1]


def test_that_models_that_no_run_was_begun_with_are_closed_before_others_are_opened(models, opened) -> None:
    models.open(recipe("m"))
    models.open(recipe("m"))
    assert closed(opened) == [1, 0]
    models.close()
    assert closed(opened) == [1, 1]
