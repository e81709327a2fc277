"""When a person is called because the plant does not get the records, and when the call ends."""

from pathlib import Path

import pytest

from station.domain.alarm import AlarmKind
from station.pipeline.plant_link import PlantLink
from station.review.alarm_list import AlarmList
from station.settings import PlantSettings
from station.storage.engine.database import Database
from station.storage.plant.beside import Said
from station.storage.plant.journal import Journal
from station.workspace import Workspace

AWAY = Said("The server does not answer.", "Check the network.", away=True)
REFUSED = Said("The server refuses this user or password.", "Correct it.", away=False)
SENT = Said("", "", away=False)


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def alarms() -> AlarmList:
    return AlarmList(lambda _message: None)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def link(tmp_path: Path, alarms: AlarmList, clock: Clock) -> PlantLink:
    settings = PlantSettings(database="postgresql://lineside@127.0.0.1:1/plant")
    return PlantLink(Workspace.open(tmp_path), "Station 1", settings, alarms, clock)


def _open(alarms: AlarmList) -> list[str]:
    return [
        entry.alarm.cause for entry in alarms.open if entry.kind is AlarmKind.PLANT_BEHIND and entry.returned is None
    ]


def test_that_a_server_that_is_away_for_less_than_a_minute_calls_nobody(
    link: PlantLink, alarms: AlarmList, clock: Clock
) -> None:
    link.hear(AWAY)
    clock.now_s += 59
    link.hear(AWAY)
    assert _open(alarms) == []
    clock.now_s += 1
    link.look()
    assert _open(alarms) == [AWAY.problem]
    link.hear(SENT)
    assert _open(alarms) == []


def test_that_a_refusal_calls_at_once(link: PlantLink, alarms: AlarmList) -> None:
    link.hear(REFUSED)
    assert _open(alarms) == [REFUSED.problem]


def test_that_a_minute_begins_with_each_absence(link: PlantLink, alarms: AlarmList, clock: Clock) -> None:
    for _ in range(3):
        link.hear(AWAY)
        clock.now_s += 40
        link.hear(SENT)
    assert _open(alarms) == []


def test_that_a_station_that_lost_its_plant_notes_nothing_more(tmp_path: Path, alarms: AlarmList) -> None:
    workspace = Workspace.open(tmp_path)
    database = Database.open(workspace.database)
    journal = Journal(database)
    journal.begin()
    PlantLink(workspace, "Station 1", PlantSettings(), alarms).take_stock(database)
    assert journal.sending() is None
    database.close()


def test_that_a_station_without_a_plant_starts_nothing(tmp_path: Path, alarms: AlarmList) -> None:
    link = PlantLink(Workspace.open(tmp_path), "Station 1", PlantSettings(), alarms)
    with link:
        assert link._thread is None
    link.close()
