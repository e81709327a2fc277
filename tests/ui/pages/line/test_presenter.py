"""What the operator's page shows after the window was too slow for the station's messages."""

from datetime import UTC, datetime

from waiting import until

from station.concurrency.fan_out import QUEUE_CAPACITY
from station.domain.errors import StorageError
from station.domain.inspection import PartKey
from station.domain.messages import CameraLost, LineState, LineStateChanged, PartRecorded

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_that_a_window_that_missed_messages_shows_the_station_as_it_is(window, station, qtbot) -> None:
    page = window.page_of("line")
    window.bridge._timer.stop()
    station.news.publish(LineStateChanged(LineState.STARTING))
    station.news.publish(LineStateChanged(LineState.CAMERA_LOST))
    station.news.publish(CameraLost("camera", NOW, "gone", ""))
    window.bridge.fetch()
    assert window.presenter_of("line").displayed_part.image_monitor.lost == ("",)
    recipe = station.line.load_recipe("plate")
    station.line.start()
    until(lambda: len(station.records.recent()) >= 3)
    for number in range(QUEUE_CAPACITY):
        station.news.publish(PartRecorded(PartKey(99, number + 1)))
    window.bridge.fetch()
    assert window.presenter_of("line").displayed_part.state in (LineState.WAITING, LineState.INSPECTING)
    assert window.presenter_of("line").displayed_part.image_monitor.lost == ()
    assert window.header.product.text() == recipe.product
    assert window.fault_log.entries[0].fault.sentence.startswith("The window was too slow for ")
    qtbot.waitUntil(lambda: int(page.counters.text_of("All parts")) >= 3)
    qtbot.waitUntil(lambda: page.strip_model.rowCount() >= 3)
    keys = [page.strip_model.part(row).key.part for row in range(page.strip_model.rowCount())]
    assert keys == list(range(len(keys), 0, -1))


def test_that_counters_that_cannot_be_read_are_a_message_and_no_crash(window, station, monkeypatch) -> None:
    def refuse(_line):
        raise StorageError("The disk is gone.")

    with monkeypatch.context() as patched:
        patched.setattr(type(station.line), "counts", refuse)
        window.bridge.caught_up.emit()
    assert window.fault_log.entries[0].fault.sentence == "The disk is gone."
