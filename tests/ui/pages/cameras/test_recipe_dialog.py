"""The camera's settings on their way into a draft of a recipe."""

from dataclasses import replace

from discovered import SIMULATED
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from waiting import SOON_MS

from station.domain.recipe import ModelReference, Recipe, RecipeState, TakesEffect, View
from ui.pages.cameras.actions import CamerasAct
from ui.pages.cameras.recipe_dialog import RecipeDialog
from ui.pages.cameras.recipe_offers import RecipeOffer, recipe_offers
from ui.widgets.release_dialog import ReleaseDialog


def test_that_the_settings_go_into_a_draft_with_name_and_reason(window, station, connect, qtbot) -> None:
    page = connect(SIMULATED)
    window.action_table[CamerasAct.COPY_TO_RECIPE].trigger()
    qtbot.waitUntil(lambda: page.findChild(RecipeDialog) is not None, timeout=SOON_MS)
    sheet = page.findChild(RecipeDialog)
    assert sheet.what.text() == "ExposureTime, Gain, AcquisitionFrameRate …: 4 settings."
    assert not sheet.do.isEnabled()
    sheet.person.setText("Ada")
    sheet.reason.setText("new lamp")
    QTest.mouseClick(sheet.do, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.said.text().startswith("plate@2"), timeout=SOON_MS)
    entry = station.recipes.find("plate", 2)
    assert (entry.state, entry.recipe.author, entry.recipe.reason) == (RecipeState.DRAFT, "Ada", "new lamp")
    assert "linesidectl" not in page.said.text()
    assert page.release.text() == "Release plate@2"
    window.action_table[CamerasAct.RELEASE].trigger()
    qtbot.waitUntil(lambda: page.findChild(ReleaseDialog) is not None, timeout=SOON_MS)
    sheet = page.findChild(ReleaseDialog)
    assert "camera_settings.ExposureTime: - \u2192" in sheet.differences.text()
    assert not sheet.do.isEnabled()
    sheet.person.setText("Ada")
    sheet.reason.setText("brighter lamp")
    sheet.when.setCurrentIndex(1)
    QTest.mouseClick(sheet.do, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.said.text() == "plate@2 is released.", timeout=SOON_MS)
    assert not page.release.isVisible()
    change = station.recipes.find("plate", 2).change
    assert (change.person, change.reason, change.takes_effect) == ("Ada", "brighter lamp", TakesEffect.NOW)


def test_that_the_recipe_on_the_line_is_proposed_first_and_then_the_newest(station, duo, connect) -> None:
    connect(SIMULATED)
    station.recipes.add(replace(station.recipes.find("plate").recipe, name="axle", revision=1))
    assert [offer.recipe.name for offer in recipe_offers(station)] == ["axle", "duo", "plate"]
    station.line.load_recipe("plate")
    first, *_, last = recipe_offers(station)
    assert (first.recipe.name, first.loaded, first.possible) == ("plate", True, True)
    assert first.words == "ExposureTime, Gain, AcquisitionFrameRate \u2026: 4 settings."
    assert (last.recipe.name, last.possible) == ("duo", False)
    assert "Recipe duo@1 has no view that is taken by simulated:flange" in last.words


def test_that_a_recipe_that_cannot_be_copied_into_says_why_in_full(window, page, qtbot) -> None:
    recipe = Recipe("duo", 1, "duo", (View(ModelReference("m", "0"), "top"),))
    sheet = RecipeDialog(
        page, [RecipeOffer(recipe, True, "Gain: 1 setting.", True), RecipeOffer(recipe, False, "No. " * 60, False)]
    )
    sheet.open()
    sheet.recipe.setCurrentIndex(1)
    qtbot.waitUntil(lambda: sheet.what.height() >= sheet.what.heightForWidth(sheet.what.width()), timeout=SOON_MS)
    sheet.person.setText("Ada")
    sheet.reason.setText("new lamp")
    assert not sheet.do.isEnabled()
    sheet.reject()


def test_that_without_a_recipe_there_is_nothing_to_cancel(page, qtbot) -> None:
    sheet = RecipeDialog(page, ())
    assert sheet.leave.text().startswith("Close")
    sheet.reject()
