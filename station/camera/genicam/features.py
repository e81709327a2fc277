"""Camera features as values: what a camera can be set to, under the names of the SFNC, and in which order."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from station.domain.recipe import SettingValue


class FeatureKind(StrEnum):
    """What a feature holds."""

    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    ENUMERATION = "enumeration"
    STRING = "string"
    COMMAND = "command"


class Access(StrEnum):
    """What can be done with a feature at this moment."""

    READ_WRITE = "read and write"
    READ_ONLY = "read only"
    WRITE_ONLY = "write only"
    NOT_AVAILABLE = "not available now"
    NOT_IMPLEMENTED = "not implemented"

    @property
    def writable(self) -> bool:
        """It can be set."""
        return self in (Access.READ_WRITE, Access.WRITE_ONLY)

    @property
    def readable(self) -> bool:
        """It has a value."""
        return self in (Access.READ_WRITE, Access.READ_ONLY)


class Visibility(StrEnum):
    """For whom the camera's maker meant a feature."""

    BEGINNER = "Beginner"
    EXPERT = "Expert"
    GURU = "Guru"
    INVISIBLE = "Invisible"


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature as the camera reports it now.

    Attributes:
        name: SFNC name: "ExposureTime", also where the camera still calls it otherwise.
        own_name: What the camera calls it: "ExposureTimeAbs".
        kind: What it holds.
        category: Path in the camera's own tree: "AcquisitionControl/Exposure".
        visibility: For whom.
        access: What can be done with it now.
        value: None where it cannot be read.
        unit: As the camera writes it: "us"; empty where it has none.
        minimum, maximum, increment: Range of a number; None where there is none.
        entries: Names that an enumeration can be set to now.
        about: The maker's explanation.
    """

    name: str
    own_name: str
    kind: FeatureKind
    category: str
    visibility: Visibility
    access: Access
    value: SettingValue | None = None
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    increment: float | None = None
    entries: tuple[str, ...] = ()
    about: str = ""

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> "Feature":
        """A feature from its fields as they come over the pipe."""
        return cls(
            **{
                **fields,
                "kind": FeatureKind(fields["kind"]),
                "visibility": Visibility(fields["visibility"]),
                "access": Access(fields["access"]),
            }
        )

    @property
    def limits(self) -> str:
        """Which values it takes, in words: "16 to 4096 in steps of 16 px"."""
        if self.entries:
            return "one of " + ", ".join(self.entries)
        if self.minimum is None or self.maximum is None:
            return "true or false" if self.kind is FeatureKind.BOOLEAN else ""
        steps = f" in steps of {self.increment:g}" if self.increment and self.increment != 1 else ""
        return f"{self.minimum:.12g} to {self.maximum:.12g}{steps} {self.unit}".rstrip()


_OLD_NAMES = {
    "ExposureTime": ("ExposureTimeAbs", "ExposureTimeRaw"),
    "Gain": ("GainAbs", "GainRaw"),
    "BlackLevel": ("BlackLevelAbs", "BlackLevelRaw"),
    "BalanceRatio": ("BalanceRatioAbs", "BalanceRatioRaw"),
    "AcquisitionFrameRate": ("AcquisitionFrameRateAbs", "AcquisitionFrameRateRaw"),
    "TriggerDelay": ("TriggerDelayAbs", "TriggerDelayRaw"),
    "LineDebouncerTime": ("LineDebouncerTimeAbs", "LineDebouncerTimeRaw"),
    "DeviceTemperature": ("DeviceTemperatureInCelsius", "TemperatureAbs"),
    "DeviceSerialNumber": ("DeviceID",),
    "PtpEnable": ("GevIEEE1588",),
    "PtpStatus": ("GevIEEE1588Status",),
    "DeviceLinkSpeed": ("GevLinkSpeed",),
}

# Written from the first to the last: what shapes others comes before them, a selector before what it selects.
_ORDER = (
    "UserSetSelector",
    "UserSetLoad",
    "BinningHorizontal",
    "BinningVertical",
    "PixelFormat",
    "Width",
    "Height",
    "OffsetX",
    "OffsetY",
    "ReverseX",
    "ReverseY",
    "ExposureMode",
    "ExposureAuto",
    "ExposureTime",
    "GainSelector",
    "GainAuto",
    "Gain",
    "BlackLevelSelector",
    "BlackLevel",
    "GammaEnable",
    "Gamma",
    "BalanceWhiteAuto",
    "BalanceRatioSelector",
    "BalanceRatio",
    "AcquisitionFrameRateEnable",
    "AcquisitionFrameRate",
    "LineSelector",
    "LineMode",
    "LineSource",
    "LineInverter",
    "TriggerSelector",
    "TriggerSource",
    "TriggerActivation",
    "TriggerDelay",
    "TriggerMode",
    "PtpEnable",
    "UserSetSave",
)
_RANK = {name: rank for rank, name in enumerate(_ORDER)}
_NO_STATE = {"UserSetLoad", "UserSetSave"}

RECIPE_FEATURES = tuple(name for name in _ORDER if name not in _NO_STATE)
"""The SFNC names that a recipe can hold, in the order of writing. UserSetLoad and UserSetSave can be written too,
but a camera has no value of them to report."""


def own_names(sfnc_name: str) -> tuple[str, ...]:
    """Every name that a camera may have for an SFNC feature, the present one first."""
    return (sfnc_name, *_OLD_NAMES.get(sfnc_name, ()))


def sfnc_name(own_name: str, names: Container[str]) -> str:
    """The SFNC name of what a camera with these `names` calls `own_name`.

    A camera may have an old name beside the present one; only the first that it has stands for the feature.
    """
    for new, old in _OLD_NAMES.items():
        if own_name in old and next(name for name in (new, *old) if name in names) == own_name:
            return new
    return own_name


def writing_order(values: Mapping[str, SettingValue]) -> list[tuple[str, SettingValue]]:
    """The values in the order in which a camera takes them; names without a rank come before the trigger, by name."""
    rank_of_others = _RANK["LineSelector"] - 0.5
    return sorted(values.items(), key=lambda item: (_RANK.get(item[0], rank_of_others), item[0]))


def same_value(wanted: SettingValue, read: SettingValue | None, increment: float | None) -> bool:
    """Whether the camera took a value: exactly, but for a float that the camera rounds to its own grid.

    A grid that the camera does not tell is taken as finer than half a per cent.
    """
    if read is None or isinstance(wanted, bool | str) or isinstance(read, bool | str):
        return wanted == read
    if isinstance(read, int):
        return read == wanted
    return abs(read - wanted) <= max((increment or 0.0) / 2, abs(wanted) * 5e-3, 1e-9)


def search(features: Iterable[Feature], words: str, visibility: Visibility = Visibility.GURU) -> tuple[Feature, ...]:
    """The features up to this visibility that have all these words in a name, the category or the explanation."""
    wanted = words.lower().split()
    levels = list(Visibility)
    shown = levels[: levels.index(visibility) + 1]
    return tuple(
        feature
        for feature in features
        if feature.visibility in shown and all(word in _text(feature) for word in wanted)
    )


def _text(feature: Feature) -> str:
    return f"{feature.name} {feature.own_name} {feature.category} {feature.about}".lower()
