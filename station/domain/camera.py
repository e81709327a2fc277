"""Cameras as a person meets them: which are in sight and why one is not, and what one of them can be set to."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from station.domain.recipe import SettingValue


@dataclass(frozen=True, slots=True)
class ProducerInSight:
    """A camera maker's driver (GenTL producer), and whether it could be used.

    Attributes:
        path: Its file.
        sentence: What a person reads about it: how many devices it sees, or why it could not be used.
        detail: Checksum, owner and where it was found, for support.
        usable: It was loaded and asked.
    """

    path: str
    sentence: str
    detail: str
    usable: bool


@dataclass(frozen=True, slots=True)
class CameraInSight:
    """A camera, or a stand-in for one, that can be looked through.

    Attributes:
        source: The words it is asked for by: "genicam:1".
        name: Model, serial number and maker.
        detail: Who holds it, and where it hangs.
        stand_in: Its pictures are drawn or were taken before.
    """

    source: str
    name: str
    detail: str
    stand_in: bool


@dataclass(frozen=True, slots=True)
class CamerasInSight:
    """Everything that was found.

    Attributes:
        producers: In the order they were asked.
        cameras: The station's own first, then all that the producers see, then the drawn ones.
        reasons: Why no real camera is in sight, one sentence each; empty where there is one.
    """

    producers: tuple[ProducerInSight, ...]
    cameras: tuple[CameraInSight, ...]
    reasons: tuple[str, ...]


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
    """For whom the camera's maker meant a feature, from the first lesson to the last."""

    BEGINNER = "Beginner"
    EXPERT = "Expert"
    GURU = "Guru"
    INVISIBLE = "Invisible"


@dataclass(frozen=True, slots=True)
class CameraFeature:
    """One feature of an open camera as it is now.

    Attributes:
        name: SFNC name: "ExposureTime", also where the camera calls it otherwise.
        own_name: What the camera calls it: "ExposureTimeAbs".
        kind: What it holds.
        category: Path in the camera's own tree: "AcquisitionControl/Exposure".
        visibility: For whom.
        access: What can be done with it; a feature that only waits for the pictures to pause counts as settable.
        value: None where it cannot be read.
        unit: "us", "dB"; empty where it has none.
        minimum, maximum: Range of a number; None where the camera names none.
        increment: Least step of a number; None where the camera names none.
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

    @property
    def text(self) -> str:
        """Its value as a person writes it, without the unit."""
        if self.value is None:
            return ""
        return f"{self.value:.8g}" if isinstance(self.value, float) else str(self.value)

    @property
    def limits(self) -> str:
        """Which values it takes, in words: "16 to 4096 in steps of 16 px"; empty where nothing limits it."""
        if self.entries:
            return "one of " + ", ".join(self.entries)
        if self.minimum is None or self.maximum is None:
            return "true or false" if self.kind is FeatureKind.BOOLEAN else ""
        steps = f" in steps of {self.increment:g}" if self.increment and self.increment != 1 else ""
        return f"{self.minimum:.12g} to {self.maximum:.12g}{steps} {self.unit}".rstrip()


def matching(features: Iterable[CameraFeature], words: str, visibility: Visibility) -> tuple[CameraFeature, ...]:
    """The features up to this visibility that have all these words in a name, the category or the explanation."""
    wanted = words.lower().split()
    levels = list(Visibility)
    shown = levels[: levels.index(visibility) + 1]
    return tuple(each for each in features if each.visibility in shown and all(word in _words(each) for word in wanted))


def _words(feature: CameraFeature) -> str:
    return f"{feature.name} {feature.own_name} {feature.category} {feature.about}".lower()
