"""The shadow page: a draft beside the line, where it differs, its gate, and its promotion, by keys alone."""

from dataclasses import replace
from datetime import UTC, datetime
from threading import Event
from time import sleep

import pytest
from drafts import add_draft, run_line
from keyboard import CTRL, press
from PySide6.QtCore import Qt
from waiting import SOON_MS

from station.commands.promotion_gate import PromotionGate
from station.commands.records import RecordCommands
from station.domain.candidate import Disagreement, Gate, GateCheck, Promotion, ShadowFigures, ShadowState
from station.domain.errors import StorageError
from station.domain.feedback import Disposition
from station.domain.inspection import PartKey
from station.domain.recipe import ModelReference, Recipe, RecipeEntry, RecipeState, StateChange, View
from station.domain.tried_corrections import BeforeAndAfter, TriedCorrections
from station.domain.verdict import Verdict
from station.learning.progress import Progress
from ui.pages.shadow.shown_shadow import NOTHING_TO_TRY, Known, candidates_of, choices_of, resolve
from ui.widgets.release_dialog import ReleaseDialog

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
HELD, FAILED = GateCheck("Parts", True, "100 of 100."), GateCheck("Labels", False, "2 defects pass.")


def entry(revision: int, state: RecipeState, name: str = "tile", view: str = "") -> RecipeEntry:
    recipe = Recipe(name, revision, name, (View(ModelReference("m", "0" * 64), view),))
    return RecipeEntry(recipe, state, NOON.replace(minute=revision), StateChange("Ada", "", NOON))


RELEASED, DRAFT = entry(1, RecipeState.RELEASED), entry(2, RecipeState.DRAFT)


def test_that_drafts_with_the_views_of_a_released_revision_are_offered_newest_first() -> None:
    other_view = entry(3, RecipeState.DRAFT, view="top")
    never_released = entry(1, RecipeState.DRAFT, name="cookie")
    validated = entry(4, RecipeState.VALIDATED)
    entries = (RELEASED, DRAFT, other_view, never_released, validated, entry(5, RecipeState.RETIRED))
    assert candidates_of(entries) == (validated, DRAFT)


def test_that_a_page_without_a_draft_says_what_to_do_next() -> None:
    assert choices_of((RELEASED, entry(1, RecipeState.DRAFT, name="cookie"))) == (RELEASED,)
    view = resolve(Known((RELEASED,)))
    assert view.state == NOTHING_TO_TRY
    assert view.may == frozenset()


@pytest.mark.parametrize(
    ("shadow", "says", "may"),
    [
        (None, "tile@2 does not judge now.", "start"),
        (ShadowState("tile", 2, running=True), "tile@2 judges beside the line. It decides nothing.", "stop"),
        (ShadowState("tile", 2, running=False, problem="It has ended."), "It has ended.", "stop"),
        (ShadowState("cookie", 7, running=True), "cookie@7 judges beside the line. It decides nothing.", "start"),
    ],
)
def test_that_the_page_says_which_draft_judges(shadow: ShadowState | None, says: str, may: str) -> None:
    view = resolve(Known((RELEASED, DRAFT), DRAFT, shadow))
    assert view.state == says
    assert view.may & {"start", "stop"} == {may}


def test_that_a_draft_is_promoted_only_if_every_condition_holds() -> None:
    known = Known((RELEASED, DRAFT), DRAFT)
    assert "promote" not in resolve(known).may
    refused = resolve(replace(known, gate=Gate("tile@2", "tile@1", (HELD, FAILED))))
    assert refused.verdict_of_gate == "tile@2 may not be promoted: 1 of 2 conditions does not hold."
    assert "promote" not in refused.may
    passed = replace(known, gate=Gate("tile@2", "tile@1", (HELD,)))
    assert "promote" in resolve(passed).may
    assert resolve(replace(passed, busy="Judging")).may == frozenset()


