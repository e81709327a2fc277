"""The memory of a training is its own."""

import subprocess
import sys

import numpy as np
import pytest

from station.trainer.most_memory import most_memory_mb

_SAY = "from station.trainer.most_memory import most_memory_mb; print(most_memory_mb())"

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the trap is Linux's")


def test_that_the_memory_of_whoever_started_the_program_does_not_count():
    large = np.ones(40_000_000)
    said = subprocess.run([sys.executable, "-c", _SAY], check=True, capture_output=True, text=True).stdout
    assert large.nbytes / 1e6 > 300
    assert 1 < float(said) < 150


def test_that_memory_that_was_given_back_counts():
    before = most_memory_mb()
    large = np.ones(40_000_000)
    del large
    after = most_memory_mb()
    assert before is not None
    assert after is not None
    assert after >= 320
