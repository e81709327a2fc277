"""A model package: a folder with a model as plain data, a manifest and hashes. Nothing in it is ever unpickled.

    manifest.json   what the model is, the SHA-256 of each file, and a seal over itself
    model.xml       graph: input uint8 [1, h, w, 3] RGB; outputs `score` (one value) and `map` [1, 1, gh, gw], both raw
    model.bin       weights
    reference.npz   a few pictures as the model sees them, with its answers in f32; not in packages of formats 1 and 2

The model of a plug-in has these files in the place of graph and weights; see decision 39:

    model.json      numbers and texts
    model.npz       arrays

A package is written once and never changed. If anything in it was changed, loading it fails with the reason. Packages
of formats 1 to 4 are read too.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

from station.domain.digest import sha256_hex
from station.domain.disk import reason_of
from station.domain.errors import BadInputError, ModelError
from station.domain.recipe import ModelReference, checked_name
from station.inference.certificate import Certificate
from station.inference.members import Member
from station.inference.normalisation import Normalisation
from station.inference.parity import Parity
from station.workspace import sync_folder, write_atomically

FORMAT_VERSION = 5
"""Formats 1 to 4 are read too: none of them names members, and all models of 1 to 3 are OpenVINO's. Formats 1 and 2
have no certificate of precisions, and 1 does not list the compared pictures."""
_OLDEST_READ = 1
MANIFEST = "manifest.json"
GRAPH = "model.xml"
WEIGHTS = "model.bin"
VALUES = "model.json"
ARRAYS = "model.npz"
REFERENCE = "reference.npz"
OPENVINO = "openvino"
"""The kind of a model that OpenVINO computes. Any other kind is the name of the plug-in that computes it."""
MODEL_FILES = ((GRAPH, WEIGHTS), (VALUES, ARRAYS))
"""Of a model of OpenVINO, and of a plug-in's."""

AND_WHOLE_PART = " and the whole part"
"""The end of the name of a method that checks the look of the whole part too."""
WITHOUT_MAP = " without a map"
"""The end of the name of a method that does not say where an anomaly is: its map never exceeds a limit."""
_UNSEALED = "0" * 64
_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Side = Annotated[int, Field(ge=32, le=4096)]
_Kind = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,80}$")]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ModelDescription(_Value):
    """The description of a model by its maker.

    Attributes:
        method: Name of the method, such as "patchcore".
        kind: "openvino", or the name of the plug-in that computes the model.
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
        members: The models that were joined to this one; () if it is one.
    """

    method: str
    kind: _Kind = OPENVINO
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
    members: tuple[Member, ...] = ()

    @property
    def checks_whole_part(self) -> bool:
        """Return whether the score also comes from the look of the whole part, and not from its places alone."""
        return self.method.endswith((AND_WHOLE_PART, WITHOUT_MAP))

    @property
    def has_map(self) -> bool:
        """Return whether the model says where an anomaly is."""
        return not self.method.endswith(WITHOUT_MAP)


class PackagedFiles(_Value):
    """SHA-256 of the other files of the package, hex; None for a file that it does not have."""

    graph: _Sha256 | None = Field(None, alias=GRAPH)
    weights: _Sha256 | None = Field(None, alias=WEIGHTS)
    values: _Sha256 | None = Field(None, alias=VALUES)
    arrays: _Sha256 | None = Field(None, alias=ARRAYS)
    reference: _Sha256 | None = Field(None, alias=REFERENCE)

    @property
    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of each file that the package has, by its name."""
        return {name: sha256 for name, sha256 in self.model_dump(by_alias=True).items() if sha256 is not None}


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

    @model_validator(mode="after")
    def _has_the_files_of_its_kind(self) -> Self:
        files = set(self.files.hashes) - {REFERENCE}
        if files != set(model_files(self.kind)):
            raise ValueError(f"a model of the kind {self.kind} does not consist of {', '.join(sorted(files))}")
        return self


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
            ModelError: It cannot be read or was changed, or a plug-in computes the model.
        """
        return self.content(GRAPH)

    def weights(self) -> bytes:
        """Return the content of `model.bin`, checked on each reading.

        Raises:
            ModelError: As for the graph.
        """
        return self.content(WEIGHTS)

    def reference_pictures(self) -> bytes | None:
        """Return the content of `reference.npz`, checked on each reading; None if the package has none.

        Raises:
            ModelError: It cannot be read or was changed.
        """
        return self.content(REFERENCE) if self.manifest.files.reference else None

    @property
    def file_names(self) -> tuple[str, ...]:
        """Return the names of its files."""
        return (MANIFEST, *self.manifest.files.hashes)

    def contents(self) -> dict[str, bytes]:
        """Return the content of each of its files, checked.

        Raises:
            ModelError: One cannot be read or was changed.
        """
        return {MANIFEST: _content(self.folder / MANIFEST)} | {
            name: self.content(name) for name in self.manifest.files.hashes
        }

    def content(self, name: str) -> bytes:
        """Return the content of one of its files, checked on each reading.

        Raises:
            ModelError: It cannot be read or was changed, or a model of this kind has no such file.
        """
        sha256 = self.manifest.files.hashes.get(name)
        if sha256 is None:
            raise ModelError(
                f"The model '{self.manifest.name}' is of the kind '{self.manifest.kind}': it has no {name}.",
                "Choose a model that OpenVINO computes." if self.manifest.kind != OPENVINO else None,
            )
        return _checked_content(self.folder / name, sha256)


def model_files(kind: str) -> tuple[str, str]:
    """Return the names of the files that a model of this kind consists of."""
    return MODEL_FILES[kind != OPENVINO]


def write_package(parent: Path, name: str, description: ModelDescription, files: Mapping[str, Path]) -> ModelPackage:
    """Write a new package at `parent/name`, completely or not at all.

    Args:
        parent: Folder of all packages.
        name: Name of the package; it must be new.
        description: What the model is.
        files: Paths of the present files of the model, such as "model.xml" and "model.bin", and perhaps of
            "reference.npz"; they are copied.

    Raises:
        BadInputError: The name cannot be used for a folder, or a package of this name exists.
    """
    target = parent / checked_name(name, "model package")
    if target.exists():
        raise BadInputError(
            f"There is already a model package '{name}'.", "A package never changes: choose a new name."
        )
    names = [*model_files(description.kind), *([REFERENCE] if REFERENCE in files else [])]
    contents = {name: files[name].read_bytes() for name in names}
    contents[MANIFEST] = _sealed_manifest(name, description, contents)
    _write_folder(target, contents)
    return load_package(target)


def copy_package(package: ModelPackage, target: Path) -> ModelPackage:
    """Copy a checked package to `target`, completely or not at all.

    Raises:
        ModelError: The package was changed since it was loaded.
        OSError: The disk refused; nothing is left at `target` or next to it.
    """
    _write_folder(target, package.contents())
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
    package.contents()
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
