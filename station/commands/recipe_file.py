"""A recipe and its model in one file, to carry from station to station."""

import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from station.domain.errors import BadInputError, ModelError, StorageError
from station.domain.recipe import ModelReference, Recipe, checked_name
from station.inference.model_package import (
    GRAPH,
    MANIFEST,
    WEIGHTS,
    ModelPackage,
    copy_package,
    find_package,
    load_package,
)
from station.storage.recipe_text import recipe_from_text, recipe_to_text
from station.workspace import write_atomically

RECIPE = "recipe.json"
_MEMBERS = (RECIPE, MANIFEST, GRAPH, WEIGHTS)
_MOST_BYTES = 2 * 1024**3
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED = 0x1


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
        StorageError: There is no room for the model. Nothing was taken.
    """
    members = _members(path)
    recipe = recipe_from_text(members.pop(RECIPE), str(path))
    try:
        with tempfile.TemporaryDirectory(dir=models, prefix=".import-") as folder:
            package = _unpacked(members, Path(folder), path)
            if package.sha256 != recipe.model.sha256:
                raise BadInputError(f"The model in {path} is not the one its recipe was made with.", "Export it again.")
            return replace(recipe, model=take_package(package, recipe.model.name, models))
    except OSError as error:
        raise StorageError(f"The model cannot be written to {models}: {error.strerror or error}.") from error


def take_package(package: ModelPackage, name: str, models: Path) -> ModelReference:
    """Copy a checked package into `models`, unless the very same is there; how a recipe names it there.

    Raises:
        OSError: The disk refused; nothing is left of the copy.
    """
    target = _free_name(models / checked_name(name, "model package"), package.sha256)
    if not target.exists():
        copy_package(package, target)
    return ModelReference(target.name, package.sha256)


def _free_name(wanted: Path, sha256: str) -> Path:
    """The name itself, unless another package has it."""
    if not wanted.exists() or load_package(wanted).sha256 == sha256:
        return wanted
    return wanted.with_name(f"{wanted.name}-{sha256[:8]}")


def _members(path: Path) -> dict[str, bytes]:
    """The file's members, if they are those that are expected and no others."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive.infolist(), path)
            return {name: archive.read(name) for name in _MEMBERS}
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror or error}.", "Check the path.") from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise BadInputError(f"{path} is damaged or no recipe file.", "Export the recipe again.") from error


def _check(members: Sequence[zipfile.ZipInfo], path: Path) -> None:
    """Stored as it is, a member is as large as it says; nothing that we write is packed or locked."""
    plain = all(one.compress_type == zipfile.ZIP_STORED and not one.flag_bits & _ENCRYPTED for one in members)
    if not plain or sorted(one.filename for one in members) != sorted(_MEMBERS):
        raise BadInputError(f"{path} is not a recipe file of Lineside.", "Give one made by 'recipes export'.")
    if sum(one.file_size for one in members) > _MOST_BYTES:
        raise BadInputError(f"{path} is too large for a recipe file.", "Export the recipe again.")


def _unpacked(members: Mapping[str, bytes], folder: Path, path: Path) -> ModelPackage:
    """The package, laid out in `folder` to be checked; people hear of the file and not of that folder."""
    for name, content in members.items():
        (folder / name).write_bytes(content)
    try:
        return load_package(folder)
    except ModelError as error:
        sentence = error.sentence.replace(f" {folder}", "")
        raise BadInputError(f"{path} is refused. {sentence}", error.advice) from error
