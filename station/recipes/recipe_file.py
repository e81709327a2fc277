"""A recipe and its models in one file, for another station."""

import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from station.domain.digest import sha256_hex
from station.domain.disk import reason_of
from station.domain.errors import BadInputError, ModelError, StorageError
from station.domain.names import readable
from station.domain.recipe import ModelReference, Recipe, View, checked_name, require_names
from station.domain.signer import Signer
from station.inference.model_package import (
    MANIFEST,
    MODEL_FILES,
    REFERENCE,
    ModelPackage,
    copy_package,
    find_package,
    load_package,
)
from station.recipes.seal import CONTENTS, SIGNATURE, ChangedFileError, Seal, sealing, signer_of
from station.recipes.sound import misfit
from station.storage.recipes.serialisation import recipe_from_text
from station.workspace import write_for_person

RECIPE = "recipe.json"
_MOST_BYTES = 2 * 1024**3
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A recipe file that was read and found whole; nothing of it is on the station yet.

    Attributes:
        path: Where it is.
        recipe: Its recipe.
        members: The files of its models, by their names in the archive.
        signer: Who signed it; without a signature one that is known by the hash of the file.
    """

    path: Path
    recipe: Recipe
    members: Mapping[str, bytes]
    signer: Signer


def write_recipe_file(recipe: Recipe, models: Path, path: Path, seal: Seal | None) -> None:
    """Write a recipe and its model packages into one zip file; the same recipe and key give the same bytes.

    Args:
        recipe: The recipe.
        models: Where its model packages are.
        path: The file.
        seal: By what it is signed; None for a file that is asked about wherever it is imported.

    Raises:
        BadInputError: If a model package is damaged, or the file cannot be written.
    """
    packages = {view.name: find_package(models, view.model) for view in recipe.views}
    members = {RECIPE: recipe.text.encode()} | {
        _member(view, name): (package.folder / name).read_bytes()
        for view, package in packages.items()
        for name in package.file_names
    }
    signed = members | (sealing(members, seal) if seal else {})
    write_for_person(path, _archive_of(signed), "Give another file.")


def open_recipe_file(path: Path) -> OpenedFile:
    """Read such a file, and check that it is whole and what was signed.

    Raises:
        BadInputError: It is not a recipe file, or it is damaged; of a signed one the sentence names the member. Or a
            name in it cannot be that of a folder.
    """
    try:
        content = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b""
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {reason_of(error)}.", "Check the path.") from error
    if not content:
        raise BadInputError(f"{path} is empty or too large for a recipe file.", "Export the recipe again.")
    recipe, members, signer = _opened(path, content)
    if place := misfit(recipe, Recipe):
        raise BadInputError(
            f"{path} does not contain a recipe: no station writes such a value as {readable(place)} has.",
            "Export the recipe again.",
        )
    require_names(recipe)
    expected = _expected(recipe, members, path)
    if signer is not None and content != (written := _archive_of(expected)):
        raise ChangedFileError(f"{path} was changed: {_place_of_change(content, written)}.")
    return OpenedFile(path, recipe, members, signer or Signer("", "", sha256_hex(content)))


def take_models(opened: OpenedFile, models: Path) -> Recipe:
    """Copy the model packages of an opened file into `models`, and return its recipe.

    Raises:
        BadInputError: If a model is damaged. Nothing was copied.
        StorageError: If the models cannot be written. Nothing was copied.
    """
    recipe, members, path = opened.recipe, opened.members, opened.path
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


def _archive_of(members: Mapping[str, bytes]) -> bytes:
    """Return the only archive of these members: no time, nothing compressed."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, member in members.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), member)
    return content.getvalue()


def _opened(path: Path, content: bytes) -> tuple[Recipe, dict[str, bytes], Signer | None]:
    """Return the recipe, every member in the order of the archive, and who signed them."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check(archive.infolist(), path)
            members = {one.filename: _read(archive, one, path) for one in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, RuntimeError, OSError) as error:
        raise BadInputError(f"{path} is damaged, or is not a recipe file.", "Export the recipe again.") from error
    signer = signer_of(members, str(path))  # first: of a signed file the member that was changed is named
    if RECIPE not in members:
        raise _not_a_recipe_file(path)
    return recipe_from_text(members[RECIPE], str(path)), members, signer


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> bytes:
    try:
        return archive.read(member)
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise ChangedFileError(f"{path} was changed: '{readable(member.filename)}' is damaged.") from error


def _expected(recipe: Recipe, members: Mapping[str, bytes], path: Path) -> dict[str, bytes]:
    """Return the members in the order in which they are written, if they are exactly those of such a recipe."""
    names = [RECIPE, *(_member(view, name) for view in recipe.view_names for name in _packaged(view, members))]
    names += [name for name in (CONTENTS, SIGNATURE) if name in members]
    if sorted(members) != sorted(names):
        raise _not_a_recipe_file(path)
    return {name: members[name] for name in names}


def _packaged(view: str, members: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the files of a view's model in the order in which they are written; older ones have no reference."""
    graph, own = MODEL_FILES
    model = own if _member(view, own[0]) in members else graph
    return (MANIFEST, *model, *([REFERENCE] if _member(view, REFERENCE) in members else []))


def _place_of_change(content: bytes, written: bytes) -> str:
    """Return where the archive differs from the one that was written: around which member."""
    same = next((at for at, (one, other) in enumerate(zip(content, written, strict=False)) if one != other), None)
    if same is None:
        return f"it has {len(content)} bytes instead of {len(written)}"
    with zipfile.ZipFile(BytesIO(written)) as archive:
        before = [one.filename for one in archive.infolist() if one.header_offset <= same < archive.start_dir]
    return f"byte {same + 1}, in the entry of '{before[-1]}'" if before else f"byte {same + 1}, in its table"


def _check(members: Sequence[zipfile.ZipInfo], path: Path) -> None:
    """Check that nothing is compressed or encrypted: only then the sizes in the archive can be trusted."""
    names = [one.filename for one in members]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise ChangedFileError(f"{path} was changed: it has '{readable(twice)}' twice.")
    for one in members:
        if one.compress_type != zipfile.ZIP_STORED or one.flag_bits & _ENCRYPTED:
            raise _not_a_recipe_file(path, f": '{readable(one.filename)}' is packed or encrypted")
    if sum(one.file_size for one in members) > _MOST_BYTES:
        raise BadInputError(f"{path} is too large for a recipe file.", "Export the recipe again.")


def _not_a_recipe_file(path: Path, why: str = "") -> BadInputError:
    return BadInputError(f"{path} is not a recipe file of Lineside{why}.", "Give one made by 'recipes export'.")


def _unpacked(view: View, members: Mapping[str, bytes], folder: Path, path: Path) -> ModelPackage:
    """Return a view's package, unpacked into `folder` and checked; errors name the file and not that folder."""
    folder.mkdir()
    for name in _packaged(view.name, members):
        (folder / name).write_bytes(members[_member(view.name, name)])
    try:
        package = load_package(folder)
    except ModelError as error:
        sentence = error.sentence.replace(f" {folder}", "")
        raise BadInputError(f"{path} is refused. {sentence}", error.advice) from error
    if package.sha256 != view.model.sha256:
        raise BadInputError(f"The model in {path} is not the one its recipe was made with.", "Export it again.")
    return package
