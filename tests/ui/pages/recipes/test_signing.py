"""A release in the window is signed by the PIN or the badge once more."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from keyboard import press, type_text
from PySide6.QtCore import Qt
from waiting import SOON_MS

from station.domain.permissions import Role
from station.domain.recipe import RecipeState
from station.domain.secret import Secret
from station.domain.signature import Meaning, Signature
from ui.pages.recipes.actions import RecipesAct
from ui.pages.recipes.change_sheet import ChangeSheet
from ui.widgets.signed_dialog import SignedDialog

PINS = {"Ben": "58024617", "Carl": "31415926"}
BADGE = "LSB-0099"


@pytest.fixture
def draft(window, page, station, qtbot):
    """Plate 2 is a draft on the page; Ben is logged in, Carl has a badge."""
    people = station.people
    people.add("Anna", {Role.SUPERVISOR}, Secret("73915264"), None, "first")
    people.add("Ben", {Role.ENGINEER}, Secret(PINS["Ben"]), None, "set-up", "Anna")
    people.add("Carl", {Role.ENGINEER}, Secret(PINS["Carl"]), Secret(BADGE), "set-up", "Anna")
    station.recipes.set_value("plate", 1, "limits.image_threshold", "0.46", "Ben", "escape")
    people.log_in("Ben", Secret(PINS["Ben"]))
    window.presenter_of("recipes").show_subject(("plate", 2))
    qtbot.waitUntil(lambda: page.title.text() == "plate 2", timeout=SOON_MS)
    return station.recipes.find("plate", 2).recipe


def open_sheet(window, page, qtbot) -> ChangeSheet:
    window.action_table[RecipesAct.RELEASE_RECIPE].trigger()
    qtbot.waitUntil(lambda: page.findChild(ChangeSheet) is not None, timeout=SOON_MS)
    return page.findChild(ChangeSheet)


def type_pin(sheet: SignedDialog, pin: str) -> None:
    for digit in pin:
        press(sheet.pad, Qt.Key(ord(digit)))


def test_that_a_release_asks_for_the_pin_once_more(window, page, draft, station, qtbot) -> None:
    for pin, said in (("90909090", "Name or PIN is wrong."), (PINS["Ben"], "plate 2 is released.")):
        sheet = open_sheet(window, page, qtbot)
        assert (sheet.person.text(), sheet.person.isReadOnly()) == ("Ben", True)
        if said != "plate 2 is released.":
            type_text(sheet.reason, "one escape")
        assert sheet.reason.text() == "one escape"  # kept after a wrong PIN
        assert not sheet.do.isEnabled()
        type_pin(sheet, pin)
        press(sheet.pad, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda said=said: said in page.said.text(), timeout=SOON_MS)
        qtbot.waitUntil(lambda: page.findChild(ChangeSheet) is None, timeout=SOON_MS)
    qtbot.waitUntil(lambda: "released by" in rows_of(page), timeout=SOON_MS)
    assert rows_of(page)["released by"].startswith("Ben (engineer), PIN, ")


def rows_of(page) -> dict[str, str]:
    return {row.name: row.was for _, rows in page._shown.sections for row in rows}


def test_that_the_second_signature_is_a_badge_of_another_person(window, page, draft, station, qtbot) -> None:
    window.presenter_of("recipes")._station.recipes._desk._needed = 2
    sheet = open_sheet(window, page, qtbot)
    type_text(sheet.reason, "one escape")
    type_pin(sheet, PINS["Ben"])
    sheet.do.click()
    qtbot.waitUntil(lambda: "plate 2 is signed and waits" in page.said.text(), timeout=SOON_MS)
    assert station.recipes.find("plate", 2).state is RecipeState.DRAFT
    qtbot.waitUntil(lambda: page.findChild(ChangeSheet) is None, timeout=SOON_MS)
    sheet = open_sheet(window, page, qtbot)
    assert (sheet.person.text(), sheet.person.isReadOnly()) == ("", False)
    type_text(sheet.reason, "looked at it")
    assert window.log_in.is_badge(BADGE)
    window.log_in.take_badge(BADGE)
    qtbot.waitUntil(lambda: station.recipes.find("plate", 2).state is RecipeState.RELEASED, timeout=SOON_MS)
    assert station.recipes.signing(draft).words == "released by Ben (engineer), PIN; checked by Carl (engineer), badge"
    assert station.people.session.person.name == "Ben"


def test_that_what_is_typed_stays_when_signatures_come_in_late(window, page, draft, qtbot) -> None:
    page.values.mark("fail limit")
    page.editor.entry.selectAll()
    type_text(page.editor.entry, "0.4")
    life = window.presenter_of("recipes")
    qtbot.waitUntil(lambda: life._situation.signing is not None, timeout=SOON_MS)
    chosen = life._situation.chosen.recipe
    shown = page._shown.sections
    at = datetime(2026, 11, 28, 6, tzinfo=UTC)
    signature = Signature(chosen.name, 2, chosen.sha256, Meaning.RELEASED, "Ben", "engineer", "PIN", "escape", at)
    life._take_life(chosen, (), replace(life._situation.signing, all=(signature,)))
    assert page._shown.sections != shown
    assert page.editor.entry.text() == "0.4"
