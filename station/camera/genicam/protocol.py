"""The words between the station and a camera process: JSON, so that nothing is ever unpickled."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from station.domain.recipe import SettingValue


@dataclass(frozen=True, slots=True)
class Open:
    """Find the camera of this serial number through this producer, and take hold of it.

    Attributes:
        lost_after_s: So much silence is a loss to the station.
    """

    serial: str
    producer: str
    lost_after_s: float


@dataclass(frozen=True, slots=True)
class Opened:
    """Who the camera is."""

    vendor: str
    model: str
    serial: str
    interface: str


@dataclass(frozen=True, slots=True)
class Write:
    """Write these SFNC features in an order that honours what depends on what, and read each one back."""

    values: Mapping[str, SettingValue]


@dataclass(frozen=True, slots=True)
class Written:
    """All were written and taken.

    Attributes:
        frame_period_s: Time between two frames of a camera that runs free, None where it does not tell.
    """

    frame_period_s: float | None


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """Report the values of the features that a recipe can hold."""


@dataclass(frozen=True, slots=True)
class ReadFeatures:
    """Report these features, those that the camera has; the whole tree where none is named."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Values as the camera reports them: settings by SFNC name, or features as their fields."""

    values: Mapping[str, SettingValue] = field(default_factory=dict)
    features: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Start:
    """Let frames come.

    Attributes:
        trigger: "free", "software" or "hardware".
        slots: Slots of the ring.
        memory_bytes: The ring may not be larger; then it has fewer slots.
    """

    trigger: str
    slots: int
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Started:
    """Frames come.

    Attributes:
        slots, slot_bytes: The ring, ready to attach to.
        pixel_format: PFNC name of what the camera is set to send; its own name where that has none.
        frame_period_s: See `Written`.
    """

    slots: int
    slot_bytes: int
    pixel_format: str
    frame_period_s: float | None


@dataclass(frozen=True, slots=True)
class Trigger:
    """Execute TriggerSoftware."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Let no more frames come; the camera stays open."""


@dataclass(frozen=True, slots=True)
class Close:
    """Give the camera back and end."""


@dataclass(frozen=True, slots=True)
class ListDevices:
    """Load one producer and report everything it sees."""

    producer: str


@dataclass(frozen=True, slots=True)
class DeviceList:
    """Which devices a producer sees; `error` says why it could not be used."""

    devices: tuple[Mapping[str, str], ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The command was carried out."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The command was not carried out.

    Attributes:
        sentence: Why.
        advice: What its reader can do.
        absent: The camera is not in sight; another producer may see it.
    """

    sentence: str
    advice: str | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Loss:
    """`count` ids from `first` on that have no picture; `cause` is a `NotInspectedCause` value.

    Attributes:
        came_ns: `time.monotonic_ns` when the first of them came, None where none was ever seen.
        detail: More about it, in words.
    """

    cause: str
    first: int
    count: int
    came_ns: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """What is known of the picture in a slot.

    Attributes:
        frame_id: See `FrameCounter`.
        timestamp_ns: Camera clock, None where the camera gives none.
        received_ns: `time.monotonic_ns` when it was complete.
        pixel_format: PFNC name, or its number in hexadecimal where that has no name.
        width, height: Pixels.
        padding_bytes: Bytes at the end of each line that are no pixels.
        size: Bytes in the slot.
        chunk: Chunk data by feature name, where the camera sends any.
    """

    frame_id: int
    timestamp_ns: int | None
    received_ns: int
    pixel_format: str
    width: int
    height: int
    padding_bytes: int
    size: int
    chunk: Mapping[str, SettingValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A slot is filled: with a frame, or only with the news that frames are missing.

    Attributes:
        slot: Which; the reader empties it.
        losses: Missing frames that come before this one.
        frame: The picture, None where there are only losses to tell.
        anew: The camera began to count its frames anew before this one, which may hide more losses.
    """

    slot: int
    losses: tuple[Loss, ...]
    frame: FrameFacts | None
    counter_restarted: bool = False


@dataclass(frozen=True, slots=True)
class CameraGone:
    """The producer says that the camera is lost."""

    sentence: str


CameraCommand = Write | ReadSettings | ReadFeatures | Start | Trigger
Command = ListDevices | Open | CameraCommand | Stop | Close
Reply = Opened | Written | Report | Started | DeviceList | Done | Refused
News = Delivered | CameraGone
_KINDS: dict[str, Any] = {kind.__name__: kind for kind in (*Command.__args__, *Reply.__args__, *News.__args__)}


def send(connection: "Connection[Any, Any]", message: Command | Reply | News) -> None:
    """Send one message.

    Raises:
        OSError: The other side is gone.
    """
    # Not asdict of the whole, which copies a tree of a thousand features for a fifth of a second; frames would wait.
    words = {name: getattr(message, name) for name in message.__dataclass_fields__}
    connection.send_bytes(json.dumps({"kind": type(message).__name__, **words}, default=asdict).encode())


def receive(connection: "Connection[Any, Any]") -> Any:  # noqa: ANN401 - the caller matches it
    """The next message.

    Raises:
        EOFError, OSError: The other side is gone.
    """
    fields = json.loads(connection.recv_bytes(), object_hook=_tuples)
    kind = fields.pop("kind")
    if kind == "Delivered":
        fields["losses"] = tuple(Loss(**loss) for loss in fields["losses"])
        fields["frame"] = fields["frame"] and FrameFacts(**fields["frame"])
    return _KINDS[kind](**fields)


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
