"""Methods of anomalib that need a pretrained network which no Python package has: the site brings it as a file."""

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from station.domain.digest import sha256_of_file
from station.learning.anomalib_settings import AnomalibSettings
from station.learning.detector_settings import EpochSettings, Lacking

_SHOWN_OF_HASH = 12


class BroughtSettings(AnomalibSettings):
    """Settings of methods whose network is brought.

    Attributes:
        network: Its name in timm. Its weights are expected in `backbones` of the workspace, as NETWORK.safetensors.
    """

    network: str

    @property
    def file(self) -> str:
        """Return the name of the file that is expected."""
        return f"{self.network}.safetensors"

    def lacks(self, backbones: Path) -> Lacking | None:
        """Return what is missing on this station; None if nothing is."""
        lacking = super().lacks(backbones)
        if lacking or (backbones / self.file).is_file():
            return lacking
        return Lacking(
            f"{self.name} needs the pretrained network {self.network}, which no Python package has",
            f"Put {self.file}, as timm publishes it for this network, into {backbones}.",
        )

    def network_of(self, backbones: Path | None) -> str:
        """Return the name of the network, and the beginning of the SHA-256 of its file."""
        if backbones is None:
            return self.network
        return f"{self.network} {sha256_of_file(backbones / self.file)[:_SHOWN_OF_HASH]}"


class FastflowSettings(EpochSettings, BroughtSettings):
    """FastFlow: how likely the features around each place are, by normalising flows over pictures.

    Attributes:
        steps: Steps of each flow.
    """

    words: ClassVar[str] = "FastFlow: how likely the features around each place are"
    cost: ClassVar[str] = "many minutes to teach; needs a network that the site brings"

    kind: Literal["fastflow"] = "fastflow"
    name: str = "fastflow"
    network: Literal["resnet18", "wide_resnet50_2"] = "resnet18"
    steps: int = Field(8, ge=1)


class ReverseDistillationSettings(EpochSettings, BroughtSettings):
    """Reverse distillation: what a decoder of good parts does not give back of the features."""

    words: ClassVar[str] = "Reverse distillation: what a decoder of good parts does not give back"
    cost: ClassVar[str] = "many minutes to teach; needs a network that the site brings"

    kind: Literal["reverse-distillation"] = "reverse-distillation"
    name: str = "reverse-distillation"
    network: Literal["resnet18", "wide_resnet50_2"] = "wide_resnet50_2"


class AnomalyDinoSettings(BroughtSettings):
    """AnomalyDINO: distance of each patch from good patches, by the features of DINOv2.

    Attributes:
        coreset_size: Number of features of good patches that are kept.
    """

    words: ClassVar[str] = "AnomalyDINO: distance of each patch from good ones, by features of DINOv2"
    cost: ClassVar[str] = "minutes to teach, some 10 times the time for each part; needs a network that the site brings"

    kind: Literal["anomaly-dino"] = "anomaly-dino"
    name: str = "anomaly-dino"
    network: Literal["vit_small_patch14_dinov2", "vit_base_patch14_dinov2"] = "vit_small_patch14_dinov2"
    coreset_size: int = Field(3000, ge=100)


Brought = FastflowSettings | ReverseDistillationSettings | AnomalyDinoSettings
"""Settings of any of these methods."""
