"""What is known of the features of every GenICam camera: SFNC names, old names, and the order of writing."""

from collections.abc import Container, Mapping
from typing import Any

from station.domain.camera import Access, CameraFeature, FeatureKind, Visibility
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


def from_fields(fields: Mapping[str, Any]) -> CameraFeature:
    """A feature from its fields as they come over the pipe."""
    words = {
        "kind": FeatureKind(fields["kind"]),
        "visibility": Visibility(fields["visibility"]),
        "access": Access(fields["access"]),
    }
    return CameraFeature(**{**fields, **words})
