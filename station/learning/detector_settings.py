"""Settings of the methods of `station.trainer.detectors`, and what each says of itself before it is loaded."""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from station.domain.errors import BadInputError
from station.inference.model_package import OPENVINO, WITHOUT_MAP

LITE_BACKBONE = "tf_efficientnet_lite0"
"""The small network whose weights come with the station, and for torch with the training extra."""
HeldOut = Literal["folds", "once"]
"""How good pictures are held out for the limits: each once, by a detector made without its fold; or a fifth of them by
the detector that is kept, which then learns from the others alone."""

_INSTALL = "Install the training extra: python3 installer/bootstrap.py train."


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a method lacks on this station.

    Attributes:
        sentence: "padim needs torch and anomalib".
        advice: How to bring it.
    """

    sentence: str
    advice: str


class DetectorSettings(BaseModel):
    """Settings that all methods have; each method adds its own, and a `kind` that no other has.

    Attributes:
        name: As on the command line.
        side_px: The model's input has the area of a square with this side; the picture's aspect is kept.
        smoothing_cells: Sigma of the Gaussian that smooths the map, in cells of the map; 0 for none.
        fp16_weights: Weights are stored with 16 bits.
        words: What the method is, for people who choose one.
        licence: Licence of the method's code, and of pretrained weights that come with it.
        cost: What teaching and judging cost, in words.
        backbone: Name of the pretrained network; "" without one.
        has_map: Whether it says where an anomaly is. Without a map a rejected part has no mark.
        packages: The Python packages that teaching imports, besides those of the plain install.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: ClassVar[str]
    licence: ClassVar[str]
    cost: ClassVar[str]
    backbone: ClassVar[str] = ""
    has_map: ClassVar[bool] = True
    packages: ClassVar[tuple[str, ...]] = ()

    name: str
    side_px: int = Field(256, ge=64, le=1024)
    smoothing_cells: float = Field(1.0, ge=0)
    fp16_weights: bool = False

    @property
    def described(self) -> str:
        """Return the method as a model package names it."""
        return self.name if self.has_map else f"{self.name}{WITHOUT_MAP}"

    @property
    def held_out(self) -> HeldOut:
        """Return how good pictures are held out for the limits."""
        return "folds"

    @property
    def offer(self) -> str:
        """Return what the method is, for people who choose one."""
        return self.words

    @property
    def package_kind(self) -> str:
        """Return the kind of the packages."""
        return OPENVINO

    @property
    def computed(self) -> str:
        """Return how the model is computed."""
        return f"weights with {16 if self.fp16_weights else 32} bits"

    def with_side(self, side_px: int) -> Self:
        """Return the settings with which the method looks at an input of this side, as a member of an ensemble does."""
        return self

    def side_for(self, shapes: Sequence[tuple[int, int]]) -> int:
        """Return the side of a square that has the area of the model's input.

        Args:
            shapes: Height and width of each region that is inspected, pixels.
        """
        return self.side_px

    def cost_of(self, input_size: tuple[int, int]) -> str:
        """Return what judging costs, in a sentence; "" if it is not worth one.

        Args:
            input_size: Height and width of the model's input, pixels.
        """
        return ""

    def lacks(self, backbones: Path) -> Lacking | None:
        """Return what is missing on this station; None if nothing is.

        Args:
            backbones: Folder of the networks that the site brought.
        """
        missing = [package for package in self.packages if importlib.util.find_spec(package) is None]
        return Lacking(f"{self.name} needs {' and '.join(missing)}", _INSTALL) if missing else None

    def network_of(self, backbones: Path | None) -> str:
        """Return which pretrained network is used; "" without one. A brought one is named with its hash."""
        return self.backbone

    def require_complete(self, backbones: Path) -> None:
        """Do nothing if nothing is missing on this station.

        Raises:
            BadInputError: Something is; the advice says how to bring it.
        """
        if lacking := self.lacks(backbones):
            raise BadInputError(f"{lacking.sentence}.", lacking.advice)


class EpochSettings(DetectorSettings):
    """Settings of methods that are trained by gradients in epochs.

    Attributes:
        epochs: How often each picture is looked at.
        at_once: Pictures of one step.
    """

    epochs: int = Field(20, ge=1)
    at_once: int = Field(8, ge=1)

    @property
    def held_out(self) -> HeldOut:
        """Return how good pictures are held out for the limits: training takes too long for folds."""
        return "once"
