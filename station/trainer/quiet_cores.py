"""Keep libraries from spinning. Call it before numpy is imported."""

import os


def yield_the_cores() -> None:
    """Let each thread of numpy work alone, and waiting threads sleep instead of spin: the running line needs the core.

    The work is spread over the cores picture by picture already.
    """
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
