"""The set-up page: from camera to release, each step leavable and resumable."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from drafts import add_draft
from hypothesis import given
from hypothesis import strategies as st
from keyboard import CTRL, press
from PySide6.QtCore import Qt
from waiting import SOON_MS, until

from station.domain.errors import BadInputError
from station.domain.guide import FEWEST_GOOD, WANTED_GOOD, GuideFacts, GuideStep, next_step, steps_of
from station.domain.inspection import RunKind
from station.domain.recipe import ModelReference, Recipe, RecipeEntry, RecipeState, StateChange, View
from station.domain.training import RunState, TrainingOrder, TrainingRun
from ui.widgets.release_dialog import ReleaseDialog

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def entry(state: RecipeState) -> RecipeEntry:
    recipe = Recipe("tile", 1, "tile", (View(ModelReference("m", "0" * 64)),))
    return RecipeEntry(recipe, state, NOON, StateChange("Ada", "", NOON))


def run(state: RunState, sentence: str = "") -> TrainingRun:
    return TrainingRun(1, TrainingOrder("tile", "", "v1"), "Ada", NOON, state, sentence=sentence)


def shown(facts: GuideFacts, step: GuideStep):
    return next(each for each in steps_of(facts) if each.step is step)


def test_that_an_empty_station_begins_with_the_camera() -> None:
    steps = steps_of(GuideFacts())
    assert next_step(steps) is GuideStep.CAMERA
    assert [each.step for each in steps] == list(GuideStep)
    assert [each.step for each in steps if each.possible] == [GuideStep.CAMERA]


def test_that_each_fact_leads_to_the_next_step() -> None:
    facts = GuideFacts(camera="genicam:1", product="tile")
    assert next_step(steps_of(facts)) is GuideStep.PICTURES
    facts = replace(facts, good=WANTED_GOOD)
    assert next_step(steps_of(facts)) is GuideStep.TEACH
    facts = replace(facts, draft=entry(RecipeState.DRAFT))
    assert next_step(steps_of(facts)) is GuideStep.TRY
    facts = replace(facts, tried=5)
    assert next_step(steps_of(facts)) is GuideStep.RELEASE
    facts = replace(facts, draft=None, released=entry(RecipeState.RELEASED))
    assert next_step(steps_of(facts)) is None


def test_that_a_training_that_runs_or_failed_says_so() -> None:
    facts = GuideFacts(camera="c", product="tile", good=WANTED_GOOD, run=run(RunState.RUNNING))
    assert shown(facts, GuideStep.TEACH).sentence == "run 1 is running."
    assert not shown(facts, GuideStep.TEACH).possible
    facts = replace(facts, run=run(RunState.FAILED, "A picture is broken."))
    assert shown(facts, GuideStep.TEACH).sentence == "run 1: failed. A picture is broken."
    assert shown(facts, GuideStep.TEACH).possible


@given(
    st.builds(
        GuideFacts,
        camera=st.sampled_from(["", "genicam:1"]),
        product=st.sampled_from(["", "tile"]),
        good=st.integers(0, 3 * WANTED_GOOD),
        run=st.none() | st.sampled_from(RunState).map(run),
        draft=st.none() | st.just(entry(RecipeState.DRAFT)),
        released=st.none() | st.just(entry(RecipeState.RELEASED)),
        tried=st.integers(0, 5),
    )
)
def test_that_whatever_is_known_every_step_has_a_sentence_and_nothing_is_taught_from_too_few(facts: GuideFacts) -> None:
    steps = steps_of(facts)
    assert all(each.sentence.endswith((".", "!")) for each in steps)
    teach = next(each for each in steps if each.step is GuideStep.TEACH)
    assert facts.good >= FEWEST_GOOD or not teach.possible
    release = next(each for each in steps if each.step is GuideStep.RELEASE)
    assert release.possible is (facts.draft is not None)


def test_that_the_picture_on_the_screen_is_kept_and_no_newer_one(station) -> None:
    with pytest.raises(BadInputError, match="does not show this picture any more"):
        station.guide.shown_frame(1)
    station.cameras.connect(station.settings.camera.source)
    picture = until(station.cameras.take_picture)
    frame = station.guide.shown_frame(picture.received_ns)
    assert np.array_equal(frame.image, picture.levels[0])
    assert station.guide.keep_good_part("new plate", frame) == 1
    with pytest.raises(BadInputError, match="taken before"):
        station.guide.keep_good_part("new plate", frame)
    station.cameras.disconnect()
    assert station.cameras.wait_disconnected(10)


def test_that_a_draft_is_tried_as_a_trial_that_no_shift_counts(station) -> None:
    add_draft(station)
    parts = []
    station.guide.try_parts("plate", 2, 3, parts.append)
    assert len(parts) == 3
    assert station.records._inspections.find_run(parts[0].key.run_id).kind is RunKind.TRIAL
    assert station.guide.facts("Steel plate").tried == 3
    assert station.line.counts().triggers == 0


def opened(window, qtbot, product: str):
    """Open the page by its key and type the name of a product."""
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    press(window, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    page, presenter = window.page_of("guide"), window.presenter_of("guide")
    qtbot.waitUntil(lambda: presenter._facts.product == "Steel plate", timeout=SOON_MS)
    page.products.setFocus()
    page.products.setEditText(product)
    press(page.products.lineEdit(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: presenter._facts.product == product, timeout=SOON_MS)
    return page


@pytest.fixture
def guide(window, qtbot):
    """The page with a new product, after the line's camera has shown a picture."""
    page = opened(window, qtbot, "new plate")
    qtbot.waitUntil(lambda: page.marked is GuideStep.PICTURES, timeout=SOON_MS)
    page.steps.setFocus()
    qtbot.waitUntil(lambda: bool(page.live._levels), timeout=SOON_MS)
    return page


