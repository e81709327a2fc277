"""Discovered producers and cameras, and the features of an open camera."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from station.domain.formatting import counted
from station.domain.recipe import SettingValue
from station.domain.source_uri import SourceKind, source_kind


@dataclass(frozen=True, slots=True)
class DiscoveredProducer:
    """A GenTL producer (a camera vendor's driver), and whether it could be used.

    Attributes:
        path: Path of its file.
        found_by: "settings", the name of the environment variable, or "test camera".
        sha256: Hex digest of the file; empty if it cannot be read.
        owner: User who owns the file.
        bits: 32 or 64; None if the file is not a library.
        missing_libraries: Libraries that it needs and this machine does not have.
        error: Why it could not be used, one sentence; empty if it could.
        devices: Number of devices that it finds.
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
        """Whether it could be loaded and listed its devices."""
        return not self.error

    @property
    def sentence(self) -> str:
        """The number of devices that it finds, or why it could not be used; one sentence for people."""
        if self.error:
            return self.error
        return f"{self.path} finds {counted(self.devices, 'device') if self.devices else 'no devices'}."

    @property
    def detail(self) -> str:
        """Bits, owner, how it was found, and checksum, for support."""
        bits = f"{self.bits} bits" if self.bits else ""
        facts = {"owner": self.owner, "found by": self.found_by, "SHA-256": self.sha256[:16]}
        return ", ".join(filter(None, (bits, *(f"{name} {fact}" for name, fact in facts.items() if fact))))


@dataclass(frozen=True, slots=True)
class DiscoveredDevice:
    """A camera that a producer finds.

    Attributes:
        vendor, model, serial, user_name: As the device reports them.
        interface: The port or card that it is connected to, as the producer names it.
        transport: "GEV", "U3V", "CXP" ... or "Custom".
        access: "free", or how it is in use, in words.
        producer: The file of the producer that finds it.
        test_camera: An emulated camera of the producer that comes with the GenICam binding.
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
        """The source URI that opens it: "genicam:1"."""
        return SourceKind.GENICAM.uri(self.serial)

    @property
    def name(self) -> str:
        """The name that its owner gave it, model, serial number and vendor."""
        given = f'"{self.user_name}", ' if self.user_name else ""
        return f"{given}{self.model} {self.serial}, {self.vendor}".strip(", ")

    @property
    def brief(self) -> str:
        """How it is in use."""
        return self.access

    @property
    def detail(self) -> str:
        """How it is in use, its interface, and the file of the producer that finds it."""
        drawn = ", an emulated test camera" if self.test_camera else ""
        found_by = self.producer.replace("\\", "/").rpartition("/")[2]
        return f"{self.access}, {self.transport} on {self.interface}, found by {found_by}{drawn}"

    @property
    def stand_in(self) -> bool:
        """Whether its pictures are simulated."""
        return self.test_camera


@dataclass(frozen=True, slots=True)
class DiscoveredSource:
    """A source that is not found by a producer.

    Attributes:
        source: The source URI that opens it: "simulated:flange".
        name: Its name for people.
        detail: Why it is listed.
    """

    source: str
    name: str
    detail: str

    @property
    def kind(self) -> SourceKind | None:
        """The kind of source; None for the path of a picture or folder."""
        return source_kind(self.source)

    @property
    def stand_in(self) -> bool:
        """Whether its pictures are simulated or stored."""
        return self.kind is None or not self.kind.is_device

    @property
    def brief(self) -> str:
        """Why it is listed."""
        return self.detail


DiscoveredCamera = DiscoveredDevice | DiscoveredSource


@dataclass(frozen=True, slots=True)
class DiscoveryResult:
    """The result of a discovery.

    Attributes:
        producers: All producers, in the order in which they are used.
        devices: All cameras that they find.
        reasons: Why no real camera was found, one sentence each; empty if one was found.
        own: The sources in the station's settings.
        drawn: The simulated lines.
    """

    producers: tuple[DiscoveredProducer, ...]
    devices: tuple[DiscoveredDevice, ...]
    reasons: tuple[str, ...]
    own: tuple[DiscoveredSource, ...] = ()
    drawn: tuple[DiscoveredSource, ...] = ()

    @property
    def cameras(self) -> tuple[DiscoveredCamera, ...]:
        """The station's own cameras, then all other devices, then the simulated lines."""
        others: tuple[DiscoveredCamera, ...] = (*self.devices, *self.drawn)
        known = {other.source: other for other in reversed(others)}
        own = {mine.source: known.get(mine.source, mine) for mine in self.own}
        return (*own.values(), *(other for other in others if other.source not in own))

    @property
    def unseen(self) -> tuple[DiscoveredSource, ...]:
        """The station's own GenICam cameras that no producer finds."""
        seen = {device.source for device in self.devices}
        return tuple(mine for mine in self.own if mine.kind is SourceKind.GENICAM and mine.source not in seen)

    @property
    def has_real_camera(self) -> bool:
        """Whether a producer finds a real camera, or the station uses a webcam, which needs no producer."""
        own_is_there = any(mine.kind is SourceKind.WEBCAM for mine in self.own)
        return own_is_there or any(not device.stand_in for device in self.devices)


class FeatureKind(StrEnum):
    """The type of a feature."""

    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    ENUMERATION = "enumeration"
    STRING = "string"
    COMMAND = "command"


class Access(StrEnum):
    """How a feature can be accessed now."""

    READ_WRITE = "read and write"
    READ_ONLY = "read only"
    WRITE_ONLY = "write only"
    NOT_AVAILABLE = "not available now"
    NOT_IMPLEMENTED = "not implemented"

    @property
    def writable(self) -> bool:
        """Whether it can be set."""
        return self in (Access.READ_WRITE, Access.WRITE_ONLY)

    @property
    def readable(self) -> bool:
        """Whether it has a readable value."""
        return self in (Access.READ_WRITE, Access.READ_ONLY)


class Visibility(StrEnum):
    """The level of experience for which the camera's vendor intends a feature, from low to high."""

    BEGINNER = "Beginner"
    EXPERT = "Expert"
    GURU = "Guru"
    INVISIBLE = "Invisible"


@dataclass(frozen=True, slots=True)
class CameraFeature:
    """One feature of an open camera as it is now.

    Attributes:
        name: SFNC name: "ExposureTime", even if the camera uses another name.
        own_name: The camera's own name: "ExposureTimeAbs".
        kind: Its type.
        category: Path in the camera's own tree: "AcquisitionControl/Exposure".
        visibility: Intended level of experience.
        access: How it can be accessed; a feature that only acquisition locks counts as writable in a preview.
        value: Current value; None if it cannot be read.
        unit: "us", "dB"; empty if it has none.
        minimum, maximum: Range of a number; None if the camera reports none.
        increment: Smallest step of a number; None if the camera reports none.
        entries: Names that an enumeration can be set to now.
        about: The vendor's explanation.
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
        """The value as text, without the unit."""
        if self.value is None:
            return ""
        return f"{self.value:.8g}" if isinstance(self.value, float) else str(self.value)

    @property
    def limits(self) -> str:
        """The allowed values in words: "16 to 4096 in steps of 16 px"; empty if there is no limit."""
        if self.entries:
            return "one of " + ", ".join(self.entries)
        if self.minimum is None or self.maximum is None:
            return "true or false" if self.kind is FeatureKind.BOOLEAN else ""
        steps = f" in steps of {self.increment:g}" if self.increment and self.increment != 1 else ""
        return f"{self.minimum:.12g} to {self.maximum:.12g}{steps} {self.unit}".rstrip()


def renewed(features: Iterable[CameraFeature], newer: Iterable[CameraFeature]) -> tuple[CameraFeature, ...]:
    """Return the features, with those in `newer` replaced."""
    by_name = {each.name: each for each in newer}
    return tuple(by_name.get(each.name, each) for each in features)


def feature_of(setting: str) -> str:
    """Return the feature of a setting: "BalanceRatio" for "BalanceRatio[Red]", or the setting itself."""
    return setting.partition("[")[0]


def matching(features: Iterable[CameraFeature], words: str, visibility: Visibility) -> tuple[CameraFeature, ...]:
    """Return the features up to this visibility that contain all words in names, category or explanation."""
    wanted = words.lower().split()
    levels = list(Visibility)
    shown = levels[: levels.index(visibility) + 1]
    return tuple(each for each in features if each.visibility in shown and all(word in _words(each) for word in wanted))


def _words(feature: CameraFeature) -> str:
    return f"{feature.name} {feature.own_name} {feature.category} {feature.about}".lower()
