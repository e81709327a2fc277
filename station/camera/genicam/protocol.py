"""The messages between the station and a camera process. JSON, so that nothing is ever unpickled."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from station.domain.recipe import SettingValue


@dataclass(frozen=True, slots=True)
class Open:
    """Find the camera with this serial number through this producer, and open it.

    Attributes:
        lost_after_s: Seconds of silence after which the station gives the camera up.
    """

    serial: str
    producer: str
    lost_after_s: float


@dataclass(frozen=True, slots=True)
class Opened:
    """The camera is open; its identity."""

    vendor: str
    model: str
    serial: str
    interface: str


@dataclass(frozen=True, slots=True)
class Write:
    """Write these SFNC features in the order of their dependencies, and read each one back."""

    values: Mapping[str, SettingValue]


@dataclass(frozen=True, slots=True)
class Written:
    """All features were written and read back.

    Attributes:
        frame_period_s: Time between two frames of a free-running camera; None if it reports none.
    """

    frame_period_s: float | None


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """Report the values of the features that a recipe can hold."""


@dataclass(frozen=True, slots=True)
class ReadFeatures:
    """Report these features, without those that the camera does not have; all features if none is named."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Values as the camera reports them: settings by SFNC name, or features as dictionaries of their fields."""

    values: Mapping[str, SettingValue] = field(default_factory=dict)
    features: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Start:
    """Start acquisition.

    Attributes:
        trigger: "free", "software" or "hardware".
        slots: Slots of the ring.
        memory_bytes: Largest size of the ring; if the slots do not fit, there are fewer.
    """

    trigger: str
    slots: int
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Started:
    """Acquisition has started.

    Attributes:
        slots, slot_bytes: The ring, ready to attach to.
        pixel_format: PFNC name of the format that is set; the camera's own name if the PFNC has none.
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
    """Stop acquisition; the camera stays open."""


@dataclass(frozen=True, slots=True)
class Close:
    """Release the camera and end the process."""


@dataclass(frozen=True, slots=True)
class ListDevices:
    """Load one producer and report all devices that it finds."""

    producer: str


@dataclass(frozen=True, slots=True)
class DeviceList:
    """The devices that a producer finds; `error` says why it could not be used."""

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
        absent: The producer does not find the camera; another producer may find it.
    """

    sentence: str
    advice: str | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Loss:
    """`count` frame ids from `first` on that have no picture; `cause` is a `NotInspectedCause` value.

    Attributes:
        came_ns: `time.monotonic_ns` when the first of them arrived; None if none of them arrived.
        detail: Further explanation, in words.
    """

    cause: str
    first: int
    count: int
    came_ns: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """Describes the picture in a slot.

    Attributes:
        frame_id: See `FrameCounter`.
        timestamp_ns: Camera clock; None if the camera reports none.
        received_ns: `time.monotonic_ns` when it was complete.
        pixel_format: PFNC name, or the format's number in hexadecimal if it has no name.
        width, height: Pixels.
        padding_bytes: Bytes at the end of each line that are not pixels.
        size: Bytes in the slot.
        chunk: Chunk data by feature name; empty if the camera sends none.
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
    """A slot is filled: with a frame, or with nothing but a report of missing frames.

    Attributes:
        slot: Number of the slot; the station marks it free.
        losses: Missing frames before this one.
        frame: The picture; None if only losses are reported.
        counter_restarted: The camera restarted its frame counter before this frame, so more frames may be missing.
    """

    slot: int
    losses: tuple[Loss, ...]
    frame: FrameFacts | None
    counter_restarted: bool = False


@dataclass(frozen=True, slots=True)
class CameraGone:
    """The producer reports that the camera is lost."""

    sentence: str


CameraCommand = Write | ReadSettings | ReadFeatures | Start | Trigger
Command = ListDevices | Open | CameraCommand | Stop | Close
Reply = Opened | Written | Report | Started | DeviceList | Done | Refused
News = Delivered | CameraGone
_KINDS: dict[str, Any] = {kind.__name__: kind for kind in (*Command.__args__, *Reply.__args__, *News.__args__)}


def send(connection: "Connection[Any, Any]", message: Command | Reply | News) -> None:
    """Send one message.

    Raises:
        OSError: The other side has closed the connection.
    """
    # asdict of the whole message would copy a tree of a thousand features for 0.2 s, and frames would wait.
    fields = {name: getattr(message, name) for name in message.__dataclass_fields__}
    connection.send_bytes(json.dumps({"kind": type(message).__name__, **fields}, default=asdict).encode())


def receive(connection: "Connection[Any, Any]") -> Any:  # noqa: ANN401 - the caller matches it
    """Return the next message.

    Raises:
        EOFError, OSError: The other side has closed the connection.
    """
    fields = json.loads(connection.recv_bytes(), object_hook=_tuples)
    kind = fields.pop("kind")
    if kind == "Delivered":
        fields["losses"] = tuple(Loss(**loss) for loss in fields["losses"])
        fields["frame"] = fields["frame"] and FrameFacts(**fields["frame"])
    return _KINDS[kind](**fields)


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
