"""The line by the front door, with a real model and real records."""

import signal
import threading
import time
from dataclasses import replace

import pytest
from inbox import all_waiting, next_of

from station.app import Station
from station.concurrency.fan_out import QUEUE_CAPACITY, Subscription
from station.domain.errors import BadInputError, CameraError, FaultError, ModelError, StorageError
from station.domain.inspection import Inspection, PictureOrigin, RunKind
from station.domain.messages import FaultReported, LineState, LineStateChanged, PartJudged, PartRecorded, RecipeLoaded
from station.domain.preview import PreviewState
from station.domain.recipe import Recipe, RecipeState
from station.domain.shift import EventKind
from station.domain.verdict import Verdict
from station.line_lock import LineBusyError, line_lock
from station.matching.frame_matcher import LineNotReadyError
from station.pipeline import headless_run, run_workers
from station.settings import CameraSettings, Settings
from station.storage.records.inspections import Inspections


def parts_folder(station: Station) -> str:
    return station.settings.camera.source.removeprefix("replay:").partition("?")[0]


def events(station: Station) -> list[EventKind]:
    records, _ = station.records.shift(station.records.shifts()[0])
    return [event.kind for event in records.events]


def lineside_threads() -> list[str]:
    """The threads of the line; those of the station outlive a run."""
    names = [thread.name for thread in threading.enumerate() if thread.name.startswith("lineside ")]
    return [name for name in names if name not in ("lineside drift watch", "lineside collector", "lineside shadow")]


def test_that_a_started_line_judges_records_and_stops_without_a_thread_left(station: Station) -> None:
    inbox = station.news.subscribe()
    station.line.load_recipe("plate")
    station.line.start(count=6)
    assert station.line.wait_stopped(30)
    received = all_waiting(inbox)
    judged = [message.inspection for message in received if isinstance(message, PartJudged)]
    assert [part.verdict for part in judged] == [Verdict.PASS, Verdict.FAIL, Verdict.PASS] * 2
    assert [m.key for m in received if isinstance(m, PartRecorded)] == [part.key for part in judged]
    states = [message.state for message in received if isinstance(message, LineStateChanged)]
    assert states[0] is LineState.STARTING
    assert states[-2:] == [LineState.STOPPING, LineState.STOPPED]
    assert lineside_threads() == []
    assert events(station) == [EventKind.RECIPE_LOADED, EventKind.START, EventKind.STOP]
    assert station.records.verify() == ()


def test_that_the_line_can_be_started_again_and_numbers_on_through_the_shift(station: Station) -> None:
    station.line.load_recipe("plate")
    for run_id in (1, 2):
        station.line.start(count=2)
        assert station.line.wait_stopped(30)
        assert {part.key.run_id for part in station.records.recent(2)} == {run_id}
    assert station.line.counts().triggers == 4
    assert [part.key.label for part in station.records.recent()] == ["0004", "0003", "0002", "0001"]


def test_that_numbers_go_on_after_a_restart_of_the_program(station: Station) -> None:
    for _ in range(2):
        with Station.open(station.workspace.root, station.settings) as opened:
            opened.line.load_recipe("plate")
            opened.line.start(count=3)
            assert opened.line.wait_stopped(30)
            assert opened.records.verify() == ()
    assert [part.key.label for part in station.records.recent()] == [f"{n:04d}" for n in range(6, 0, -1)]


def test_that_a_trial_is_recorded_and_not_counted(station: Station) -> None:
    recipe = station.line.load_recipe("plate")
    station.line.start(count=2)
    assert station.line.wait_stopped(30)
    tried: list[Inspection] = []
    station.line.run(parts_folder(station), recipe=recipe, kind=RunKind.TRIAL, on_part=tried.append)
    assert [part.key.label for part in tried] == [f"{n:04d}" for n in range(1, 7)]
    assert station.line.counts().triggers == 2
    records, summary = station.records.shift(station.records.shifts()[0])
    assert (summary.counts.triggers, dict(records.not_counted)) == (2, {RunKind.TRIAL: 6})
    assert [event.kind for event in records.events].count(EventKind.START) == 1
    assert len(station.records.recent()) == 2
    station.line.start(count=1)
    assert station.line.wait_stopped(30)
    assert station.records.recent(1)[0].key.label == "0003", "a trial takes no number of the shift"
    assert station.records.verify() == ()


def test_that_a_run_says_whether_its_pictures_are_real(station: Station) -> None:
    recipe = station.line.load_recipe("plate")
    for source, origin in ((parts_folder(station), PictureOrigin.STORED), ("simulated:", PictureOrigin.SIMULATED)):
        seen: list[Inspection] = []
        station.line.run(source, recipe=recipe, count=1, on_part=seen.append)
        assert station.records._inspections.find_run(seen[0].key.run_id).pictures is origin


