"""The program of the window: what it loads, and what it leaves alone."""

import subprocess
import sys

import pytest

_READS_NO_SOURCE = """
import builtins, linecache, sys
own = builtins.__import__
from ui.__main__ import load_qt
load_qt()
before = set(linecache.cache)
import ui.program, station.core, ui.shell.main_window
read = [name for name in linecache.cache if name.endswith(".py") and name not in before]
sys.exit(None if builtins.__import__ is own and not read else str(read))
"""


@pytest.mark.slow
def test_that_the_window_loads_its_modules_without_reading_their_source_text() -> None:
    done = subprocess.run([sys.executable, "-c", _READS_NO_SOURCE], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
