"""The drift above the figures of the models page."""

from waiting import SOON_MS

from station.commands.drift import DriftCommands
from station.domain.drift import DriftState
from ui.pages.models.actions import ModelsAct
from ui.widgets.confirm_dialog import ConfirmDialog


def test_that_each_view_has_its_chart_and_follows_the_station_while_it_is_seen(window, monkeypatch, qtbot) -> None:
    known = [(DriftState("duo@1", "top", 3, 100), DriftState("duo@1", "side", 4, 100))]
    monkeypatch.setattr(DriftCommands, "states", lambda _self: known[-1])
    window.show_page("models")
    panel = window.presenter_of("models")._drift
    qtbot.waitUntil(lambda: len(panel.charts) == 2, timeout=SOON_MS)
    assert "calibrating, 4 of 100" in panel.charts[1].said.text()
    known.append(())
    panel.renew()
    qtbot.waitUntil(lambda: len(panel.charts) == 1, timeout=SOON_MS)
    assert "Run the line" in panel.charts[0].said.text()
    window.show_page("line")
    assert not panel._timer.isActive()


def test_that_a_person_is_asked_before_the_calibration_is_forgotten(window, monkeypatch, qtbot) -> None:
    calls = []
    monkeypatch.setattr(DriftCommands, "states", lambda _self: (DriftState("plate@1", "", 100, 100),))
    monkeypatch.setattr(DriftCommands, "calibrate_again", lambda _self: calls.append("again"))
    window.show_page("models")
    qtbot.waitUntil(window.action_table[ModelsAct.CALIBRATE].isEnabled, timeout=SOON_MS)
    window.action_table[ModelsAct.CALIBRATE].trigger()
    question = window.findChild(ConfirmDialog)
    assert calls == []
    question.yes.click()
    qtbot.waitUntil(lambda: calls == ["again"], timeout=SOON_MS)
