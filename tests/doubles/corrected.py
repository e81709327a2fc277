"""A released recipe "disc" that was taught from a dataset version, and defects that people mark afterwards."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from station.app import Station
from station.domain.clock import utc_now
from station.domain.recipe import Recipe, RecipeState, View
from station.domain.training import TrainingOrder
from station.storage.learning.evaluations import KeptEvaluation
from station.storage.learning.training_runs import TrainingRuns

PRODUCT = "disc"


def release_disc(
    station: Station, folder: Path, good: int = 12, *, name: str = PRODUCT, product: str = PRODUCT
) -> str:  # with the model of "plate"
    """Release disc@1, taught from this many good pictures, or another recipe; return the dataset version."""
    station.datasets.import_folder(_drawn(folder / "first/good", range(good)), product)
    version = station.datasets.freeze(product).version
    model = station.recipes.find("plate").recipe.views[0].model
    station.recipes.add(Recipe(name, 1, product, (View(model, dataset_version=version),)), RecipeState.RELEASED)
    return version


def mark_defects(station: Station, folder: Path, count: int, product: str = PRODUCT) -> None:
    """Import this many defects, and draw a mask on each."""
    added = station.datasets.import_folder(_drawn(folder / "later/dent", range(100, 100 + count)), product)
    for item_id in added.item_ids:
        mask = np.zeros((96, 128), np.uint8)
        mask[40:56, 60:80] = 1
        station.datasets.save_mask(item_id, mask, "Ada")


def finish_training(station: Station, name: str = PRODUCT) -> None:
    """Record a training from the newest version as done, with the model of disc@1: its draft is disc@2."""
    old, now = station.recipes.find(name).recipe, utc_now()
    version = station.datasets.freeze(old.product).version
    draft = replace(old, revision=2, views=(replace(old.views[0], dataset_version=version),))
    runs = TrainingRuns(station._core.database)
    run = runs.add(TrainingOrder(old.product, "", version, "fast", with_defects=True, recipe=name), "Ada", now)
    assert runs.take_next(now, lambda _: old.views[0].model.name) is not None
    runs.complete(run.number, draft, KeptEvaluation(name, 2, "", version, now, "{}"), now)


def _drawn(place: Path, seeds: range) -> Path:
    """Draw plates of their own texture, from seed 100 on with a dark spot; return the folder above them."""
    place.mkdir(parents=True)
    for seed in seeds:
        noise = np.random.default_rng(seed).normal(0, 25, (24, 32))
        image = 128 + cv2.resize(noise, (128, 96), interpolation=cv2.INTER_CUBIC)
        if seed >= 100:
            image[40:56, 60:80] = 5
        cv2.imwrite(str(place / f"{seed:03}.png"), np.clip(image, 0, 255).astype(np.uint8))
    return place.parent
