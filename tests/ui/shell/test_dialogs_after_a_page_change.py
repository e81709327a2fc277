"""A dialog that needs an answer from another thread does not open over a page that did not ask for it."""

import threading

import pytest
from waiting import SOON_MS, SOON_S

from station.domain.preview import PreviewState
from ui.actions.action import SharedAct
from ui.pages.cameras.actions import CamerasAct
from ui.pages.cameras.recipe_dialog import RecipeDialog
from ui.pages.line.recipe_chooser import RecipeChooser


@pytest.fixture
def slow_offers(monkeypatch):
    """Recipes are offered on the cameras page only after `go`; `asked` is set when they are read."""
    asked, go = threading.Event(), threading.Event()

    def offer(_station):
        asked.set()
        go.wait(SOON_S)
        return ()

    monkeypatch.setattr("ui.pages.cameras.recipe_drafts.recipe_offers", offer)
    yield asked, go
    go.set()


def test_that_the_recipe_dialog_of_the_cameras_does_not_open_over_the_line(window, station, slow_offers, qtbot) -> None:
    asked, go = slow_offers
    window.show_page("cameras")
    station.cameras.connect("simulated:flange?rate=10")
    qtbot.waitUntil(lambda: station.cameras.status.state is PreviewState.LIVE, timeout=SOON_MS)
    qtbot.waitUntil(window.action_table[CamerasAct.COPY_TO_RECIPE].isEnabled, timeout=SOON_MS)
    window.action_table[CamerasAct.COPY_TO_RECIPE].trigger()
    qtbot.waitUntil(asked.is_set, timeout=SOON_MS)
    window.show_home()
    go.set()
    assert window.presenter_of("cameras").wait(SOON_S)
    qtbot.wait(50)
    assert window.findChild(RecipeDialog) is None


def test_that_the_products_are_offered_once_and_only_on_the_line_page(window, qtbot) -> None:
    choose, tasks = window.action_table[SharedAct.CHOOSE_PRODUCT], window.presenter_of("line")._tasks
    choose.trigger()
    window.show_page("shift_report")
    assert tasks.wait(SOON_S)
    qtbot.wait(50)
    assert window.findChild(RecipeChooser) is None
    choose.trigger()
    choose.trigger()
    assert tasks.wait(SOON_S)
    qtbot.waitUntil(lambda: window.findChild(RecipeChooser) is not None, timeout=SOON_MS)
    qtbot.wait(50)
    assert len(window.findChildren(RecipeChooser)) == 1
    window.findChild(RecipeChooser).reject()
