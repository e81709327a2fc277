"""Finds GenICam cameras through all producers, and explains why an expected camera is missing."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from station.camera.genicam import protocol
from station.camera.genicam.process import CameraProcess
from station.camera.genicam.producers import (
    SEARCH_VARIABLE,
    TEST_CAMERA,
    Producer,
    checksum,
    folders_without_producer,
    missing_libraries,
    producers,
)
from station.domain.camera import DiscoveredDevice, DiscoveredProducer, DiscoveryResult
from station.domain.errors import CameraError

_LIST_S = 20.0
_AT_ONCE = 4
_ACCESS = {
    "READWRITE": "free",
    "READONLY": "held by another program, can only be read",
    "NOACCESS": "held by another program",
    "BUSY": "in use by another program",
    "OPEN_READWRITE": "opened by this program",
    "OPEN_READONLY": "opened by this program to read",
}


def discover(from_settings: Sequence[Path]) -> DiscoveryResult:
    """Let every producer list its devices, each in its own process, so that none can affect another.

    Takes as long as the slowest producer, at most about 20 s.

    Args:
        from_settings: GenTL producers (.cti) that the settings name, absolute paths.
    """
    known = producers(from_settings)
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="discovery") as pool:
        answers = list(pool.map(_device_list, known))
    asked = tuple(map(_producer, known, answers))
    devices = tuple(
        _device(facts, producer) for producer, answer in zip(known, answers, strict=True) for facts in answer.devices
    )
    return DiscoveryResult(asked, devices, _reasons(asked, devices))


def _device_list(producer: Producer) -> protocol.DeviceList:
    if producer.refusal:
        return protocol.DeviceList(error=producer.refusal)
    process = CameraProcess(f"producer {producer.path.name}")
    try:
        answer = process.send_command(protocol.ListDevices(str(producer.library)), protocol.DeviceList, _LIST_S)
        process.close(_LIST_S)
    except CameraError as error:
        return protocol.DeviceList(error=f"{producer.path} crashed or did not answer: {error.sentence}")
    finally:
        process.kill()
    return answer


def _producer(producer: Producer, answer: protocol.DeviceList) -> DiscoveredProducer:
    readable = producer.bits is not None
    may_be_asked = readable and not producer.refusal  # ldd may run code of the library that it examines
    missing = missing_libraries(producer.library) if may_be_asked and answer.error else ()
    error = (
        f"{producer.path} needs {', '.join(missing)}, which this machine does not have." if missing else answer.error
    )
    return DiscoveredProducer(
        path=str(producer.path),
        found_by=producer.found_by,
        sha256=checksum(producer.library) if readable else "",
        owner=producer.owner,
        bits=producer.bits,
        missing_libraries=missing,
        error=error,
        devices=len(answer.devices),
    )


def _device(facts: Mapping[str, str], producer: Producer) -> DiscoveredDevice:
    return DiscoveredDevice(
        vendor=facts["vendor"],
        model=facts["model"],
        serial=facts["serial"],
        user_name=facts["user_name"],
        interface=facts["interface"],
        transport=facts["transport"],
        access=_ACCESS.get(facts["access"], "access unknown"),
        producer=str(producer.path),
        test_camera=producer.is_test_camera,
    )


def _reasons(asked: Sequence[DiscoveredProducer], devices: Sequence[DiscoveredDevice]) -> tuple[str, ...]:
    if any(not device.test_camera for device in devices):
        return ()
    others = (producer for producer in asked if producer.found_by != TEST_CAMERA)
    reasons = (
        producer.error or f"{producer.path} works but finds no camera; check power, cable and network address."
        for producer in others
    )
    return (*reasons, *folders_without_producer()) or (
        f"No GenTL producer is known: neither the setting 'camera.producers' nor {SEARCH_VARIABLE} names one; "
        "install the camera maker's GenTL package and name its .cti file there.",
    )
