"""The set-up page: from camera to release, each step leavable and resumable."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from drafts import add_draft
from hypothesis import given
from hypothesis import strategies as st
from keyboard import CTRL, press, type_text
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from waiting import SOON_MS, until

from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.guide import FEWEST_GOOD, WANTED_GOOD, GuideFacts, GuideStep, ViewFacts, next_step, steps_of
from station.domain.inspected_place import WHOLE_PICTURE, InspectedPlace
from station.domain.inspection import RunKind
from station.domain.permissions import Role
from station.domain.person import Person
from station.domain.recipe import ModelReference, Recipe, RecipeEntry, RecipeState, StateChange, View
from station.domain.training import RunState, TrainingOrder, TrainingRun
from ui.widgets.release_dialog import ReleaseDialog

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


ROI = RegionOfInterest(8, 8, 160, 120)
READY = ViewFacts("", "genicam:1", WHOLE_PICTURE, WANTED_GOOD)


def entry(state: RecipeState, *names: str, place: InspectedPlace = WHOLE_PICTURE, revision: int = 1) -> RecipeEntry:
    views = tuple(
        View(ModelReference("m", "0" * 64), name, roi=place.roi, taught_roi=place.roi) for name in names or ("",)
    )
    return RecipeEntry(Recipe("tile", revision, "tile", views), state, NOON, StateChange("Ada", "", NOON))


def run(state: RunState, sentence: str = "") -> TrainingRun:
    return TrainingRun(1, TrainingOrder("tile", "", "v1"), "Ada", NOON, state, sentence=sentence)


def shown(facts: GuideFacts, step: GuideStep, view: str = ""):
    return next(each for each in steps_of(facts) if each.key == (step, view))


def of_one(**known: object) -> GuideFacts:
    return GuideFacts("tile", (replace(ViewFacts(camera="genicam:1"), **known),))


def test_that_an_empty_station_begins_with_the_camera() -> None:
    steps = steps_of(GuideFacts())
    assert next_step(steps) == (GuideStep.CAMERA, "")
    assert [each.step for each in steps] == list(GuideStep)
    assert [each.step for each in steps if each.possible] == [GuideStep.CAMERA]


def test_that_each_fact_leads_to_the_next_step() -> None:
    facts = of_one()
    assert next_step(steps_of(facts)) == (GuideStep.REGION, "")
    facts = of_one(place=WHOLE_PICTURE)
    assert next_step(steps_of(facts)) == (GuideStep.PICTURES, "")
    facts = GuideFacts("tile", (READY,))
    assert next_step(steps_of(facts)) == (GuideStep.TEACH, "")
    facts = replace(facts, draft=entry(RecipeState.DRAFT))
    assert next_step(steps_of(facts)) == (GuideStep.TRY, "")
    facts = replace(facts, tried=5)
    assert next_step(steps_of(facts)) == (GuideStep.RELEASE, "")
    facts = replace(facts, draft=None, released=entry(RecipeState.RELEASED))
    assert next_step(steps_of(facts)) is None


def test_that_another_region_has_to_be_taught_before_it_is_released() -> None:
    facts = GuideFacts("tile", (replace(READY, place=InspectedPlace(ROI)),), entry(RecipeState.DRAFT), tried=5)
    assert next_step(steps_of(facts)) == (GuideStep.TEACH, "")
    assert shown(facts, GuideStep.TEACH).sentence.endswith("Teach it again.")
    for step in (GuideStep.TRY, GuideStep.RELEASE):
        assert not shown(facts, step).possible
        assert shown(facts, step).sentence == "The region has changed since tile@1 was taught. Teach it again."
    again = replace(facts, draft=entry(RecipeState.DRAFT, place=InspectedPlace(ROI), revision=2), tried=0)
    assert next_step(steps_of(again)) == (GuideStep.TRY, "")


def test_that_nothing_is_taught_before_the_region_was_decided() -> None:
    facts = of_one(good=WANTED_GOOD)
    assert not shown(facts, GuideStep.TEACH).possible
    assert shown(facts, GuideStep.TEACH).sentence == "Say first which region is inspected."


def test_that_of_several_cameras_each_is_led_through_and_none_is_left_out() -> None:
    top, side = replace(READY, name="top"), ViewFacts("side", "genicam:2")
    facts = GuideFacts("lid", (top, side), entry(RecipeState.DRAFT, "top"))
    assert next_step(steps_of(facts)) == (GuideStep.REGION, "side")
    assert [each.heading for each in steps_of(facts)][3:5] == ["Teach: top", "Camera: side"]
    assert not shown(facts, GuideStep.RELEASE).possible
    assert shown(facts, GuideStep.RELEASE).sentence == (
        "tile@1 has no model of view 'side' yet. Teach it first: no camera is left out."
    )
    both = GuideFacts("lid", (top, replace(READY, name="side")), entry(RecipeState.DRAFT, "top", "side"))
    assert next_step(steps_of(both)) == (GuideStep.TRY, "")
    assert shown(both, GuideStep.RELEASE).possible


def test_that_a_recipe_with_a_view_that_has_no_camera_any_more_is_not_released() -> None:
    facts = GuideFacts("tile", (replace(READY, name="top"),), entry(RecipeState.DRAFT, "top", "side"), tried=3)
    assert not shown(facts, GuideStep.RELEASE).possible
    assert "the cameras are 'top'" in shown(facts, GuideStep.RELEASE).sentence


def test_that_a_training_that_runs_or_failed_says_so() -> None:
    facts = GuideFacts("tile", (replace(READY, run=run(RunState.RUNNING)),))
    assert shown(facts, GuideStep.TEACH).sentence == "Run 1 is running."
    assert not shown(facts, GuideStep.TEACH).possible
    facts = GuideFacts("tile", (replace(READY, run=run(RunState.FAILED, "A picture is broken.")),))
    assert shown(facts, GuideStep.TEACH).sentence == "Run 1: failed. A picture is broken."
    assert shown(facts, GuideStep.TEACH).possible


NAMES = st.sampled_from([(), ("top",), ("top", "side")])
PLACES = st.sampled_from([WHOLE_PICTURE, InspectedPlace(ROI)])


def entries(*states: RecipeState) -> st.SearchStrategy[RecipeEntry | None]:
    return st.none() | st.builds(
        lambda state, names, place: entry(state, *names, place=place), st.sampled_from(states), NAMES, PLACES
    )


@given(
    st.builds(
        GuideFacts,
        product=st.sampled_from(["", "tile"]),
        views=NAMES.flatmap(
            lambda names: st.tuples(
                *(
                    st.builds(
                        ViewFacts,
                        name=st.just(name),
                        camera=st.sampled_from(["", f"genicam:{name}"]),
                        place=st.none() | PLACES,
                        good=st.integers(0, 3 * WANTED_GOOD),
                        run=st.none() | st.sampled_from(RunState).map(run),
                    )
                    for name in names or ("",)
                )
            )
        ),
        draft=entries(RecipeState.DRAFT, RecipeState.VALIDATED),
        released=entries(RecipeState.RELEASED),
        tried=st.integers(0, 5),
    )
)
def test_that_whatever_is_known_every_step_has_a_sentence_and_no_camera_is_left_out(facts: GuideFacts) -> None:
    steps = steps_of(facts)
    assert all(each.sentence.endswith((".", "!")) for each in steps)
    assert len({each.key for each in steps}) == len(steps) == 4 * len(facts.views) + 3
    for view in facts.views:
        teach = shown(facts, GuideStep.TEACH, view.name)
        assert not teach.possible or (view.good >= FEWEST_GOOD and view.place is not None)
    if shown(facts, GuideStep.RELEASE).possible:
        assert facts.draft is not None
        assert facts.draft.recipe.sees(view.name for view in facts.views)
        for view in facts.views:
            seen = facts.draft.recipe.view(view.name)
            assert view.place in (None, InspectedPlace(seen.roi, seen.ignore))


def test_that_the_picture_on_the_screen_is_kept_and_no_newer_one(station) -> None:
    with pytest.raises(BadInputError, match="does not show this picture any more"):
        station.guide.shown_picture(1)
    station.cameras.connect(station.settings.camera.source)
    picture = until(station.cameras.take_picture)
    taken = station.guide.shown_picture(picture.received_ns)
    assert np.array_equal(taken.frame.image, picture.levels[0])
    assert station.guide.keep_good_part("new plate", "", taken) == 1
    with pytest.raises(BadInputError, match="taken before"):
        station.guide.keep_good_part("new plate", "", taken)
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
    qtbot.waitUntil(lambda: page.marked == (GuideStep.REGION, ""), timeout=SOON_MS)
    qtbot.waitUntil(lambda: page.region.has_picture, timeout=SOON_MS)
    return page


def go_to(page, qtbot, step: GuideStep) -> None:
    """Mark a step by keys."""
    page.steps.setFocus()
    press(page.steps, Qt.Key.Key_Home)
    while page.marked[0] is not step:
        press(page.steps, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.heading.text() == step.value, timeout=SOON_MS)


def kept_place(window, product: str = "new plate") -> InspectedPlace | None:
    return window._station.guide.facts(product).view("").place


def test_that_pictures_of_good_parts_are_taken_by_one_key(guide, window, qtbot) -> None:
    station = window._station
    press(window, Qt.Key.Key_W, CTRL)
    qtbot.waitUntil(window.action_table["next step of set-up"].isEnabled, timeout=SOON_MS)
    press(window, Qt.Key.Key_N, CTRL)
    assert guide.marked == (GuideStep.PICTURES, "")
    qtbot.waitUntil(lambda: bool(guide.live._levels), timeout=SOON_MS)
    while "Picture 1 is kept" not in guide.said.text():  # a busy machine shows a picture that has left the camera
        guide.said.clear()
        press(window, Qt.Key.Key_T, CTRL)
        qtbot.waitUntil(lambda: bool(guide.said.text()), timeout=SOON_MS)
    qtbot.waitUntil(lambda: guide.sentence.text().startswith("1 of 20"), timeout=SOON_MS)
    (item,) = station.datasets.items("new plate")
    assert (item.label.value, item.source.value) == ("good", "line")
    assert station.settings.camera.source.partition("?")[0] in item.origin
    assert item.origin.endswith(f"{item.taken_at:%Y-%m-%d %H:%M:%S} UTC")
    assert station.datasets.collection("new plate").items == 0, "a cap on collected parts leaves room for it"
    assert station.datasets.picture(item.item_id).shape == (240, 320)


def test_that_a_region_is_drawn_by_keys_kept_at_once_and_found_again(guide, window, qtbot) -> None:
    assert kept_place(window) is None
    guide.region.setFocus()
    for _ in range(3):
        press(guide.region, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    press(guide.region, Qt.Key.Key_Right)
    drawn = RegionOfInterest(8, 0, 320 - 24, 240)
    go_to(guide, qtbot, GuideStep.TEACH)  # left before it could be kept
    qtbot.waitUntil(lambda: kept_place(window) == InspectedPlace(drawn), timeout=SOON_MS)
    window.show_page("line")
    window.show_page("guide")
    go_to(guide, qtbot, GuideStep.REGION)
    qtbot.waitUntil(lambda: guide.region._roi == drawn, timeout=SOON_MS)
    assert guide.sentence.text().startswith("Inspected: region 296 x 240 px at 8, 0.")
    press(window, Qt.Key.Key_W, CTRL)
    qtbot.waitUntil(lambda: kept_place(window) == WHOLE_PICTURE, timeout=SOON_MS)
    qtbot.waitUntil(lambda: guide.region._roi is None, timeout=SOON_MS)


def test_that_an_ignore_mask_is_drawn_and_removed_by_keys(guide, window, qtbot) -> None:
    press(window, Qt.Key.Key_I, CTRL)
    guide.region.setFocus()
    press(guide.region, Qt.Key.Key_Right)
    press(guide.region, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: (place := kept_place(window)) is not None and place.ignore is not None, timeout=SOON_MS)
    press(window, Qt.Key.Key_M, CTRL)
    qtbot.waitUntil(lambda: kept_place(window) == WHOLE_PICTURE, timeout=SOON_MS)


def camera_of(window) -> str:
    return window._station.guide.facts("").view("").camera


def choose_camera(page, qtbot, text: str) -> None:
    """Type an address into the camera step."""
    go_to(page, qtbot, GuideStep.CAMERA)
    page.choice.entry.setFocus()
    page.choice.entry.selectAll()
    type_text(page.choice.entry, text)


def test_that_a_folder_is_typed_looked_at_and_only_then_used(guide, window, qtbot) -> None:
    before = camera_of(window)
    folder = before.split(":", 1)[1].split("?")[0]
    choose_camera(guide, qtbot, folder)
    press(guide.choice.entry, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "The line does not use it yet" in guide.said.text(), timeout=SOON_MS)
    assert camera_of(window) == before
    press(window, Qt.Key.Key_U, CTRL)
    typed = f"replay:{folder}?rate=2&loop=1"
    qtbot.waitUntil(lambda: camera_of(window) == typed, timeout=SOON_MS)
    qtbot.waitUntil(lambda: f"looks through {typed} from now on" in guide.said.text(), timeout=SOON_MS)


def test_that_a_camera_that_was_only_looked_at_shows_no_region_and_no_good_part(guide, window, qtbot) -> None:
    before = camera_of(window)
    choose_camera(guide, qtbot, before.split(":", 1)[1].split("?")[0])
    press(guide.choice.entry, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "The line does not use it yet" in guide.said.text(), timeout=SOON_MS)
    assert window._station.cameras.status.source != before
    guide.products.setFocus()
    guide.products.setEditText("other plate")
    press(guide.products.lineEdit(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: guide.marked == (GuideStep.REGION, ""), timeout=SOON_MS)
    qtbot.waitUntil(lambda: window._station.cameras.status.source == before, timeout=SOON_MS)
    qtbot.waitUntil(lambda: guide.region.has_picture, timeout=SOON_MS)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("rtsp://10.0.0.7/live", "'rtsp://10.0.0.7/live' does not name a source of pictures."),
        ("/nowhere/parts", "There is no folder or picture /nowhere/parts."),
        ("genicam:no such camera", "no such camera"),
    ],
)
def test_that_a_camera_that_does_not_open_is_named_and_not_used(guide, window, qtbot, text, sentence) -> None:
    before = camera_of(window)
    choose_camera(guide, qtbot, text)
    press(window, Qt.Key.Key_U, CTRL)
    qtbot.waitUntil(lambda: guide.said.text().endswith("The line does not use it."), timeout=SOON_MS)
    assert sentence in guide.said.text()
    assert camera_of(window) == before
    assert guide.marked == (GuideStep.CAMERA, "")


def test_that_a_folder_is_chosen_with_the_usual_window_of_folders(guide, window, qtbot, tmp_path) -> None:
    go_to(guide, qtbot, GuideStep.CAMERA)
    press(window, Qt.Key.Key_O, CTRL)
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path))
    dialog.reject()
    assert guide.choice.source == f"replay:{tmp_path}?rate=2&loop=1"
    qtbot.waitUntil(lambda: "The line does not use it" in guide.said.text(), timeout=SOON_MS)


def test_that_the_camera_is_released_when_the_page_is_left(guide, window, qtbot) -> None:
    window.show_page("line")
    qtbot.waitUntil(lambda: window._station.cameras.status.state.name == "NONE", timeout=SOON_MS)
    window.show_page("guide")
    qtbot.waitUntil(lambda: window._station.cameras.status.state.name == "LIVE", timeout=SOON_MS)
    assert guide.product == "new plate"


def test_that_a_taught_product_is_tried_and_released_by_keys_alone(window, qtbot) -> None:
    station = window._station
    add_draft(station)
    page = opened(window, qtbot, "Steel plate")
    go_to(page, qtbot, GuideStep.TRY)
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


def test_that_somebody_who_may_not_set_up_is_sent_to_the_log_in_and_goes_on_after_it(window, qtbot) -> None:
    station = window._station
    everybody = station.people.session.person
    station.people.session.begin(Person("Otto", frozenset({Role.OPERATOR})))
    window.show_page("guide")
    page = window.page_of("guide")
    qtbot.waitUntil(lambda: page.said.text().startswith("First say who you are: "), timeout=SOON_MS)
    assert station.cameras.status.state.name == "NONE"
    station.people.session.begin(everybody)
    qtbot.waitUntil(lambda: station.cameras.status.state.name == "LIVE", timeout=SOON_MS)
    assert page.said.text() == ""


def test_that_the_region_and_each_picture_are_in_the_audit_trail(guide, window, qtbot) -> None:
    station = window._station
    press(window, Qt.Key.Key_W, CTRL)
    qtbot.waitUntil(lambda: bool(station.audit.entries()), timeout=SOON_MS)
    newest = station.audit.entries()[0]
    assert (newest.subject, newest.old, newest.new) == ("new plate: region", "", "the whole picture")
    taken = station.guide.shown_picture(until(station.cameras.take_picture).received_ns)
    station.guide.keep_good_part("new plate", "", taken)
    assert station.audit.entries()[0].new == f"good part, {taken.origin}"
