"""The training gives way to the line."""

import os
import subprocess
import sys

import pytest

PROBE = """
import os
from station.trainer.quiet_cores import go_behind_the_line
before = os.nice(0)
go_behind_the_line(one_runs={one_runs})
print(min(before + 10, 19) == os.nice(0), os.sched_getscheduler(0) == os.SCHED_IDLE)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has idle work")
@pytest.mark.parametrize("one_runs", [False, True])
def test_that_the_training_is_nice_and_takes_idle_time_alone_beside_a_running_line(one_runs):
    code = PROBE.format(one_runs=one_runs)
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert result.stdout.split() == ["True", str(one_runs)]
