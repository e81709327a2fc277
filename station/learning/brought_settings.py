"""Methods of anomalib that need a network or pictures which no Python package has: the site brings them as files."""

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from station.domain.digest import sha256_of_file
from station.learning.anomalib_settings import AnomalibSettings
from station.learning.brought_pictures import PHOTOGRAPHS, TEXTURES, brought_pictures, named_with_hash
from station.learning.detector_settings import EpochSettings, Lacking

_SHOWN_OF_HASH = 12


class BroughtSettings(AnomalibSettings):
    """Settings of methods whose network is brought.

    Attributes:
        network: Its name, in timm if it is there. Its weights are expected in `backbones` of the workspace, as
            NETWORK.safetensors.
        published: Which file that is, in words.
    """

    published: ClassVar[str] = "as timm publishes it for this network"

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
            f"Put {self.file}, {self.published}, into {backbones}.",
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


class DinomalySettings(EpochSettings, BroughtSettings):
    """Dinomaly: what a decoder of good parts does not give back of the features of DINOv2.

    Attributes:
        rate: Highest rate of learning; it rises in the first 100 steps, and then falls to a tenth.
    """

    words: ClassVar[str] = "Dinomaly: what a decoder of good parts does not give back of the features of DINOv2"
    cost: ClassVar[str] = (
        "hours to teach, a third of a second of a core for each part; needs a network that the site brings"
    )

    kind: Literal["dinomaly"] = "dinomaly"
    name: str = "dinomaly"
    side_px: int = Field(384, ge=64, le=1024)
    network: Literal[
        "vit_small_patch14_reg4_dinov2",
        "vit_base_patch14_reg4_dinov2",
        "vit_small_patch14_dinov2",
        "vit_base_patch14_dinov2",
    ] = "vit_small_patch14_reg4_dinov2"
    rate: float = Field(2e-3, gt=0)


class EfficientAdSettings(EpochSettings, BroughtSettings):
    """EfficientAD: where a student of good parts differs from its teacher, and from an autoencoder of good parts.

    Photographs of anything but good parts, in `backbones/photographs`, keep the student from learning more than good
    parts. Without them it is trained without, and the model package says so.
    """

    words: ClassVar[str] = "EfficientAD: where a student and an autoencoder of good parts differ from a teacher"
    cost: ClassVar[str] = (
        "hours to teach, a third of a second of a core for each part; needs a network that the site brings, and "
        "photographs to be at its best"
    )
    published: ClassVar[str] = "the teacher that anomalib publishes, converted as docs/detectors.md shows"

    kind: Literal["efficient-ad"] = "efficient-ad"
    name: str = "efficient-ad"
    network: Literal["efficientad_teacher_small", "efficientad_teacher_medium"] = "efficientad_teacher_small"
    at_once: int = Field(1, ge=1)

    def network_of(self, backbones: Path | None) -> str:
        """Return the teacher with its hash, and the photographs with theirs."""
        return f"{super().network_of(backbones)}, {named_with_hash(backbones, PHOTOGRAPHS)}"


class DraemSettings(EpochSettings, AnomalibSettings):
    """Draem: draws the good part without the textures that were laid into it, and says where they lay.

    Attributes:
        channels: Channels of the first layer of the network that says where; the one that draws has twice as many.
        cell_px: Side of a cell of the map, pixels of the model's input.
    """

    words: ClassVar[str] = "Draem: trained to see brought textures that are laid into good parts"
    cost: ClassVar[str] = "many hours to teach, 1.6 s of a core for each part; needs textures that the site brings"

    kind: Literal["draem"] = "draem"
    name: str = "draem"
    channels: int = Field(64, ge=4)
    cell_px: Literal[4, 8, 16] = 4

    def lacks(self, backbones: Path) -> Lacking | None:
        """Return what is missing on this station; None if nothing is."""
        lacking = super().lacks(backbones)
        if lacking or brought_pictures(backbones, TEXTURES):
            return lacking
        return Lacking(
            f"{self.name} needs pictures of textures, which no Python package has",
            f"Put some, such as those of the Describable Textures Dataset, into {backbones / TEXTURES}.",
        )

    def network_of(self, backbones: Path | None) -> str:
        """Return the textures with the beginning of their SHA-256."""
        return named_with_hash(backbones, TEXTURES)


class DsrSettings(EpochSettings, BroughtSettings):
    """DSR: as Draem, with defects that are drawn into the codes of a network instead of into the picture.

    Attributes:
        strength: Least strength of these defects.
        cell_px: Side of a cell of the map, pixels of the model's input.
    """

    words: ClassVar[str] = "DSR: trained to see changed codes of a network in good parts"
    cost: ClassVar[str] = "many hours to teach, 1.2 s of a core for each part; needs a network that the site brings"
    published: ClassVar[str] = "the vq_model that anomalib publishes, converted as docs/detectors.md shows"

    kind: Literal["dsr"] = "dsr"
    name: str = "dsr"
    network: Literal["dsr_vq_model_128_4096"] = "dsr_vq_model_128_4096"
    at_once: int = Field(4, ge=1)
    strength: float = Field(0.2, gt=0, lt=1)
    cell_px: Literal[4, 8, 16] = 4


Brought = (
    FastflowSettings
    | ReverseDistillationSettings
    | AnomalyDinoSettings
    | DinomalySettings
    | EfficientAdSettings
    | DraemSettings
    | DsrSettings
)
"""Settings of any of these methods."""
