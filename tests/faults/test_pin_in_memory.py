"""After a log-in the PIN is nowhere: not in the memory of the process, in the database, a log or a support file."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from station.app import Station
from station.domain.permissions import Role
from station.domain.secret import Secret

DIGITS = (7, 3, 9, 1, 5, 2, 6, 4, 8, 0, 4, 7)
"""Twelve digits: fewer would be found by chance among all the numbers in a process."""
_TESTS = Path(__file__).parents[1]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the memory of a process is a file on Linux alone"),
]


def _pin() -> str:
    return "".join(map(str, DIGITS))


def _forms(pin: str) -> list[bytes]:
    """Return the PIN as Python and Qt keep texts."""
    return [pin.encode(form) for form in ("ascii", "utf-16-le", "utf-32-le")]


def _found_in_memory(pid: int, forms: list[bytes]) -> int:
    """Return how often one of the forms is in the memory that a process can write."""
    found = 0
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            place, rights, *_ = line.split()
            if not rights.startswith("rw"):
                continue
            begin, end = (int(number, 16) for number in place.split("-"))
            try:
                memory.seek(begin)
                content = memory.read(end - begin)
            except (OSError, OverflowError):
                continue  # memory of a device
            found += sum(content.count(form) for form in forms)
    return found


def _found_on_disk(root: Path) -> int:
    """Return how often the PIN is in a file: database and its log, settings, logs, and the support file unpacked."""
    files = [path.read_bytes() for path in root.rglob("*") if path.is_file()]
    with zipfile.ZipFile(root / "support.zip") as support:
        unpacked = [support.read(name) for name in support.namelist()]
    assert unpacked
    return sum(content.count(form) for content in (*files, *unpacked) for form in _forms(_pin()))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with Station.open(tmp_path / "station") as station:
        station.people.add("Anna Berg", {Role.SUPERVISOR}, Secret(_pin()))
    return tmp_path / "station"


@pytest.mark.parametrize(("way", "times"), [("window", 0), ("text", 1)])
def test_that_a_pin_is_found_nowhere_after_the_log_in(
    request: pytest.FixtureRequest, tmp_path: Path, way: str, times: int
) -> None:
    root = tmp_path / "new" if way == "window" else request.getfixturevalue("root")
    codes = [str(ord(str(digit)) + 100) for digit in DIGITS]
    path = os.pathsep.join([str(_TESTS.parent), str(_TESTS / "doubles")])
    program = subprocess.Popen(
        [sys.executable, str(_TESTS / "faults/endless_login.py"), str(root), way, *codes],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip
    with program:
        assert program.stdout is not None
        assert program.stdout.readline() == "Anna Berg\n"
        try:
            found = _found_in_memory(program.pid, _forms(_pin()))
            found_on_disk = _found_on_disk(root)  # the log of the database is there now
        except PermissionError:
            pytest.skip("this system lets no process read the memory of its children")
        finally:
            program.communicate("\n")
    assert min(found, 1) == times  # the careless way shows that a PIN would be found
    assert (found_on_disk, _found_on_disk(root)) == (0, 0)
