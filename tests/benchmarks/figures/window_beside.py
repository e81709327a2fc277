"""What the window costs an inspection: parts of 5 MP through a line with the window, over the same line without one.

Two programs with the same workspace and camera in memory, one of them with the real window drawn without a screen; they
take turns, ten parts each at 15 a second. A part takes from its frame in memory until a reader of the news has the
verdict. While one is asked, the other waits for a trigger.
"""

import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from figure import Figure, Setting, of_pairs
from prepared import THIS, environment_of, taught_by
from timing_process import TimingProcess

from station.cli.in_turn import in_turn

NAME = "inspection with the window over without"
MOST_RATIO = 1.05
KINDS = ("grey", "colour")


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return the figures of pairs of medians of ten parts."""
    taught_by(THIS, setting)
    script = Path(__file__).resolve().parents[1] / "serve_line.py"
    figures = []
    for kind in KINDS:
        with ExitStack() as programs:
            ways = {
                word: partial(
                    lambda program, _: program.ask(),
                    programs.enter_context(
                        TimingProcess(
                            [sys.executable, script, setting.folder, setting.data, kind, word],
                            environment_of(THIS),
                            THIS,
                        )
                    ),
                )
                for word in ("window", "alone")
            }
            taken = in_turn(ways, setting.pairs(40), warm_up=2)
        name = f"inspection with the window over without, {kind}"
        figures.append(of_pairs(name, taken["window"], taken["alone"], "ms", MOST_RATIO, "pairs of medians of 10"))
    return tuple(figures)
