"""Finds the GenTL producers (.cti) of this machine and checks whether they may be loaded. Loads nothing itself."""

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
    """A producer's file, examined without loading it.

    Attributes:
        path: Path as it was given.
        library: Absolute path of the file, with all links resolved; this is what was examined and may be loaded.
        found_by: "settings", the name of the environment variable, or "test camera".
        owner: User who owns the file; "unknown" if the system has no name for it.
        bits: 32 or 64; None if the file is not a library.
        refusal: Why it must not be loaded, one sentence; empty if it may be.
    """

    path: Path
    library: Path
    found_by: str
    owner: str = ""
    bits: int | None = None
    refusal: str = ""

    @property
    def is_test_camera(self) -> bool:
        """Whether it is the emulated camera that comes with the GenICam binding."""
        return self.found_by == TEST_CAMERA


def producers(from_settings: Sequence[Path]) -> tuple[Producer, ...]:
    """Return the producers from the settings, from the GenICam search path, and the test camera, in this order.

    Each library is listed once; if several paths lead to it, the first path that may be loaded counts.
    """
    found = [(path, "settings") for path in from_settings]
    found += [(path, SEARCH_VARIABLE) for path in _on_search_path()]
    if (test_camera := emulated_producer()) is not None:
        found.append((test_camera, TEST_CAMERA))
    once: dict[Path, Producer] = {}
    for producer in starmap(examine, found):
        if producer.library not in once or once[producer.library].refusal:
            once[producer.library] = producer
    return tuple(once.values())


def examine(path: Path, found_by: str) -> Producer:
    """Return what can be found out about a producer without loading it."""
    named = Producer(path, Path(os.path.realpath(path)), found_by)
    try:
        return _examined(named)
    except OSError as error:
        return replace(named, refusal=f"{path} cannot be read: {error.strerror}.")


def _examined(named: Producer) -> Producer:
    if not named.path.is_absolute():
        problem = _mistyped(str(named.path)) or "is not an absolute path"
        return replace(named, refusal=f"{named.path} {problem}.")
    if not named.library.is_file():
        problem = "is not a file" if named.library.exists() else _mistyped(str(named.path)) or "does not exist"
        if named.library.is_dir():
            problem = "is a folder; name the .cti file in it"
        return replace(named, refusal=f"{named.path} {problem}.")
    bits = _bits(named.library)
    return replace(named, owner=_owner(named.library), bits=bits, refusal=_refusal(named, bits))


def checksum(library: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal; empty if it cannot be read."""
    try:
        return sha256_of_file(library)
    except OSError:
        return ""


def emulated_producer() -> Path | None:
    """Return the producer with three emulated cameras that comes with the GenICam binding, without importing it."""
    spec = find_spec("genicam")
    folders = spec.submodule_search_locations or () if spec else ()
    return next((cti for folder in folders if (cti := Path(folder, "viky.cti")).is_file()), None)


def missing_libraries(path: Path) -> tuple[str, ...]:
    """Return the names of libraries that the loader would not find, according to ldd; empty without ldd."""
    if sys.platform != "linux":
        return ()
    try:
        answer = subprocess.run(["ldd", path], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(re.findall(r"^\s*(\S+) => not found", answer.stdout, re.MULTILINE))


def folders_without_producer() -> tuple[str, ...]:
    """Return one sentence for each folder of the GenICam search path that contains no producer."""
    return tuple(why for folder in _search_path() if (why := _found_in(folder)[1]))


def _on_search_path() -> list[Path]:
    return [cti for folder in _search_path() for cti in _found_in(folder)[0]]


def _search_path() -> list[Path]:
    return [Path(folder) for folder in os.environ.get(SEARCH_VARIABLE, "").split(os.pathsep) if folder]


def _found_in(folder: Path) -> tuple[list[Path], str]:
    """Return the producers in a folder of the search path, and one sentence if it contains none."""
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".cti")
    except NotADirectoryError:
        return [], f"{folder}, which {SEARCH_VARIABLE} names, is a file; give its folder, {folder.parent}."
    except OSError as error:
        why = _mistyped(str(folder)) or f"cannot be read: {error.strerror}"
        return [], f"{folder}, which {SEARCH_VARIABLE} names, {why}."
    return found, "" if found else f"{folder}, which {SEARCH_VARIABLE} names, contains no .cti file."


def _mistyped(path: str) -> str:
    """Return what is probably wrong with a path that is not found, and the remedy; empty if it is not known."""
    if path != path.strip():
        return "does not exist; leave out the spaces around it"
    if any(mark in path for mark in "\"'"):
        return "does not exist; leave out the quotation marks"
    if path.startswith("~"):
        return "does not exist; write the home folder in full instead of ~"
    if (other := ":;".replace(os.pathsep, "")) in path[2:]:
        return f"does not exist; separate several folders by '{os.pathsep}', not by '{other}'"
    return ""


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
        return f"{named.path} is not a library for this kind of machine."
    if bits != _OUR_BITS:
        return f"{named.path} is a {bits}-bit library, but this program needs {_OUR_BITS} bits."
    if sys.platform != "win32" and (open_to_all := _writable_by_all(named)) is not None:
        return f"{named.path} is not loaded, because every user may write to {open_to_all}."
    return ""


def _writable_by_all(named: Producer) -> Path | None:
    """Return the first file or folder on the path to the library that any user could replace; None if there is none.

    A folder with the sticky bit (such as /tmp) protects the folders in it, but another user may have put a file or
    link there, so files and links in it still count as replaceable.
    """
    places = dict.fromkeys((*_path_and_links(named.library), *_path_and_links(named.path)))
    unguarded = {place.parent for place in places if place.is_symlink() or place.is_file()}
    for place in places:
        mode = place.stat().st_mode
        if mode & stat.S_IWOTH and (place in unguarded or not mode & stat.S_ISVTX):
            return place
    return None


def _path_and_links(path: Path) -> Iterator[Path]:
    """Yield the path, the folders above it, and the same for the target of each link among them."""
    for place in (path, *path.parents):
        yield place
        if place.is_symlink():
            yield from _path_and_links(place.parent / place.readlink())


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, NotImplementedError, OSError):
        return "unknown"
