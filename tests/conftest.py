"""What all tests share."""

import gc
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from station.domain.recipe import ModelReference, Recipe, RecipeState, View
from station.inference.model_package import ModelDescription, ModelPackage, write_package
from station.inference.normalisation import Normalisation

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from station.app import Station
    from ui.main_window import MainWindow

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

# How long an example takes says something of the machine's load and nothing of the rule.
settings.register_profile("station", deadline=None)
settings.load_profile("station")

_DATA = Path(__file__).parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first: what is broken shows in the first minutes."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real pictures beside the checkout."""
    folder = Path(os.environ.get("LINESIDE_DATA", _DATA))
    if not folder.is_dir():
        pytest.skip(f"the real pictures are not at {folder}; set LINESIDE_DATA to their folder")
    return folder


@pytest.fixture(scope="session")
def tiny_package(tmp_path_factory: pytest.TempPathFactory) -> ModelPackage:
    """A real model package that needs no teaching: input 64 x 64, map 8 x 8.

    A cell of its map is how far that eighth of the picture differs in brightness from the whole, in grey levels;
    the score is the largest of them. 20 grey levels become 0.5. Copy the folder to put it into a workspace.
    """
    folder = tmp_path_factory.mktemp("models")
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


@pytest.fixture(scope="session")
def draw_part() -> Callable[..., NDArray[np.uint8]]:
    """Pictures for `tiny_package`: `draw_part(seed)` passes, `draw_part(seed, defective=True)` fails."""
    return _draw_part


def _draw_part(seed: int = 0, *, defective: bool = False, size: tuple[int, int] = (240, 320)) -> NDArray[np.uint8]:
    """Noisy grey, (h, w) uint8; where defective, with a black mark a quarter as high and as wide as the picture."""
    rng = np.random.default_rng(seed)
    picture = rng.integers(120, 136, size, np.uint8)
    if defective:
        height, width = size[0] // 4, size[1] // 4
        y, x = rng.integers(0, size[0] - height), rng.integers(0, size[1] - width)
        picture[y : y + height, x : x + width] = 0
    return picture


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


@pytest.fixture
def station(
    tmp_path: Path, tiny_package: ModelPackage, draw_part: Callable[..., NDArray[np.uint8]]
) -> "Iterator[Station]":
    """A real station in its own workspace: recipe "plate" is released, its camera replays good and bad parts."""
    from station.app import Station  # noqa: PLC0415 - most tests need no station
    from station.settings import CameraSettings, Settings  # noqa: PLC0415

    parts = tmp_path / "parts"
    parts.mkdir()
    for i in range(6):
        cv2.imwrite(str(parts / f"{i}.png"), draw_part(i, defective=i % 3 == 1))
    _release_plate(tmp_path / "workspace", tiny_package)
    with Station.open(
        tmp_path / "workspace", Settings(camera=CameraSettings(source=f"replay:{parts}?rate=25&loop=1"))
    ) as opened:
        yield opened


@pytest.fixture
def duo(station: "Station", tiny_package: ModelPackage) -> Recipe:
    """On that station, the released recipe "duo" with the views "top" and "side"; each has a model of its own."""
    models = station.workspace.models
    described = tiny_package.manifest.model_dump(include=set(ModelDescription.model_fields))
    files = {name: tiny_package.folder / name for name in ("model.xml", "model.bin")}
    side = write_package(models, "tiny-side", ModelDescription(**described | {"made_by": "tests, side"}), files)
    views = (View(tiny_package.reference, "top"), View(side.reference, "side"))
    return station.recipes.add(Recipe("duo", 1, "duo", views), RecipeState.RELEASED).recipe


@pytest.fixture
def window(station: "Station", dressed: None, nothing_left_behind: None) -> "Iterator[MainWindow]":
    """The real window on that station, 1280 x 800, on the screen."""
    from ui.main_window import MainWindow  # noqa: PLC0415

    shown = MainWindow(station)
    shown.show()
    shown.fit_sizes()
    yield shown
    shown.shut_down()
    shown.deleteLater()


@pytest.fixture
def dressed(qapp: "QApplication") -> None:
    """Qt with the program's own style and typeface, so that sizes and pixels are the same everywhere."""
    from ui.sizes import sizes_for  # noqa: PLC0415
    from ui.theme import LIGHT, Look, load_fonts, wear  # noqa: PLC0415

    qapp.setStyle("Fusion")
    load_fonts()
    wear(Look(LIGHT, sizes_for(1280, 800, 96)))


@pytest.fixture
def nothing_left_behind(qapp: "QApplication") -> Iterator[None]:
    """Fails when a thread, a running timer or a top-level widget outlives its test."""
    from PySide6.QtCore import QEvent  # noqa: PLC0415

    threads, widgets = set(threading.enumerate()), set(qapp.topLevelWidgets())
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()
    gc.collect()
    assert set(threading.enumerate()) <= threads
    assert set(qapp.topLevelWidgets()) <= widgets
    assert _running_timers() == []


def _running_timers() -> list[object]:
    import shiboken6  # noqa: PLC0415
    from PySide6.QtCore import QTimer  # noqa: PLC0415

    return [
        each
        for each in gc.get_objects()
        if issubclass(type(each), QTimer) and shiboken6.isValid(each) and each.isActive()
    ]


def _release_plate(root: Path, package: ModelPackage) -> None:
    from station.storage.database import Database  # noqa: PLC0415
    from station.storage.recipes import Recipes  # noqa: PLC0415
    from station.workspace import Workspace  # noqa: PLC0415

    workspace = Workspace.open(root)
    shutil.copytree(package.folder, workspace.models / "tiny")
    recipe = Recipe("plate", 1, "Steel plate", (View(ModelReference("tiny", package.sha256)),))
    database = Database.open(workspace.database)
    Recipes(database).add(recipe, RecipeState.RELEASED, datetime.now(UTC))
    database.close()
