"""A GigE Vision device in its own process, and the wire to it.

The device is Debian's arv-fake-gv-camera, or one of our own with a trigger line. As root it runs in a
network namespace at the other end of a veth pair, so that its cable can be pulled; otherwise on the loopback interface.
"""

import atexit
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import psutil
from tlsimu import absent

from station.settings import CameraSettings

CAMERA_PROGRAM = "arv-fake-gv-camera-0.8"
PACKAGES = "aravis-tools libaravis-dev libusb-1.0-0-dev libglib2.0-bin pkg-config gcc iproute2"
_SOURCES = ("producer.c", "ports.c", "stream.c", "discovery.c")
_GVCP_PORT, _DISCOVERY = 3956, bytes.fromhex("42 01 0002 0000 0001")
_BOOTS_WITHIN_S, _ANSWERS_WITHIN_S = 20.0, 0.05
_COMPILE = ("gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1")
_AS_LIBRARY = ("-fPIC", "-shared", "-fvisibility=hidden", "-Wl,-z,nodelete")
_NAMESPACE, _NAMESPACES = "lineside-", Path("/run/netns")
_DESCRIPTION = "/org/aravis/arv-fake-camera.xml"


class Wire:
    """One camera and the cable to it.

    Attributes:
        producer: The GenTL producer for it, compiled for this run.
        address: IP address of the camera.
        serial: Its serial number.
    """

    def __init__(self) -> None:
        self.producer = compiled_producer()
        self.serial = f"W{os.getpid()}"
        self._namespace = f"{_NAMESPACE}{os.getpid()}"
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
        self._power(CAMERA_PROGRAM, "-i", self._interface, "-s", self.serial, *options)

    def switch_on_with_line(self) -> None:
        """Give power to a camera of which `pulse` drives the trigger line "Line0"."""
        self._power(*line_camera(self._interface, self.serial))

    def pulse(self) -> None:
        """A pulse on the trigger line."""
        assert self._camera
        assert self._camera.stdin
        self._camera.stdin.write(b"!")
        self._camera.stdin.flush()

    def switch_off(self) -> None:
        """Take the camera's power away."""
        if self._camera is not None:
            self._camera.kill()
            self._camera.communicate()
            self._camera = None

    def hold_and_die(self, heartbeat_ms: int) -> None:
        """Let another host take the camera's control, with this heartbeat timeout, and fall silent for ever."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as host:
            host.settimeout(_ANSWERS_WITHIN_S)
            host.connect((self.address, _GVCP_PORT))
            for number, register, value in ((1, 0x0A00, 2), (2, 0x0938, heartbeat_ms)):
                host.send(struct.pack(">BBHHHII", 0x42, 1, 0x82, 8, number, register, value))
                host.recv(64)

    def pull_cable(self) -> None:
        """Cut the connection; the camera keeps running."""
        _ip("-n", self._namespace, "link", "set", self._theirs, "down")

    def plug_cable(self) -> None:
        """Restore the connection."""
        _ip("-n", self._namespace, "link", "set", self._theirs, "up")

    def take_down(self) -> None:
        """Switch the camera off and remove the wire."""
        self.switch_off()
        if self.has_cable:
            _ip("netns", "del", self._namespace)
            self.has_cable = False

    @property
    def _interface(self) -> str:
        return self._theirs if self.has_cable else "127.0.0.1"

    def _power(self, *program: str | Path) -> None:
        self.switch_off()
        inside = ("ip", "netns", "exec", self._namespace) if self.has_cable else ()
        self._camera = subprocess.Popen(
            [*inside, *program], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + _BOOTS_WITHIN_S
        while not self._answers():
            assert time.monotonic() < end, f"{program[0]} does not answer on {self.address}"

    def _answers(self) -> bool:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(_ANSWERS_WITHIN_S)
            try:
                asking.sendto(_DISCOVERY, (self.address, _GVCP_PORT))
                return bool(asking.recv(1024))
            except OSError:  # the camera does not answer yet
                return False

    def _lay_cable(self) -> bool:
        _remove_cables_of_ended_runs()
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
    """Return the wire of this test run; skip with the reason if it is not available, or fail in CI."""
    for program in (CAMERA_PROGRAM, "gcc", "pkg-config", "gresource"):
        if shutil.which(program) is None:
            absent(f"the wire needs {program}: apt-get install {PACKAGES}")
    return Wire()


def compiled_producer() -> Path:
    """Compile the GenTL producer over libaravis into this run's temporary folder, and return its path."""
    return _compiled("wire.cti", _SOURCES, _AS_LIBRARY)


def line_camera(interface: str, serial: str) -> tuple[str | Path, ...]:
    """Return the command of a camera with a trigger line: Aravis' trigger source "Software" is renamed to "Line0"."""
    program = _compiled("line_camera", ("line_camera.c",))
    text = camera_description()
    source = text.index('<Enumeration Name="TriggerSource"')
    end = text.index("</Enumeration>", source)
    swapped = text[source:end].replace("Line0", "?").replace("Software", "Line0").replace("?", "Software")
    description = program.with_suffix(".xml")
    description.write_text(text[:source] + swapped + text[end:])
    return program, interface, serial, description


def camera_description() -> str:
    """Return the camera's description of its features, XML; `switch_on("-g", FILE)` gives it another one."""
    library = f"{_pkg_config('--variable=libdir')}/libaravis-0.8.so"
    extract = ["gresource", "extract", library, _DESCRIPTION]
    return subprocess.run(extract, capture_output=True, text=True, check=True).stdout


def _compiled(name: str, sources: Sequence[str], how: Sequence[str] = ()) -> Path:
    built = _run_folder() / name
    files = [Path(__file__).with_name(source) for source in sources]
    flags = _pkg_config("--cflags", "--libs").split()
    subprocess.run([*_COMPILE, *how, "-o", built, *files, *flags], check=True, timeout=120)
    return built


def _pkg_config(*asked: str) -> str:
    answer = subprocess.run(["pkg-config", *asked, "aravis-0.8"], capture_output=True, text=True, check=False)
    if answer.returncode:
        absent(f"the wire needs libaravis-dev: apt-get install {PACKAGES}")
    return answer.stdout.strip()


@cache
def _run_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="lineside-wire-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _ip(*words: str) -> bool:
    return subprocess.run(["ip", *words], capture_output=True, check=False).returncode == 0


def _remove_cables_of_ended_runs() -> None:
    """A run that was killed leaves its cable, and a later one whose number gives the same network would use that."""
    names = sorted(path.name for path in _NAMESPACES.glob(f"{_NAMESPACE}*")) if _NAMESPACES.is_dir() else []
    for name in names:
        number = name.removeprefix(_NAMESPACE)
        if number.isdecimal() and not psutil.pid_exists(int(number)):
            _ip("netns", "del", name)
