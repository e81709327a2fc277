"""Describes the settings of a source that has no GenApi node map in the same form as GenICam features."""

from collections.abc import Mapping
from typing import Any

from station.camera.features import ChoiceFeature, Feature, NumberFeature
from station.domain.camera import Access, CameraFeature, FeatureKind, Visibility
from station.domain.recipe import SettingValue

_CATEGORY = "Camera"


def describe_features(ranges: Mapping[str, Feature], values: Mapping[str, SettingValue]) -> tuple[CameraFeature, ...]:
    """Return one writable feature per value.

    Args:
        ranges: Allowed range or choices of each setting, by SFNC name.
        values: Current values by SFNC name; each name must be in `ranges`.
    """
    return tuple(_described(ranges[name], value) for name, value in values.items())


def _described(feature: Feature, value: SettingValue) -> CameraFeature:
    match feature:
        case NumberFeature(name, unit, low, high):
            return _setting(name, FeatureKind.FLOAT, value, unit=unit, minimum=low, maximum=high)
        case ChoiceFeature(name, choices):
            return _setting(name, FeatureKind.ENUMERATION, value, entries=choices)


def _setting(name: str, kind: FeatureKind, value: SettingValue, **limits: Any) -> CameraFeature:  # noqa: ANN401 - fields
    return CameraFeature(name, name, kind, _CATEGORY, Visibility.BEGINNER, Access.READ_WRITE, value, **limits)
