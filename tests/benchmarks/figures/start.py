"""The start: from the command to a window whose line takes parts, and to the first verdict, over a bare script.

The script opens a Qt window, loads the same model by OpenVINO with its cache, and infers once. The station is the real
window of a workspace that starts its line by itself. Its pictures come from a folder, so that no camera is waited for.
Measured on an ordinary workspace, on one with 1,000,000 parts, and after kill -9 of a running line, in rounds of one
start each and one of the script. The memory is that of all processes after the first verdict: PSS counts shared pages
once.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import cv2
import psutil
from figure import LEAST_PAIRS, Figure, Setting, of_pairs
from prepared import THIS, environment_of

from station.app import Station
from station.camera.simulated import SimulatedCamera
from station.commands.demo import _install
from station.domain.frame import Frame
from station.domain.recipe import Recipe

NAME = "start, first verdict and memory of the window"
MOST_START, MOST_MEMORY = 1.25, 1.3
PRODUCT = "flange"
ROWS = 1_000_000
_QUICK_ROUNDS = 8
_ORDINARY, _LARGE, _KILLED, _SCRIPT = "ordinary workspace", "1,000,000 parts", "after kill -9", "script"
_UNEXPECTED = "ended unexpectedly"
_PICTURES = 400
_MB = 1024 * 1024
_SETTINGS = """[station]
resume = "run"
[camera]
source = "replay:{folder}"
[recording]
reserve_mb = 0
least_free_gb = 0.0
"""
_MORE_PARTS = """
INSERT INTO part (run_id, number, triggered_at, verdict, serial, lot, "order")
SELECT run_id, value, triggered_at - value * 1000000, verdict, serial, lot, "order"
FROM part,
    (WITH RECURSIVE n(value) AS (SELECT 1000 UNION ALL SELECT value + 1 FROM n WHERE value < :last) SELECT * FROM n)
WHERE number = 1
"""
Run = Mapping[str, float]


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return start, first verdict and memory of the three kinds of workspace."""
    ordinary = _workspace(setting)
    large = _with_many_parts(setting, ordinary)
    _window(ordinary), _window(large), _script(setting, ordinary)  # the caches of disk, byte code and models
    rounds = [_round(setting, ordinary, large, turned=bool(number % 2)) for number in range(_rounds(setting))]
    figures: list[Figure] = []
    for what in (_ORDINARY, _LARGE, _KILLED):
        pairs = [(each[what], each[_SCRIPT]) for each in rounds]
        figures += _figures(what, pairs, with_memory=what != _KILLED)
    return tuple(figures)


def _rounds(setting: Setting) -> int:
    """Return how many rounds to measure; a round of seven seconds is long, so a quick look takes fewer than count."""
    return _QUICK_ROUNDS if setting.quick else setting.pairs(LEAST_PAIRS)


def _figures(what: str, pairs: list[tuple[Run, Run]], *, with_memory: bool) -> Iterator[Figure]:
    for key, name, bound, unit in (
        ("ready_s", "start to READY", MOST_START, "s"),
        ("first_s", "start to first verdict", None, "s"),
        ("busy_s", "processor time to READY", None, "s"),
        *((("pss_mb", "memory after it, PSS", MOST_MEMORY, "MB"), ("rss_mb", "memory after it, RSS", None, "MB"))
          if with_memory else ()),
    ):  # fmt: skip
        ours, peer = zip(*((own[key], bare[key]) for own, bare in pairs), strict=True)
        yield of_pairs(f"{name}, {what}", ours, peer, unit, bound, "peer: bare Qt + OpenVINO script")


def _round(setting: Setting, ordinary: Path, large: Path, *, turned: bool) -> Mapping[str, Run]:
    """Return what each start took; every second round is in the other order.

    The window of the ordinary workspace is killed after its first verdict: its next start is the one after kill -9.
    """
    found: dict[str, Run] = {}
    turns: list[tuple[str, Callable[[], Run]]] = [
        (_SCRIPT, lambda: _script(setting, ordinary)),
        (_LARGE, lambda: _window(large)),
    ]
    for name, start in reversed(turns) if turned else turns:
        found[name] = start()
    found[_ORDINARY] = _window(ordinary, ends_by_kill=True)
    found[_KILLED] = _window(ordinary)
    if _UNEXPECTED not in found[_KILLED]["alarms"]:
        raise AssertionError("the start after kill -9 did not say so")
    return found


