"""Which region a training run teaches: that of its own recipe, or the one that was drawn for its product."""

from dataclasses import replace
from datetime import UTC, datetime

from station.domain.geometry import RegionOfInterest
from station.domain.inspected_place import InspectedPlace
from station.domain.recipe import ModelReference, Recipe, RecipeState, View
from station.domain.training import RunState, TrainingOrder, TrainingRun
from station.learning.runs import worker
from station.storage.engine.database import Database
from station.storage.learning.places_to_teach import PlacesToTeach
from station.storage.recipes.recipes import Recipes

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
WIDE, NARROW = RegionOfInterest(0, 0, 320, 240), RegionOfInterest(0, 0, 160, 120)
NIGHT = Recipe("tile-night", 1, "tile", (View(ModelReference("m", "0" * 64), roi=WIDE, taught_roi=WIDE),))


def test_that_a_region_drawn_for_another_recipe_of_the_product_is_not_taught(tmp_path) -> None:
    database = Database.open(tmp_path / "station.db")
    try:
        Recipes(database).add_revision(NIGHT, RecipeState.RELEASED, NOON)
        PlacesToTeach(database).set("tile", "", InspectedPlace(NARROW), "Ada", NOON.replace(hour=13))
        run = TrainingRun(1, TrainingOrder("tile", "", "v1", recipe="tile-night"), "Ada", NOON, RunState.QUEUED)
        assert worker._place(database, run) == InspectedPlace(NARROW)  # the only recipe of the product
        Recipes(database).add_revision(replace(NIGHT, name="tile"), RecipeState.RELEASED, NOON)
        assert worker._place(database, run) == InspectedPlace(WIDE)
        of_product = replace(run, order=replace(run.order, recipe="tile"))
        assert worker._place(database, of_product) == InspectedPlace(NARROW)
    finally:
        database.close()
