"""Wraps Harvester and the GenICam binding and works around their pitfalls. Runs in a camera process only."""

import contextlib
import logging
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
"""Also covers what the binding raises for a value that it cannot convert, or a node of an unexpected kind."""
BUFFERS = 16

# The binding is untyped; these names document what is meant.
Acquirer = Any
Device = Any
Buffer = Any
Node = Any
_NEWER_FORMATS = {0x010E0104: "Mono14p"}
_ACCESS = {int(status): status.name.removeprefix("DEVICE_ACCESS_STATUS_") for status in gentl.DEVICE_ACCESS_STATUS_LIST}
_VALUE = TypeVar("_VALUE")


class RefusedError(Exception):
    """A command cannot be carried out; `reply` says why. `absent`: the producer does not find the camera."""

    def __init__(self, sentence: str, advice: str | None = None, *, absent: bool = False) -> None:
        super().__init__(sentence)
        self.reply = Refused(sentence, advice, absent)


@contextlib.contextmanager
def translate_driver_errors(action: str) -> Iterator[None]:
    """Raise `RefusedError` for any driver error; `action` begins its sentence: "The camera does not start"."""
    try:
        yield
    except DRIVER_ERRORS as error:
        raise RefusedError(f"{action}: {driver_message(error)}.") from error


def driver_message(error: Exception) -> str:
    """Return the driver's own message without the text that the binding puts around it.

    Example: "GenTL exception: Timeout. (Message from the source: No answer.) (ID: -1011)" becomes "No answer".
    """
    text = str(error).split(" : ")[0].removeprefix("GenTL exception: ")
    _, _, source = text.partition("(Message from the source: ")
    return (source.split(") (ID")[0] or text.split(" (ID")[0]).strip().rstrip(".") or type(error).__name__


def read_or(read: Callable[[], _VALUE], default: _VALUE) -> _VALUE:
    """Return what `read` returns, or `default` if the driver cannot answer: many GenTL queries are optional."""
    try:
        return read()
    except (*DRIVER_ERRORS, AttributeError):
        return default


def load_producer(producer: str) -> Harvester:
    """Return a Harvester with this one producer and an up-to-date device list.

    Raises:
        RefusedError: The producer cannot be loaded.
    """
    check_producer_loads(producer)
    harvester = Harvester()
    with _undo_on_error(harvester.reset):
        harvester.add_file(producer, check_existence=True, check_validity=True)
        harvester.update()
    return harvester


@contextlib.contextmanager
def _undo_on_error(undo: Callable[[], object]) -> Iterator[None]:
    """Call `undo` if the block raises; otherwise this process could not load the producer or open the camera again."""
    with contextlib.ExitStack() as stack:
        stack.callback(read_or, undo, None)
        yield
        stack.pop_all()


def check_producer_loads(producer: str) -> None:
    """Load a producer by the binding alone, because Harvester only logs why a producer cannot be loaded.

    Raises:
        RefusedError: It cannot be loaded; contains the loader's message.
    """
    module = gentl.GenTLProducer.create_producer()
    try:
        module.open(producer)
        module.close()
    except DRIVER_ERRORS as error:
        raise RefusedError(f"{producer} cannot be loaded: {driver_message(error)}.", absent=True) from error


def list_devices(producer: str) -> DeviceList:
    """Return all devices that one producer finds."""
    try:
        harvester = load_producer(producer)
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


def open_camera(serial: str, producer: str, wrap: Callable[[Acquirer], _VALUE]) -> tuple[_VALUE, Opened]:
    """Open the camera with this serial number; return the result of `wrap` and the camera's identity.

    Args:
        serial: Serial number as the camera reports it.
        producer: Path of the library.
        wrap: Called with Harvester's image acquirer; if it raises, the camera is released.

    Raises:
        RefusedError: The producer does not find the camera, or another program holds it.
    """
    harvester = load_producer(producer)
    with _undo_on_error(harvester.reset):
        device = next((device for device in harvester.device_info_list if _serial(device) == serial), None)
        if device is None:
            raise RefusedError(f"{producer} finds no camera with serial number {serial}.", absent=True)
        acquirer = _acquirer(harvester, device)
        with _undo_on_error(acquirer.destroy):
            return wrap(acquirer), _identity(device)


def _serial(device: Device) -> str:
    return read_or(lambda: str(device.serial_number), "")


def _acquirer(harvester: Harvester, device: Device) -> Acquirer:
    unread = _UnreadDescriptions()
    try:
        with unread:
            acquirer = harvester.create(device)
    except (gentl.AccessDeniedException, gentl.ResourceInUseException) as error:
        raise RefusedError(
            f"Camera {device.serial_number} is held by another program: {driver_message(error)}.",
            "Close the other program; a GigE camera may need some seconds until it is free.",
        ) from error
    except DRIVER_ERRORS as error:
        if unread.why:
            raise RefusedError(
                f"Camera {device.serial_number} cannot be opened: its description (XML) cannot be read: {unread.why}.",
                "Install the camera maker's newest firmware, or send the maker this sentence.",
            ) from error
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
    """Return the PFNC name; if the number has none, `own_name`, or else the number in hexadecimal."""
    return _NEWER_FORMATS.get(number) or str(dict_by_ints.get(number) or own_name or f"0x{number:08X}")


class _UnreadDescriptions(logging.Handler):
    """Notes why a camera's description cannot be read: Harvester logs that, and then goes on without one.

    Attributes:
        why: The last reason, in the words of GenApi; empty if there is none.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.why = ""
        self._logger = logging.getLogger(Harvester.__module__)

    def __enter__(self) -> None:
        self._logger.addHandler(self)
        self._level = self._logger.level
        self._logger.setLevel(logging.WARNING)

    def __exit__(self, *_error: object) -> None:
        self._logger.setLevel(self._level)
        self._logger.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Handle a record; the name is logging's."""
        if isinstance(record.msg, genapi.GenericException):
            where, _, rest = str(record.msg).partition(
                " : "
            )  # "... at line 104 and column 10 : 'what' : thrown in ..."
            what = rest.split(" : ")[0].strip("'")
            self.why = f"{where}: {what}" if what and "thrown" not in what else where


class OnIncomplete(Callback):  # type: ignore[misc] # the binding is untyped
    """Calls back for each buffer that Harvester discards because data is missing."""

    def __init__(self, notify: Callable[[], None]) -> None:
        self._notify = notify

    def emit(self, context: object = None) -> None:
        """Handle the event; the name is Harvester's."""
        self._notify()
