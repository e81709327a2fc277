"""A recipe and its model in one file, to carry from station to station."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from station.domain.errors import BadInputError
from station.domain.recipe import ModelReference, Recipe, checked_name
from station.inference.model_package import GRAPH, MANIFEST, WEIGHTS, ModelPackage, find_package, load_package
from station.storage.recipe_text import recipe_from_text, recipe_to_text
from station.workspace import sync_folder, write_atomically

RECIPE = "recipe.json"
_MEMBERS = (RECIPE, MANIFEST, GRAPH, WEIGHTS)
_MOST_BYTES = 2 * 1024**3
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_recipe_file(recipe: Recipe, models: Path, path: Path) -> None:
    """Put a recipe and its model package into one zip file; the same recipe gives the same bytes.

    Raises:
        BadInputError: The model package is damaged, or the file cannot be written.
    """
    package = find_package(models, recipe.model)
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(RECIPE, _EPOCH), recipe_to_text(recipe))
        for name in (MANIFEST, GRAPH, WEIGHTS):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), (package.folder / name).read_bytes())
    try:
        write_atomically(path, content.getvalue())
    except OSError as error:
        raise BadInputError(f"{path} cannot be written: {error.strerror or error}.", "Give another file.") from error


def read_recipe_file(path: Path, models: Path) -> Recipe:
    """Take the model package of such a file into `models`; the recipe that goes with it.

    Raises:
        BadInputError: It is no such file, or something in it is damaged. Nothing was taken.
    """
    with _unpacked(path, models) as folder:
        recipe = recipe_from_text((folder / RECIPE).read_text("utf-8"))
        (folder / RECIPE).unlink()
        package = load_package(folder)
        if package.sha256 != recipe.model.sha256:
            raise BadInputError(f"The model in {path} is not the one its recipe was made with.", "Export it again.")
        return replace(recipe, model=take_package(package, recipe.model.name, models))


def take_package(package: ModelPackage, name: str, models: Path) -> ModelReference:
    """Copy a checked package into `models`, unless the very same is there; how a recipe names it there."""
    target = _free_name(models / checked_name(name, "model package"), package.sha256)
    if not target.exists():
        temporary = target.with_name(f".{target.name}.tmp")
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        for file in (MANIFEST, GRAPH, WEIGHTS):
            write_atomically(temporary / file, (package.folder / file).read_bytes())
        temporary.rename(target)
        sync_folder(models)
    return ModelReference(target.name, package.sha256)


def _free_name(wanted: Path, sha256: str) -> Path:
    """The name itself, unless another package has it."""
    if not wanted.exists() or load_package(wanted).sha256 == sha256:
        return wanted
    return wanted.with_name(f"{wanted.name}-{sha256[:8]}")


@contextmanager
def _unpacked(path: Path, models: Path) -> Iterator[Path]:
    """The file's members in a folder that is gone afterwards; only names that are expected are ever written."""
    with tempfile.TemporaryDirectory(dir=models, prefix=".import-") as folder, _archive(path) as archive:
        if sorted(archive.namelist()) != sorted(_MEMBERS):
            raise BadInputError(f"{path} is not a recipe file of Lineside.", "Give one made by 'recipes export'.")
        if sum(member.file_size for member in archive.infolist()) > _MOST_BYTES:
            raise BadInputError(f"{path} is too large for a recipe file.", "Export the recipe again.")
        for name in _MEMBERS:
            (Path(folder) / name).write_bytes(archive.read(name))
        yield Path(folder)


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror or error}.", "Check the path.") from error
    except (zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise BadInputError(f"{path} is damaged or no recipe file.", "Export the recipe again.") from error
