import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from time import sleep

import numpy as np
import pytest
from drafts import run_line
from keyboard import CTRL, press, type_text
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from waiting import SOON_MS

from station.app import Station
from station.commands.revision_flips import RevisionFlipCommands
from station.domain.geometry import RegionOfInterest
from station.domain.messages import LineState
from station.domain.part_code import CodeKind, CodeRule, IfUnread
from station.domain.recipe import RecipeState, TakesEffect
from station.domain.verdict import Verdict
from ui.pages.recipes.actions import RecipesAct
from ui.pages.recipes.change_sheet import ChangeSheet
from ui.pages.recipes.compare_sheet import CompareSheet
from ui.pages.recipes.file_sheet import FileSheet
from ui.pages.recipes.validation_sheet import ValidationSheet
from ui.widgets.confirm_dialog import ConfirmDialog
from ui.widgets.mask_sheet import MaskSheet


def drag(canvas, start: tuple[int, int], end: tuple[int, int], modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    """Drag from one pixel of the picture to another."""
    transform = canvas.view.transform(canvas._area())
    first, last = (transform.map(QPoint(*at)) for at in (start, end))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, modifiers, first)
    QTest.mouseMove(canvas, last)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, modifiers, last)


def set_value(page, name: str, text: str) -> None:
    page.values.mark(name)
    page.editor.entry.setText(text)
    page.editor.set_value()


def row(page, name: str) -> tuple[str, str, str]:
    return next(each for each in page.values.texts() if each[0] == name)


def test_that_a_limit_is_changed_and_saved_by_keys_alone(window, page, station: Station, qtbot) -> None:
    page.values.mark("fail limit")
    page.editor.entry.setFocus()
    page.editor.entry.selectAll()
    type_text(page.editor.entry, "0.46")
    press(page.editor.entry, Qt.Key.Key_Return)
    assert row(page, "fail limit") == ("fail limit", "0.50", "0.46")
    assert "1 change not saved" in page.said.text()
    press(window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: page.findChild(ChangeSheet) is not None, timeout=SOON_MS)
    sheet = page.findChild(ChangeSheet)
    assert sheet.lines.text() == "fail limit 0.50 \u2192 0.46"
    assert not sheet.do.isEnabled()
    type_text(sheet.person, "Ada")
    press(sheet.chips[0], Qt.Key.Key_Space)
    assert sheet.reason.text() == "escape"
    press(sheet.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.title.text() == "plate 2", timeout=SOON_MS)
    draft = station.recipes.find("plate", 2)
    assert (draft.state, draft.recipe.author, draft.recipe.reason) == (RecipeState.DRAFT, "Ada", "escape")
    assert draft.recipe.views[0].limits.image_threshold == 0.46


def test_that_a_code_region_and_its_rule_are_written_and_saved_together(window, page, station: Station, qtbot) -> None:
    for words, text in (
        ("beginning of the code", "SN"),
        ("code region", "10,20,100,60"),
        ("if the code cannot be read", "NOT INSPECTED"),
        ("kinds of code", "QR"),
    ):
        page.values.mark(words)
        page.editor.entry.setText(text)
        page.editor.set_value()
    assert row(page, "code region") == ("code region", "no code", "100 x 60 px at 10, 20")
    page.values.mark("code region")
    assert page.editor.entry.text() == ""
    press(window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: page.findChild(ChangeSheet) is not None, timeout=SOON_MS)
    sheet = page.findChild(ChangeSheet)
    type_text(sheet.person, "Ada")
    type_text(sheet.reason, "codes")
    press(sheet.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.title.text() == "plate 2", timeout=SOON_MS)
    code = station.recipes.find("plate", 2).recipe.views[0].code
    region = RegionOfInterest(10, 20, 100, 60)
    assert code == CodeRule(region, (CodeKind.QR,), "SN", if_unread=IfUnread.NOT_INSPECTED)


