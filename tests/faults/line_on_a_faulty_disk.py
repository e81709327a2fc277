"""A line whose disk fails in the middle: no `fsync` succeeds, neither of the database nor of a picture.

    line_on_a_faulty_disk.py WORKSPACE PICTURES SWITCH

The disk fails while the file SWITCH exists, see faulty_sync.c. What was seen is written as one line of JSON.
"""

import json
import sys
from pathlib import Path

from waiting import SOON_S, until

from station.app import Station
from station.domain.messages import FaultReported, PartJudged, PartRecorded
from station.settings import CameraSettings, Settings

PARTS = 10


def main(workspace: str, pictures: str, switch: str) -> None:
    """Judge parts before, during and after the failure, then stop."""
    camera = CameraSettings(source=f"replay:{pictures}?rate=25&loop=1")
    with Station.open(Path(workspace), Settings(camera=camera)) as station:
        judged, recorded = station.news.subscribe(PartJudged), station.news.subscribe(PartRecorded)
        faults = station.news.subscribe(FaultReported)
        station.line.load_recipe("plate")
        station.line.start()
        for _ in range(PARTS):
            assert recorded.next_message(SOON_S)
        Path(switch).touch()
        first = faults.next_message(SOON_S)
        before = recorded.waiting
        while judged.next_message() is not None:
            pass
        until(lambda: judged.waiting >= PARTS)
        during = recorded.waiting - before
        Path(switch).unlink()
        until(lambda: recorded.waiting >= before + 2 * PARTS)
        station.line.stop()
        assert station.line.wait_stopped(SOON_S)
    said = [first.sentence] if isinstance(first, FaultReported) else []
    while isinstance(fault := faults.next_message(), FaultReported):
        said.append(fault.sentence)
    print(json.dumps({"recorded while it failed": during, "faults": said}))


if __name__ == "__main__":
    main(*sys.argv[1:])