def test_that_only_a_stopped_line_with_a_released_recipe_starts(station: Station) -> None:
    with pytest.raises(BadInputError, match="No recipe is loaded"):
        station.line.start()
    station.line.load_recipe("plate", 1)
    station.line.start()
    with pytest.raises(BadInputError, match="line is running"):
        station.line.start()
    with pytest.raises(BadInputError, match="line is running"):
        station.line.load_recipe("plate")
    station.line.stop("the test is over")
    assert station.line.wait_stopped(30)
    assert station.line.state is LineState.STOPPED


def test_that_a_draft_is_not_for_the_line(station: Station) -> None:
    draft = replace(station.recipes.find("plate").recipe, revision=2)
    station.recipes.add(draft, RecipeState.DRAFT)
    with pytest.raises(BadInputError, match="plate@2 is not released"):
        station.line.load_recipe("plate", 2)
    counts = station.line.run(parts_folder(station), recipe=draft, on_part=lambda _: None)
    assert counts.triggers == 6
    station.recipes.retire("plate", 1, "tests", "worn out")
    with pytest.raises(BadInputError, match="no released revision"):
        station.line.load_recipe("plate")


def test_that_a_recipe_that_was_retired_since_it_was_loaded_starts_no_line(station: Station) -> None:
    loaded = station.line.load_recipe("plate")
    station.recipes.retire("plate", 1, "tests", "it passes bad parts")
    with pytest.raises(BadInputError, match="plate@1 is no longer released") as refused:
        station.line.start(count=1)
    assert refused.value.for_operator.startswith("This product was taken from the line.")
    assert station.records.recent() == ()
    counts = station.line.run(parts_folder(station), recipe=loaded, on_part=lambda _: None)
    assert counts.triggers == 6


def test_that_a_line_starts_with_the_revision_that_was_released_since_the_product_was_loaded(station: Station) -> None:
    loaded = station.line.load_recipe("plate")
    inbox = station.news.subscribe(RecipeLoaded)
    newer = replace(loaded, revision=2)
    station.recipes.add(newer, RecipeState.DRAFT)
    station.recipes.release("plate", 2, "tests", "revision 1 passes bad parts")
    station.line.start(count=1)
    assert station.line.wait_stopped(30)
    assert all_waiting(inbox) == [RecipeLoaded(newer)]
    (part,) = station.records.recent()
    assert station._core.inspections.find_run(part.key.run_id).recipe_revision == 2


def test_that_loading_a_recipe_is_news(station: Station) -> None:
    inbox = station.news.subscribe()
    recipe = station.line.load_recipe("plate")
    assert all_waiting(inbox) == [RecipeLoaded(recipe)]
    assert station.line.recipe is recipe


@pytest.mark.parametrize("source", ["genicam:", "webcam:seven", "/no/such/folder", "carrier-pigeon:1"])
def test_that_a_camera_that_cannot_be_opened_is_reported_and_leaves_no_record(station: Station, source: str) -> None:
    inbox = station.news.subscribe()
    station.line.load_recipe("plate")
    station.line.start(source)
    assert station.line.wait_stopped(30)
    assert [m for m in all_waiting(inbox) if isinstance(m, FaultReported)]
    assert station.line.state is LineState.STOPPED
    assert events(station) == [EventKind.RECIPE_LOADED]
    with pytest.raises((BadInputError, CameraError)):
        station.line.run(source, on_part=lambda _: None)
    assert station.records.shift(station.records.shifts()[0])[0].runs == ()


def test_that_a_changed_model_is_refused_and_leaves_no_record(station: Station) -> None:
    weights = station.workspace.models / "tiny" / "model.bin"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    recipe = station.recipes.find("plate").recipe
    with pytest.raises(ModelError, match=r"model\.bin"):
        station.line.run(parts_folder(station), recipe=recipe, on_part=lambda _: None)
    assert station.records.recent() == ()


@pytest.mark.parametrize("side", ["simulated:flange", "simulated: flange"])
def test_that_two_views_of_one_camera_are_refused_at_the_window_too(station: Station, duo: Recipe, side: str) -> None:
    station.line.load_recipe(duo.name)
    with pytest.raises(BadInputError, match=r"'top' and 'side' of recipe duo@1 have the same source: simulated:flange"):
        station.line.start({"top": "simulated:flange", "side": side})
    assert station.line.state is LineState.STOPPED


def test_that_triggers_and_pauses_need_a_running_line(station: Station) -> None:
    for command in (station.line.trigger, station.line.pause, station.line.resume):
        with pytest.raises(LineNotReadyError):
            command()


