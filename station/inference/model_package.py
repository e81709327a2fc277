"""A model package: a folder with an OpenVINO IR, a manifest and hashes. Nothing in it is ever unpickled.

    manifest.json   what the model is, the SHA-256 of each file, and a seal over itself
    model.xml       graph: input uint8 [1, h, w, 3] RGB; outputs `score` (one value) and `map` [1, 1, gh, gw], both raw
    model.bin       weights
    reference.npz   a few pictures as the model sees them, with its answers in f32; not in packages of formats 1 and 2

A package is written once and never changed. If anything in it was changed, loading it fails with the reason. Packages
of formats 1 and 2 are read too.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, ValidationError

from station.domain.digest import sha256_hex
from station.domain.disk import reason_of
from station.domain.errors import BadInputError, ModelError
from station.domain.recipe import ModelReference, checked_name
from station.inference.certificate import Certificate
from station.inference.normalisation import Normalisation
from station.inference.parity import Parity
from station.workspace import sync_folder, write_atomically

FORMAT_VERSION = 3
"""Formats 1 and 2 are read too; they have no certificate of precisions, and 1 does not list the compared pictures."""
_OLDEST_READ = 1
MANIFEST = "manifest.json"
GRAPH = "model.xml"
WEIGHTS = "model.bin"
REFERENCE = "reference.npz"

AND_WHOLE_PART = " and the whole part"
"""The end of the name of a method that checks the look of the whole part too."""
WITHOUT_MAP = " without a map"
"""The end of the name of a method that does not say where an anomaly is: its map never exceeds a limit."""
_UNSEALED = "0" * 64
_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Side = Annotated[int, Field(ge=32, le=4096)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ModelDescription(_Value):
    """The description of a model by its maker.

    Attributes:
        method: Name of the method, such as "patchcore".
        backbone: Name of the pretrained network, empty if there is none.
        input_size: Height and width of the graph's input, pixels.
        precision_notes: Numeric precision of the weights, and what was measured of others.
        normalisation: Raw scores to normalised ones.
        dataset_version: The pictures it was taught from.
        made_by: Program and version.
        created_at: When, with offset.
        evaluation: Figures of the evaluation on held-out pictures, by their names in `linesidectl evaluate --json`.
        parity: Export against training; None if the model was not trained here.
        certificate: Each precision against f32; None if none was compared.
    """

    method: str
    backbone: str = ""
    input_size: tuple[_Side, _Side]
    precision_notes: str = ""
    normalisation: Normalisation
    dataset_version: str
    made_by: str
    created_at: AwareDatetime
    evaluation: dict[str, JsonValue] = {}
    parity: Parity | None = None
    certificate: Certificate | None = None

    @property
    def checks_whole_part(self) -> bool:
        """Return whether the score also comes from the look of the whole part, and not from its places alone."""
        return self.method.endswith((AND_WHOLE_PART, WITHOUT_MAP))

    @property
    def has_map(self) -> bool:
        """Return whether the model says where an anomaly is."""
        return not self.method.endswith(WITHOUT_MAP)


class PackagedFiles(_Value):
    """SHA-256 of the other files of the package, hex."""

    graph: _Sha256 = Field(alias=GRAPH)
    weights: _Sha256 = Field(alias=WEIGHTS)
    reference: _Sha256 | None = Field(None, alias=REFERENCE)


class Manifest(ModelDescription):
    """The content of `manifest.json`.

    Attributes:
        format_version: Version of the package format, not of the program.
        name: Name of the package.
        files: The other files of the package.
        seal: SHA-256 of `manifest.json` itself, computed with 64 zeros in the seal's place.
    """

    format_version: int
    name: str
    files: PackagedFiles
    seal: _Sha256


class _Versioned(BaseModel):
    format_version: int


@dataclass(frozen=True, slots=True)
class ModelPackage:
    """A package whose files were all checked and are unchanged.

    Attributes:
        folder: The folder of the package.
        manifest: Its manifest.
        sha256: SHA-256 of `manifest.json`, and through it of everything in the package.
    """

    folder: Path
    manifest: Manifest
    sha256: str

    @property
    def reference(self) -> ModelReference:
        """Return the reference by which a recipe names this package."""
        return ModelReference(self.folder.name, self.sha256)

    def graph(self) -> bytes:
        """Return the content of `model.xml`, checked on each reading.

        Raises:
            ModelError: It cannot be read or was changed.
        """
        return _checked_content(self.folder / GRAPH, self.manifest.files.graph)

    def weights(self) -> bytes:
        """Return the content of `model.bin`, checked on each reading.

        Raises:
            ModelError: It cannot be read or was changed.
        """
        return _checked_content(self.folder / WEIGHTS, self.manifest.files.weights)

    def reference_pictures(self) -> bytes | None:
        """Return the content of `reference.npz`, checked on each reading; None if the package has none.

        Raises:
            ModelError: It cannot be read or was changed.
        """
        sha256 = self.manifest.files.reference
        return None if sha256 is None else _checked_content(self.folder / REFERENCE, sha256)

    @property
    def file_names(self) -> tuple[str, ...]:
        """Return the names of its files."""
        return (MANIFEST, GRAPH, WEIGHTS, *([REFERENCE] if self.manifest.files.reference else []))


def write_package(parent: Path, name: str, description: ModelDescription, files: Mapping[str, Path]) -> ModelPackage:
    """Write a new package at `parent/name`, completely or not at all.

    Args:
        parent: Folder of all packages.
        name: Name of the package; it must be new.
        description: What the model is.
        files: Paths of the present "model.xml", "model.bin" and perhaps "reference.npz"; they are copied.

    Raises:
        BadInputError: The name cannot be used for a folder, or a package of this name exists.
    """
    target = parent / checked_name(name, "model package")
    if target.exists():
        raise BadInputError(
            f"There is already a model package '{name}'.", "A package never changes: choose a new name."
        )
    contents = {GRAPH: files[GRAPH].read_bytes(), WEIGHTS: files[WEIGHTS].read_bytes()}
    if REFERENCE in files:
        contents[REFERENCE] = files[REFERENCE].read_bytes()
    contents[MANIFEST] = _sealed_manifest(name, description, contents)
    _write_folder(target, contents)
    return load_package(target)


def copy_package(package: ModelPackage, target: Path) -> ModelPackage:
    """Copy a checked package to `target`, completely or not at all.

    Raises:
        ModelError: The package was changed since it was loaded.
        OSError: The disk refused; nothing is left at `target` or next to it.
    """
    contents = {MANIFEST: _content(package.folder / MANIFEST), GRAPH: package.graph(), WEIGHTS: package.weights()}
    if (reference := package.reference_pictures()) is not None:
        contents[REFERENCE] = reference
    _write_folder(target, contents)
    return load_package(target)


def load_package(folder: Path) -> ModelPackage:
    """Return the package in `folder` after checking every byte of it.

    Raises:
        ModelError: A file is missing, changed or does not belong there, or the format has another version.
    """
    if not folder.is_dir():
        raise ModelError(f"There is no model package at {folder}.")
    content = _content(folder / MANIFEST)
    _require_format(folder, content)
    manifest = _manifest(folder, content)
    package = ModelPackage(folder, manifest, sha256_hex(content))
    _require_exact_files(folder, set(package.file_names))
    package.graph()
    package.weights()
    package.reference_pictures()
    return package


def find_package(models: Path, reference: ModelReference) -> ModelPackage:
    """Return the package that a recipe names.

    Raises:
        ModelError: It is not in `models`, is damaged, or is another package with the same name.
    """
    package = load_package(models / checked_name(reference.name, "model package"))
    if package.sha256 != reference.sha256:
        raise ModelError(
            f"The model package '{reference.name}' is not the one the recipe was made with.",
            "Import the recipe together with its model again.",
        )
    return package


def _sealed_manifest(name: str, description: ModelDescription, contents: Mapping[str, bytes]) -> bytes:
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        name=name,
        files=PackagedFiles.model_validate({file: sha256_hex(content) for file, content in contents.items()}),
        seal=_UNSEALED,
        **dict(description),
    )
    unsealed = manifest.model_dump_json(indent=1, by_alias=True).encode()
    return unsealed.replace(_UNSEALED.encode(), sha256_hex(unsealed).encode())


def _write_folder(target: Path, contents: Mapping[str, bytes]) -> None:
    temporary = target.with_name(f".{target.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        for name, content in contents.items():
            write_atomically(temporary / name, content)
        temporary.rename(target)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    sync_folder(target.parent)


def _require_exact_files(folder: Path, expected: set[str]) -> None:
    found = {entry.name for entry in folder.iterdir() if entry.is_file() and not entry.is_symlink()}
    if missing := expected - found:
        raise ModelError(f"The model package {folder} has no {', '.join(sorted(missing))}.")
    if foreign := {entry.name for entry in folder.iterdir()} - expected:
        raise ModelError(
            f"The model package {folder} contains files that do not belong there: {', '.join(sorted(foreign))}.",
            "Move it out of the folder.",
        )


def _require_format(folder: Path, content: bytes) -> None:
    try:
        version = _Versioned.model_validate_json(content).format_version
    except ValidationError as error:
        raise ModelError(f"The manifest of the model package {folder} cannot be read.") from error
    if version > FORMAT_VERSION:
        raise ModelError(
            f"The model package {folder} has format {version}, made for a newer version of this program.",
            "Update the program, or teach the product again on this station.",
        )
    if version < _OLDEST_READ:
        raise ModelError(
            f"The model package {folder} has format {version}, which this version no longer reads.",
            "Teach the product again.",
        )


def _manifest(folder: Path, content: bytes) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(content)
        checked_name(manifest.name, "model package")
    except (ValidationError, BadInputError) as error:
        raise ModelError(f"The manifest of the model package {folder} is not valid.") from error
    unsealed = content.replace(manifest.seal.encode(), _UNSEALED.encode())
    if sha256_hex(unsealed) != manifest.seal:
        raise ModelError(f"The manifest of the model package {folder} was changed after it was made.")
    return manifest


def _checked_content(path: Path, sha256: str) -> bytes:
    content = _content(path)
    if sha256_hex(content) != sha256:
        raise ModelError(f"{path.name} in the model package {path.parent} was changed after it was made.")
    return content


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read: {reason_of(error)}.", "Check the disk and the permissions."
        ) from error
