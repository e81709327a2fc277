"""This build over an earlier one (`--before`): graph of the default model, and way of a frame, frame by frame.

Each build teaches the default model from the same pictures in a workspace of its own.
"""

from contextlib import ExitStack
from functools import partial
from pathlib import Path

from figure import Figure, NotMeasuredError, Setting, of_pairs
from prepared import PRODUCT, THIS, environment_of, taught_by
from python_of import python_of
from timing_process import TimingProcess

from station.cli.in_turn import in_turn

NAME = "way of a frame and graph over the build before"
MOST_OF_THE_GRAPH = 0.6
_WARM_UP = 5
_WHATS = {
    "infer": ("default model, infer()", MOST_OF_THE_GRAPH),
    "grey": ("way of a frame, grey, this build", None),
    "colour": ("way of a frame, colour, this build", None),
}


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return the figures of pairs of single frames."""
    if setting.before is None:
        raise NotMeasuredError("no earlier build was named: --before CHECKOUT_OR_COMMIT")
    script = Path(__file__).resolve().parents[1] / "serve_frames.py"
    with ExitStack() as programs:
        servers = {
            checkout: programs.enter_context(
                TimingProcess(
                    [python_of(checkout), script, taught_by(checkout, setting), PRODUCT],
                    environment_of(checkout),
                    checkout,
                )
            )
            for checkout in (THIS, setting.before)
        }
        ways = {checkout: partial(_asked, server) for checkout, server in servers.items()}
        taken = in_turn(ways, setting.pairs(200), _WARM_UP)
    ours, peer = taken[THIS], taken[setting.before]
    return tuple(
        of_pairs(name, [one[what] for one in ours], [one[what] for one in peer], "ms", bound, "peer: the build before")
        for what, (name, bound) in _WHATS.items()
    )


def _asked(server: TimingProcess, _: int) -> dict[str, float]:
    return {what: server.ask(what) for what in _WHATS}