def test_that_a_draft_is_released_by_keys_with_a_reason(window, page, station: Station, qtbot) -> None:
    station.recipes.set_value("plate", 1, "limits.image_threshold", "0.46", "Ada", "escape")
    window._pages.presenter_of("recipes").show_subject(("plate", 2))
    qtbot.waitUntil(lambda: page.title.text() == "plate 2", timeout=SOON_MS)
    press(window, Qt.Key.Key_U, CTRL)
    qtbot.waitUntil(lambda: page.findChild(ChangeSheet) is not None, timeout=SOON_MS)
    sheet = page.findChild(ChangeSheet)
    assert sheet.lines.text() == "plate 1 \u2192 plate 2\nfail limit 0.50 \u2192 0.46"
    type_text(sheet.person, "Ada")
    type_text(sheet.reason, "one escape")
    sheet.when.setCurrentIndex(1)
    press(sheet.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "plate 2 is released." in page.said.text(), timeout=SOON_MS)
    change = station.recipes.find("plate", 2).change
    assert (change.person, change.reason, change.takes_effect) == ("Ada", "one escape", TakesEffect.NOW)
    assert station.recipes.find("plate", 1).state is RecipeState.RETIRED


def test_that_another_region_waits_for_teaching_and_cannot_be_released(window, page, station, sign, qtbot) -> None:
    window.action_table[RecipesAct.DRAW_REGION].trigger()
    drag(page.canvas, (40, 40), (240, 200))
    assert row(page, "region of interest")[2].startswith("200 x 160 px at 40, 40")
    assert "teach again with this region" in page.said.text()
    press(page.canvas, Qt.Key.Key_Right)
    press(page.canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    window.action_table[RecipesAct.SAVE_DRAFT].trigger()
    sign()
    qtbot.waitUntil(lambda: page.title.text() == "plate 2", timeout=SOON_MS)
    assert station.recipes.find("plate", 2).recipe.views[0].roi == RegionOfInterest(48, 40, 200, 168)
    assert not window.action_table[RecipesAct.RELEASE_RECIPE].isEnabled()


def test_that_an_ignore_mask_is_drawn_erased_and_saved(window, page, station, sign, qtbot) -> None:
    window.action_table[RecipesAct.DRAW_MASK].trigger()
    drag(page.canvas, (40, 40), (120, 120))
    drag(page.canvas, (40, 40), (80, 120), CTRL)
    assert row(page, "ignore mask")[1] == "none"
    window.action_table[RecipesAct.SAVE_DRAFT].trigger()
    assert "ignore mask none \u2192" in sign()
    qtbot.waitUntil(lambda: page.title.text() == "plate 2", timeout=SOON_MS)
    pixels = station.recipes.find("plate", 2).recipe.views[0].ignore.pixels()
    assert pixels[40:120, 80:120].all()
    assert pixels.sum() == 80 * 40
    window.action_table[RecipesAct.NO_MASK].trigger()
    assert row(page, "ignore mask")[2] == "none"


def test_that_a_value_out_of_its_range_says_what_may_be_given_and_changes_nothing(page) -> None:
    set_value(page, "fail limit", "1.5")
    assert page.editor.range.text() == "'1.5' cannot be the fail limit. Give a number above 0 and below 1."
    assert row(page, "fail limit")[2] == ""


def test_that_changes_that_are_forgotten_leave_the_revision(window, page, station) -> None:
    set_value(page, "least area of a mark", "40")
    window.action_table[RecipesAct.FORGET_CHANGES].trigger()
    assert row(page, "least area of a mark")[2] == ""
    assert not window.action_table[RecipesAct.SAVE_DRAFT].isEnabled()
    assert len(station.recipes.entries()) == 1


def test_that_a_roll_back_releases_a_new_revision_like_the_old_one(window, page, station, sign, qtbot) -> None:
    station.recipes.set_value("plate", 1, "limits.image_threshold", "0.6", "Ada", "overkill")
    station.recipes.release("plate", 2, "Ada", "overkill")
    window._pages.presenter_of("recipes").show_subject(("plate", 1))
    qtbot.waitUntil(lambda: page.state.text().startswith("RETIRED"), timeout=SOON_MS)
    window.action_table[RecipesAct.ROLL_BACK].trigger()
    assert "fail limit 0.60 \u2192 0.50" in sign(reason="two escapes")
    qtbot.waitUntil(lambda: page.title.text() == "plate 3", timeout=SOON_MS)
    third = station.recipes.find("plate")
    assert third.recipe.views == station.recipes.find("plate", 1).recipe.views
    assert third.recipe.reason == "as plate@1: two escapes"


def test_that_two_revisions_are_compared_in_words_and_pictures(window, page, station, qtbot) -> None:
    station.recipes.set_value("plate", 1, "limits.min_area_px", "12", "Ada", "dust")
    station.recipes.set_value("plate", 1, "limits.min_area_px", "20", "Ada", "more dust")
    window._pages.presenter_of("recipes").show_subject(("plate", 3))
    qtbot.waitUntil(lambda: page.title.text() == "plate 3", timeout=SOON_MS)
    window.action_table[RecipesAct.COMPARE].trigger()
    qtbot.waitUntil(lambda: page.findChild(CompareSheet) is not None, timeout=SOON_MS)
    sheet = page.findChild(CompareSheet)
    assert sheet.words.text() == "least area of a mark 0 \u2192 20 px\u00b2"
    assert all(side.has_picture for side in sheet.sides)
    sheet.other.setCurrentIndex(sheet.other.findData(2))
    sheet.other.activated.emit(sheet.other.currentIndex())
    qtbot.waitUntil(lambda: "12 \u2192 20" in sheet.words.text(), timeout=SOON_MS)
    sheet.reject()


@pytest.fixture
def comparison(window, page, station, qtbot):
    """Compare the released revision with one that passes every mark, and sees the pictures as given."""

    def opened(**changed):
        run_line(station, "plate", 12)
        old = station.recipes.find("plate").recipe
        lax = replace(old.views[0].limits, min_area_px=10**7)
        station.recipes.add(replace(old, revision=2, views=(replace(old.views[0], limits=lax, **changed),)))
        window._pages.presenter_of("recipes").show_subject(("plate", 2))
        qtbot.waitUntil(lambda: page.title.text() == "plate 2", timeout=SOON_MS)
        window.action_table[RecipesAct.COMPARE].trigger()
        qtbot.waitUntil(lambda: page.findChild(CompareSheet) is not None, timeout=SOON_MS)
        return page.findChild(CompareSheet)

    return opened


def seen_tiles(sheet) -> int:
    return sum(tile.picture._image is not None for tile in sheet.flips.tiles.tiles)


def fails(station) -> int:
    return sum(part.verdict is Verdict.FAIL for part in station.records.recent())


def test_that_a_comparison_shows_the_stored_parts_that_would_turn(comparison, station, qtbot) -> None:
    sheet = comparison()
    failed = fails(station)
    turn = f"{failed}\u00a0FAIL\u00a0\u2192\u00a0PASS"
    qtbot.waitUntil(lambda: turn in sheet.flips.said.text(), timeout=SOON_MS)
    assert f"{failed} more pass: look for escapes. 0 more are kept back: look for overkill." in sheet.flips.said.text()
    assert not sheet.flips.key.isVisible()
    qtbot.waitUntil(lambda: seen_tiles(sheet) == failed > 3, timeout=SOON_MS)
    sheet.reject()


@pytest.mark.parametrize("size", [(1024, 640), (960, 500), (1920, 1080)])
def test_that_a_comparison_fits_in_the_window_and_none_of_it_covers_the_rest(
    comparison, window, qtbot, size: tuple[int, int]
) -> None:
    window.resize(*size)
    window.fit_sizes()
    sheet = comparison()
    qtbot.waitUntil(lambda: len(sheet.flips.tiles.tiles) > 3, timeout=SOON_MS)
    assert sheet.height() <= size[1]
    flips = sheet.flips
    below = [sheet.other, sheet.words, sheet.names[0], sheet.sides[0], flips.said, flips.tiles]
    places = [QRect(each.mapTo(sheet, QPoint(0, 0)), each.size()) for each in below]
    assert all(above.bottom() <= next_one.top() for above, next_one in pairwise(places)), places
    assert sheet.flips.said.fitted_text() == sheet.flips.said.text()
    sheet.reject()


def test_that_kept_pictures_are_judged_again_when_asked_for_and_the_others_are_counted(
    comparison, station, qtbot
) -> None:
    quality = replace(station.recipes.find("plate").recipe.views[0].quality, min_brightness=1.0)
    sheet = comparison(quality=quality)
    plan = station.flips.plan(*(station.recipes.find("plate", number).recipe for number in (1, 2)))
    kept, failed = len(plan.keys), fails(station)
    qtbot.waitUntil(lambda: sheet.flips.key.text().startswith(f"Judge {kept} kept pictures"), timeout=SOON_MS)
    assert f"{plan.without} of {kept + plan.without} parts cannot be judged" in sheet.flips.said.text()
    sheet.flips.key.click()
    qtbot.waitUntil(lambda: seen_tiles(sheet) == failed > 3, timeout=SOON_MS)
    assert f"{failed} of {kept} stored parts would get another verdict" in sheet.flips.said.text()
    assert f"Could not be judged: {plan.without} without a kept picture." in sheet.flips.said.text()
    sheet.reject()


def test_that_a_comparison_is_stopped_by_its_key_and_goes_on_when_asked_again(
    comparison, station, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = RevisionFlipCommands._judged_again

    def slowly(commands, plan):
        for part in judged(commands, plan):
            sleep(0.2)
            yield part

    monkeypatch.setattr(RevisionFlipCommands, "_judged_again", slowly)
    quality = replace(station.recipes.find("plate").recipe.views[0].quality, min_brightness=1.0)
    sheet = comparison(quality=quality)
    qtbot.waitUntil(lambda: sheet.flips.key.text().startswith("Judge "), timeout=SOON_MS)
    sheet.flips.key.click()
    qtbot.waitUntil(lambda: "Judging stored parts: 1 of " in sheet.flips.said.text(), timeout=SOON_MS)
    assert sheet.flips.key.text().startswith("Stop")
    sheet.flips.key.click()
    qtbot.waitUntil(lambda: "left when it was stopped" in sheet.flips.said.text(), timeout=SOON_MS)
    assert sheet.flips.key.text().startswith("Judge all")
    sheet.reject()


def test_that_a_recipe_goes_out_and_comes_in_as_one_file(window, page, station, tmp_path, qtbot) -> None:
    def with_file(act: RecipesAct) -> None:
        window.action_table[act].trigger()
        qtbot.waitUntil(lambda: page.findChild(FileSheet) is not None, timeout=SOON_MS)
        sheet = page.findChild(FileSheet)
        sheet.path.setText(str(tmp_path / "plate.lineside"))
        sheet.do.click()
        qtbot.waitUntil(lambda: page.findChild(FileSheet) is None, timeout=SOON_MS)

    with_file(RecipesAct.EXPORT_RECIPE)
    qtbot.waitUntil(lambda: page.said.text().startswith("Saved as"), timeout=SOON_MS)
    with_file(RecipesAct.IMPORT_RECIPE)
    qtbot.waitUntil(lambda: page.title.text() == "plate 2", timeout=SOON_MS)
    assert station.recipes.find("plate", 2).state is RecipeState.DRAFT


def test_that_an_unknown_signer_is_asked_about_before_a_file_is_imported(
    window, page, station, tmp_path, qtbot
) -> None:
    with Station.open(tmp_path / "other") as other:
        recipe = station.recipes.find("plate").recipe
        shutil.copytree(station.workspace.models / "tiny", other.workspace.models / "tiny")
        other.recipes.add(recipe)
        sent = other.exchange.export("plate", 1, tmp_path / "sent.lineside")
    for answer in ("no", "yes"):
        window.action_table[RecipesAct.IMPORT_RECIPE].trigger()
        sheet = page.findChild(FileSheet)
        sheet.path.setText(str(sent.path))
        sheet.do.click()
        qtbot.waitUntil(lambda: page.findChild(ConfirmDialog) is not None, timeout=SOON_MS)
        question = page.findChild(ConfirmDialog)
        assert sent.signer.fingerprint in " ".join(each.text() for each in question.findChildren(QLabel))
        assert question.focusWidget() is question.no
        getattr(question, answer).click()
        qtbot.waitUntil(lambda: page.findChild(ConfirmDialog) is None, timeout=SOON_MS)
        if answer == "no":
            assert len(station.recipes.entries()) == 1
    qtbot.waitUntil(lambda: page.title.text() == "plate 2", timeout=SOON_MS)
    assert [each.signer for each in station.exchange.signers()] == [sent.signer]


def test_that_a_released_recipe_is_loaded_on_the_stopped_line_and_then_read_only(window, page, station, qtbot) -> None:
    assert window.action_table[RecipesAct.USE_ON_LINE].isEnabled()
    window.action_table[RecipesAct.USE_ON_LINE].trigger()
    qtbot.waitUntil(lambda: station.line.recipe is not None, timeout=SOON_MS)
    qtbot.waitUntil(lambda: page.revisions.labels() == ["plate 1\non the line"], timeout=SOON_MS)
    assert not window.action_table[RecipesAct.USE_ON_LINE].isEnabled()
    set_value(page, "fail limit", "0.4")
    assert "The line keeps its revision" in page.said.text()


def test_that_a_retired_revision_says_who_and_when(window, page, station, sign, qtbot) -> None:
    of_page = window.presenter_of("recipes")._life._station
    of_page.recipes._desk._needs_validation = True  # the safe direction needs none
    window.action_table[RecipesAct.RETIRE].trigger()
    assert "state released \u2192 retired" in sign(reason="out of production")
    qtbot.waitUntil(lambda: page.state.text().startswith("RETIRED, Ada"), timeout=SOON_MS)


def test_that_words_find_a_recipe(page, station, duo, qtbot, window) -> None:
    window._pages.presenter_of("recipes").look_again()
    qtbot.waitUntil(lambda: len(page.revisions.labels()) == 2, timeout=SOON_MS)
    page.revisions.words.setText("duo")
    assert page.revisions.labels() == ["duo 1\nreleased"]


def test_that_each_view_has_its_own_values(page, station, duo, window, qtbot) -> None:
    brighter = replace(duo.view("side"), limits=replace(duo.view("side").limits, image_threshold=0.7))
    station.recipes.add(replace(duo.with_view(brighter), revision=2))
    window._pages.presenter_of("recipes").show_subject(("duo", 2))
    qtbot.waitUntil(lambda: page.title.text() == "duo 2", timeout=SOON_MS)
    assert page.views.isVisible()
    assert row(page, "fail limit")[1] == "0.50"
    page.views.setCurrentIndex(1)
    page.views.activated.emit(1)
    assert row(page, "fail limit")[1] == "0.70"


@pytest.mark.parametrize("subject", ["plate", ("plate", "1"), 7])
def test_that_a_subject_of_another_kind_is_a_fault_of_the_caller(window, page, subject) -> None:
    with pytest.raises(TypeError, match="recipe's name and revision"):
        window._pages.presenter_of("recipes").show_subject(subject)


def test_that_a_labelled_set_validates_a_draft_and_is_shown_with_it(
    window, page, station, sign, tmp_path, qtbot
) -> None:
    for number in range(6):
        home = tmp_path / "labelled" / ("NG" if number % 3 == 1 else "OK")
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(tmp_path / "parts" / f"{number}.png", home)
    station.recipes.set_value("plate", 1, "limits.min_area_px", "1", "Ada", "dust")
    window._pages.presenter_of("recipes").show_subject(("plate", 2))
    qtbot.waitUntil(lambda: page.title.text() == "plate 2", timeout=SOON_MS)
    window.action_table[RecipesAct.VALIDATE].trigger()
    qtbot.waitUntil(lambda: page.findChild(FileSheet) is not None, timeout=SOON_MS)
    sheet = page.findChild(FileSheet)
    sheet.path.setText(str(tmp_path / "labelled"))
    sheet.do.click()
    assert "2 of 2 defects found, 0 of 4 good parts rejected" in sign(reason="as it should be")
    qtbot.waitUntil(lambda: page.state.text().startswith("VALIDATED, Ada"), timeout=SOON_MS)
    assert row(page, "last validation")[1].startswith("2/2 defects, 0/4 overkill")
    assert row(page, "validated on")[1] == f"{tmp_path / 'labelled'}, not frozen"
    window.action_table[RecipesAct.VALIDATE].trigger()
    page.findChild(FileSheet).also.click()
    results = page.findChild(ValidationSheet)
    assert results.table.rows.rowCount() == 6
    assert "2 of 2 defects found" in results.words.text()
    results.save.click()
    qtbot.waitUntil(lambda: page.said.text().startswith("Saved as"), timeout=SOON_MS)
    assert Path(page.said.text().removeprefix("Saved as ").removesuffix(".")).read_bytes().count(b"\n") == 7


@pytest.mark.parametrize(("act", "name"), [(RecipesAct.OPEN_LIMITS, "limits"), (RecipesAct.TEACH_AGAIN, "training")])
def test_that_a_key_leads_to_the_page_for_this_revision(window, page, act: RecipesAct, name: str) -> None:
    window.action_table[act].trigger()
    assert window.page_of(name).isVisible()


def test_that_a_mask_is_painted_by_keys_alone_and_taken_into_the_draft(window, page, qtbot) -> None:
    window.action_table[RecipesAct.PAINT_MASK].trigger()
    sheet = page.findChild(MaskSheet)
    press(sheet.canvas, Qt.Key.Key_Space)
    for _ in range(5):
        press(sheet.canvas, Qt.Key.Key_Right)
    press(sheet.canvas, Qt.Key.Key_Space)
    sheet.done_key.click()
    qtbot.waitUntil(lambda: page.findChild(MaskSheet) is None, timeout=SOON_MS)
    assert "of 320 x 240 px" in row(page, "ignore mask")[2]


def test_that_a_mask_over_the_whole_picture_is_not_taken(window, page, qtbot) -> None:
    window.action_table[RecipesAct.PAINT_MASK].trigger()
    sheet = page.findChild(MaskSheet)
    sheet.canvas.put_mask(np.ones_like(sheet._mask))
    sheet.done_key.click()
    assert "covers the whole picture" in sheet.said.text()
    sheet.reject()
    qtbot.waitUntil(lambda: page.findChild(MaskSheet) is None, timeout=SOON_MS)
    assert row(page, "ignore mask")[2] == ""


def test_that_a_paused_line_is_stopped_and_gets_another_product_after_a_question(window, page, station, qtbot) -> None:
    plate = station.recipes.find("plate").recipe
    station.recipes.add(replace(plate, name="axle", product="axle"), RecipeState.RELEASED)
    station.line.load_recipe("plate")
    station.line.start()
    qtbot.waitUntil(lambda: station.line.state is LineState.INSPECTING, timeout=SOON_MS)
    window._pages.presenter_of("recipes").show_subject(("axle", 1))
    qtbot.waitUntil(lambda: page.title.text() == "axle 1", timeout=SOON_MS)
    assert not window.action_table[RecipesAct.USE_ON_LINE].isEnabled()
    assert page.said.text() == "To use it on the line, stop or pause the line first."
    station.line.pause()
    qtbot.waitUntil(window.action_table[RecipesAct.USE_ON_LINE].isEnabled, timeout=SOON_MS)
    window.action_table[RecipesAct.USE_ON_LINE].trigger()
    page.findChild(ConfirmDialog).accept()
    qtbot.waitUntil(lambda: page.said.text() == "axle 1 is loaded. Start the line with F5.", timeout=SOON_MS)
    assert (station.line.recipe.name, station.line.state) == ("axle", LineState.STOPPED)
