"""What is known of the features of every GenICam camera: SFNC names, old names, and the order of writing."""

from collections.abc import Container, Mapping
from typing import Any

from station.domain.camera import Access, CameraFeature, FeatureKind, Visibility, feature_of
from station.domain.recipe import SettingValue

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

_SELECTED = {
    "BinningSelector": ("BinningHorizontal", "BinningVertical"),
    "GainSelector": ("GainAuto", "Gain"),
    "BlackLevelSelector": ("BlackLevel",),
    "BalanceRatioSelector": ("BalanceRatio",),
    "LineSelector": ("LineMode", "LineSource", "LineInverter", "LineDebouncerTime"),
    "TriggerSelector": ("TriggerMode", "TriggerSource", "TriggerActivation", "TriggerDelay", "TriggerSoftware"),
}
SELECTOR_OF = {feature: selector for selector, features in _SELECTED.items() for feature in features}
"""The selector that a feature has a value for each entry of. A camera's own tree often forgets to say so."""

# Written from the first to the last: what shapes others comes before them, what holds a value before that value.
_ORDER = (
    "UserSetSelector",
    "UserSetLoad",
    "BinningHorizontal",
    "BinningVertical",
    "ReverseX",  # may change the order of the colours, and so which pixel formats there are
    "ReverseY",
    "PixelFormat",
    "Width",
    "Height",
    "OffsetX",
    "OffsetY",
    "ExposureMode",
    "ExposureAuto",
    "ExposureTime",
    "GainAuto",
    "Gain",
    "BlackLevel",
    "GammaEnable",
    "Gamma",
    "BalanceWhiteAuto",
    "BalanceRatio",
    "AcquisitionFrameRateEnable",
    "AcquisitionFrameRate",
    "LineMode",
    "LineInverter",
    "LineSource",
    "LineDebouncerTime",
    "TriggerSource",
    "TriggerActivation",
    "TriggerDelay",
    "TriggerMode",
    "PtpEnable",
)
_RANK = {name: float(rank) for rank, name in enumerate(_ORDER)}
_RANK_OF_OTHERS = _RANK["LineMode"] - 0.5
_COMMANDS = {"UserSetLoad"}
_SINGLE_PRECISION = 1e-6

RECIPE_FEATURES = tuple(name for name in _ORDER if name not in _COMMANDS)
"""The SFNC names that a recipe can hold, in the order of writing. UserSetLoad and UserSetSave can be written too,
but a camera has no value of them to report."""


def selection(setting: str) -> tuple[str, str]:
    """Feature and entry of its selector: "BalanceRatio" and "Red" for "BalanceRatio[Red]"; no entry for "Gain"."""
    feature = feature_of(setting)
    return feature, setting[len(feature) :].strip("[]")


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
    """The values in the order in which a camera takes them; names without a rank come before the lines, by name.

    A selector that is a setting itself comes before what it selects, and what names its entry after what does not.
    """
    return sorted(values.items(), key=lambda item: (_rank(item[0]), item[0]))


def _rank(setting: str) -> float:
    feature = feature_of(setting)
    if feature in _SELECTED:
        return min(_rank(selected) for selected in _SELECTED[feature] if selected in _RANK) - 0.25
    return _RANK.get(feature, _RANK_OF_OTHERS)


def same_value(wanted: SettingValue, read: SettingValue | None, increment: float | None) -> bool:
    """Whether the camera took a value: exactly, but for a float that the camera rounds to its own grid, up or down.

    A grid that the camera does not tell is taken as finer than half a per cent.
    """
    if read is None or isinstance(wanted, bool | str) or isinstance(read, bool | str):
        return wanted == read
    if isinstance(read, int):
        return read == wanted
    off, finest = abs(read - wanted), abs(wanted) * _SINGLE_PRECISION
    return off < increment + finest if increment else off <= abs(wanted) * 5e-3 + 1e-9


def from_fields(fields: Mapping[str, Any]) -> CameraFeature:
    """A feature from its fields as they come over the pipe."""
    words = {
        "kind": FeatureKind(fields["kind"]),
        "visibility": Visibility(fields["visibility"]),
        "access": Access(fields["access"]),
    }
    return CameraFeature(**{**fields, **words})
