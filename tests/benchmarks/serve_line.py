"""Time parts of 5 MP on a line with or without its window; a program of its own, see `timing_process`.

    python tests/benchmarks/serve_line.py FOLDER DATA grey|colour window|alone

FOLDER has the taught workspace. Each line on stdin is answered with the median milliseconds of ten parts.
"""

import sys
import time
from pathlib import Path
from statistics import median

from station.loading import loading

with loading():  # as the program does
    from figure import Setting
    from figures.whole_line import started_line
    from prepared import taught
    from timing_process import answer

    from station.cli.bench_line import OnePart
    from ui.shell.application import make_application

PARTS = 10
EVERY_S = 1 / 15
_WAY = ("queues, preparation, quality, judgement", "model", "verdict to a reader of the news")


def main(folder: Path, data: Path, kind: str, *, window: bool) -> None:
    """Start the line and answer."""
    application = make_application()
    with (
        taught(Setting(folder, data, None, quick=True)) as (_, one),
        started_line(one, one.grey if kind == "grey" else one.colour, window=window) as drive,
    ):
        drive(lambda part: answer(lambda _line, _number: _median_ms(part)))
    application.quit()


def _median_ms(part: OnePart) -> float:
    taken = []
    for _ in range(PARTS):
        began = time.perf_counter()
        stages = part.run()
        taken.append(sum(stages[stage] for stage in _WAY))
        time.sleep(max(0.0, began + EVERY_S - time.perf_counter()))
    return median(taken)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], window=sys.argv[4] == "window")