def test_that_pictures_of_good_parts_are_taken_by_one_key(guide, window, qtbot) -> None:
    station = window._station
    press(window, Qt.Key.Key_T, CTRL)
    qtbot.waitUntil(lambda: "Picture 1 is kept" in guide.said.text(), timeout=SOON_MS)
    qtbot.waitUntil(lambda: guide.sentence.text().startswith("1 of 20"), timeout=SOON_MS)
    (item,) = station.datasets.items("new plate")
    assert item.label.value == "good"
    assert station.datasets.picture(item.item_id).shape == (240, 320)


def test_that_the_camera_is_released_when_the_page_is_left(guide, window, qtbot) -> None:
    window.show_page("line")
    qtbot.waitUntil(lambda: window._station.cameras.status.state.name == "NONE", timeout=SOON_MS)
    window.show_page("guide")
    qtbot.waitUntil(lambda: bool(guide.live._levels), timeout=SOON_MS)
    assert guide.product == "new plate"


def test_that_a_taught_product_is_tried_and_released_by_keys_alone(window, qtbot) -> None:
    station = window._station
    add_draft(station)
    page = opened(window, qtbot, "Steel plate")
    page.steps.setFocus()
    press(page.steps, Qt.Key.Key_Home)
    for _ in range(4):
        press(page.steps, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.marked is GuideStep.TRY, timeout=SOON_MS)
    press(window, Qt.Key.Key_Y, CTRL)
    qtbot.waitUntil(lambda: page.said.text().startswith("5 parts: "), timeout=SOON_MS)
    assert page.tried._levels
    press(page.steps, Qt.Key.Key_Down)
    qtbot.waitUntil(window.action_table["release product"].isEnabled, timeout=SOON_MS)
    press(window, Qt.Key.Key_E, CTRL)
    qtbot.waitUntil(lambda: window.findChild(ReleaseDialog) is not None, timeout=SOON_MS)
    sheet = window.findChild(ReleaseDialog)
    sheet.person.setText("Ada")
    sheet.reason.setText("first use")
    sheet.do.click()
    qtbot.waitUntil(lambda: station.recipes.find("plate").recipe.revision == 2, timeout=SOON_MS)
    assert station.recipes.find("plate").change.person == "Ada"
