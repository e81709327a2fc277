"""A recipe: how one type of part is inspected. A value; changing it makes the next revision."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from station.domain.errors import BadInputError
from station.domain.verdict import Limits

SettingValue = bool | int | float | str
_NAME = re.compile(r"[^\W_][\w .\-]{0,79}")


class RecipeState(StrEnum):
    """The life of a revision. Only a released one inspects a running line."""

    DRAFT = "draft"
    VALIDATED = "validated"
    RELEASED = "released"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class RegionOfInterest:
    """The part of the picture that is inspected, in pixels of the original picture."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """When a picture is too poor to be judged.

    Attributes:
        min_brightness, max_brightness: Mean grey value allowed, 0..255.
        min_sharpness: Least variance of the Laplacian on the model's downscaled picture; 0 switches the check off.
        frozen_after: So many bit-identical pictures in a row mean a frozen camera; 0 switches the check off.
        min_aspect, max_aspect: Width over height of the inspected part of the picture; 0 allows any.
    """

    min_brightness: float = 8.0
    max_brightness: float = 250.0
    min_sharpness: float = 0.0
    frozen_after: int = 3
    min_aspect: float = 0.0
    max_aspect: float = 0.0


@dataclass(frozen=True, slots=True)
class InferenceSettings:
    """Where and how exactly the model is computed.

    Attributes:
        device: OpenVINO device name, such as "CPU" or "GPU".
        precision: "f32", "f16" or "bf16"; set explicitly, because scores move with it.
    """

    device: str = "CPU"
    precision: str = "f32"


@dataclass(frozen=True, slots=True)
class ModelReference:
    """Which model package a recipe uses: its folder's name in the workspace and the SHA-256 of its manifest."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """One immutable revision (ISA-88: header, formula, equipment).

    Attributes:
        name: What people call it; also its key on the command line.
        revision: 1, 2, 3 ...; a revision never changes.
        product: The type of part.
        model: The model package it judges with.
        limits: Normalised limits.
        dataset_version: The pictures it was taught from.
        roi: Region of interest, None for the whole picture.
        camera_settings: SFNC names and values written to the camera before the line is ready.
        author: Who made this revision.
        reason: Why it was made.
    """

    name: str
    revision: int
    product: str
    model: ModelReference
    limits: Limits = field(default_factory=Limits)
    dataset_version: str = ""
    roi: RegionOfInterest | None = None
    camera_settings: dict[str, SettingValue] = field(default_factory=dict)
    quality: QualityLimits = QualityLimits()
    inference: InferenceSettings = InferenceSettings()
    author: str = ""
    reason: str = ""

    @property
    def label(self) -> str:
        """Name and revision, as on the command line: "tile@2"."""
        return f"{self.name}@{self.revision}"

    @property
    def sha256(self) -> str:
        """Identity of the content: hex SHA-256 over canonical JSON."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RecipeEntry:
    """A revision with its present state, as a list shows it."""

    recipe: Recipe
    state: RecipeState
    created_at: datetime


def checked_name(name: str, what: str = "recipe") -> str:
    """The name, if it is safe as a folder name and on a command line.

    Raises:
        BadInputError: It is empty, too long, or has characters that could leave the workspace.
    """
    if not _NAME.fullmatch(name) or name.endswith((".", " ")) or ".." in name:
        raise BadInputError(
            f"'{name[:100]}' cannot be the name of a {what}.",
            "Use up to 80 letters, digits, spaces, '-', '_' or '.', beginning with a letter or digit.",
        )
    return name
