"""Which GenICam cameras there are, through which producers, and why one that should be there is not."""

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from station.camera.genicam import protocol
from station.camera.genicam.process import CameraProcess
from station.camera.genicam.producers import SEARCH_VARIABLE, TEST_CAMERA, Producer, missing_libraries, producers
from station.domain.errors import CameraError
from station.settings import CameraSettings

_EXPLORE_S = 20.0
_AT_ONCE = 4
_ACCESS = {
    "READWRITE": "free",
    "READONLY": "held by another program, can only be read",
    "NOACCESS": "held by another program",
    "BUSY": "in use by another program",
    "OPEN_READWRITE": "opened by this program",
    "OPEN_READONLY": "opened by this program to read",
}


@dataclass(frozen=True, slots=True)
class ProducerReport:
    """One GenTL producer: what it is, and whether it could be used.

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

    path: Path
    found_by: str
    sha256: str
    owner: str
    bits: int | None
    missing_libraries: tuple[str, ...]
    error: str
    devices: int

    @property
    def sentence(self) -> str:
        """What a person reads about it."""
        if self.error:
            return self.error
        return f"{self.path} sees {self.devices or 'no'} device{'' if self.devices == 1 else 's'}."


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """One camera in sight.

    Attributes:
        vendor, model, serial, user_name: As the device reports them.
        interface: The port or card it hangs on, as the producer calls it.
        transport: "GEV", "U3V", "CXP" ... or "Custom".
        access: "free", or who holds it, in words.
        producer: Through which producer.
        test_camera: It is only drawn, by the producer that comes with the GenICam binding.
    """

    vendor: str
    model: str
    serial: str
    user_name: str
    interface: str
    transport: str
    access: str
    producer: Path
    test_camera: bool

    @property
    def source(self) -> str:
        """The words it is asked for by."""
        return f"genicam:{self.serial}"

    @property
    def sentence(self) -> str:
        """What a person reads about it."""
        drawn = ", a drawn test camera" if self.test_camera else ""
        return f"{self.source} is {self.vendor} {self.model} on {self.interface}, {self.access}{drawn}."


@dataclass(frozen=True, slots=True)
class Discovery:
    """Everything in sight.

    Attributes:
        producers: In the order they are asked.
        devices: All they see.
        reasons: Why no camera is in sight, one sentence each; empty where there is one that is not drawn.
    """

    producers: tuple[ProducerReport, ...]
    devices: tuple[DeviceReport, ...]
    reasons: tuple[str, ...]


def discover(settings: CameraSettings) -> Discovery:
    """Ask every producer what it sees, each in a process of its own, so that none can harm another.

    Takes as long as the slowest producer, at most about 20 s.
    """
    known = producers(settings.producers)
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="discovery") as pool:
        answers = list(pool.map(_explored, known))
    reports = tuple(map(_producer_report, known, answers))
    devices = tuple(
        _device_report(facts, producer)
        for producer, answer in zip(known, answers, strict=True)
        for facts in answer.devices
    )
    return Discovery(reports, devices, _reasons(reports, devices))


def _explored(producer: Producer) -> protocol.Explored:
    if producer.refusal:
        return protocol.Explored(error=producer.refusal)
    process = CameraProcess(f"producer {producer.path.name}")
    try:
        answer = process.ask(protocol.Explore(str(producer.path)), protocol.Explored, _EXPLORE_S)
        process.close(_EXPLORE_S)
    except CameraError as error:
        return protocol.Explored(error=f"{producer.path} took its process down: {error.sentence}")
    finally:
        process.end()
    return answer


def _producer_report(producer: Producer, answer: protocol.Explored) -> ProducerReport:
    readable = producer.bits is not None
    may_be_asked = readable and not producer.refusal  # ldd may run code of what it is asked about
    missing = missing_libraries(producer.path) if may_be_asked and answer.error else ()
    error = (
        f"{producer.path} needs {', '.join(missing)}, which this machine does not have." if missing else answer.error
    )
    return ProducerReport(
        path=producer.path,
        found_by=producer.found_by,
        sha256=hashlib.sha256(producer.path.read_bytes()).hexdigest() if readable else "",
        owner=producer.owner,
        bits=producer.bits,
        missing_libraries=missing,
        error=error,
        devices=len(answer.devices),
    )


def _device_report(facts: Mapping[str, str], producer: Producer) -> DeviceReport:
    return DeviceReport(
        vendor=facts["vendor"],
        model=facts["model"],
        serial=facts["serial"],
        user_name=facts["user_name"],
        interface=facts["interface"],
        transport=facts["transport"],
        access=_ACCESS.get(facts["access"], "access unknown"),
        producer=producer.path,
        test_camera=producer.is_test_camera,
    )


def _reasons(reports: Sequence[ProducerReport], devices: Sequence[DeviceReport]) -> tuple[str, ...]:
    if any(not device.test_camera for device in devices):
        return ()
    asked = [report for report in reports if report.found_by != TEST_CAMERA]
    if not asked:
        return (
            f"No GenTL producer is known: neither the setting 'camera.producers' nor {SEARCH_VARIABLE} names one; "
            "install the camera maker's GenTL package and name its .cti file there.",
        )
    return tuple(
        report.error or f"{report.path} works but sees no camera; check power, cable and network address."
        for report in asked
    )
