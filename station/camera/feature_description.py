"""What a source can be set to, in the same words for every kind of camera."""

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from station.camera.features import ChoiceFeature, Feature, NumberFeature
from station.camera.source import FrameSource
from station.domain.camera import Access, CameraFeature, FeatureKind, Visibility
from station.domain.recipe import SettingValue

_CATEGORY = "Camera"


@runtime_checkable
class HasFeatureTree(Protocol):
    """A camera that describes itself."""

    def features(self) -> tuple[CameraFeature, ...]:
        """The whole tree, as it is now; opens the camera where it is not open, for the thread that fetches."""
        ...

    def features_beside(self, *names: str) -> tuple[CameraFeature, ...]:
        """These features, or the whole tree, while pictures go on; any thread may ask.

        Raises:
            CameraError: It is not open, or cannot be read.
        """
        ...


@runtime_checkable
class HasRanges(Protocol):
    """A camera whose settings the station describes."""

    @property
    def ranges(self) -> Mapping[str, Feature]:
        """What each setting takes, by SFNC name."""
        ...


def described(source: FrameSource) -> tuple[CameraFeature, ...]:
    """Everything that can be read or set; empty for pictures that were taken before.

    Raises:
        CameraError: The camera cannot be read.
    """
    if isinstance(source, HasFeatureTree):
        return source.features()
    ranges = source.ranges if isinstance(source, HasRanges) else {}
    return tuple(_from_range(ranges[name], value) for name, value in source.settings().items() if name in ranges)


def _from_range(feature: Feature, value: SettingValue) -> CameraFeature:
    match feature:
        case NumberFeature(name, unit, low, high):
            return _setting(name, FeatureKind.FLOAT, value, unit=unit, minimum=low, maximum=high)
        case ChoiceFeature(name, choices):
            return _setting(name, FeatureKind.ENUMERATION, value, entries=choices)


def _setting(name: str, kind: FeatureKind, value: SettingValue, **limits: Any) -> CameraFeature:  # noqa: ANN401 - fields
    return CameraFeature(name, name, kind, _CATEGORY, Visibility.BEGINNER, Access.READ_WRITE, value, **limits)