def test_that_one_line_runs_in_a_workspace_and_reading_goes_on(station: Station) -> None:
    inbox = station.news.subscribe()
    station.line.load_recipe("plate")
    with line_lock(station.workspace.root):
        with Station.open(station.workspace.root) as second:
            assert second.records.recent() == ()
            with pytest.raises(LineBusyError, match="Another program"):
                second.line.run(
                    parts_folder(station), recipe=station.recipes.find("plate").recipe, on_part=lambda _: None
                )
        station.line.start()
        assert station.line.wait_stopped(30)
        assert "Another program" in next(m for m in all_waiting(inbox) if isinstance(m, FaultReported)).sentence
    station.line.start(count=1)
    assert station.line.wait_stopped(30)
    assert station.line.counts().triggers == 1


def test_that_a_software_trigger_gets_its_verdict(station: Station) -> None:
    settings = Settings(camera=CameraSettings(source="simulated:", trigger="software"))
    with Station.open(station.workspace.root, settings) as triggered:
        inbox = triggered.news.subscribe()
        triggered.line.load_recipe("plate")
        triggered.line.start()
        next_of(inbox, LineStateChanged, lambda message: message.state is LineState.WAITING)
        key = triggered.line.trigger()
        assert next_of(inbox, PartJudged).inspection.key == key
        assert next_of(inbox, PartRecorded).key == key
        assert triggered.line.expected_interval_s is None
        triggered.line.stop()
        assert triggered.line.wait_stopped(30)
        assert triggered.line.counts().triggers == 1


def test_that_a_paused_line_takes_no_part_until_it_is_resumed(station: Station) -> None:
    inbox = station.news.subscribe()
    station.line.load_recipe("plate")
    station.line.start()
    next_of(inbox, PartRecorded)
    station.line.pause()
    next_of(inbox, LineStateChanged, lambda message: message.state is LineState.PAUSED)
    with pytest.raises(LineNotReadyError):
        station.line.trigger()
    station.line.resume()
    next_of(inbox, LineStateChanged, lambda message: message.state is LineState.WAITING)
    next_of(inbox, PartRecorded)
    station.line.stop()
    assert station.line.wait_stopped(30)
    assert events(station)[-3:] == [EventKind.PAUSE, EventKind.RESUME, EventKind.STOP]


def test_that_a_pause_shows_no_part_twice(station: Station) -> None:
    inbox = station.news.subscribe()
    station.line.load_recipe("plate")
    station.line.start("simulated:?rate=50")
    next_of(inbox, PartRecorded)
    station.line.pause()
    next_of(inbox, LineStateChanged, lambda message: message.state is LineState.PAUSED)
    station.line.resume()
    next_of(inbox, LineStateChanged, lambda message: message.state is LineState.WAITING)
    for _ in range(3):
        next_of(inbox, PartJudged)
    station.line.stop()
    assert station.line.wait_stopped(30)
    origins = [part.deciding.origin for part in station.records.recent()]
    assert len(origins) == len(set(origins)) > 0


def test_that_a_line_that_waits_for_the_disk_runs_holds_its_camera_and_can_be_stopped(
    station: Station, monkeypatch
) -> None:
    def refuse(*_, **__) -> None:
        raise StorageError("No space left on device.")

    monkeypatch.setattr(run_workers, "UNRECORDED_PARTS", 3)
    monkeypatch.setattr(Inspections, "record_part", refuse)
    inbox = station.news.subscribe()
    station.line.load_recipe("plate")
    station.line.start("simulated:flange?rate=50")
    next_of(inbox, LineStateChanged, lambda message: message.state is LineState.DISK_BEHIND)
    assert station.line.state.running
    with pytest.raises(BadInputError, match="line is running"):
        station.line.start()
    station.cameras.connect(station.line.cameras[""].source)
    assert station.cameras.status.state is PreviewState.ON_LINE
    station.cameras.disconnect()
    monkeypatch.undo()
    station.line.stop()
    assert station.line.wait_stopped(30)
    assert station.line.state is LineState.STOPPED


def test_that_a_closed_station_has_stopped_its_line(station: Station) -> None:
    with Station.open(station.workspace.root, station.settings) as second:
        inbox = second.news.subscribe()
        second.line.load_recipe("plate")
        second.line.start()
        next_of(inbox, PartRecorded)
    assert lineside_threads() == []
    with Station.open(station.workspace.root) as third:
        assert events(third)[-1] is EventKind.STOP


