"""A process that may have no more memory for a while: parts of that time are NOT INSPECTED, and the line goes on."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hall import Hall, Model, camera

from station.domain.frame import NotInspectedCause as Cause
from station.domain.messages import FaultReported
from station.domain.verdict import Verdict

HERE = Path(__file__).parent
OF_A_LACK = {Cause.STATION_FAILED, Cause.LOST_FRAME, Cause.OVERRUN}
LACKS = 8
"""More in a row than failures after which a worker gives up."""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit of a process is set as on Linux")
def test_that_a_process_at_its_limit_of_memory_judges_again_as_soon_as_it_has_some(tmp_path: Path) -> None:
    paths = os.pathsep.join([str(HERE.parents[1]), str(HERE.parent / "doubles")])
    program = [sys.executable, HERE / "line_without_memory.py", tmp_path]
    ended = subprocess.run(program, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": paths})
    assert ended.returncode == 0, ended.stderr
    seen = json.loads(ended.stdout.splitlines()[-1])
    assert seen["ended"]
    assert seen["error"] is None
    assert seen["judged"] == seen["recorded"]
    assert {Cause.STATION_FAILED} <= set(map(Cause, seen["causes"])) <= OF_A_LACK
    assert seen["threads"] == []


def test_that_a_long_lack_of_memory_in_the_judgement_costs_its_parts_and_is_said_once(hall: Hall) -> None:
    seen = iter(range(1, 1000))
    lacks = range(3, 3 + LACKS)

    def lack() -> None:
        if next(seen) in lacks:
            raise MemoryError

    line = hall.run(camera(), Model(lack), count=lacks.stop + 2)
    assert line.error is None
    for part in hall.parts():
        expected = Verdict.NOT_INSPECTED if part.key.part in lacks else Verdict.PASS
        assert part.verdict is expected
    assert len(hall.news_of(FaultReported)) == 1
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lineside ")]
