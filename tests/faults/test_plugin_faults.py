"""A plug-in that fails in any way, and one that ends the whole program."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
from contrast_model import release_plate
from hall import Hall, Model, camera

from station.app import Station
from station.domain.messages import FaultReported
from station.domain.shift import EventKind
from station.domain.verdict import Verdict
from station.pipeline.recovery import ENDED_UNEXPECTEDLY
from station.plugin_api.hooks import hookimpl

EXITS_AT = 5
PROGRAM = f"""
import os
import sys
from pathlib import Path

from station.app import Station
from station.plugin_api.hooks import hookimpl


class Exiting:
    @hookimpl
    def inspection_judged(self, inspection):
        if inspection.key.part == {EXITS_AT}:
            os._exit(7)


with Station.open(Path(sys.argv[1])) as station:
    station.plugins.register(Exiting(), "exiting")
    station.line.run(f"replay:{{sys.argv[2]}}?loop=1", recipe=station.recipes.find("plate").recipe,
                     on_part=lambda part: print(part.key.part, flush=True))
"""


@pytest.mark.parametrize(
    "error",
    [OSError("no relay"), SystemExit(1), KeyboardInterrupt(), GeneratorExit(), asyncio.CancelledError()],
    ids=lambda error: type(error).__name__,
)
def test_that_a_plug_in_that_raises_anything_costs_no_part_and_is_called_again(hall: Hall, error) -> None:
    calls = []

    class Mad:
        @hookimpl
        def inspection_judged(self, inspection) -> None:
            calls.append(inspection.key.part)
            if inspection.key.part == 2:
                raise error

        @hookimpl
        def message_received(self, message) -> None:
            raise error

    hall.plugins.register(Mad(), "mad")
    line = hall.run(camera(), Model(), count=4)
    hall.plugin_runner.stop_news()
    assert line.error is None
    assert calls == [1, 2, 3, 4]
    assert [part.verdict for part in hall.parts()] == [Verdict.PASS] * 4
    assert {trouble.where for trouble in hall.news_of(FaultReported)} == {"mad"}


@pytest.mark.slow
def test_that_a_plug_in_that_ends_the_program_costs_what_a_power_cut_costs(
    tmp_path: Path, tiny_package, draw_part
) -> None:
    """A plug-in is a part of the program, and `os._exit` ends it at once: what was recorded before is there."""
    parts, workspace = tmp_path / "parts", tmp_path / "workspace"
    parts.mkdir()
    for i in range(3):
        cv2.imwrite(str(parts / f"{i}.png"), draw_part(i, defective=i == 1))
    release_plate(workspace, tiny_package)
    program = [sys.executable, "-c", PROGRAM, str(workspace), str(parts)]
    ended = subprocess.run(program, capture_output=True, text=True, check=False, env=os.environ)
    assert ended.returncode == 7, ended.stderr
    acknowledged = [int(line) for line in ended.stdout.split()]
    with Station.open(workspace) as station:
        (window,) = station.records.shifts()
        found = station.records.shift(window)[0]
        assert station.records.verify() == ()
    numbers = [record.inspection.key.part for record in found.parts]
    assert set(acknowledged) <= set(numbers) <= set(range(1, EXITS_AT)), "the part in its hands has no record"
    assert [record.inspection.verdict for record in found.parts] == [
        Verdict.FAIL if number % 3 == 2 else Verdict.PASS for number in numbers
    ]
    assert [event.sentence for event in found.events if event.kind is EventKind.FAULT] == [ENDED_UNEXPECTEDLY]
