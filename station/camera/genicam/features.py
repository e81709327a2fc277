"""What holds for the features of every GenICam camera: SFNC names, older names, and the order of writing."""

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
"""The selector of each feature that has one value per selector entry. Many cameras do not report it."""

# Written from first to last: a feature that limits others before them, and one that locks a value before that value.
_ORDER = (
    "UserSetSelector",
    "UserSetLoad",
    "BinningHorizontal",
    "BinningVertical",
    "ReverseX",  # may change the Bayer order, and so the available pixel formats
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
SINGLE_PRECISION = 1e-6

RECIPE_FEATURES = tuple(name for name in _ORDER if name not in _COMMANDS)
"""The SFNC names that a recipe can hold, in the order of writing. UserSetLoad and UserSetSave can also be written, but
as commands they have no value that the camera could report."""


def selection(setting: str) -> tuple[str, str]:
    """Return feature and selector entry: ("BalanceRatio", "Red") for "BalanceRatio[Red]", ("Gain", "") for "Gain"."""
    feature = feature_of(setting)
    return feature, setting[len(feature) :].strip("[]")


def own_names(sfnc_name: str) -> tuple[str, ...]:
    """Return all names that a camera may use for an SFNC feature, the SFNC name first."""
    return (sfnc_name, *_OLD_NAMES.get(sfnc_name, ()))


def sfnc_name(own_name: str, names: Container[str]) -> str:
    """Return the SFNC name of the feature that a camera with these `names` calls `own_name`.

    Example: a camera with ExposureTimeAbs and ExposureTimeRaw: ExposureTimeAbs is "ExposureTime", the name listed
    first; ExposureTimeRaw keeps its own name.
    """
    for new, old in _OLD_NAMES.items():
        if own_name in old and next(name for name in (new, *old) if name in names) == own_name:
            return new
    return own_name


def writing_order(values: Mapping[str, SettingValue]) -> list[tuple[str, SettingValue]]:
    """Return the values in the order in which they are written; unlisted names by name, before "LineMode".

    A selector that is itself a setting is written before the features that it selects, and "BalanceRatio" before
    "BalanceRatio[Red]".
    """
    return sorted(values.items(), key=lambda item: (_rank(item[0]), item[0]))


def _rank(setting: str) -> float:
    feature = feature_of(setting)
    if feature in _SELECTED:
        return min(_rank(selected) for selected in _SELECTED[feature] if selected in _RANK) - 0.25
    return _RANK.get(feature, _RANK_OF_OTHERS)


def same_value(wanted: SettingValue, read: SettingValue | None, increment: float | None) -> bool:
    """Return whether the camera accepted a value. A float may differ by less than one increment of the camera.

    Example: 5003 us with an increment of 10 us may be read back as 5000 or 5010. If the camera reports no increment,
    0.5 % are allowed.
    """
    if read is None or isinstance(wanted, bool | str) or isinstance(read, bool | str):
        return wanted == read
    if isinstance(read, int):
        return read == wanted
    off, finest = abs(read - wanted), abs(wanted) * SINGLE_PRECISION
    return off < increment + finest if increment else off <= abs(wanted) * 5e-3 + 1e-9


def from_fields(fields: Mapping[str, Any]) -> CameraFeature:
    """Return a feature from its fields as the camera process sends them."""
    enums = {
        "kind": FeatureKind(fields["kind"]),
        "visibility": Visibility(fields["visibility"]),
        "access": Access(fields["access"]),
    }
    return CameraFeature(**{**fields, **enums})
