"""What several figures need and what takes long to make, once for all modules of a call."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from figure import NotMeasuredError, Setting
from python_of import THIS, python_of

from station.app import Station
from station.cli.bench import _enlarged, _for_any_picture, _pictures
from station.domain.frame import Frame
from station.domain.recipe import Recipe, View
from station.inference.model_package import ModelPackage, find_package
from station.inference.openvino_predictor import OpenVinoPredictor

PRODUCT = "measured"
_SET = "tile"
_TAUGHT = 60


def pictures_of(setting: Setting) -> Path:
    """Return the folder of a labelled set with a default model of the usual size.

    Raises:
        NotMeasuredError: The labelled sets are not here.
    """
    folder = setting.data / _SET
    if not folder.is_dir():
        raise NotMeasuredError(f"the pictures {folder} are missing")
    return folder


def environment_of(checkout: Path, *further: Path) -> dict[str, str]:
    """Return the environment in which a program of this checkout runs, without a screen."""
    paths = os.pathsep.join(map(str, (checkout, *further)))
    return os.environ | {"PYTHONPATH": paths, "QT_QPA_PLATFORM": "offscreen"}


def taught_by(checkout: Path, setting: Setting) -> Path:
    """Return a workspace in which this build taught the default model; it is made if it is not there yet."""
    workspace = setting.folder / f"workspace of {'this' if checkout == THIS else 'before'}"
    if not any(workspace.glob("models/*/manifest.json")):
        shutil.rmtree(workspace, ignore_errors=True)  # of a teaching that was cut off
        line = [python_of(checkout), "-m", "station", "--workspace", str(workspace), "teach", str(_good_parts(setting))]
        subprocess.run(
            [*line, "--product", PRODUCT],
            env=environment_of(checkout),
            cwd=checkout,
            check=True,
            stdout=sys.stderr,
        )
    return workspace


def _good_parts(setting: Setting) -> Path:
    """Return a folder of some good parts: how long a model takes does not depend on how well it was taught."""
    folder = setting.folder / "good parts"
    folder.mkdir(exist_ok=True)
    for picture in sorted((pictures_of(setting) / "train" / "good").iterdir())[:_TAUGHT]:
        (folder / picture.name).unlink(missing_ok=True)
        (folder / picture.name).symlink_to(picture)
    return folder


@dataclass(frozen=True, slots=True)
class Taught:
    """A recipe of this build, its model, and pictures of 5 MP that it knows.

    Attributes:
        recipe: As it was taught.
        view: Its only view, without region, quality limits and form.
        package: The model.
        predictor: The model, with the threads that the station's settings name.
        grey: Pictures of shape (2048, 2448).
        colour: The same in colour.
    """

    recipe: Recipe
    view: View
    package: ModelPackage
    predictor: OpenVinoPredictor
    grey: list[Frame]
    colour: list[Frame]


@contextmanager
def taught(setting: Setting) -> Iterator[tuple[Station, Taught]]:
    """Open the taught workspace of this build."""
    with Station.open(taught_by(THIS, setting)) as station:
        recipe = station.recipes.find(PRODUCT).recipe
        (view,) = recipe.views
        package = find_package(station.workspace.models, view.model)
        threads = station.settings.inference.threads
        predictor = OpenVinoPredictor(package, view.inference, station.workspace.cache, threads)
        pictures = _pictures(station.workspace.datasets / recipe.product, view.dataset_version)
        grey, colour = (_enlarged(pictures, grey=grey) for grey in (True, False))
        yield station, Taught(recipe, _for_any_picture(view), package, predictor, grey, colour)
