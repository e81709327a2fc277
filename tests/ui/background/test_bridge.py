"""The door between the station's threads and Qt."""

import threading
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import get_args

import pytest
from PySide6.QtCore import QCoreApplication, QObject

from station.concurrency.fan_out import QUEUE_CAPACITY, FanOut
from station.concurrency.latest import Latest
from station.domain.alarm import Alarm
from station.domain.feedback import Disposition, OpenReview, OperatorFeedback
from station.domain.inspection import PartKey
from station.domain.lot_order import LotOrder
from station.domain.messages import (
    AlarmRaised,
    AlarmsChanged,
    CameraLost,
    CameraReturned,
    CheckChanged,
    CodeScanned,
    FaultReported,
    LineState,
    LineStateChanged,
    LotChanged,
    Message,
    PartJudged,
    PartRecorded,
    RecipeLoaded,
    RecipeStateChanged,
    ReviewEnded,
    ReviewOpened,
)
from station.domain.recipe import ModelReference, Recipe, RecipeEntry, RecipeState, StateChange, View
from station.domain.scanned_code import CodeUse, ScannedCode
from station.domain.verdict import Verdict
from ui.background.bridge import Bridge

RECIPE = Recipe("a", 1, "a", (View(ModelReference("m", "0")),))
NOW = datetime(2026, 11, 22, tzinfo=UTC)
REVIEWS = ("review_opened", "review_ended", "alarm_raised", "alarms_changed")


@pytest.fixture
def source():
    return SimpleNamespace(news=FanOut(), line=SimpleNamespace(live=Latest()))


@pytest.fixture
def bridge(source):
    owner = QObject()
    made = Bridge(source, owner)
    yield made
    made.close()


def test_that_every_kind_of_message_is_emitted_once_and_in_order(bridge, source, make_inspection) -> None:
    news = [
        LineStateChanged(LineState.STARTING),
        RecipeLoaded(RECIPE),
        RecipeStateChanged(RecipeEntry(RECIPE, RecipeState.RETIRED, NOW, StateChange("Ada", "worse", NOW))),
        PartJudged(make_inspection()),
        PartRecorded(PartKey(1, 1)),
        ReviewOpened(OpenReview(make_inspection(1, Verdict.REVIEW), 130.0)),
        ReviewEnded(OperatorFeedback(PartKey(1, 1), Disposition.REVIEW_TIMED_OUT, "", "", NOW)),
        AlarmRaised(Alarm("3 parts failed in a row.", "", "", "Check the light.")),
        AlarmsChanged(()),
        CameraLost("camera", NOW, "gone", "side"),
        CameraReturned("camera", NOW, 1.0, "side"),
        FaultReported("disk", "full", "free some", "The disk is full."),
        CodeScanned(ScannedCode("LG20815", NOW, CodeUse.NOT_USED, "Scanned: LG20815")),
        LotChanged(LotOrder("L-1")),
        CheckChanged(1),
    ]
    assert {type(message) for message in news} == set(get_args(Message))
    emitted = []
    lost_and_found = ("camera_lost", "camera_returned")
    parts = ("state_changed", "recipe_loaded", "recipe_state_changed", "part_judged", "part_recorded")
    for signal in (*parts, *REVIEWS, *lost_and_found):
        getattr(bridge, signal).connect(emitted.append)
    bridge.fault_reported.connect(emitted.append)
    bridge.code_scanned.connect(emitted.append)
    bridge.lot_changed.connect(emitted.append)
    bridge.check_changed.connect(emitted.append)
    bridge.caught_up.connect(lambda: emitted.append("caught up"))
    for message in news:
        source.news.publish(message)
    bridge.fetch()
    bridge.fetch()
    assert emitted == [*news, "caught up"]


def test_that_only_the_newest_part_comes(bridge, source, make_live, make_inspection, qtbot) -> None:
    seen = []
    bridge.part.connect(lambda part: seen.append(part.inspection.key.part))
    for part in (1, 2, 3):
        source.line.live.put(make_live(make_inspection(part)))
    bridge.fetch()
    qtbot.waitUntil(lambda: seen == [3])


def test_that_a_verdict_comes_at_once_and_without_a_tick_of_the_timer(bridge, source, make_inspection, qtbot) -> None:
    bridge.start()
    bridge._timer.stop()
    seen = []
    bridge.part_judged.connect(seen.append)
    verdict = PartJudged(make_inspection())
    threading.Thread(target=source.news.publish, args=(verdict,)).start()
    qtbot.waitUntil(lambda: seen == [verdict])


def test_that_verdicts_that_come_faster_than_a_screen_shows_them_are_fetched_together(
    bridge, source, make_inspection, qtbot
) -> None:
    bridge.start()
    bridge._timer.stop()
    seen, fetched = [], []
    bridge.part_judged.connect(lambda message: seen.append(message.inspection.key.part))
    bridge.caught_up.connect(lambda: fetched.append(len(seen)))
    for part in range(1, 51):
        source.news.publish(PartJudged(make_inspection(part)))
        QCoreApplication.processEvents()
    qtbot.waitUntil(lambda: seen == list(range(1, 51)))
    assert len(fetched) < 50


def test_that_a_closed_bridge_is_woken_no_more(bridge, source, make_inspection) -> None:
    bridge.start()
    bridge.close()
    source.news.publish(PartJudged(make_inspection()))
    assert not bridge._is_woken


def test_that_a_window_that_was_too_slow_is_informed_before_it_reads_on(bridge, source) -> None:
    seen = []
    bridge.fell_behind.connect(lambda missed: seen.append(missed.count))
    bridge.part_recorded.connect(lambda message: seen.append(message.key.part))
    for part in range(1, QUEUE_CAPACITY + 11):
        source.news.publish(PartRecorded(PartKey(1, part)))
    while len(seen) < QUEUE_CAPACITY + 1:
        bridge.fetch()
    assert seen == [10, *range(11, QUEUE_CAPACITY + 11)]


def test_that_a_closed_bridge_holds_no_queue(bridge, source) -> None:
    bridge.close()
    source.news.publish(PartRecorded(PartKey(1, 1)))
    assert bridge._news.waiting == 0
