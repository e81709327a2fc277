"""The door between the station's threads and Qt."""

from datetime import UTC, datetime
from queue import SimpleQueue
from types import SimpleNamespace
from typing import get_args

import pytest
from PySide6.QtCore import QObject

from station.concurrency.latest import Latest
from station.domain.inspection import PartKey
from station.domain.messages import (
    CameraLost,
    CameraReturned,
    FaultReported,
    LineState,
    LineStateChanged,
    Message,
    PartJudged,
    PartRecorded,
    RecipeLoaded,
)
from station.domain.recipe import ModelReference, Recipe, View
from ui.background.bridge import Bridge

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def source():
    return SimpleNamespace(messages=SimpleQueue(), line=SimpleNamespace(live=Latest()))


@pytest.fixture
def bridge(source):
    owner = QObject()
    made = Bridge(source, owner)
    yield made
    made.close()


def test_that_every_kind_of_news_is_told_once_and_in_order(bridge, source, make_inspection) -> None:
    news = [
        LineStateChanged(LineState.STARTING),
        RecipeLoaded(Recipe("a", 1, "a", (View(ModelReference("m", "0")),))),
        PartJudged(make_inspection()),
        PartRecorded(PartKey(1, 1)),
        CameraLost("camera", NOW, "gone", "side"),
        CameraReturned("camera", NOW, 1.0, "side"),
        FaultReported("disk", "full", "free some", "The disk is full."),
    ]
    assert {type(message) for message in news} == set(get_args(Message))
    told = []
    for signal in ("state_changed", "recipe_loaded", "part_judged", "part_recorded", "camera_lost", "camera_returned"):
        getattr(bridge, signal).connect(told.append)
    bridge.trouble.connect(told.append)
    bridge.caught_up.connect(lambda: told.append("caught up"))
    for message in news:
        source.messages.put(message)
    bridge.fetch()
    bridge.fetch()
    assert told == [*news, "caught up"]


def test_that_only_the_newest_part_comes(bridge, source, make_live, make_inspection, qtbot) -> None:
    seen = []
    bridge.part.connect(lambda part: seen.append(part.inspection.key.part))
    for part in (1, 2, 3):
        source.line.live.put(make_live(make_inspection(part)))
    bridge.fetch()
    qtbot.waitUntil(lambda: seen == [3])