class TestRunHereAndNow:
    def test_that_a_disk_that_keeps_refusing_ends_the_run_and_says_so(self, station: Station, monkeypatch) -> None:
        def refuse(*_, **__) -> None:
            raise StorageError("No space left on device.")

        monkeypatch.setattr(Inspections, "record_part", refuse)
        monkeypatch.setattr(headless_run, "_PATIENCE_S", 0.3)
        troubles = []
        with pytest.raises(StorageError, match="not complete"):
            station.line.run(
                parts_folder(station),
                recipe=station.recipes.find("plate").recipe,
                on_part=lambda _: pytest.fail("nothing was recorded"),
                on_trouble=troubles.append,
            )
        assert {trouble.sentence for trouble in troubles} == {"No space left on device."}
        assert lineside_threads() == []

    def test_that_each_part_comes_after_its_record(self, station: Station) -> None:
        recorded = []

        def on_part(part) -> None:
            recorded.append((part.key.label, station.records.recent(1)[0].key.part >= part.key.part))

        counts = station.line.run(parts_folder(station), recipe=station.recipes.find("plate").recipe, on_part=on_part)
        assert recorded == [(f"{number:04}", True) for number in range(1, 7)]
        assert (counts.passed, counts.failed, counts.triggers) == (4, 2, 6)

    def test_that_a_slow_reader_slows_down_the_recording_and_misses_no_part(
        self, station: Station, monkeypatch
    ) -> None:
        monkeypatch.setattr(headless_run, "PARTS_AHEAD", 3)
        read, ahead = [], []

        def on_part(part) -> None:
            time.sleep(0.05)
            read.append(part.key.part)
            ahead.append(station.records.recent(1)[0].key.part - part.key.part)

        recipe = station.recipes.find("plate").recipe
        counts = station.line.run("simulated:?rate=100", recipe=recipe, count=20, on_part=on_part)
        assert read == list(range(1, 21))
        assert counts.triggers == station.line.counts().triggers == 20
        assert 1 <= max(ahead) <= 4, "the line runs ahead, and waits"

    def test_that_a_missed_part_is_an_error_and_never_silent(self, station: Station, monkeypatch) -> None:
        monkeypatch.setattr(headless_run, "_CAPACITY", 2)
        recipe = station.recipes.find("plate").recipe
        with pytest.raises(FaultError, match="messages about parts were missed"):
            station.line.run(parts_folder(station), recipe=recipe, on_part=lambda _: time.sleep(0.2))
        assert lineside_threads() == []

    def test_that_missed_faults_are_reported_to_the_reader(self, station: Station, monkeypatch) -> None:
        faults = []

        def on_part(part) -> None:
            for _ in range(QUEUE_CAPACITY + 5 if part.key.part == 1 else 0):
                station.news.publish(FaultReported("disk", "full", "free some", "Call."))

        recipe = station.recipes.find("plate").recipe
        station.line.run(parts_folder(station), recipe=recipe, on_part=on_part, on_trouble=faults.append)
        assert faults[0].sentence == "5 messages about faults were missed."
        assert len(faults) == 1 + QUEUE_CAPACITY

    def test_that_it_stops_after_the_given_number_of_parts(self, station: Station) -> None:
        recipe = station.recipes.find("plate").recipe
        assert station.line.run("simulated:", recipe=recipe, count=3, on_part=lambda _: None).triggers == 3

    def test_that_a_broken_picture_is_a_part_and_no_error(self, station: Station, tmp_path) -> None:
        (tmp_path / "parts" / "3.png").write_bytes(b"not a picture")
        parts = []
        station.line.run(parts_folder(station), recipe=station.recipes.find("plate").recipe, on_part=parts.append)
        assert [part.verdict is Verdict.NOT_INSPECTED for part in parts] == [False] * 3 + [True] + [False] * 2
        assert station.records.part(parts[3].key).deciding.levels == ()

    def test_that_an_interruption_loses_no_part_that_was_just_taken_in_hand(
        self, station: Station, monkeypatch
    ) -> None:
        next_message = Subscription.next_message

        def interrupted(inbox: Subscription, timeout_s: float = 0.0):
            message = next_message(inbox, timeout_s)
            if isinstance(message, PartJudged) and message.inspection.key.part == 3:
                signal.raise_signal(signal.SIGINT)
            return message

        monkeypatch.setattr(Subscription, "next_message", interrupted)
        received = []
        with pytest.raises(KeyboardInterrupt):
            station.line.run("simulated:?rate=50", recipe=station.recipes.find("plate").recipe, on_part=received.append)
        assert [part.key for part in reversed(received)] == [part.key for part in station.records.recent()]
        assert len(received) >= 3

    def test_that_a_reader_that_raises_ends_the_run_and_is_not_hidden(self, station: Station) -> None:
        def on_part(part) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            station.line.run(parts_folder(station), recipe=station.recipes.find("plate").recipe, on_part=on_part)
        assert lineside_threads() == []
        assert EventKind.STOP in events(station)
