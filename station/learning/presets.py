"""The methods that a product can be taught with, by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from station.domain.errors import BadInputError
from station.inference.model_package import AND_WHOLE_PART
from station.learning.anomalib_settings import (
    Anomalib,
    CflowSettings,
    DfkdeSettings,
    DfmSettings,
    FreSettings,
    PadimSettings,
    PatchcoreSettings,
    StfpmSettings,
    SupersimplenetSettings,
)
from station.learning.brought_settings import (
    AnomalyDinoSettings,
    Brought,
    DinomalySettings,
    DraemSettings,
    DsrSettings,
    EfficientAdSettings,
    FastflowSettings,
    ReverseDistillationSettings,
)
from station.learning.detector_settings import LITE_BACKBONE, DetectorSettings, HeldOut, Lacking
from station.learning.fine_settings import FineSettings
from station.learning.own_network_settings import AutoencoderSettings, FcddSettings
from station.learning.plugin_method import PluginMethod, plugin_methods

LimitFrom = Literal["good", "labels"]
"""Source of the limit: good parts alone, or labelled defects as well."""


@dataclass(frozen=True, slots=True)
class UseOfDefects:
    """What labelled defects are used for while a product is taught; they are measured in any case.

    Attributes:
        limit_from: "labels" lets them move the limit.
        learned: The model learns from them.
    """

    limit_from: LimitFrom = "good"
    learned: bool = False


ONLY_MEASURED = UseOfDefects()


class Method(DetectorSettings):
    """PatchCore, the station's own: the distance of each place from the features of good parts.

    Attributes:
        stages: Stages of the backbone whose features are used.
        cell_px: Side of a cell of the map, pixels of the model's input.
        whole_weight: What the features of stage 6, which see most of a part at once, weigh beside other stages.
        pca_components: Number of principal components of the features that are kept.
        coreset_size: Number of features of good places that are kept.
        whole_part: The look of the whole part adds to the score: it finds parts that are assembled wrongly from good
            places. It has no place on the map.
    """

    words: ClassVar[str] = "compares each place with all places of good parts; the choice for most products"
    licence: ClassVar[str] = "Apache-2.0"
    cost: ClassVar[str] = "seconds to teach"
    backbone: ClassVar[str] = LITE_BACKBONE

    kind: Literal["patchcore"] = "patchcore"
    side_px: int = Field(320, ge=64, le=1024)
    stages: tuple[int, ...] = (2, 4, 6)
    cell_px: Literal[8, 16, 32] = 16
    whole_weight: float = Field(0.85, gt=0)
    pca_components: int = Field(128, ge=8)
    coreset_size: int = Field(3000, ge=100)
    smoothing_cells: float = Field(0.75, gt=0)
    whole_part: bool = False

    @property
    def described(self) -> str:
        """Return the method as a model package names it."""
        return f"patchcore {self.name}{AND_WHOLE_PART if self.whole_part else ''}"


AnyMember = Annotated[Method | Anomalib | Brought | FcddSettings | AutoencoderSettings, Field(discriminator="kind")]
"""Settings of any method that can be joined with others; only those with a map are."""
JOINS = "+"
"""Between the names of the members in the name of an ensemble."""
_MOST_MEMBERS = 4


class Ensemble(DetectorSettings):
    """Several methods that judge together, by the mean of their normalised scores.

    Attributes:
        members: The methods, each with its settings. All take the same input, that of the ensemble.
    """

    words: ClassVar[str] = "the mean of several methods"
    licence: ClassVar[str] = "those of its members"
    cost: ClassVar[str] = "teaching and judging take the time of all members together"

    kind: Literal["ensemble"] = "ensemble"
    members: tuple[AnyMember, ...] = Field(min_length=2, max_length=_MOST_MEMBERS)

    @classmethod
    def of(cls, members: "Sequence[AnyMember]") -> "Ensemble":
        """Return the ensemble of these methods, with an input that is as large as the largest of theirs."""
        name, side_px = JOINS.join(member.name for member in members), max(member.side_px for member in members)
        return cls(name=name, members=tuple(member.with_side(side_px) for member in members), side_px=side_px)

    @property
    def described(self) -> str:
        """Return the method as a model package names it."""
        return f"ensemble of {self._each}"

    @property
    def offer(self) -> str:
        """Return what the method is, for people who choose one."""
        return f"the mean of {self._each}: judging takes the time of {len(self.members)} models"

    @property
    def held_out(self) -> HeldOut:
        """Return how good pictures are held out for the limits: as the member holds out that holds out fewest."""
        return "once" if any(member.held_out == "once" for member in self.members) else "folds"

    @property
    def _each(self) -> str:
        *others, last = (member.name for member in self.members)
        return f"{', '.join(others)} and {last}"

    def lacks(self, backbones: Path) -> Lacking | None:
        """Return what the first member lacks that lacks something; None if none does."""
        return next(filter(None, (member.lacks(backbones) for member in self.members)), None)

    def network_of(self, backbones: Path | None) -> str:
        """Return the pretrained networks of the members, each once."""
        return ", ".join(dict.fromkeys(filter(None, (member.network_of(backbones) for member in self.members))))


AnyMethod = Annotated[
    Method | FineSettings | Anomalib | Brought | FcddSettings | AutoencoderSettings | PluginMethod | Ensemble,
    Field(discriminator="kind"),
]
"""Settings of any method: `kind` says which."""

_BALANCED, _DFM = Method(name="balanced"), DfmSettings()
METHODS: MappingProxyType[str, AnyMethod] = MappingProxyType(
    {
        method.name: method
        for method in (
            _BALANCED,
            Method(name="fast", side_px=256, cell_px=8, coreset_size=1000, smoothing_cells=1.5),
            FineSettings(),
            PadimSettings(),
            PatchcoreSettings(),
            _DFM,
            DfkdeSettings(),
            FreSettings(),
            CflowSettings(),
            StfpmSettings(),
            SupersimplenetSettings(),
            FcddSettings(),
            AutoencoderSettings(),
            FastflowSettings(),
            ReverseDistillationSettings(),
            AnomalyDinoSettings(),
            DinomalySettings(),
            EfficientAdSettings(),
            DraemSettings(),
            DsrSettings(),
            Ensemble.of((_BALANCED, _DFM)),
        )
    }
)
"""Every method with its presets, in the order in which it is offered."""


def known_methods() -> dict[str, AnyMethod]:
    """Return every method of the station, and then of its plug-ins, with its presets.

    Raises:
        BadInputError: A plug-in cannot be loaded.
    """
    return {**METHODS, **{name: method for name, method in plugin_methods().items() if name not in METHODS}}


def method_named(name: str) -> AnyMethod:
    """Return the method called `name`, with its presets.

    Raises:
        BadInputError: If there is none.
    """
    if name in METHODS:
        return METHODS[name]
    known = known_methods()
    if name in known:
        return known[name]
    if JOINS in name:
        return _ensemble([_member(part.strip(), known) for part in name.split(JOINS)])
    raise _unknown(name, known)


def _unknown(name: str, known: Mapping[str, AnyMethod]) -> BadInputError:
    return BadInputError(
        f"There is no method '{name}'.",
        f"Choose one of: {', '.join(known)}; several, joined by '{JOINS}', such as balanced+dfm; "
        "or install the plug-in that has it.",
    )


def _member(name: str, known: Mapping[str, AnyMethod]) -> AnyMember:
    """Return the method of an ensemble called `name`.

    Raises:
        BadInputError: There is none, or it cannot be joined.
    """
    if name not in known:
        raise _unknown(name, known)
    method = known[name]
    if isinstance(method, PluginMethod):
        raise BadInputError(
            f"{name} is computed by the plug-in {method.plugin}, and not by a graph that can be joined with another.",
            "Join methods of the station alone.",
        )
    if isinstance(method, FineSettings):
        raise BadInputError(
            f"{name} looks at pictures in their own size, and methods that are joined take the same input.",
            f"Teach {name} alone.",
        )
    if isinstance(method, Ensemble) or not method.has_map:
        raise BadInputError(
            f"{name} has no map, and an ensemble marks the places that all its members see.",
            "Join methods that have a map; docs/detectors.md says which.",
        )
    return method


def _ensemble(members: "Sequence[AnyMember]") -> Ensemble:
    """Return the ensemble of these methods.

    Raises:
        BadInputError: They are too many, or one is named twice.
    """
    names = [member.name for member in members]
    if len(members) > _MOST_MEMBERS or len(set(names)) < len(names):
        raise BadInputError(
            f"{JOINS.join(names)} cannot be joined.",
            f"Name 2 to {_MOST_MEMBERS} methods, each once.",
        )
    return Ensemble.of(members)


def with_whole_part(method: AnyMethod, *, wanted: bool) -> AnyMethod:
    """Return a method that checks the look of the whole part too, if it is wanted.

    Raises:
        BadInputError: The method cannot.
    """
    if not wanted:
        return method
    if not isinstance(method, Method):
        raise BadInputError(
            f"{method.name} cannot check the look of the whole part as well.",
            "Teach without --whole-part, or with the method balanced.",
        )
    return method.model_copy(update={"whole_part": True})


def require_teachable(method: AnyMethod, use: UseOfDefects, backbones: Path) -> None:
    """Do nothing if a method can be taught so on this station.

    Args:
        method: The method and its settings.
        use: What labelled defects are used for.
        backbones: Folder of the networks that the site brought.

    Raises:
        BadInputError: Something is missing, or the method does not learn from defects.
    """
    if use.learned and not isinstance(method, Method):
        raise BadInputError(
            f"{method.name} does not learn from labelled defects.",
            "Teach without --with-defects, or with the method balanced.",
        )
    method.require_complete(backbones)
