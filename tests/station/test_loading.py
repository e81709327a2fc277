"""What a program loads at its start is out of the garbage collector's way."""

import gc
import subprocess
import sys

from station.loading import loading

PROGRAM = """
import gc
from station.loading import loading
with loading():
    assert not gc.isenabled()
    import station.domain.inspection
assert gc.isenabled()
print(gc.get_freeze_count())
"""


def test_that_loaded_modules_are_not_looked_through_for_garbage() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert int(ran.stdout) > 1_000


def test_that_a_block_that_loads_nothing_keeps_nothing() -> None:
    before = gc.get_freeze_count()
    with loading():
        pass
    assert gc.isenabled()
    assert gc.get_freeze_count() == before
