"""A recipe and its models in one file, for another station."""

import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from station.domain.disk import reason_of
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
    """Write a recipe and its model packages into one zip file; the same recipe gives the same bytes.

    Raises:
        BadInputError: If a model package is damaged, or the file cannot be written.
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
    """Copy the model packages of such a file into `models`, and return its recipe.

    Raises:
        BadInputError: If it is not a recipe file, or it is damaged. Nothing was copied.
        StorageError: If the models cannot be written. Nothing was copied.
    """
    recipe, members = _opened(path)
    try:
        with tempfile.TemporaryDirectory(dir=models, prefix=".import-") as folder:
            homes = [Path(folder) / str(place) for place in range(len(recipe.views))]
            packages = [_unpacked(view, members, home, path) for view, home in zip(recipe.views, homes, strict=True)]
            return _with_copied_models(recipe, packages, models)
    except OSError as error:
        raise StorageError(f"The model cannot be written to {models}: {reason_of(error)}.") from error


def _with_copied_models(recipe: Recipe, packages: Sequence[ModelPackage], models: Path) -> Recipe:
    """Return the recipe with the names that its models have here; all models are copied, or none."""
    with ExitStack() as undo:
        views = [
            _with_copied_model(view, package, models, undo)
            for view, package in zip(recipe.views, packages, strict=True)
        ]
        undo.pop_all()
    return replace(recipe, views=tuple(views))


def _with_copied_model(view: View, package: ModelPackage, models: Path, undo: ExitStack) -> View:
    there = set(models.iterdir())
    model = copy_package_into(package, view.model.name, models)
    if models / model.name not in there:
        undo.callback(shutil.rmtree, models / model.name)
    return replace(view, model=model)


def copy_package_into(package: ModelPackage, name: str, models: Path) -> ModelReference:
    """Copy a checked package into `models`, unless the same one is there; return how a recipe refers to it.

    Raises:
        OSError: If it cannot be written; nothing is left of the copy.
    """
    target = _free_name(models / checked_name(name, "model package"), package.sha256)
    if not target.exists():
        copy_package(package, target)
    return ModelReference(target.name, package.sha256)


def _free_name(wanted: Path, sha256: str) -> Path:
    """Return the wanted name, or one with a suffix if another package has it."""
    if not wanted.exists() or load_package(wanted).sha256 == sha256:
        return wanted
    return wanted.with_name(f"{wanted.name}-{sha256[:8]}")


def _member(view: str, name: str) -> str:
    """Return the place of a file of a view's model; without a view's name it is next to the recipe."""
    return f"models/{view}/{name}" if view else name


def _opened(path: Path) -> tuple[Recipe, dict[str, bytes]]:
    """Return the recipe and the files of its models, if the archive holds exactly these."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive.infolist(), path)
            recipe = recipe_from_text(archive.read(RECIPE), str(path))
            expected = [_member(view, name) for view in recipe.view_names for name in _PACKAGED]
            if sorted(archive.namelist()) != sorted([RECIPE, *expected]):
                raise _not_a_recipe_file(path)
            return recipe, {name: archive.read(name) for name in expected}
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {reason_of(error)}.", "Check the path.") from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise BadInputError(f"{path} is damaged, or is not a recipe file.", "Export the recipe again.") from error


def _check(members: Sequence[zipfile.ZipInfo], path: Path) -> None:
    """Check that nothing is compressed or encrypted: only then the sizes in the archive can be trusted."""
    plain = all(one.compress_type == zipfile.ZIP_STORED and not one.flag_bits & _ENCRYPTED for one in members)
    if not plain or RECIPE not in (one.filename for one in members):
        raise _not_a_recipe_file(path)
    if sum(one.file_size for one in members) > _MOST_BYTES:
        raise BadInputError(f"{path} is too large for a recipe file.", "Export the recipe again.")


def _not_a_recipe_file(path: Path) -> BadInputError:
    return BadInputError(f"{path} is not a recipe file of Lineside.", "Give one made by 'recipes export'.")


def _unpacked(view: View, members: Mapping[str, bytes], folder: Path, path: Path) -> ModelPackage:
    """Return a view's package, unpacked into `folder` and checked; errors name the file and not that folder."""
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
