"""The GenTL producers (.cti) of this machine, and whether they may be loaded. Nothing is loaded here."""

import os
import re
import stat
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import starmap
from pathlib import Path

from station.domain.digest import sha256_of_file

SEARCH_VARIABLE = f"GENICAM_GENTL{struct.calcsize('P') * 8}_PATH"
TEST_CAMERA = "test camera"
_ELF_CLASS = {b"\1": 32, b"\2": 64}
_WINDOWS_MACHINE = {0x014C: 32, 0x8664: 64, 0xAA64: 64}
_OUR_BITS = struct.calcsize("P") * 8


@dataclass(frozen=True, slots=True)
class Producer:
    """A producer's file, looked at without loading it.

    Attributes:
        path: As it was named.
        library: The file itself, absolute and behind all links: what was looked at, and what may be loaded.
        found_by: "settings", the name of the environment variable, or "test camera".
        owner: Who owns the file, by name where the system knows it.
        bits: 32 or 64; None where it is no library.
        refusal: Why it is not loaded, one sentence; empty where it may be.
    """

    path: Path
    library: Path
    found_by: str
    owner: str = ""
    bits: int | None = None
    refusal: str = ""

    @property
    def is_test_camera(self) -> bool:
        """It comes with the GenICam binding and draws its pictures."""
        return self.found_by == TEST_CAMERA


def producers(from_settings: Sequence[Path]) -> tuple[Producer, ...]:
    """Every producer of the settings, of the GenICam search path, and the test camera; each once, in this order.

    One that was named in several ways is taken by the first that lets it be loaded.
    """
    found = [(path, "settings") for path in from_settings]
    found += [(path, SEARCH_VARIABLE) for path in _on_search_path()]
    if (test_camera := emulated_producer()) is not None:
        found.append((test_camera, TEST_CAMERA))
    once: dict[Path, Producer] = {}
    for producer in starmap(look_at, found):
        if producer.library not in once or once[producer.library].refusal:
            once[producer.library] = producer
    return tuple(once.values())


def look_at(path: Path, found_by: str) -> Producer:
    """What can be known of a producer without loading it."""
    named = Producer(path, Path(os.path.realpath(path)), found_by)
    try:
        return _looked_at(named)
    except OSError as error:
        return replace(named, refusal=f"{path} cannot be read: {error.strerror}.")


def _looked_at(named: Producer) -> Producer:
    if not named.path.is_absolute():
        return replace(named, refusal=f"{named.path} is no absolute path.")
    if not named.library.is_file():
        return replace(named, refusal=f"{named.path} {'is no file' if named.library.exists() else 'does not exist'}.")
    bits = _bits(named.library)
    return replace(named, owner=_owner(named.library), bits=bits, refusal=_refusal(named, bits))


def checksum(library: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal; empty if it cannot be read."""
    try:
        return sha256_of_file(library)
    except OSError:
        return ""


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


def folders_without_producer() -> tuple[str, ...]:
    """Why a folder of the GenICam search path gives no producer, one sentence for each that gives none."""
    return tuple(why for folder in _search_path() if (why := _found_in(folder)[1]))


def _on_search_path() -> list[Path]:
    return [cti for folder in _search_path() for cti in _found_in(folder)[0]]


def _search_path() -> list[Path]:
    return [Path(folder) for folder in os.environ.get(SEARCH_VARIABLE, "").split(os.pathsep) if folder]


def _found_in(folder: Path) -> tuple[list[Path], str]:
    """The producers in a folder of the search path, and why there is none."""
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".cti")
    except OSError as error:
        return [], f"{folder}, which {SEARCH_VARIABLE} names, cannot be read: {error.strerror}."
    return found, "" if found else f"{folder}, which {SEARCH_VARIABLE} names, has no .cti file in it."


def _bits(path: Path) -> int | None:
    with path.open("rb") as file:
        head = file.read(64)
        if head.startswith(b"\x7fELF"):
            return _ELF_CLASS.get(head[4:5])
        if head.startswith(b"MZ"):
            file.seek(int.from_bytes(head[60:64], "little") + 4)
            return _WINDOWS_MACHINE.get(int.from_bytes(file.read(2), "little"))
    return None


def _refusal(named: Producer, bits: int | None) -> str:
    if bits is None:
        return f"{named.path} is no library for this kind of machine."
    if bits != _OUR_BITS:
        return f"{named.path} is a {bits}-bit library, and this program has {_OUR_BITS} bits."
    if sys.platform != "win32" and (open_to_all := _writable_by_all(named)) is not None:
        return f"{named.path} is not loaded, because everybody may write to {open_to_all}."
    return ""


def _writable_by_all(named: Producer) -> Path | None:
    """What anybody could replace on the way to the library; a sticky folder guards its folders, no file and no link."""
    places = dict.fromkeys((*_way_to(named.library), *_way_to(named.path)))
    unguarded = {place.parent for place in places if place.is_symlink() or place.is_file()}
    for place in places:
        mode = place.stat().st_mode
        if mode & stat.S_IWOTH and (place in unguarded or not mode & stat.S_ISVTX):
            return place
    return None


def _way_to(path: Path) -> Iterator[Path]:
    """The path and the folders above it, as it is written, and the way to wherever a link among them leads."""
    for place in (path, *path.parents):
        yield place
        if place.is_symlink():
            yield from _way_to(place.parent / place.readlink())


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, NotImplementedError, OSError):
        return "unknown"
