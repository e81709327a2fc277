"""TLSimu: the simulated GenTL producer that the GenICam binding 1.5.0 carried, with triggers and large pictures."""

import os
import platform
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

_WHEEL = "genicam==1.5.0"
_FILES = ("TLSimu.cti", "libVirtualFG.so")
_PIP_DOWNLOAD = (
    *("-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--implementation", "cp"),
    *("--python-version", "3.11", "--abi", "cp311", "--platform", "manylinux2014_x86_64"),
)
MONO_SERIAL, COLOUR_SERIAL = "SN_InterfaceA_0", "SN_InterfaceA_1"


def tlsimu() -> Path:
    """Return the producer, downloaded once into a cache folder; skip with the reason if it is not available.

    In CI that is a failure.
    """
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "lineside-tests" / "tlsimu"
    if not all((folder / name).is_file() for name in _FILES):
        _fetch(folder)
    return folder / _FILES[0]


def absent(reason: str) -> None:
    """Skip the test, or fail in CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _fetch(folder: Path) -> None:
    if sys.platform != "linux" or platform.machine() != "x86_64":
        absent("TLSimu is only fetched for 64-bit Linux")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as own:  # a soak test may download at the same time
        answer = subprocess.run(
            [sys.executable, *_PIP_DOWNLOAD, "--dest", own, _WHEEL],
            check=False,
            capture_output=True,
            text=True,
            timeout=300,
        )
        wheels = list(Path(own).glob("genicam-1.5.0-*.whl"))
        if answer.returncode or not wheels:
            absent(f"TLSimu is not available, because {_WHEEL} cannot be downloaded: {answer.stderr.strip()[-300:]}")
        _unpack(wheels[0], folder)


def _unpack(wheel: Path, folder: Path) -> None:
    """Write each library completely and the producer last: another test run may look at the same time."""
    with zipfile.ZipFile(wheel) as archive:
        for name in reversed(_FILES):
            inside = next(entry for entry in archive.namelist() if entry.endswith(name))
            temporary = folder / f"{name}.{os.getpid()}"
            temporary.write_bytes(archive.read(inside))
            temporary.replace(folder / name)
