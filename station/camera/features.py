"""Ranges of camera settings by their SFNC names, and the error if a value cannot be set."""

from collections.abc import Mapping
from dataclasses import dataclass

from station.domain.errors import CameraError
from station.domain.recipe import SettingValue

_RANGE_ADVICE = "Change the value in the recipe's camera settings."


@dataclass(frozen=True, slots=True)
class NumberFeature:
    """A setting that is a number.

    Attributes:
        name: SFNC name.
        unit: "us", "dB", "Hz", "px"; empty for a count.
        low, high: Range of the device, including both ends.
    """

    name: str
    unit: str
    low: float
    high: float

    def checked(self, value: SettingValue) -> float:
        """Return the value as a float.

        Raises:
            CameraError: It is not a number within the range; the sentence names feature, range and unit.
        """
        if isinstance(value, bool | str) or not self.low <= value <= self.high:
            allowed = f"{self.low:g} to {self.high:g} {self.unit}".strip()
            raise CameraError(f"{self.name} cannot be {value}: the camera allows {allowed}.", _RANGE_ADVICE)
        return float(value)


@dataclass(frozen=True, slots=True)
class ChoiceFeature:
    """A setting that is one of several names."""

    name: str
    choices: tuple[str, ...]

    def checked(self, value: SettingValue) -> str:
        """Return the value as text.

        Raises:
            CameraError: It is not one of `choices`; the sentence lists them.
        """
        if value not in self.choices:
            raise CameraError(
                f"{self.name} cannot be {value}: the camera allows {', '.join(self.choices)}.", _RANGE_ADVICE
            )
        return str(value)


Feature = NumberFeature | ChoiceFeature


def feature_named(name: str, features: Mapping[str, Feature], camera: str) -> Feature:
    """Return the feature with this name.

    Raises:
        CameraError: The camera does not have it; the sentence lists those that it has.
    """
    if name not in features:
        raise CameraError(f"{camera} has no setting '{name}'; it has {', '.join(features)}.", _RANGE_ADVICE)
    return features[name]
