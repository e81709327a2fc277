"""Changeovers of a running line at any moment: no part is judged by a mixture of two revisions.

The line is the real one, with two models and a triggered camera. Afterwards every recorded part is judged again, by the
revision that its record names alone, on the picture that the camera had shown.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import resources
from station.app import Station
from station.camera.pictures.as_frame import as_frame
from station.camera.pictures.reading import read_picture
from station.concurrency.fan_out import Subscription
from station.domain.errors import BadInputError
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.messages import PartJudged
from station.domain.recipe import ModelReference, Recipe, TakesEffect
from station.domain.verdict import Verdict
from station.inference.model_package import find_package, load_package
from station.inference.openvino_predictor import OpenVinoPredictor
from station.judgement.inspector import Inspector
from station.pipeline import line_control
from station.pipeline import run as line_run
from station.recipes.recipe_file import copy_package_into

SOON_S = 30.0
LEAST_JUDGED = 3
CHANGES = st.lists(
    st.tuples(st.booleans(), st.sampled_from((0.2, 0.4, 0.5, 0.8)), st.integers(0, 60)), min_size=2, max_size=8
)
"""For each changeover: whether it is to the other model, its limit, and the milliseconds before the next one."""


@pytest.fixture
def triggered() -> str:
    return "software"


@pytest.fixture
def models(station: Station) -> tuple[ModelReference, ModelReference]:
    """The model of the station's recipe, and another one of other scores."""
    shipped = load_package(Path(next(iter(resources.__path__))) / "demo" / "flange")
    own = station.recipes.find("plate").recipe.views[0].model
    return own, copy_package_into(shipped, "another", station.workspace.models)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + SOON_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.01)


@contextmanager
def parts_coming(station: Station, pause: random.Random) -> Iterator[None]:
    """Let parts come at irregular times, whatever the line does meanwhile."""
    over = threading.Event()

    def come() -> None:
        while not over.wait(pause.uniform(0.005, 0.05)):
            try:
                station.line.trigger()
            except BadInputError:  # the part before has no picture yet
                continue

    thread = threading.Thread(target=come)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(SOON_S)


def revise(station: Station, model: ModelReference, limit: float) -> Recipe:
    """Release another revision, for the part that comes next."""
    newest = station.recipes.find("plate").recipe
    view = newest.views[0]
    limits = replace(view.limits, image_threshold=limit, review_threshold=limit / 2)
    revised = replace(newest, revision=newest.revision + 1, views=(replace(view, model=model, limits=limits),))
    station.recipes.add(revised)
    station.recipes.release("plate", revised.revision, "Ada", "the next lot", TakesEffect.NOW)
    return revised


def judged_by(station: Station, revision: int, judged: Subscription, said: dict[PartKey, Inspection]) -> int:
    """Take what was judged so far into `said`; return the number of parts that this revision inspected."""
    said |= {part.inspection.key: part.inspection for part in iter(judged.next_message, None)}
    inspected = [key.run_id for key, part in said.items() if part.verdict is not Verdict.NOT_INSPECTED]
    runs = {run: station._core.inspections.find_run(run).recipe_revision for run in set(inspected)}
    return sum(runs[run] == revision for run in inspected)


class JudgedAlone:
    """Judges a stored picture by one revision, and by nothing else."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._pictures = Path(str(station.settings.camera.source).removeprefix("replay:").partition("?")[0])
        self.of = cache(self._of)

    def _of(self, revision: int, origin: str) -> ViewInspection:
        recipe = self._station._core.recipes.find_revision("plate", revision).recipe
        view, workspace = recipe.views[0], self._station.workspace
        package = find_package(workspace.models, view.model)
        picture = read_picture(self._pictures / Path(origin).name)
        with closing(OpenVinoPredictor(package, view.inference, workspace.cache, 1)) as predictor:
            return Inspector(view, predictor, recipe.product).inspect(as_frame(picture, origin)).inspection


@pytest.mark.slow
@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # a line is slow to shrink
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=CHANGES, seed=st.integers(0, 2**16))
def test_that_every_part_has_the_verdict_of_the_one_revision_that_its_record_names(
    station, models, monkeypatch, changes, seed
) -> None:
    for name, value in (("_ASKED_EVERY_S", 0.0), ("_WATCH_S", 0.005)):
        monkeypatch.setattr(line_run, name, value)
    monkeypatch.setattr(line_control, "threads_beside_window", lambda _: 1)
    judged, said = station.news.subscribe(PartJudged), {}
    station.line.load_recipe("plate")
    station.line.start()
    until(lambda: station.line.state.inspecting_parts)
    with parts_coming(station, random.Random(seed)):
        for another, limit, wait_ms in changes:
            newest = revise(station, models[another], limit)
            time.sleep(wait_ms / 1000)
        until(lambda: judged_by(station, newest.revision, judged, said) >= LEAST_JUDGED)
    station.line.stop()
    assert station.line.wait_stopped(SOON_S)
    judged_by(station, newest.revision, judged, said)
    judged.close()
    runs = {key.run_id: station._core.inspections.find_run(key.run_id) for key in said}
    alone, judged_parts = JudgedAlone(station), 0
    for run_id, run in runs.items():
        for part in station._core.inspections.parts_of_run(run_id):
            assert part == said.pop(part.key)
            assert run.recipe_name == "plate"
            if part.verdict is Verdict.NOT_INSPECTED:  # it had no picture: the line was stopped, or too slow
                continue
            judged_parts += 1
            seen_alone = alone.of(run.recipe_revision, part.deciding.origin)
            for figure in ("verdict", "reason", "pred_score", "raw_score", "image_threshold", "regions"):
                assert getattr(part.deciding, figure) == getattr(seen_alone, figure), figure
    assert judged_parts >= LEAST_JUDGED
    assert not said  # every verdict that was shown is recorded
    assert max(run.recipe_revision for run in runs.values()) == newest.revision
