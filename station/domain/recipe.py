"""A recipe: how one type of part is inspected. A value; changing it makes the next revision."""

import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from station.domain.challenge_plan import NO_PLAN, ChallengePlan
from station.domain.digest import sha256_hex
from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.names import without_marks
from station.domain.part_code import CodeRule
from station.domain.part_location import PartLocation
from station.domain.picture_form import PictureForm
from station.domain.verdict import Limits

SettingValue = bool | int | float | str

_NAME = re.compile(r"[^\W_][\w .\-]{0,79}")
_MOST_BYTES = 180
"""A folder's name has at most 255 bytes, and a model package adds the view and the time."""
_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))})
"""What Windows takes for a device, whatever follows behind a dot."""


class RecipeState(StrEnum):
    """The life of a revision. Only a released one inspects a running line."""

    DRAFT = "draft"
    VALIDATED = "validated"
    RELEASED = "released"
    RETIRED = "retired"

    @property
    def next_states(self) -> frozenset["RecipeState"]:
        """Return the states that a revision in this state may get; none of them is the state itself."""
        return _NEXT_STATES[self]


_NEXT_STATES = {
    RecipeState.DRAFT: frozenset({RecipeState.VALIDATED, RecipeState.RELEASED, RecipeState.RETIRED}),
    RecipeState.VALIDATED: frozenset({RecipeState.RELEASED, RecipeState.RETIRED}),
    RecipeState.RELEASED: frozenset({RecipeState.RETIRED}),
    RecipeState.RETIRED: frozenset({RecipeState.RELEASED}),
}


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """When a picture is too poor to be judged.

    Attributes:
        min_brightness, max_brightness: Mean grey value allowed, 0..255.
        min_sharpness: Least variance of the Laplacian on the model's downscaled picture; 0 switches the check off.
        frozen_after: Number of bit-identical pictures in a row that means a frozen camera; 0 switches the check off.
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
class View:
    """How one camera's view of a part is inspected (ISA-88: formula and equipment).

    Attributes:
        model: The model package it judges with.
        name: What the station's settings call the camera; "" if the station has one camera only.
        limits: Normalised limits.
        dataset_version: The pictures it was taught from.
        roi: Region of interest, None for the whole picture.
        camera_settings: SFNC names and values written to the camera before the line is ready.
        quality: When a picture is too poor to be judged.
        inference: Where and how exactly the model is computed.
        form: What its pictures looked like when it was taught; None for a recipe from before this was kept.
        ignore: Pixels that are neither scored nor outlined; None to judge the whole region of interest.
        taught_roi: The region of interest that the model was taught on; None for the whole picture. A model judges no
            other region: it would see every place at another size.
        code: The code of the part in this view; None if it has none.
        location: How the part is found in the picture, so that region and ignore mask move with it; None if it always
            lies in one place.
    """

    model: ModelReference
    name: str = ""
    limits: Limits = field(default_factory=Limits)
    dataset_version: str = ""
    roi: RegionOfInterest | None = None
    camera_settings: dict[str, SettingValue] = field(default_factory=dict)
    quality: QualityLimits = QualityLimits()
    inference: InferenceSettings = InferenceSettings()
    form: PictureForm | None = None
    ignore: IgnoreMask | None = None
    taught_roi: RegionOfInterest | None = None
    code: CodeRule | None = None
    location: PartLocation | None = None

    @property
    def needs_teaching(self) -> bool:
        """Return whether the model was taught on another region of interest than the one to be inspected."""
        return self.roi != self.taught_roi

    @property
    def scoring(self) -> "View":
        """Return the view without what leaves the scores as they are: limits, light, camera, code, its past."""
        model = ModelReference("", self.model.sha256)
        return replace(
            self,
            model=model,
            limits=Limits(),
            dataset_version="",
            camera_settings={},
            quality=QualityLimits(),
            code=None,
        )


@dataclass(frozen=True, slots=True)
class Recipe:
    """One immutable revision (ISA-88: header, and a formula for each view).

    Attributes:
        name: What people call it; also its key on the command line.
        revision: 1, 2, 3 ...; a revision never changes.
        product: The type of part.
        views: How each camera's view is inspected, at least one; of several each has a name of its own.
        author: Who made this revision.
        reason: Why it was made.
        keep_pass_every: Keep the pictures of every n-th part that passed, 0 for none; None for the setting of the
            station. Pictures of other parts are always kept.
        challenge: When the station is checked with challenge parts, and with which.
    """

    name: str
    revision: int
    product: str
    views: tuple[View, ...]
    author: str = ""
    reason: str = ""
    keep_pass_every: int | None = None
    challenge: ChallengePlan = NO_PLAN

    def __post_init__(self) -> None:
        if self.keep_pass_every is not None and self.keep_pass_every < 0:
            raise ValueError(f"keep_pass_every must be 0 or more, not {self.keep_pass_every}")
        names = {name.casefold() for name in self.view_names}
        if not names or len(names) < len(self.views) or (len(names) > 1 and "" in names):
            raise ValueError(f"a recipe has one view, or several with names that differ, not {self.view_names}")

    @property
    def label(self) -> str:
        """Name and revision, as on the command line: "tile@2"."""
        return f"{self.name}@{self.revision}"

    @property
    def view_names(self) -> tuple[str, ...]:
        """In order; ("",) where one camera without a name sees the part."""
        return tuple(view.name for view in self.views)

    def sees(self, names: Iterable[str]) -> bool:
        """Whether these are the names of its views, each of them once."""
        return sorted(names) == sorted(self.view_names)

    def view(self, name: str) -> View:
        """The view of this name.

        Raises:
            BadInputError: There is none; the advice lists what there is.
        """
        for view in self.views:
            if view.name == name:
                return view
        raise BadInputError(f"Recipe {self.label} has no view '{name}'.", f"It has {listed(self.view_names)}.")

    def with_view(self, view: View) -> "Recipe":
        """The same content with this view in place of the one of its name, or behind the others where it is new."""
        others = tuple(view if each.name == view.name else each for each in self.views)
        return replace(self, views=others if view.name in self.view_names else (*self.views, view))

    @property
    def text(self) -> str:
        """The content as canonical JSON. The fields of an only view without a name stand beside the others.

        What a view does not have is left out if older programs did not know it, so that the text and the hash of a
        recipe stay the same.
        """
        fields = _without_absent(asdict(self))
        fields["views"] = [_without_absent(view) for view in fields["views"]]
        if self.challenge == NO_PLAN:
            del fields["challenge"]
        if self.view_names == ("",):
            fields |= fields.pop("views")[0]
            fields["name"] = self.name
        text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode("utf-8", "backslashreplace").decode()  # half a letter as JSON escapes it: "\\ud800"

    @property
    def sha256(self) -> str:
        """Identity of the content: hex SHA-256 over `text`."""
        return sha256_hex(self.text.encode())

    def of_each_view(self, fact: Callable[[View], str]) -> str:
        """A fact about each view, in one line: "top=..., side=..."; the bare fact where the view has no name."""
        return ", ".join(f"{view.name}={fact(view)}" if view.name else fact(view) for view in self.views)


_LEFT_OUT_IF_ABSENT = ("form", "ignore", "taught_roi", "code", "location", "keep_pass_every")


def _without_absent(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None or name not in _LEFT_OUT_IF_ABSENT}


def listed(view_names: Iterable[str]) -> str:
    """Names of views in a sentence."""
    return ", ".join(f"'{name}'" if name else "one view without a name" for name in view_names)


class TakesEffect(StrEnum):
    """When a running line uses a revision that was released; the person who releases it chooses."""

    NOW = "now"
    NEXT_START = "next-start"


@dataclass(frozen=True, slots=True)
class StateChange:
    """A step in the life of a revision: who took it, why and when, and when it reaches a running line."""

    person: str
    reason: str
    at: datetime
    takes_effect: TakesEffect = TakesEffect.NEXT_START


@dataclass(frozen=True, slots=True)
class RecipeEntry:
    """A revision with its present state, as a list shows it, and the step that brought it there."""

    recipe: Recipe
    state: RecipeState
    created_at: datetime
    change: StateChange

    def require_next(self, state: RecipeState) -> None:
        """Do nothing if this state may follow the present one.

        Raises:
            BadInputError: It may not.
        """
        if state is self.state:
            raise BadInputError(f"Recipe {self.recipe.label} is already {state}.", "Nothing was changed.")
        if state not in self.state.next_states:
            possible = " or ".join(sorted(self.state.next_states))
            raise BadInputError(
                f"Recipe {self.recipe.label} is {self.state}. It cannot become {state}.", f"It can become {possible}."
            )


def require_names(recipe: Recipe) -> None:
    """Do nothing if recipe and product have names that are safe as folder names: a product is that of its datasets.

    Raises:
        BadInputError: One of the names is not.
    """
    checked_name(recipe.name)
    checked_name(recipe.product, "product")


def checked_name(name: str, what: str = "recipe") -> str:
    """The name in Unicode's composed form, if it is safe as a folder name and on a command line.

    Raises:
        BadInputError: It is empty, too long, or has characters that could leave the workspace.
    """
    name = unicodedata.normalize("NFC", name)  # an umlaut is one letter or two, by the system that the name came from
    plain = _NAME.fullmatch(without_marks(name)) and len(os.fsencode(name)) <= _MOST_BYTES
    if not plain or name.endswith((".", " ")) or ".." in name or name.partition(".")[0].rstrip().upper() in _DEVICES:
        raise BadInputError(
            f"'{name[:100]}' cannot be the name of a {what}.",
            "Use up to 80 letters, digits, spaces, '-', '_' or '.', beginning with a letter or digit.",
        )
    return name
