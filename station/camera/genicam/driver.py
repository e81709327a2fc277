"""Harvester and the GenICam binding, with their traps fenced in. Runs in a camera process and nowhere else."""

import contextlib
import warnings
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

with warnings.catch_warnings():  # the import would change the warning filters of the whole process
    from genicam import genapi, gentl
    from harvesters.core import Callback, Harvester
    from harvesters.util.pfnc import dict_by_ints

from station.camera.genicam.protocol import DeviceList, Opened, Refused

DRIVER_ERRORS = (gentl.GenericException, genapi.GenericException)
BINDING_ERRORS = (*DRIVER_ERRORS, ValueError, TypeError, AttributeError)
"""With what the binding itself raises for a value it cannot convert, or a node of another kind than it expects."""
BUFFERS = 16

# The binding is untyped; these names at least say what is meant.
Acquirer = Any
Device = Any
Buffer = Any
Node = Any
_NEWER_FORMATS = {0x010E0104: "Mono14p"}
_ACCESS = {int(status): status.name.removeprefix("DEVICE_ACCESS_STATUS_") for status in gentl.DEVICE_ACCESS_STATUS_LIST}
_VALUE = TypeVar("_VALUE")


class RefusedError(Exception):
    """A command cannot be carried out; the reply says why. `absent`: no camera is there to carry it out."""

    def __init__(self, sentence: str, advice: str | None = None, *, absent: bool = False) -> None:
        super().__init__(sentence)
        self.reply = Refused(sentence, advice, absent)


@contextlib.contextmanager
def translate_driver_errors(doing: str) -> Iterator[None]:
    """Turn what the driver raises into a refusal."""
    try:
        yield
    except DRIVER_ERRORS as error:
        raise RefusedError(f"{doing}: {driver_message(error)}.") from error


def driver_message(error: Exception) -> str:
    """The driver's message without its wrapping."""
    text = str(error).split(" : ")[0].removeprefix("GenTL exception: ")
    _, _, source = text.partition("(Message from the source: ")
    return (source.split(") (ID")[0] or text.split(" (ID")[0]).strip().rstrip(".") or type(error).__name__


def read_or(read: Callable[[], _VALUE], otherwise: _VALUE) -> _VALUE:
    """What the driver tells, or `otherwise` where it does not: many queries are optional in GenTL."""
    try:
        return read()
    except (*DRIVER_ERRORS, AttributeError):
        return otherwise


def load(producer: str) -> Harvester:
    """A Harvester with this one producer, its devices listed.

    Raises:
        RefusedError: The producer cannot be loaded.
    """
    check_producer_loads(producer)
    harvester = Harvester()
    with _undone_by(harvester.reset):
        harvester.add_file(producer, check_existence=True, check_validity=True)
        harvester.update()
    return harvester


@contextlib.contextmanager
def _undone_by(undo: Callable[[], object]) -> Iterator[None]:
    """What fails half-way is undone: else this process could not load the producer or open the camera again."""
    with contextlib.ExitStack() as undoing:
        undoing.callback(read_or, undo, None)
        yield
        undoing.pop_all()


def check_producer_loads(producer: str) -> None:
    """Harvester only logs why a producer does not load; the binding says it.

    Raises:
        RefusedError: With the loader's words.
    """
    module = gentl.GenTLProducer.create_producer()
    try:
        module.open(producer)
        module.close()
    except DRIVER_ERRORS as error:
        raise RefusedError(f"{producer} cannot be loaded: {driver_message(error)}.", absent=True) from error


def explore(producer: str) -> DeviceList:
    """Everything that one producer sees."""
    try:
        harvester = load(producer)
    except RefusedError as error:
        return DeviceList(error=error.reply.sentence)
    return DeviceList(devices=tuple(_facts(device) for device in harvester.device_info_list))


def _facts(device: Device) -> dict[str, str]:
    status = read_or(lambda: int(device.access_status), 0)
    return {
        "vendor": read_or(lambda: str(device.vendor), ""),
        "model": read_or(lambda: str(device.model), ""),
        "serial": read_or(lambda: str(device.serial_number), ""),
        "user_name": read_or(lambda: str(device.user_defined_name), ""),
        "interface": read_or(lambda: str(device.parent.display_name), ""),
        "transport": read_or(lambda: str(device.tl_type), ""),
        "access": _ACCESS.get(status, "UNKNOWN"),
    }


def open_camera(serial: str, producer: str, take_up: Callable[[Acquirer], _VALUE]) -> tuple[_VALUE, Opened]:
    """What `take_up` makes of the camera with this serial number, and who it is.

    Args:
        serial: As the camera reports it.
        producer: Path of the library.
        take_up: Gets Harvester's image acquirer; where it raises, the camera is given back.

    Raises:
        RefusedError: The producer does not see it, or it is held by somebody else.
    """
    harvester = load(producer)
    with _undone_by(harvester.reset):
        device = next((device for device in harvester.device_info_list if _serial(device) == serial), None)
        if device is None:
            raise RefusedError(f"{producer} sees no camera with serial number {serial}.", absent=True)
        acquirer = _acquirer(harvester, device)
        with _undone_by(acquirer.destroy):
            return take_up(acquirer), _identity(device)


def _serial(device: Device) -> str:
    return read_or(lambda: str(device.serial_number), "")


def _acquirer(harvester: Harvester, device: Device) -> Acquirer:
    try:
        acquirer = harvester.create(device)
    except (gentl.AccessDeniedException, gentl.ResourceInUseException) as error:
        raise RefusedError(
            f"Camera {device.serial_number} is held by another program: {driver_message(error)}.",
            "Close the other program, or wait until the camera has let go of it.",
        ) from error
    except DRIVER_ERRORS as error:
        raise RefusedError(f"Camera {device.serial_number} cannot be opened: {driver_message(error)}.") from error
    acquirer.num_buffers = max(BUFFERS, acquirer.min_num_buffers)
    return acquirer


def _identity(device: Device) -> Opened:
    return Opened(
        read_or(lambda: device.vendor, ""),
        read_or(lambda: device.model, ""),
        device.serial_number,
        read_or(lambda: device.parent.display_name, ""),
    )


def pixel_format_name(number: int, own_name: str = "") -> str:
    """PFNC name; where the number has none, the camera's own name for it, or the number itself."""
    return _NEWER_FORMATS.get(number) or str(dict_by_ints.get(number) or own_name or f"0x{number:08X}")


class OnIncomplete(Callback):  # type: ignore[misc] # the binding is untyped
    """Calls back for each buffer that Harvester threw away because data was missing."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell

    def emit(self, context: object = None) -> None:
        """Harvester's own spelling of a call."""
        self._tell()
