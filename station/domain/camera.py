"""Cameras as a person meets them: which are in sight and why one is not, and what one of them can be set to."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from station.domain.recipe import SettingValue
from station.domain.source_uri import SourceKind, source_kind


@dataclass(frozen=True, slots=True)
class DiscoveredProducer:
    """A camera maker's driver (GenTL producer): what it is, and whether it could be used.

    Attributes:
        path: Its file.
        found_by: "settings", the name of the environment variable, or "test camera".
        sha256: Hex digest of the file; empty where it cannot be read.
        owner: Who owns the file.
        bits: 32 or 64; None where it is no library.
        missing_libraries: Libraries it needs that this machine does not have.
        error: Why it could not be used, one sentence; empty where it could.
        devices: How many devices it sees.
    """

    path: str
    found_by: str
    sha256: str = ""
    owner: str = ""
    bits: int | None = None
    missing_libraries: tuple[str, ...] = ()
    error: str = ""
    devices: int = 0

    @property
    def usable(self) -> bool:
        """It was loaded and asked."""
        return not self.error

    @property
    def sentence(self) -> str:
        """What a person reads about it: how many devices it sees, or why it could not be used."""
        if self.error:
            return self.error
        return f"{self.path} sees {self.devices or 'no'} device{'' if self.devices == 1 else 's'}."

    @property
    def detail(self) -> str:
        """Bits, owner, where it was found, and checksum, for support."""
        bits = f"{self.bits} bits" if self.bits else ""
        facts = {"owner": self.owner, "found by": self.found_by, "SHA-256": self.sha256[:16]}
        return ", ".join(filter(None, (bits, *(f"{name} {fact}" for name, fact in facts.items() if fact))))


@dataclass(frozen=True, slots=True)
class DiscoveredDevice:
    """A camera that a producer sees.

    Attributes:
        vendor, model, serial, user_name: As the device reports them.
        interface: The port or card it hangs on, as the producer calls it.
        transport: "GEV", "U3V", "CXP" ... or "Custom".
        access: "free", or who holds it, in words.
        producer: The file of the producer that sees it.
        test_camera: It is only drawn, by the producer that comes with the GenICam binding.
    """

    vendor: str
    model: str
    serial: str
    user_name: str
    interface: str
    transport: str
    access: str
    producer: str
    test_camera: bool

    @property
    def source(self) -> str:
        """The words it is asked for by: "genicam:1"."""
        return SourceKind.GENICAM.words(self.serial)

    @property
    def name(self) -> str:
        """Model, serial number and maker, after the name that its owner gave it."""
        given = f'"{self.user_name}", ' if self.user_name else ""
        return f"{given}{self.model} {self.serial}, {self.vendor}".strip(", ")

    @property
    def brief(self) -> str:
        """Who holds it."""
        return self.access

    @property
    def detail(self) -> str:
        """Who holds it, where it hangs, and the file of the producer that sees it."""
        drawn = ", a drawn test camera" if self.test_camera else ""
        seen_by = self.producer.replace("\\", "/").rpartition("/")[2]
        return f"{self.access}, {self.transport} on {self.interface}, seen by {seen_by}{drawn}"

    @property
    def stand_in(self) -> bool:
        """Its pictures are drawn."""
        return self.test_camera


@dataclass(frozen=True, slots=True)
class DiscoveredSource:
    """Something to look through that no producer is asked for.

    Attributes:
        source: The words it is asked for by: "simulated:flange".
        name: What a person calls it.
        detail: Where it comes from.
    """

    source: str
    name: str
    detail: str

    @property
    def kind(self) -> SourceKind | None:
        """None for pictures at a path."""
        return source_kind(self.source)

    @property
    def stand_in(self) -> bool:
        """Its pictures are drawn or were taken before."""
        return self.kind is None or not self.kind.is_device

    @property
    def brief(self) -> str:
        """Where it comes from."""
        return self.detail


CameraInSight = DiscoveredDevice | DiscoveredSource


@dataclass(frozen=True, slots=True)
class DiscoveryResult:
    """Everything that was found.

    Attributes:
        producers: In the order they were asked.
        devices: All they see.
        reasons: Why no real device is in sight, one sentence each; empty where there is one.
        own: The station's own sources, where there is a station.
        drawn: Lines that the station draws itself.
    """

    producers: tuple[DiscoveredProducer, ...]
    devices: tuple[DiscoveredDevice, ...]
    reasons: tuple[str, ...]
    own: tuple[DiscoveredSource, ...] = ()
    drawn: tuple[DiscoveredSource, ...] = ()

    @property
    def cameras(self) -> tuple[CameraInSight, ...]:
        """The station's own first, with what a producer says of them; then all other devices, then the drawn lines."""
        others: tuple[CameraInSight, ...] = (*self.devices, *self.drawn)
        known = {other.source: other for other in reversed(others)}
        own = {mine.source: known.get(mine.source, mine) for mine in self.own}
        return (*own.values(), *(other for other in others if other.source not in own))

    @property
    def unseen(self) -> tuple[DiscoveredSource, ...]:
        """Those of the station's own that a producer should see, and none does."""
        seen = {device.source for device in self.devices}
        return tuple(mine for mine in self.own if mine.kind is SourceKind.GENICAM and mine.source not in seen)

    @property
    def cameras_are_there(self) -> bool:
        """A producer sees a camera that is not drawn, or one of the station's own is such as no producer sees."""
        own_is_there = any(mine.kind is SourceKind.WEBCAM for mine in self.own)
        return own_is_there or any(not device.stand_in for device in self.devices)


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


def renewed(features: Iterable[CameraFeature], newer: Iterable[CameraFeature]) -> tuple[CameraFeature, ...]:
    """The features, those that were read again as they are now."""
    by_name = {each.name: each for each in newer}
    return tuple(by_name.get(each.name, each) for each in features)


def feature_of(setting: str) -> str:
    """The feature that a setting is a value of: "BalanceRatio" for "BalanceRatio[Red]", else the setting itself."""
    return setting.partition("[")[0]


def matching(features: Iterable[CameraFeature], words: str, visibility: Visibility) -> tuple[CameraFeature, ...]:
    """The features up to this visibility that have all these words in a name, the category or the explanation."""
    wanted = words.lower().split()
    levels = list(Visibility)
    shown = levels[: levels.index(visibility) + 1]
    return tuple(each for each in features if each.visibility in shown and all(word in _words(each) for word in wanted))


def _words(feature: CameraFeature) -> str:
    return f"{feature.name} {feature.own_name} {feature.category} {feature.about}".lower()
