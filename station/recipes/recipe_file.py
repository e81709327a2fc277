"""A recipe and its models in one file, to carry from station to station."""

import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from station.domain.errors import BadInputError, ModelError, StorageError
from station.domain.recipe import ModelReference, Recipe, View, checked_name
from station.inference.model_package import (
    GRAPH,
    MANIFEST,
    WEIGHTS,
    ModelPackage,
    copy_package,
    find_package,
    load_package,
)
from station.storage.recipes.serialisation import recipe_from_text
from station.workspace import write_for_person

RECIPE = "recipe.json"
_PACKAGED = (MANIFEST, GRAPH, WEIGHTS)
_MOST_BYTES = 2 * 1024**3
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED = 0x1


def write_recipe_file(recipe: Recipe, models: Path, path: Path) -> None:
    """Put a recipe and its model packages into one zip file; the same recipe gives the same bytes.

    Raises:
        BadInputError: A model package is damaged, or the file cannot be written.
    """
    packages = {view.name: find_package(models, view.model) for view in recipe.views}
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(RECIPE, _EPOCH), recipe.text)
        for view, package in packages.items():
            for name in _PACKAGED:
                archive.writestr(zipfile.ZipInfo(_member(view, name), _EPOCH), (package.folder / name).read_bytes())
    write_for_person(path, content.getvalue(), "Give another file.")


def read_recipe_file(path: Path, models: Path) -> Recipe:
    """Take the model packages of such a file into `models`; the recipe that goes with them.

    Raises:
        BadInputError: It is no such file, or something in it is damaged. Nothing was taken.
        StorageError: There is no room for the models. Nothing was taken.
    """
    recipe, members = _opened(path)
    try:
        with tempfile.TemporaryDirectory(dir=models, prefix=".import-") as folder:
            homes = [Path(folder) / str(place) for place in range(len(recipe.views))]
            packages = [_unpacked(view, members, home, path) for view, home in zip(recipe.views, homes, strict=True)]
            return _with_taken(recipe, packages, models)
    except OSError as error:
        raise StorageError(f"The model cannot be written to {models}: {error.strerror or error}.") from error


def _with_taken(recipe: Recipe, packages: Sequence[ModelPackage], models: Path) -> Recipe:
    """The recipe with the names that its models have here; all of them are taken, or none."""
    with ExitStack() as undo:
        views = [_taken(view, package, models, undo) for view, package in zip(recipe.views, packages, strict=True)]
        undo.pop_all()
    return replace(recipe, views=tuple(views))


def _taken(view: View, package: ModelPackage, models: Path, undo: ExitStack) -> View:
    there = set(models.iterdir())
    model = take_package(package, view.model.name, models)
    if models / model.name not in there:
        undo.callback(shutil.rmtree, models / model.name)
    return replace(view, model=model)


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


def _member(view: str, name: str) -> str:
    """Where a file of a view's model stands; that of the only view without a name beside the recipe."""
    return f"models/{view}/{name}" if view else name


def _opened(path: Path) -> tuple[Recipe, dict[str, bytes]]:
    """The recipe and the files of its models, if they are those that are expected and no others."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive.infolist(), path)
            recipe = recipe_from_text(archive.read(RECIPE), str(path))
            expected = [_member(view, name) for view in recipe.view_names for name in _PACKAGED]
            if sorted(archive.namelist()) != sorted([RECIPE, *expected]):
                raise _no_recipe_file(path)
            return recipe, {name: archive.read(name) for name in expected}
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror or error}.", "Check the path.") from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise BadInputError(f"{path} is damaged or no recipe file.", "Export the recipe again.") from error


def _check(members: Sequence[zipfile.ZipInfo], path: Path) -> None:
    """Stored as it is, a member is as large as it says; nothing that we write is packed or locked."""
    plain = all(one.compress_type == zipfile.ZIP_STORED and not one.flag_bits & _ENCRYPTED for one in members)
    if not plain or RECIPE not in (one.filename for one in members):
        raise _no_recipe_file(path)
    if sum(one.file_size for one in members) > _MOST_BYTES:
        raise BadInputError(f"{path} is too large for a recipe file.", "Export the recipe again.")


def _no_recipe_file(path: Path) -> BadInputError:
    return BadInputError(f"{path} is not a recipe file of Lineside.", "Give one made by 'recipes export'.")


def _unpacked(view: View, members: Mapping[str, bytes], folder: Path, path: Path) -> ModelPackage:
    """A view's package, laid out in `folder` to be checked; people hear of the file and not of that folder."""
    folder.mkdir()
    for name in _PACKAGED:
        (folder / name).write_bytes(members[_member(view.name, name)])
    try:
        package = load_package(folder)
    except ModelError as error:
        sentence = error.sentence.replace(f" {folder}", "")
        raise BadInputError(f"{path} is refused. {sentence}", error.advice) from error
    if package.sha256 != view.model.sha256:
        raise BadInputError(f"The model in {path} is not the one its recipe was made with.", "Export it again.")
    return package
