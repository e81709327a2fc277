"""A real GigE Vision device in a process of its own, and the wire to it.

The device is Debian's arv-fake-gv-camera. Where root allows, it stands in a network namespace at the other end of a
veth pair, so that its cable can be pulled; otherwise it stands on the loopback interface.
"""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

from tlsimu import absent

from station.settings import CameraSettings

CAMERA_PROGRAM = "arv-fake-gv-camera-0.8"
PACKAGES = "aravis-tools libaravis-dev libusb-1.0-0-dev pkg-config gcc iproute2"
_SOURCES = ("producer.c", "ports.c", "stream.c", "discovery.c")
_GVCP_PORT, _DISCOVERY = 3956, bytes.fromhex("42 01 0002 0000 0001")
_BOOTS_WITHIN_S, _ANSWERS_WITHIN_S = 20.0, 0.05
_COMPILE = (
    *("gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1"),
    *("-fPIC", "-shared", "-fvisibility=hidden", "-Wl,-z,nodelete"),
)


class Wire:
    """One camera and the cable to it.

    Attributes:
        producer: The GenTL producer that reaches it, compiled for this run.
        address: Of the camera.
        serial: Its serial number.
    """

    def __init__(self) -> None:
        self.producer = compiled_producer()
        self.serial = f"W{os.getpid()}"
        self._namespace = f"lineside-{os.getpid()}"
        self._ours, self._theirs = f"lsh{os.getpid()}", f"lsc{os.getpid()}"
        self._camera: subprocess.Popen[bytes] | None = None
        self.has_cable = os.geteuid() == 0 and self._lay_cable()
        self.address = f"198.18.{os.getpid() % 250}.2" if self.has_cable else "127.0.0.1"
        atexit.register(self.take_down)

    @property
    def is_on(self) -> bool:
        """The camera has power."""
        return self._camera is not None

    def settings(self, **more: object) -> CameraSettings:
        """Settings that reach the camera."""
        os.environ["LINESIDE_WIRE"] = self.address
        return CameraSettings(producers=(self.producer,), **more)

    def switch_on(self, *options: str) -> None:
        """Give the camera power; returns when it answers on its wire."""
        self.switch_off()
        interface = self._theirs if self.has_cable else "127.0.0.1"
        inside = ("ip", "netns", "exec", self._namespace) if self.has_cable else ()
        command = (*inside, CAMERA_PROGRAM, "-i", interface, "-s", self.serial, *options)
        self._camera = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + _BOOTS_WITHIN_S
        while not self._answers():
            assert time.monotonic() < end, f"{CAMERA_PROGRAM} does not answer on {self.address}"

    def switch_off(self) -> None:
        """Take the camera's power away."""
        if self._camera is not None:
            self._camera.kill()
            self._camera.wait()
            self._camera = None

    def pull_cable(self) -> None:
        """Nothing reaches the camera, and it goes on."""
        _ip("-n", self._namespace, "link", "set", self._theirs, "down")

    def plug_cable(self) -> None:
        """The camera can be reached again."""
        _ip("-n", self._namespace, "link", "set", self._theirs, "up")

    def take_down(self) -> None:
        """Leave nothing behind."""
        self.switch_off()
        if self.has_cable:
            _ip("netns", "del", self._namespace)
            self.has_cable = False

    def _answers(self) -> bool:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(_ANSWERS_WITHIN_S)
            try:
                asking.sendto(_DISCOVERY, (self.address, _GVCP_PORT))
                return bool(asking.recv(1024))
            except OSError:  # nobody listens yet
                return False

    def _lay_cable(self) -> bool:
        network = f"198.18.{os.getpid() % 250}"
        if not _ip("netns", "add", self._namespace):
            return False
        return all(
            _ip(*words.split())
            for words in (
                f"link add {self._theirs} netns {self._namespace} type veth peer name {self._ours}",
                f"-n {self._namespace} addr add {network}.2/24 dev {self._theirs}",
                f"-n {self._namespace} link set {self._theirs} mtu 9000 up",
                f"-n {self._namespace} link set lo up",
                f"addr add {network}.1/24 dev {self._ours}",
                f"link set {self._ours} mtu 9000 up",
            )
        )


@cache
def wire() -> Wire:
    """The wire of this test run; skips with the reason where it cannot be had, which in CI is a failure."""
    for program in (CAMERA_PROGRAM, "gcc", "pkg-config"):
        if shutil.which(program) is None:
            absent(f"the wire needs {program}: apt-get install {PACKAGES}")
    return Wire()


def compiled_producer() -> Path:
    """The GenTL producer over libaravis, compiled into a folder that goes with this run."""
    here = Path(__file__).parent
    flags = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "aravis-0.8"], capture_output=True, text=True, check=False
    )
    if flags.returncode:
        absent(f"the wire needs libaravis-dev: apt-get install {PACKAGES}")
    folder = Path(tempfile.mkdtemp(prefix="lineside-wire-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    producer = folder / "wire.cti"
    sources = [here / name for name in _SOURCES]
    subprocess.run([*_COMPILE, "-o", producer, *sources, *flags.stdout.split()], check=True, timeout=120)
    return producer


def _ip(*words: str) -> bool:
    return subprocess.run(["ip", *words], capture_output=True, check=False).returncode == 0
