"""A line whose process may have no more memory for a while; what was seen is written as one line of JSON.

line_without_memory.py FOLDER
"""

import ctypes
import json
import resource
import sys
import threading
from pathlib import Path

from hall import A_WHILE_S, Hall, Model, camera
from waiting import until

from station.domain.frame import NotInspectedCause
from station.domain.messages import FaultReported, PartJudged

SIZE, RATE_HZ, ROOM = (3000, 2000), 4, 15_000_000
"""A picture needs 18 MB, and several times that while it is drawn and prepared; everything else finds room."""
LOOKS = 50
M_MMAP_THRESHOLD = -3
PARTS = 3


def _used() -> int:
    threading.Event().wait(0.02)
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def main(folder: str) -> None:
    """Judge parts before, during and after the lack."""
    ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, 2**18)  # each picture asks the system for its memory
    hall = Hall(Path(folder))
    line = hall.line(camera(size=SIZE, rate_hz=RATE_HZ), Model())

    def judged(cause: NotInspectedCause | None) -> int:
        return sum(message.inspection.deciding.cause is cause for message in hall.news_of(PartJudged))

    line.start()
    until(lambda: judged(None) >= PARTS)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = min(_used() for _ in range(LOOKS))
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, hard))
    until(lambda: judged(NotInspectedCause.STATION_FAILED) >= PARTS)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    passed = judged(None)
    until(lambda: judged(None) >= passed + PARTS)
    line.stop()
    ended = line.wait(A_WHILE_S)
    parts = hall.parts()
    seen = {
        "ended": ended,
        "error": line.error and line.error.sentence,
        "causes": sorted({part.deciding.cause.value for part in parts if part.deciding.cause}),
        "judged": len(hall.news_of(PartJudged)),
        "recorded": len(parts),
        "faults": [fault.sentence for fault in hall.news_of(FaultReported)],
        "threads": [thread.name for thread in threading.enumerate() if thread.name.startswith("lineside ")],
    }
    hall.database.close()
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
