"""A release, a roll-back and a retirement reach a line that runs, in whichever program they were made."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from station.app import Station
from station.domain.alarm import AlarmKind
from station.domain.errors import BadInputError
from station.domain.frame import NotInspectedCause
from station.domain.inspection import Inspection, PartKey
from station.domain.messages import LineState, RecipeLoaded, RecipeStateChanged
from station.domain.recipe import Recipe, RecipeState, TakesEffect
from station.inference.openvino_predictor import OpenVinoPredictor
from station.pipeline import run as line_run
from station.settings import CameraSettings, Settings
from station.storage.records.inspections import Inspections

SOON_S = 20.0


@pytest.fixture
def other(station: Station) -> Iterator[Station]:
    """The same workspace, opened by another program."""
    with Station.open(station.workspace.root, station.settings) as opened:
        yield opened


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[OpenVinoPredictor]:
    """The models that were closed so far."""
    models: list[OpenVinoPredictor] = []
    close = OpenVinoPredictor.close
    monkeypatch.setattr(OpenVinoPredictor, "close", lambda model: (models.append(model), close(model)))
    return models


@pytest.fixture
def opened(running: Station, monkeypatch: pytest.MonkeyPatch) -> list[OpenVinoPredictor]:
    """The models that were opened since the line runs."""
    models: list[OpenVinoPredictor] = []
    begin = OpenVinoPredictor.__init__
    monkeypatch.setattr(
        OpenVinoPredictor, "__init__", lambda model, *given: (models.append(model), begin(model, *given))[1]
    )
    return models


@pytest.fixture
def running(station: Station, other: Station) -> Station:
    """The line runs with plate@1; plate@2 is a draft with another limit."""
    other.recipes.add(_next(other))
    station.line.load_recipe("plate")
    station.line.start()
    until(lambda: station.line.counts().triggers >= 3)
    return station


def _next(station: Station, **changes: object) -> Recipe:
    recipe = station.recipes.find("plate").recipe
    limits = replace(recipe.views[0].limits, image_threshold=0.6, review_threshold=0.4)
    return replace(recipe, revision=2, views=(replace(recipe.views[0], limits=limits, **changes),))


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + SOON_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.01)


def test_that_a_line_says_that_it_uses_a_revision_before_it_waits_for_the_disk_to_number_its_run(
    running: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, may_write, numbered = running.news.subscribe(RecipeLoaded), threading.Event(), []
    number = Inspections.set_first_number

    def number_late(store: Inspections, run_id: int, first: int) -> None:
        assert may_write.wait(SOON_S)
        number(store, run_id, first)
        numbered.append((run_id, first))

    monkeypatch.setattr(Inspections, "set_first_number", number_late)
    running.recipes.release("plate", 2, "Ada", "a new limit", TakesEffect.NOW)
    assert inbox.next_message(SOON_S)
    may_write.set()
    parts = stopped(running)
    ((run_id, first),) = numbered
    assert min(part.key.part for part in parts if part.key.run_id == run_id) == first
    assert running._core.inspections.find_run(run_id).first_number == first


def test_that_a_run_that_is_cut_off_before_it_is_numbered_misses_no_part_of_the_run_before(
    running: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = running.news.subscribe(RecipeLoaded)
    monkeypatch.setattr(Inspections, "set_first_number", lambda *_: None)  # as if the power had gone before
    monkeypatch.setattr(Inspections, "last_number", lambda *_: 0)  # the disk is behind, or a shift has begun meanwhile
    opened = running.line.counts().triggers
    running.recipes.release("plate", 2, "Ada", "a new limit", TakesEffect.NOW)
    assert inbox.next_message(SOON_S)
    parts = stopped(running)
    last_run = max(part.key.run_id for part in parts)
    assert running._core.inspections.find_run(last_run).first_number > opened


def alarm_texts(station: Station) -> list[str]:
    return [f"{e.alarm.event} {e.alarm.cause} {e.alarm.action}" for e in station.alarms.open if _of_recipe(e.kind)]


def _of_recipe(kind: AlarmKind) -> bool:
    return kind is AlarmKind.RECIPE_CHANGED


def judged(parts: list[Inspection]) -> list[Inspection]:
    """The parts for which camera and line had time: other programs may keep this machine busy."""
    failures = {None, NotInspectedCause.MODEL_FAILED, NotInspectedCause.STATION_FAILED}
    return [part for part in parts if part.deciding.cause in failures]


def stopped(station: Station) -> list[Inspection]:
    station.line.stop()
    assert station.line.wait_stopped(SOON_S)
    return sorted(station.records.recent(3000), key=lambda part: part.key)


def revision_of(station: Station, part: Inspection) -> int:
    return station._core.inspections.find_run(part.key.run_id).recipe_revision


def test_that_a_release_for_now_changes_the_running_line_between_two_parts(running: Station, other: Station) -> None:
    inbox = running.news.subscribe(RecipeLoaded)
    other.recipes.release("plate", 2, "Ada", "fewer overkills", TakesEffect.NOW)
    until(lambda: running.line.recipe and running.line.recipe.revision == 2)
    seen = running.line.counts().triggers
    until(lambda: running.line.counts().triggers >= seen + 4)
    assert inbox.next_message().recipe.revision == 2
    assert running.line.entry.state is RecipeState.RELEASED
    (text,) = alarm_texts(running)
    assert "Revision 2 of plate is in use from part" in text
    assert "Ada: fewer overkills" in text
    parts = stopped(running)
    numbers, frames = [part.key.part for part in parts], [part.deciding.frame_id for part in parts]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert frames == list(range(frames[0], frames[0] + len(frames)))
    revisions = [revision_of(running, part) for part in parts]
    assert revisions == sorted(revisions)
    assert set(revisions) == {1, 2}
    limits = {(revision_of(running, part), part.deciding.image_threshold) for part in judged(parts)}
    assert limits == {(1, 0.5), (2, 0.6)}
    assert running._core.inspections.unfinished_runs() == ()
    assert running.records.verify() == ()


def test_that_the_model_of_a_replaced_revision_waits_for_the_next_one(
    closed: list[OpenVinoPredictor], opened: list[OpenVinoPredictor], running: Station, other: Station
) -> None:
    """Revisions with the same model take turns with two of them: one judges the parts before, one those after."""
    for revision in (2, 1, 2):
        other.recipes.release("plate", revision, "Ada", "again", TakesEffect.NOW)
        until(lambda: running.line.recipe and running.line.recipe.revision == revision)  # noqa: B023
        seen = running.line.counts().triggers
        until(lambda: running.line.counts().triggers >= seen + 3)  # noqa: B023
    parts = stopped(running)
    assert all(part.deciding.pred_score is not None for part in judged(parts))
    assert running._core.inspections.unfinished_runs() == ()
    assert (len(opened), len(closed)) == (1, 1)  # one of two equal models waits
    running.close()
    assert len(closed) == len(set(closed)) == 2


def test_that_every_software_trigger_during_a_release_for_now_gets_its_own_verdict(
    station: Station, other: Station
) -> None:
    other.recipes.add(_next(other))
    settings = Settings(camera=CameraSettings(source="simulated:?width=64&height=64", trigger="software"))
    with Station.open(station.workspace.root, settings) as line:
        line.line.load_recipe("plate")
        line.line.start()
        until(lambda: line.line.state is LineState.WAITING)
        keys: list[PartKey] = []

        def trigger_until(enough: Callable[[], bool]) -> None:
            while not enough():
                keys.append(line.line.trigger())
                until(lambda: line.line.counts().triggers >= len(keys))

        trigger_until(lambda: len(keys) >= 5)
        other.recipes.release("plate", 2, "Ada", "fewer overkills", TakesEffect.NOW)
        trigger_until(lambda: line.line.recipe.revision == 2)
        trigger_until(lambda: keys[-1].run_id != keys[0].run_id and keys[-5].run_id == keys[-1].run_id)
        parts = stopped(line)
        assert [part.key for part in parts] == keys
        assert [key.part for key in keys] == list(range(keys[0].part, keys[0].part + len(keys)))
        frames = [part.deciding.frame_id for part in parts]
        assert frames == list(range(frames[0], frames[0] + len(frames)))
        limits = [0.5 if revision_of(line, part) == 1 else 0.6 for part in parts]
        assert [part.deciding.image_threshold for part in parts] == limits
        assert set(limits) == {0.5, 0.6}
        assert line.records.verify() == ()


def test_that_a_release_for_the_next_start_is_said_and_waits(running: Station, other: Station) -> None:
    inbox = running.news.subscribe(RecipeStateChanged)
    other.recipes.release("plate", 2, "Ada", "fewer overkills")
    until(lambda: alarm_texts(running))
    (text,) = alarm_texts(running)
    assert text.startswith("Revision 2 of plate was released by Ada. Reason: fewer overkills.")
    assert "still runs revision 1" in text
    assert running.line.entry.state is RecipeState.RETIRED
    assert inbox.next_message().entry.state is RecipeState.RETIRED
    assert {revision_of(running, part) for part in stopped(running)} == {1}
    running.line.start(count=1)
    assert running.line.wait_stopped(SOON_S)
    assert running.line.recipe.revision == 2
    assert revision_of(running, running.records.recent(1)[0]) == 2


def test_that_a_release_for_now_with_other_camera_values_waits_for_a_start(station: Station, other: Station) -> None:
    other.recipes.add(_next(other, camera_settings={"ExposureTime": 900.0}))
    station.line.load_recipe("plate")
    station.line.start()
    until(lambda: station.line.state is LineState.INSPECTING)
    other.recipes.release("plate", 2, "Ada", "brighter", TakesEffect.NOW)
    until(lambda: alarm_texts(station))
    assert "needs a new start" in alarm_texts(station)[0]
    assert {revision_of(station, part) for part in stopped(station)} == {1}


def test_that_a_retirement_is_said_at_the_line(running: Station, other: Station) -> None:
    other.recipes.retire("plate", 1, "Ada", "lets cracks pass")
    until(lambda: alarm_texts(running))
    assert "Revision 1 of plate was retired by Ada. Reason: lets cracks pass." in alarm_texts(running)[0]
    stopped(running)
    with pytest.raises(BadInputError, match="no longer released"):
        running.line.start()


def test_that_a_change_that_is_taken_back_ends_its_alarm(running: Station, other: Station) -> None:
    other.recipes.release("plate", 2, "Ada", "a mistake")
    until(lambda: alarm_texts(running))
    running.alarms.acknowledge(running.alarms.open[0].number)
    other.recipes.release("plate", 1, "Ada", "back")
    until(lambda: not alarm_texts(running))
    assert running.line.entry.state is RecipeState.RELEASED
    stopped(running)


def test_that_a_revision_whose_model_is_gone_leaves_the_line_as_it_is(station: Station, other: Station) -> None:
    recipe = _next(other)
    lost = replace(recipe.views[0], model=replace(recipe.views[0].model, name="gone"))
    other.recipes.add(replace(recipe, views=(lost,)))
    station.line.load_recipe("plate")
    station.line.start()
    until(lambda: station.line.counts().triggers >= 1)
    other.recipes.release("plate", 2, "Ada", "newer", TakesEffect.NOW)
    until(lambda: alarm_texts(station))
    assert "Revision 2 of plate cannot be used now." in alarm_texts(station)[0]
    assert {revision_of(station, part) for part in stopped(station)} == {1}


def test_that_a_line_at_rest_learns_the_state_when_it_is_asked(station: Station, other: Station) -> None:
    station.line.load_recipe("plate")
    other.recipes.add(_next(other))
    other.recipes.release("plate", 2, "Ada", "newer")
    station.line.refresh_state()
    assert station.line.entry.state is RecipeState.RETIRED
    assert alarm_texts(station) == []


def test_that_a_roll_back_releases_a_new_revision_that_equals_the_one_before(station: Station) -> None:
    station.recipes.add(_next(station))
    station.recipes.release("plate", 2, "Ada", "newer")
    entry = station.recipes.roll_back("plate", "Ada", "worse", TakesEffect.NOW)
    first = station.recipes.find("plate", 1).recipe
    assert entry.recipe == replace(first, revision=3, author="Ada", reason="as plate@1: worse")
    assert (entry.state, entry.change.takes_effect) == (RecipeState.RELEASED, TakesEffect.NOW)
    assert station.recipes.find("plate", 2).state is RecipeState.RETIRED
    with pytest.raises(BadInputError, match="No revision of recipe 'plate' was released before plate@3"):
        station.recipes.roll_back("plate", "Ada", "still worse")


def test_that_roll_backs_go_on_backwards_and_an_equal_revision_is_one_of_its_own(station: Station) -> None:
    for revision, limit in ((2, 0.6), (3, 0.7), (4, 0.7)):
        changed = _next(station)
        view = replace(changed.views[0], limits=replace(changed.views[0].limits, image_threshold=limit))
        station.recipes.add(replace(changed, revision=revision, views=(view,)))
        station.recipes.release("plate", revision, "Ada", "newer")
    reasons = [station.recipes.roll_back("plate", "Ada", "worse").recipe.reason for _ in range(2)]
    assert reasons == ["as plate@3: worse", "as plate@2: worse"]


def test_that_a_roll_back_after_a_retirement_takes_the_last_one(station: Station) -> None:
    station.recipes.retire("plate", 1, "Ada", "in doubt")
    entry = station.recipes.roll_back("plate", "Ada", "it was right")
    assert (entry.recipe.revision, entry.recipe.views) == (2, station.recipes.find("plate", 1).recipe.views)


@pytest.mark.parametrize(("person", "reason"), [("", "newer"), ("Ada", "  ")])
def test_that_a_release_without_a_person_or_a_reason_is_refused(station: Station, person: str, reason: str) -> None:
    station.recipes.add(_next(station))
    with pytest.raises(BadInputError, match="was given for plate@2"):
        station.recipes.release("plate", 2, person, reason)
    assert station.recipes.find("plate", 2).state is RecipeState.DRAFT


def test_that_a_release_by_this_program_is_used_without_waiting_for_the_next_look(
    running: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_run, "_ASKED_EVERY_S", 3600.0)
    running.recipes.release("plate", 2, "Ada", "fewer overkills", TakesEffect.NOW)
    until(lambda: running.line.recipe.revision == 2)
