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
    """The producer, fetched once into a cache folder; skips with the reason where it cannot be had.

    In CI its absence is a failure.
    """
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "lineside-tests" / "tlsimu"
    if not all((folder / name).is_file() for name in _FILES):
        _fetch(folder)
    return folder / _FILES[0]


def absent(reason: str) -> None:
    """Skip, or fail where nothing may be absent."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _fetch(folder: Path) -> None:
    if sys.platform != "linux" or platform.machine() != "x86_64":
        absent("TLSimu is only fetched for 64-bit Linux")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as own:  # a soak beside this test run may fetch too
        answer = subprocess.run(
            [sys.executable, *_PIP_DOWNLOAD, "--dest", own, _WHEEL],
            check=False,
            capture_output=True,
            text=True,
            timeout=300,
        )
        wheels = list(Path(own).glob("genicam-1.5.0-*.whl"))
        if answer.returncode or not wheels:
            absent(f"TLSimu cannot be had, because {_WHEEL} cannot be downloaded: {answer.stderr.strip()[-300:]}")
        _unpack(wheels[0], folder)


def _unpack(wheel: Path, folder: Path) -> None:
    """The libraries first and whole: another test run may look at the same time."""
    with zipfile.ZipFile(wheel) as archive:
        for name in reversed(_FILES):
            inside = next(entry for entry in archive.namelist() if entry.endswith(name))
            temporary = folder / f"{name}.{os.getpid()}"
            temporary.write_bytes(archive.read(inside))
            temporary.replace(folder / name)
