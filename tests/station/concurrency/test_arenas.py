"""Many threads share few arenas, so that freed memory is not kept once for each thread."""

import subprocess
import sys

import pytest

_MANY_THREADS = """
import ctypes, threading
from station.concurrency.arenas import share_arenas
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
