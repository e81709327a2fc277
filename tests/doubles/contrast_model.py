"""A model that needs no training, and a workspace with its released recipe "plate"."""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from station.domain.recipe import ModelReference, QualityLimits, Recipe, RecipeState, SettingValue, View
from station.inference.model_package import ModelDescription, ModelPackage, write_package
from station.inference.normalisation import Normalisation


def contrast_package(folder: Path) -> ModelPackage:
    """Write a real model package: input 64 x 64, map 8 x 8.

    Each cell of the map is the difference in brightness between that part of the picture and the whole, in grey
    levels; the score is the largest difference. 20 grey levels become 0.5.
    """
    _save_contrast_model(folder / "model.xml")
    description = ModelDescription(
        method="contrast",
        input_size=(64, 64),
        normalisation=Normalisation(
            image_threshold_raw=20, image_scale_raw=4, pixel_threshold_raw=20, pixel_scale_raw=4
        ),
        dataset_version="none",
        made_by="tests",
        created_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
    )
    files = {name: folder / name for name in ("model.xml", "model.bin")}
    return write_package(folder, "tiny", description, files)


def release_plate(
    root: Path,
    package: ModelPackage,
    camera_settings: Mapping[str, SettingValue] | None = None,
    quality: QualityLimits = QualityLimits(),  # noqa: B008 - a frozen value
) -> None:
    """Make a workspace in which the recipe "plate" is released, with these camera settings and limits of pictures."""
    from station.storage.engine.database import Database  # noqa: PLC0415 - most tests need no database
    from station.storage.recipes.recipes import Recipes  # noqa: PLC0415
    from station.workspace import Workspace  # noqa: PLC0415

    workspace = Workspace.open(root)
    shutil.copytree(package.folder, workspace.models / "tiny")
    view = View(ModelReference("tiny", package.sha256), camera_settings=dict(camera_settings or {}), quality=quality)
    recipe = Recipe("plate", 1, "Steel plate", (view,))
    database = Database.open(workspace.database)
    Recipes(database).add_revision(recipe, RecipeState.RELEASED, datetime.now(UTC))
    database.close()


def _save_contrast_model(path: Path) -> None:
    from station.inference.silent_openvino import ov  # noqa: PLC0415 - most tests need no OpenVINO

    op = ov.opset13
    picture = op.parameter([1, 64, 64, 3], ov.Type.u8, name="picture")
    cells = op.reshape(op.convert(picture, "f32"), np.int64([8, 8, 8, 8, 3]), special_zero=False)
    brightness = op.reshape(op.reduce_mean(cells, np.int64([1, 3, 4])), np.int64([1, 1, 8, 8]), special_zero=False)
    contrast = op.abs(op.subtract(brightness, op.reduce_mean(brightness, np.int64([2, 3]), keep_dims=True)))
    score = op.reduce_max(contrast, np.int64([1, 2, 3]))
    contrast.output(0).set_names({"map"})
    score.output(0).set_names({"score"})
    ov.save_model(ov.Model([op.result(score), op.result(contrast)], [picture], "contrast"), path)
