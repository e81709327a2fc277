"""The GenTL producers (.cti) of this machine, and whether they may be loaded. Nothing is loaded here."""

import os
import re
import stat
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

SEARCH_VARIABLE = f"GENICAM_GENTL{struct.calcsize('P') * 8}_PATH"
TEST_CAMERA = "test camera"
_ELF_CLASS = {1: 32, 2: 64}
_WINDOWS_MACHINE = {0x014C: 32, 0x8664: 64, 0xAA64: 64}
_OUR_BITS = struct.calcsize("P") * 8


@dataclass(frozen=True, slots=True)
class Producer:
    """A producer's file, looked at without loading it.

    Attributes:
        path: Absolute.
        found_by: "settings", the name of the environment variable, or "test camera".
        owner: Who owns the file, by name where the system knows it.
        bits: 32 or 64; None where it is no library.
        refusal: Why it is not loaded, one sentence; empty where it may be.
    """

    path: Path
    found_by: str
    owner: str
    bits: int | None
    refusal: str

    @property
    def is_test_camera(self) -> bool:
        """It comes with the GenICam binding and draws its pictures."""
        return self.found_by == TEST_CAMERA


def producers(from_settings: Sequence[Path]) -> tuple[Producer, ...]:
    """Every producer of the settings, of the GenICam search path, and the test camera; each once, in this order."""
    found: dict[Path, str] = {}
    for path in from_settings:
        found.setdefault(path, "settings")
    for path in _on_search_path():
        found.setdefault(path, SEARCH_VARIABLE)
    if (test_camera := emulated_producer()) is not None:
        found.setdefault(test_camera, TEST_CAMERA)
    return tuple(look_at(path, found_by) for path, found_by in found.items())


def look_at(path: Path, found_by: str) -> Producer:
    """What can be known of a producer without loading it."""
    if not path.is_absolute():
        return Producer(path, found_by, "", None, f"{path} is no absolute path.")
    if not path.is_file():
        return Producer(path, found_by, "", None, f"{path} does not exist.")
    bits = _bits(path)
    return Producer(path, found_by, _owner(path), bits, _refusal(path, bits))


def emulated_producer() -> Path | None:
    """The producer with three emulated cameras that comes with the GenICam binding; found without importing it."""
    spec = find_spec("genicam")
    folders = spec.submodule_search_locations or () if spec else ()
    return next((cti for folder in folders if (cti := Path(folder, "viky.cti")).is_file()), None)


def missing_libraries(path: Path) -> tuple[str, ...]:
    """Names of the libraries that the loader would not find, as ldd says; empty where there is no ldd."""
    if sys.platform != "linux":
        return ()
    try:
        answer = subprocess.run(["ldd", path], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(re.findall(r"^\s*(\S+) => not found", answer.stdout, re.MULTILINE))


def _on_search_path() -> list[Path]:
    folders = os.environ.get(SEARCH_VARIABLE, "").split(os.pathsep)
    return [cti for folder in folders if folder for cti in sorted(Path(folder).glob("*.cti"))]


def _bits(path: Path) -> int | None:
    with path.open("rb") as file:
        head = file.read(64)
        if head.startswith(b"\x7fELF"):
            return _ELF_CLASS.get(head[4])
        if head.startswith(b"MZ"):
            file.seek(int.from_bytes(head[60:64], "little") + 4)
            return _WINDOWS_MACHINE.get(int.from_bytes(file.read(2), "little"))
    return None


def _refusal(path: Path, bits: int | None) -> str:
    if bits is None:
        return f"{path} is no library for this kind of machine."
    if bits != _OUR_BITS:
        return f"{path} is a {bits}-bit library, and this program has {_OUR_BITS} bits."
    if (open_to_all := _writable_by_all(path)) is not None:
        return f"{path} is not loaded, because everybody may write to {open_to_all}."
    return ""


def _writable_by_all(path: Path) -> Path | None:
    """The file or the folder on the way to it that anybody could replace; a sticky folder guards what is in it."""
    resolved = path.resolve()
    for place in (resolved, *resolved.parents):
        mode = place.stat().st_mode
        sticky = place != resolved.parent and mode & stat.S_ISVTX
        if mode & stat.S_IWOTH and not sticky and sys.platform != "win32":
            return place
    return None


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, NotImplementedError, OSError):
        return "unknown"
