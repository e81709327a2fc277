"""The start: from the command to a window whose line takes parts, and to the first verdict, over a bare script.

The script opens a Qt window, loads the same model by OpenVINO with its cache, and infers once. The station is the real
window of a workspace that starts its line by itself. Its pictures come from a folder, so that no camera is waited for.
Measured on an ordinary workspace, on one with 1,000,000 parts, and after kill -9 of a running line, each time in turn
with the script. The memory is that of all processes after the first verdict: PSS counts shared pages once.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import cv2
import psutil
from figure import Figure, Setting, of_pairs
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
    figures: list[Figure] = []
    for what, workspace, killed in (
        ("ordinary workspace", ordinary, False),
        ("1,000,000 parts", large, False),
        ("after kill -9", ordinary, True),
    ):
        figures += _figures(what, _pairs(setting, workspace, killed=killed), with_memory=not killed)
    return tuple(figures)


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


def _pairs(setting: Setting, workspace: Path, *, killed: bool) -> list[tuple[Run, Run]]:
    """Return what the window and the script took, in turn; every second pair begins with the script."""
    pairs = []
    _window(workspace), _script(setting, workspace)  # the caches of disk, byte code and models
    for number in range(setting.pairs(20)):
        if killed:
            _window(workspace, ends_by_kill=True)
        if number % 2:
            bare = _script(setting, workspace)
            pairs.append((_window(workspace), bare))
        else:
            own = _window(workspace)
            pairs.append((own, _script(setting, workspace)))
        if killed and "ended unexpectedly" not in pairs[-1][0]["alarms"]:
            raise AssertionError("the start after kill -9 did not say so")
    return pairs


def _window(workspace: Path, *, ends_by_kill: bool = False) -> Run:
    return _started([str(THIS / "tests/benchmarks/window_start.py"), str(workspace)], ends_by_kill=ends_by_kill)


def _script(setting: Setting, workspace: Path) -> Run:
    graph = next((workspace / "models").glob(f"{PRODUCT}*/model.xml"))
    return _started([str(THIS / "tests/benchmarks/bare_start.py"), str(graph), str(setting.folder / "bare cache")])


def _started(line: list[str], *, ends_by_kill: bool = False) -> Run:
    """Run a program until it says how long it took; return that, and its memory."""
    environment = environment_of(THIS) | {"BEGAN": str(time.monotonic())}
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
