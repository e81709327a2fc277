"""What a program loads at its start is out of the garbage collector's way."""

import gc
import os
import subprocess
import sys

import pytest

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


_MANY_THREADS = """
import ctypes, threading
from station.loading import share_arenas
share_arenas()
libc, meet, over = ctypes.CDLL(None), threading.Barrier(13), threading.Event()
libc.malloc.restype = ctypes.c_void_p
def work():
    places.add(libc.malloc(1000) >> 26)  # each arena beside the first lies in 64 MB of its own
    meet.wait(); over.wait()
places = set()
threads = [threading.Thread(target=work) for _ in range(12)]
[thread.start() for thread in threads]
meet.wait(); over.set()
print(len(places))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's own setting")
def test_that_many_threads_share_two_arenas() -> None:
    done = subprocess.run([sys.executable, "-c", _MANY_THREADS], check=True, capture_output=True, text=True)
    assert int(done.stdout) <= 2


_MANY_BLOCKS = """
import mmap, resource, sys, threading
from station.loading import keep_large_blocks
if "keep" in sys.argv:
    keep_large_blocks()
def work():
    for number in range(30):
        bytearray(8_000_000)
        if number == 9:
            before.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
before = []
thread = threading.Thread(target=work)
thread.start(); thread.join()
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before[0]) * mmap.PAGESIZE / 20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's own setting")
def test_that_a_program_can_keep_the_memory_of_one_picture_for_the_next() -> None:
    as_dask_sets_it = os.environ | {"MALLOC_TRIM_THRESHOLD_": "65536"}
    taken = [
        float(subprocess.check_output([sys.executable, "-c", _MANY_BLOCKS, word], text=True, env=as_dask_sets_it))
        for word in ("keep", "give back")
    ]
    assert taken[0] < 100_000
    assert taken[1] > 7_000_000
