"""Compare this build with another checkout of the project: teaching, inspecting, the first verdict, and memory.

    python tests/benchmarks/against_build.py OTHER_CHECKOUT WORKSPACE --recipe NAME [--pictures FOLDER] [--json FILE]

Both builds run in turn (A B A B) with the packages of this one, each on its own copy of WORKSPACE, so that both see
the same load of the machine: frames one by one, programs run by run. With FOLDER, each build also teaches a product
from it and inspects all of its test pictures. A ratio is this build over the other one, the median over the pairs.
"""

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import psutil
from prepared import environment_of
from python_of import THIS, python_of
from timing_process import TimingProcess

from station.cli.in_turn import in_turn

BUILDS = ("other", "this")
KINDS = ("grey", "colour")
WARM_UP = 10
Pair = dict[str, dict[str, float]]
_SAMPLE_S = 0.05
_MB = 1024 * 1024


def command(checkout: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return a command line and the environment that run a program of this checkout."""
    return [python_of(checkout), "-m", *arguments], environment_of(checkout)


def time_frames(checkouts: dict[str, Path], copies: dict[str, Path], recipe: str, rounds: int) -> list[Pair]:
    """Return the milliseconds of single frames, one frame of each build in turn."""
    script = Path(__file__).with_name("serve_frames.py")
    with ExitStack() as open_programs:
        servers = {
            name: open_programs.enter_context(
                TimingProcess([python_of(checkout), script, copies[name], recipe], environment_of(checkout), checkout)
            )
            for name, checkout in checkouts.items()
        }

        def time_frame(name: str, _: int) -> dict[str, float]:
            return {f"way at 5 MP, {kind}, ms": servers[name].ask(kind) for kind in KINDS}

        return pairs_of(in_turn({name: partial(time_frame, name) for name in servers}, rounds, WARM_UP))


def pairs_of(taken: dict[str, list[dict[str, float]]]) -> list[Pair]:
    """Return what each build had in each round."""
    return [dict(zip(taken, row, strict=True)) for row in zip(*taken.values(), strict=True)]


def demo(checkout: Path) -> dict[str, float]:
    """Return seconds to the first verdict of the demo, and its memory after 60 parts, MB."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        line, environment = command(checkout, "ui", "demo", "--parts", "60", "--json", str(result))
        program = subprocess.Popen(line, env=environment, cwd=checkout, stderr=subprocess.DEVNULL)
        used = memory_mb(program)
        figures = json.loads(result.read_text())
    assert figures["parts"] == figures["triggers"] == 60, figures
    return {"first verdict, s": figures["first_verdict_s"], "memory after 60 parts, MB": used}


def teach_and_inspect(checkout: Path, workspace: Path, recipe: str, pictures: Path) -> dict[str, float]:
    """Return how long it takes to teach a product from `pictures`, and to inspect its test pictures."""
    with tempfile.TemporaryDirectory() as folder:
        taught = timed("teaching", checkout, "--workspace", folder, "teach", str(pictures), "--product", "compared")
    test = str(pictures / "test")
    return taught | timed("inspecting", checkout, "--workspace", str(workspace), "inspect", test, "--recipe", recipe)


def timed(what: str, checkout: Path, *arguments: str) -> dict[str, float]:
    """Return the seconds of a command of this checkout: on the wall, and of the processor with all its processes."""
    line, environment = command(checkout, "station", *arguments)
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    nowhere = subprocess.DEVNULL
    subprocess.run(line, env=environment, cwd=checkout, check=True, stdout=nowhere, stderr=nowhere)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    return {f"{what}, s": wall, f"{what}, processor s": processor}


def memory_mb(program: "subprocess.Popen[bytes]") -> float:
    """Return the largest resident memory of a program until it ends."""
    watched, largest = psutil.Process(program.pid), 0
    while program.poll() is None:
        try:
            largest = max(largest, watched.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(_SAMPLE_S)
    assert program.wait() == 0
    return largest / _MB


def measure(asked: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Return for each figure the medians of both builds and the median ratio of the pairs."""
    builds = {"other": asked.other.resolve(), "this": THIS}
    with tempfile.TemporaryDirectory() as folder:
        copies = {name: Path(shutil.copytree(asked.workspace, Path(folder) / name)) for name in builds}
        rows = table(time_frames(builds, copies, asked.recipe, asked.rounds))
        rows |= table(runs("demo", asked.pairs, lambda name: demo(builds[name])))
        if asked.pictures:
            pictures = asked.pictures.resolve()
            rows |= table(
                runs(
                    "teaching and inspecting",
                    asked.pairs,
                    lambda name: teach_and_inspect(builds[name], copies[name], asked.recipe, pictures),
                )
            )
    return rows


def runs(what: str, pairs: int, measured: Callable[[str], dict[str, float]]) -> list[Pair]:
    """Return the figures of each pair of runs."""

    def run(name: str, number: int) -> dict[str, float]:
        figures = measured(name)
        print(f"{what} {number + 1} of {pairs}, {name}: {figures}", file=sys.stderr, flush=True)
        return figures

    return pairs_of(in_turn({name: partial(run, name) for name in BUILDS}, pairs))


def table(measured: list[Pair]) -> dict[str, dict[str, float]]:
    """Return for each figure the medians of both builds and the median ratio of the pairs."""
    return {
        figure: {
            "other": statistics.median(pair["other"][figure] for pair in measured),
            "this": statistics.median(pair["this"][figure] for pair in measured),
            "ratio": statistics.median(pair["this"][figure] / pair["other"][figure] for pair in measured),
        }
        for figure in measured[0]["this"]
    }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--recipe", required=True)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rows = measure(asked)
    for figure, row in rows.items():
        print(f"{figure:28} other {row['other']:9.3f}   this {row['this']:9.3f}   ratio {row['ratio']:.3f}")
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
