"""Keep libraries from spinning. Call it before numpy is imported."""

import os
import sys

_LOW_PRIORITY = 10


def yield_the_cores() -> None:
    """Let each thread of numpy work alone, and waiting threads sleep instead of spin: the running line needs the core.

    The work is spread over the cores picture by picture already.
    """
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"


def go_behind_the_line(*, one_runs: bool) -> None:
    """Lower the priority of this process, and of all that it starts; on Windows its parent starts it so.

    Linux lets a thread that waits for a core wait for the slice of a running one, some milliseconds long, whatever
    their priorities are; a verdict waits several times. Only idle work gives way at once.

    Args:
        one_runs: A line runs beside: on Linux this process then has nothing but the time that all others leave.
    """
    if sys.platform == "win32":
        return
    os.nice(_LOW_PRIORITY)
    if one_runs and sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
