"""A REVIEW in a line that runs without a window, by the front door: nobody is there to answer."""

import os
import time
from dataclasses import replace

import pytest

from station.app import Station
from station.domain.feedback import Disposition
from station.domain.inspection import Inspection
from station.domain.messages import ReviewEnded
from station.domain.recipe import Recipe, RecipeState
from station.domain.verdict import Limits, Verdict
from station.plugin_api.hooks import hookimpl
from station.settings import CameraSettings, ScreenSettings, Settings
from station.storage.records.inspections import Inspections

pty = pytest.importorskip("pty", reason="pseudo-terminals are a POSIX thing")


class RejectOutput:
    """A plug-in that counts what a reject output would do: it rejects everything that is not PASS."""

    def __init__(self) -> None:
        self.rejected: list[str] = []

    @hookimpl
    def inspection_judged(self, inspection: Inspection) -> None:
        if inspection.verdict is not Verdict.PASS:
            self.rejected.append(f"{inspection.key.label} {inspection.verdict.word}")


def band(recipe: Recipe, revision: int) -> Recipe:
    """The recipe with limits that make the first part of the folder REVIEW and the second FAIL."""
    limits = Limits(image_threshold=0.5, review_threshold=1e-6)
    return replace(recipe, revision=revision, views=(replace(recipe.views[0], limits=limits),))


@pytest.fixture
def settings(station: Station) -> Settings:
    camera = CameraSettings(source=station.settings.camera.source)
    return Settings(camera=camera, screen=ScreenSettings(review_time_limit_s=0.3))


@pytest.fixture
def quick(station: Station, settings: Settings):
    """The same workspace, opened again with a review limit of 0.3 s."""
    root = station.workspace.root
    station.recipes.add(band(station.recipes.find("plate").recipe, 2), RecipeState.DRAFT)
    station.close()
    with Station.open(root, settings) as opened:
        yield opened


def feedback_of_the_shift(station: Station) -> list[tuple[str, Disposition, str]]:
    records, summary = station.records.shift(station.records.shifts()[0])
    assert sum(summary.disputed.values()) == 0
    return [(said.key.label, said.claim, said.person) for said in records.disputes]


def test_that_a_review_that_nobody_answers_is_fail_after_its_time(quick: Station) -> None:
    output = RejectOutput()
    quick.plugins.register(output)
    inbox = quick.news.subscribe(ReviewEnded)
    judged: list[Inspection] = []
    recipe = quick.recipes.find("plate", 2).recipe
    quick.line.run(quick.settings.camera.source, on_part=judged.append, recipe=recipe, count=2)
    assert [part.verdict for part in judged] == [Verdict.REVIEW, Verdict.FAIL]

    ended = inbox.next_message(timeout_s=30)

    assert isinstance(ended, ReviewEnded)
    assert ended.feedback.verdict is Verdict.FAIL
    _until(lambda: quick.review.feedback_on(judged[0].key))
    assert feedback_of_the_shift(quick) == [("0001", Disposition.REVIEW_TIMED_OUT, "")]
    assert quick.records.part(judged[0].key).inspection.verdict is Verdict.REVIEW, "the first verdict stays"
    assert output.rejected == ["0001 REVIEW", "0002 FAIL"], "each part is on the reject output once"
    assert quick.review.open_reviews == ()


def _until(happened) -> None:
    ends_s = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < ends_s
        time.sleep(0.01)


def test_that_the_serial_reject_output_gets_one_word_for_a_part_that_ended_by_its_time(quick: Station) -> None:
    relay, terminal = pty.openpty()
    os.set_blocking(relay, False)
    quick.settings.plugins["reject_serial"] = {"port": os.ttyname(terminal), "on_reject": "R", "on_pass": "P"}
    inbox = quick.news.subscribe(ReviewEnded)
    quick.line.run(
        quick.settings.camera.source, on_part=lambda _part: None, recipe=quick.recipes.find("plate", 2).recipe, count=2
    )
    assert isinstance(inbox.next_message(timeout_s=30), ReviewEnded)
    assert os.read(relay, 16) == b"RR"
    os.close(relay)
    os.close(terminal)


def test_that_closing_the_station_ends_an_open_review_as_fail(station: Station) -> None:
    recipe = station.recipes.add(band(station.recipes.find("plate").recipe, 2)).recipe
    station.line.run(station.settings.camera.source, on_part=lambda _part: None, recipe=recipe, count=2)
    assert [review.key.label for review in station.review.open_reviews] == ["0001"]
    station.close()
    with Station.open(station.workspace.root, station.settings) as opened:
        assert feedback_of_the_shift(opened) == [("0001", Disposition.REVIEW_UNANSWERED, "")]


def test_that_a_review_that_was_open_at_a_crash_ends_as_fail_at_the_next_start(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = station.recipes.add(band(station.recipes.find("plate").recipe, 2)).recipe
    monkeypatch.setattr(Inspections, "end_run", lambda *_given: None)  # the run stays unfinished, as after a crash
    station.line.run(station.settings.camera.source, on_part=lambda _part: None, recipe=recipe, count=2)
    monkeypatch.undo()
    with Station.open(station.workspace.root, station.settings) as opened:
        assert feedback_of_the_shift(opened) == [("0001", Disposition.REVIEW_UNANSWERED, "")]


def test_that_a_review_that_is_open_while_the_next_run_starts_has_one_end(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = station.recipes.add(band(station.recipes.find("plate").recipe, 2)).recipe
    with monkeypatch.context() as patch:
        patch.setattr(Inspections, "end_run", lambda *_given: None)  # the run stays unfinished, as after a fault
        station.line.run(station.settings.camera.source, on_part=lambda _part: None, recipe=recipe, count=2)
    (review,) = station.review.open_reviews
    station.line.run(station.settings.camera.source, on_part=lambda _part: None, recipe=recipe, count=2)
    station.review.answer_review(review.key, Disposition.GOOD_PART)
    assert [end.claim for end in station.review.feedback_on(review.key)] == [Disposition.GOOD_PART]