def test_that_figures_and_parts_are_shown_in_words() -> None:
    key = PartKey(1, 13)
    figures = ShadowFigures(judged=200, agree=199, only_champion_rejects=1, dropped=3)
    differs = Disagreement(key, Verdict.FAIL, 0.82, Verdict.PASS, 0.41)
    view = resolve(Known((), DRAFT, None, figures, (differs,), {key: Disposition.GOOD_PART}))
    assert [text for _, text in view.numbers] == ["200", "199", "0", "1"]
    assert view.notes == "Not compared: 3 left out, because the machine was busy."
    assert view.parts == ((key, "0013   FAIL 0.82 \u2192 PASS 0.41\ncalled: good part"),)


@pytest.fixture
def shadow_page(window, qtbot):
    """The page, after the line has run and a lax draft has judged its stored parts."""
    station = window._station
    run_line(station, "plate", 12)
    add_draft(station, lax=True)
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    press(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    page = window.page_of("shadow")
    qtbot.waitUntil(lambda: page.state.text() == "plate@2 does not judge now.", timeout=SOON_MS)
    press(window, Qt.Key.Key_T, CTRL)
    qtbot.waitUntil(lambda: page.parts.count() == 4, timeout=SOON_MS)
    return page


def test_that_a_part_that_is_judged_differently_is_seen_and_called_good(shadow_page, window, qtbot) -> None:
    assert shadow_page.numbers[3][0].text() == "4"
    shadow_page.parts.setFocus()
    press(shadow_page.parts, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: bool(shadow_page.picture._levels), timeout=SOON_MS)
    key = shadow_page.marked
    press(window, Qt.Key.Key_G, CTRL)
    qtbot.waitUntil(lambda: "called: good part" in shadow_page.parts.currentItem().text(), timeout=SOON_MS)
    assert window._station.review.feedback_on(key)[-1].claim is Disposition.GOOD_PART
    assert shadow_page.marked == key
    qtbot.waitUntil(lambda: shadow_page.corrected.text().startswith("1 of 1 corrections is"), timeout=SOON_MS)
    assert "before: 0 of 1" in shadow_page.corrected.text()


def test_that_the_picture_of_another_part_is_never_beside_the_marked_one(
    shadow_page, window, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shadow_page.parts.setCurrentRow(0)
    qtbot.waitUntil(lambda: bool(shadow_page.picture._levels), timeout=SOON_MS)

    def lost(*_: object) -> None:
        raise StorageError("The picture cannot be read.")

    monkeypatch.setattr(RecordCommands, "part", lost)
    shadow_page.parts.setFocus()
    press(shadow_page.parts, Qt.Key.Key_Down)
    assert shadow_page.parts.currentRow() == 1
    assert not shadow_page.picture._levels
    qtbot.waitUntil(lambda: bool(window.fault_log.entries), timeout=SOON_MS)
    assert not shadow_page.picture._levels


def test_that_the_gate_names_what_does_not_hold(shadow_page, window, qtbot) -> None:
    press(window, Qt.Key.Key_K, CTRL)
    qtbot.waitUntil(lambda: "may not be promoted" in shadow_page.verdict_of_gate.text(), timeout=SOON_MS)
    assert not window.action_table["promote"].isEnabled()


def test_that_a_draft_is_promoted_by_name_and_reason_and_rolled_back(
    shadow_page, window, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = window._station
    gate = Gate("plate@2", "plate@1", (HELD,))
    monkeypatch.setattr(PromotionGate, "look", lambda *_: gate)
    monkeypatch.setattr(PromotionGate, "seen", lambda *_: gate)
    press(window, Qt.Key.Key_K, CTRL)
    qtbot.waitUntil(window.action_table["promote"].isEnabled, timeout=SOON_MS)
    drafts = {number: station.recipes.find("plate", number).recipe.views for number in (1, 2)}
    for key, number in ((Qt.Key.Key_R, 2), (Qt.Key.Key_L, 1)):
        press(window, key, CTRL)
        qtbot.waitUntil(lambda: shadow_page.findChild(ReleaseDialog) is not None, timeout=SOON_MS)
        sheet = shadow_page.findChild(ReleaseDialog)
        sheet.person.setText("Ada")
        sheet.reason.setText(f"as {number}")
        sheet.do.click()
        qtbot.waitUntil(lambda n=number: station.recipes.find("plate").recipe.views == drafts[n], timeout=SOON_MS)
        assert station.recipes.find("plate").change.reason.endswith(f"as {number}")
        qtbot.waitUntil(lambda: shadow_page.findChild(ReleaseDialog) is None, timeout=SOON_MS)
        can_go_back = number == 2  # then plate@3 equals the first revision, and nothing is older
        qtbot.waitUntil(lambda go=can_go_back: window.action_table["roll back"].isEnabled() is go, timeout=SOON_MS)


def test_that_no_key_acts_on_a_draft_that_was_just_released(shadow_page, window) -> None:
    assert window.action_table["check gate"].isEnabled()
    window.presenter_of("shadow")._say_released(window._station.recipes.find("plate", 2))
    assert not window.action_table["check gate"].isEnabled()


def test_that_a_promoted_revision_is_rolled_back_in_one_step_without_another_draft(window, qtbot) -> None:
    station = window._station
    add_draft(station, lax=True)
    station.recipes.release("plate", 2, "Ada", "fewer rejects")
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    press(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    page = window.page_of("shadow")
    qtbot.waitUntil(lambda: page.state.text().startswith("plate@2 is released."), timeout=SOON_MS)
    assert window.action_table["roll back"].isEnabled()
    assert not window.action_table["check gate"].isEnabled()
    press(window, Qt.Key.Key_L, CTRL)
    qtbot.waitUntil(lambda: page.findChild(ReleaseDialog) is not None, timeout=SOON_MS)
    sheet = page.findChild(ReleaseDialog)
    assert sheet.windowTitle() == "Roll back to plate@1"
    assert "equals plate@1" in sheet.differences.text()
    assert not sheet.do.isEnabled()
    sheet.person.setText("Ada")
    sheet.reason.setText("escapes")
    sheet.do.click()
    qtbot.waitUntil(lambda: page.state.text().startswith("plate@3 is released."), timeout=SOON_MS)
    assert station.recipes.find("plate").recipe.views == station.recipes.find("plate", 1).recipe.views
    assert station.recipes.find("plate").change.reason == "as plate@1: escapes"
    assert not window.action_table["roll back"].isEnabled()


def test_that_a_closing_window_gives_up_the_check_and_waits_for_its_last_step(
    shadow_page, window, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, ended = Event(), Event()

    def look(_gate, candidate, _champion, progress) -> Gate:
        began.set()
        for done in range(10_000):
            progress(Progress("Judging", done, 10_000))
            sleep(0.01)
        raise AssertionError("nobody gave it up")

    def look_and_note(*given) -> Gate:
        try:
            return look(*given)
        finally:
            ended.set()

    monkeypatch.setattr(PromotionGate, "look", look_and_note)
    press(window, Qt.Key.Key_K, CTRL)
    qtbot.waitUntil(began.is_set, timeout=SOON_MS)
    qtbot.waitUntil(lambda: "Judging: " in shadow_page.state.text(), timeout=SOON_MS)
    assert window.action_table["check gate"].text() == "Stop"
    window.shut_down()
    assert ended.is_set()
    assert window._station.candidates.promotions("plate") == ()
    assert window._station.recipes.find("plate").recipe.revision == 1


def test_that_the_key_that_began_a_check_gives_it_up(
    shadow_page, window, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(_gate, _candidate, _champion, progress) -> Gate:
        while True:
            progress(Progress("Judging", 1, 2))
            sleep(0.01)

    monkeypatch.setattr(PromotionGate, "look", look)
    press(window, Qt.Key.Key_K, CTRL)
    qtbot.waitUntil(lambda: "Judging: 1 of 2." in shadow_page.state.text(), timeout=SOON_MS)
    press(window, Qt.Key.Key_K, CTRL)
    qtbot.waitUntil(lambda: shadow_page.state.text() == "plate@2 does not judge now.", timeout=SOON_MS)
    assert window.action_table["check gate"].text() == "Check"
    assert shadow_page.verdict_of_gate.text() == "Not checked yet."


def test_that_nothing_of_the_trial_stays_when_the_draft_was_released_elsewhere(
    shadow_page, window, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PromotionGate, "look", lambda *_: Gate("plate@2", "plate@1", (FAILED,)))
    shadow_page.parts.setCurrentRow(0)
    press(window, Qt.Key.Key_K, CTRL)
    qtbot.waitUntil(lambda: "may not be promoted" in shadow_page.verdict_of_gate.text(), timeout=SOON_MS)
    qtbot.waitUntil(lambda: bool(shadow_page.picture._levels), timeout=SOON_MS)
    window._station.recipes.release("plate", 2, "Ada", "from the command line")
    qtbot.waitUntil(lambda: shadow_page.state.text().startswith("plate@2 is released."), timeout=SOON_MS)
    assert shadow_page.verdict_of_gate.text() == "Not checked yet."
    assert not shadow_page.picture._levels
    assert window.action_table["roll back"].isEnabled()


def test_that_each_promotion_says_when_who_why_and_what_the_gate_had_seen() -> None:
    promotion = Promotion("tile", 2, 1, "Ada", "finds scratches", NOON, Gate("tile@2", "tile@1", (HELD,)))
    known = Known((RELEASED,), RELEASED, before=None, promotions=(promotion,), time_zone="Europe/Berlin")
    (shown,) = resolve(known).promotions
    assert shown.head == "tile 1 \u2192 2, 28 Nov 13:00, Ada"
    assert (shown.reason, shown.gate) == ("finds scratches", ("Parts: 100 of 100.",))
    assert resolve(known).may == frozenset()
    assert resolve(replace(known, before=entry(0, RecipeState.RETIRED))).may == {"roll back"}


@pytest.mark.parametrize("size", [(1024, 640), (1280, 800), (1920, 1080)])
def test_that_long_words_fit_on_the_page(shadow_page, window, size: tuple[int, int], qtbot) -> None:
    window.resize(*size)
    window.fit_sizes()
    long = GateCheck("Ausschussgrenzwertueberschreitungspruefung der Vorserie", False, "Fehlerbilduebersicht " * 8)
    seen = BeforeAndAfter(1234, 12, 1222)
    labels = ("Oberflaechenbeschichtung@11", "Oberflaechenbeschichtung@12")
    tried = TriedCorrections(
        *labels, seen, seen, 77, BeforeAndAfter(98765, 432, 321), BeforeAndAfter(55, 55, 44), 3, 4, 5
    )
    known = Known((RELEASED, DRAFT), DRAFT, gate=Gate("tile@2", "tile@1", (long, HELD)), tried=tried)
    shadow_page.show_view(resolve(known))

    def check() -> None:
        for words in (shadow_page.state, shadow_page.notes, shadow_page.corrected, shadow_page.verdict_of_gate):
            assert words.heightForWidth(words.width()) <= words.height() + 1
        assert shadow_page.picture.height() >= shadow_page.picture.minimumSizeHint().height()

    qtbot.waitUntil(check, timeout=SOON_MS)


def test_that_nothing_is_said_to_agree_before_a_part_was_compared() -> None:
    assert resolve(Known()).without_picture == "No part was compared yet"
    assert resolve(Known(figures=ShadowFigures(judged=3, agree=3))).without_picture == "No part is judged differently"
