"""`pytest --fast`, the selection for daily work, covers every room."""

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent


def rooms() -> set[str]:
    """Return the folders of `station` and `ui` that hold modules of their own, as "station/camera"."""
    packages = [init.parent for top in ("station", "ui") for init in (ROOT / top).glob("*/__init__.py")]
    pages = [init.parent for init in (ROOT / "ui/pages").glob("*/__init__.py")]
    folders = {package.relative_to(ROOT).as_posix() for package in (*packages, *pages)}
    return folders - {"ui/pages"}


@pytest.mark.slow
def test_that_the_fast_selection_covers_every_room() -> None:
    command = [sys.executable, "-m", "pytest", "--fast", "--collect-only", "-q", "-p", "no:cacheprovider"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = {line.partition("::")[0] for line in listed.splitlines() if "::" in line}
    tested = {room for room in rooms() if any(file.startswith(f"tests/{room}/") for file in files)}
    # The command line is tested as a whole, in one file.
    assert rooms() - tested - {"station/cli"} == set()
    assert "tests/station/test_command_line.py" in files