def _window(workspace: Path, *, ends_by_kill: bool = False) -> Run:
    return _started([str(THIS / "tests/benchmarks/window_start.py"), str(workspace)], ends_by_kill=ends_by_kill)


def _script(setting: Setting, workspace: Path) -> Run:
    graph = next((workspace / "models").glob(f"{PRODUCT}*/model.xml"))
    return _started([str(THIS / "tests/benchmarks/bare_start.py"), str(graph), str(setting.folder / "bare cache")])


def _started(line: list[str], *, ends_by_kill: bool = False) -> Run:
    """Run a program until it says how long it took; return that, and its memory."""
    environment = environment_of(THIS)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # without byte code each start would compile 600 modules again
    environment["BEGAN"] = str(time.monotonic())
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, *line], env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
    ) as program:
        assert program.stdin
        assert program.stdout
        said = json.loads(program.stdout.readline())
        used = _memory(program.pid)
        if ends_by_kill:
            program.kill()
        program.stdin.close()
    return said | used


def _memory(pid: int) -> Run:
    program = psutil.Process(pid)
    full = [each.memory_full_info() for each in (program, *program.children(recursive=True))]
    return {
        "pss_mb": sum(each.pss for each in full) / _MB,
        "rss_mb": sum(each.rss for each in full) / _MB,
    }


def _workspace(setting: Setting) -> Path:
    """Return a workspace that has inspected once, and starts its line by itself."""
    workspace, pictures = setting.folder / "start", setting.folder / "start pictures"
    if workspace.exists():
        return workspace
    _draw(pictures)
    workspace.mkdir()
    (workspace / "station.toml").write_text(_SETTINGS.format(folder=pictures))
    with _opened(workspace) as station:
        _install(station.workspace, station._core.recipes)
        station.line.load_recipe(PRODUCT)
        station.line.run(f"replay:{pictures}", on_part=lambda _: None, count=3, recipe=_recipe(station))
    return workspace


def _recipe(station: Station) -> Recipe:
    recipe = station.line.recipe
    assert recipe
    return recipe


@contextmanager
def _opened(workspace: Path) -> Iterator[Station]:
    with Station.open(workspace) as station:
        yield station


def _draw(folder: Path) -> None:
    """Draw pictures of the demo line: enough of them, so that the line still runs when it is killed or closed."""
    folder.mkdir()
    camera = SimulatedCamera(PRODUCT, rate_hz=0)
    camera.start()
    for number in range(1, 9):
        frame = camera.fetch(1.0)
        assert isinstance(frame, Frame)
        first = folder / f"{number:04}.png"
        cv2.imwrite(str(first), cv2.cvtColor(frame.image, cv2.COLOR_RGB2BGR))
        for again in range(number + 8, _PICTURES, 8):
            (folder / f"{again:04}.png").hardlink_to(first)
    camera.close()


def _with_many_parts(setting: Setting, ordinary: Path) -> Path:
    """Return a copy of the workspace with 1,000,000 recorded parts: all columns as those of a real one."""
    large = setting.folder / "start with many parts"
    if large.exists():
        return large
    shutil.copytree(ordinary, large)
    with _opened(large) as station, station._core.database.writing() as connection:
        connection.exec_driver_sql(_MORE_PARTS.replace(":last", str(1000 + ROWS)))
        columns = [row[1] for row in connection.exec_driver_sql("PRAGMA table_info(part_view)")]
        wanted = ", ".join("part.number" if name == "number" else f"part_view.{name}" for name in columns)
        connection.exec_driver_sql(
            f"INSERT INTO part_view ({', '.join(columns)}) SELECT {wanted} FROM part_view "
            "JOIN part ON part.run_id = part_view.run_id AND part.number >= 1000 WHERE part_view.number = 1"
        )
    return large
