"""A line that gets parts at five times its capacity: each has its verdict, and what comes too fast is given up."""

import gc
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import quantiles

from hall import A_WHILE_S, Hall, Model, camera

from station.domain.messages import PartJudged

PART_S, TIMES_THE_CAPACITY = 0.04, 5
SETTLES_S = 10.0


@dataclass
class Overload:
    """What was seen.

    Attributes:
        triggers: Parts with a verdict.
        recorded: Parts in the records.
        gaps: Numbers that are missing among them.
        judged: Parts with a judgement.
        causes: Number of the other parts, by cause.
        p99_ms, first_p99_ms: Time from picture to verdict of the judged parts: of all, and of the first quarter.
        growth_mb: Growth of the memory after the first 10 s.
    """

    triggers: int = 0
    recorded: int = 0
    gaps: int = 0
    judged: int = 0
    causes: dict[str, int] = field(default_factory=dict)
    p99_ms: float = 0.0
    first_p99_ms: float = 0.0
    growth_mb: float = 0.0

    @property
    def given_up(self) -> int:
        """Return the number of parts that have a cause in place of a judgement."""
        return sum(self.causes.values())


class _Verdicts:
    """Takes the messages of the line, and keeps little of each: what the test keeps must not look like growth."""

    def __init__(self) -> None:
        self.parts: list[int] = []
        self.judged_ms: list[float] = []
        self.causes: Counter[str] = Counter()

    def append(self, message: object) -> None:
        if isinstance(message, PartJudged):
            part = message.inspection
            self.parts.append(part.key.part)
            if part.deciding.cause is None:
                self.judged_ms.append(part.views[0].elapsed_ms)
            else:
                self.causes[part.deciding.cause.value] += 1


def overload(folder: Path, seconds: float) -> dict[str, object]:
    """Run such a line for this time, and return an `Overload` as a dictionary."""
    folder.mkdir(exist_ok=True)
    hall, pace = Hall(folder), threading.Event()
    hall.news = seen = _Verdicts()
    line = hall.line(camera(rate_hz=TIMES_THE_CAPACITY / PART_S), Model(lambda: pace.wait(PART_S)))
    line.start()
    threading.Event().wait(SETTLES_S)
    before_mb = _written_mb()
    threading.Event().wait(max(0.0, seconds - SETTLES_S))
    after_mb = _written_mb()
    line.stop()
    assert line.wait(A_WHILE_S * 4)
    recorded = len(hall.parts())
    hall.database.close()
    judged = seen.judged_ms
    return asdict(
        Overload(
            len(seen.parts),
            recorded,
            len(set(range(1, len(seen.parts) + 1)) - set(seen.parts)),
            len(judged),
            dict(seen.causes),
            quantiles(judged, n=100)[98],
            quantiles(judged[: len(judged) // 4], n=100)[98],
            after_mb - before_mb,
        )
    )


def _written_mb() -> float:
    gc.collect()
    time.sleep(0.1)
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith("Anonymous:"))
